using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.Funds;

/// <summary>The query condition for funds of a kind; the kind is given in api.md's word for it.</summary>
internal static class FundTable
{
    internal static Expression<Func<Fund, bool>> OfKind(string name) =>
        fund => fund.MatchesSql("d.data #>> '{details,kind}' = ?", name);
}
