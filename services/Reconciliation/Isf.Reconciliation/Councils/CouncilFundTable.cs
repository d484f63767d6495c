using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Domain;
using Marten;
using NodaTime;

namespace Isf.Reconciliation.Councils;

/// <summary>Reads the facts about the funds of a council's people that the council's feed needs.</summary>
public static class CouncilFundTable
{
    private const int FundsAtOnce = 50;

    /// <summary>The feed's lines, one for each fund, in the order of <paramref name="funds"/>.</summary>
    public static async Task<IReadOnlyList<FeedLine>> LinesAsync(
        Session session, IReadOnlyList<FundCopy> funds, CarePeriod period)
    {
        var lines = new List<FeedLine>();
        foreach (var some in funds.Chunk(FundsAtOnce))
        {
            var ids = some.Select(fund => fund.Id).ToArray();
            var persons = some.Select(fund => fund.PersonId).Distinct().ToArray();
            var people = (await session.Query<PersonCopy>().Where(person => person.PersonId.IsOneOf(persons))
                .ToListAsync()).ToLookup(person => person.PersonId);
            var agreements = (await session.Query<AgreementCopy>().Where(agreement => agreement.FundId.IsOneOf(ids))
                .ToListAsync()).ToLookup(agreement => agreement.FundId);
            var budgets = (await session.Query<BudgetCopy>().Where(budget => budget.FundId.IsOneOf(ids)).ToListAsync())
                .ToLookup(budget => budget.FundId);
            var open = (await session.RowsAsync<(string FundId, string Code, string PlainWords)>("""
                select fund_id, code, plain_words from exceptions
                where fund_id = any($1) and state = 'open' order by fund_id, exception_id
                """, ids)).ToLookup(row => row.FundId, row => new OpenException(row.Code, row.PlainWords));
            var journals = await JournalTable.OfFundsAsync(session, ids);
            lines.AddRange(some.Select(fund => FeedLine.Build(
                fund, people[fund.PersonId].MaxBy(person => person.Version),
                FundPeriod.Build([.. journals[fund.Id]], period,
                    TermsOf([.. journals[fund.Id]], agreements[fund.Id], [.. budgets[fund.Id]])),
                [.. open[fund.Id]])));
        }
        return lines;
    }

    /// <summary>
    /// The agreements and budgets of a fund, in the form in which its figures for a feed are computed from them.
    /// </summary>
    public static FundTerms TermsOf(IReadOnlyList<CopiedJournal> journals, IEnumerable<AgreementCopy> agreements,
        IReadOnlyList<BudgetCopy> budgets)
    {
        // A version of a budget takes effect on the day on which its journal counts, which a closed period may have
        // postponed.
        var posted = journals.Where(journal => journal.Kind is "budget-set" or "budget-revised")
            .ToDictionary(journal => journal.CauseId, journal => journal.EffectiveOn);
        return new FundTerms(
            [.. agreements.Select(version => new AgreedVersion(version.Version, version.SignedOn,
                OrderOf(version.SpendOrder), version.Contribution != "to-council"))],
            day => SharesOn(day, budgets, posted));
    }

    /// <summary>
    /// The version of each budget in force on a day, which is the latest that has taken effect by then. A version takes
    /// effect on the day in <paramref name="posted"/>, or on its own effective day if it is not posted yet.
    /// </summary>
    public static IReadOnlyList<BudgetShares> SharesOn(
        LocalDate day, IEnumerable<BudgetCopy> versions, IReadOnlyDictionary<string, LocalDate> posted) =>
    [
        .. versions.Where(version =>
                posted.GetValueOrDefault($"{version.BudgetId}/v{version.Version}", version.EffectiveOn) <= day)
            .GroupBy(version => version.BudgetId)
            .Select(budget => budget.MaxBy(version => version.Version)!)
            .Select(budget => new BudgetShares(new CarePeriod(budget.From, budget.To), new Money(budget.IsfWeeklyPence),
                budget.Sources.GroupBy(share => share.Source).ToDictionary(
                    source => source.Key, source => new Money(source.Sum(share => share.WeeklyPence))))),
    ];

    private static SpendOrder OrderOf(string name) => name switch
    {
        "pro-rata" => SpendOrder.ProRata,
        "council-first" => SpendOrder.CouncilFirst,
        _ => SpendOrder.PersonFirst,
    };
}
