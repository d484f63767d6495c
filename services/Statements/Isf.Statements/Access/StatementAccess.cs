using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Statements.Copies;
using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Statements.Access;

/// <summary>Checks who may read a fund's statements, and loads the fund's facts.</summary>
internal static class StatementAccess
{
    private const string Statements = "statements";

    /// <summary>The fund, if the caller may see it; otherwise throws 404, as for a fund that does not exist.</summary>
    internal static async Task<FundCopy> FundAsync(Session session, Caller caller, string fundId, IClock clock)
    {
        var fund = await session.LoadAsync<FundCopy>(fundId) ?? throw ProblemException.UnknownFund(fundId);
        if (caller.MaySee(fund.CouncilId, fund.PersonId))
            return fund;
        var today = London.Today(clock);
        var consents = caller.Role == Role.Supporter ? await FactTable.ConsentsAsync(session, fundId, caller.User) : [];
        return consents.Any(consent => consent.Sees.Contains(Statements) && (consent.To is null || consent.To >= today))
            ? fund
            : throw ProblemException.UnknownFund(fundId);
    }

    /// <summary>The facts and journals from which a statement or a forecast is computed.</summary>
    internal static async Task<(FundFacts Facts, IReadOnlyList<Journal> Journals)> AllAsync(
        Session session, FundCopy fund)
    {
        var facts = await FactTable.FactsAsync(session, fund);
        var reasons = await JournalTable.ReasonsAsync(session, fund.Id);
        var journals = await JournalTable.CompleteAsync(session, fund.Id);
        return (facts with { Reasons = reasons, Closure = facts.Closure ?? Closure.InBooks(journals) }, journals);
    }
}
