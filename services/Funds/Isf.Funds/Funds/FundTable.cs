using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.Funds;

/// <summary>Funds whose kind is the word that api.md has for it.</summary>
internal static class FundTable
{
    internal static Expression<Func<Fund, bool>> OfKind(string word) =>
        fund => fund.MatchesSql("d.data #>> '{details,kind}' = ?", word);
}
