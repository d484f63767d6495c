using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.Providers;

/// <summary>Providers whose kind is the word that api.md has for it.</summary>
internal static class ProviderTable
{
    internal static Expression<Func<Provider, bool>> OfKind(string word) =>
        provider => provider.MatchesSql("d.data #>> '{details,kind}' = ?", word);
}
