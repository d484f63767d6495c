using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.Providers;

/// <summary>The query condition for providers of a kind; the kind is given in api.md's word for it.</summary>
internal static class ProviderTable
{
    internal static Expression<Func<Provider, bool>> OfKind(string name) =>
        provider => provider.MatchesSql("d.data #>> '{details,kind}' = ?", name);
}
