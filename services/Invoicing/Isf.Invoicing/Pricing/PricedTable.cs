using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// A visit's new price: the facts that it is calculated from, the version of the terms, and the price as published.
/// </summary>
internal sealed record PricedRow(VisitFacts Visit, int TermsVersion, PricedVisit Published);

/// <summary>A visit's price as it is stored: its facts, the versions of price and terms, and the price.</summary>
internal sealed record StoredPrice
{
    public required VisitFacts Visit { get; init; }
    public required int Version { get; init; }
    public required int TermsVersion { get; init; }
    public required long ChargedMinutes { get; init; }
    public required long Pence { get; init; }
    public required IReadOnlyList<PricePart> Parts { get; init; }
    public required string Because { get; init; }

    /// <summary>The row of a new price.</summary>
    public static StoredPrice From(PricedRow priced) => new()
    {
        Visit = priced.Visit,
        Version = priced.Published.Version,
        TermsVersion = priced.TermsVersion,
        ChargedMinutes = priced.Published.ChargedMinutes,
        Pence = priced.Published.Pence,
        Parts = priced.Published.Parts,
        Because = priced.Published.Because,
    };
}

/// <summary>
/// The latest price of a visit: the price's own version, and the version of the visit that it is for.
/// </summary>
internal readonly record struct PriceHead(int Version, int VisitVersion);

/// <summary>The table of visits as priced, each version of a price in a row of its own.</summary>
internal static class PricedTable
{
    private static readonly TableColumns<StoredPrice> Columns = TableColumns<StoredPrice>.ByName
        .WithPart(price => price.Visit).WithPart(price => price.Visit.Input)
        .Named(price => price.Visit.Version, "visit_version")
        .Named(price => price.Visit.FulfilledMinutes, "answers_minutes")
        .Named(price => price.Visit.Input.Start, "started_at").Named(price => price.Visit.Input.End, "ended_at")
        .Named(price => price.Visit.Input.ChargedNotGiven, "charged_not_given")
        .Named(price => price.Visit.Input.MilesBeforeHundredths, "miles_before")
        .Without(price => price.Visit.Input.AbsenceDay).Without(price => price.Visit.Input.HospitalPaidDays)
        .Without(price => price.Visit.Input.MinutesMax);

    /// <summary>Adds the prices to the commit, in one statement.</summary>
    public static void Add(Session session, IReadOnlyList<PricedRow> priced)
    {
        var rows = Columns.Of([.. priced.Select(StoredPrice.From)]);
        session.Queue(rows.InsertInto("priced_visits"), rows.Values);
    }

    /// <summary>The latest price of each of these visits; a visit without a price is left out.</summary>
    public static async Task<Dictionary<string, PriceHead>> HeadsAsync(
        Session session, IReadOnlyCollection<string> visitIds)
    {
        var rows = await session.RowsAsync<(string VisitId, int Version, int VisitVersion)>("""
            select last.* from (select distinct id from unnest($1::text[]) id) asked, lateral (
                select visit_id, version, visit_version from priced_visits
                where visit_id = asked.id order by version desc limit 1) last
            """, visitIds);
        return rows.ToDictionary(row => row.VisitId, row => new PriceHead(row.Version, row.VisitVersion));
    }

    /// <summary>
    /// The visits of an allocation that start or end on or after <paramref name="from"/>, as last priced. Only visits
    /// that were last priced by a version of the terms before <paramref name="termsVersion"/> are returned.
    /// </summary>
    public static Task<List<StoredPrice>> ByEarlierTermsAsync(
        Session session, string allocationId, LocalDate from, int termsVersion) =>
        LatestAsync(session, "allocation_id = $1 and (care_on >= $2 or ended_at >= $2)", "and terms_version < $3",
            allocationId, from, termsVersion);

    /// <summary>The visits with these ids, as last priced.</summary>
    public static Task<List<StoredPrice>> OfAsync(Session session, IReadOnlyCollection<string> visitIds) =>
        LatestAsync(session, "visit_id = any($1)", "", visitIds);

    /// <summary>
    /// The visits with miles of the workers, on the days from <paramref name="from"/> to <paramref name="to"/>, as last
    /// priced.
    /// </summary>
    public static Task<List<StoredPrice>> WithMilesAsync(
        Session session, IReadOnlyCollection<string> workers, LocalDate from, LocalDate to) =>
        LatestAsync(session,
            "worker_id = any($1) and care_on between $2 and $3 and miles is not null", "", workers, from, to);

    /// <summary>
    /// The visits of the allocations, on the days from <paramref name="from"/> to <paramref name="to"/>, as last
    /// priced.
    /// </summary>
    public static Task<List<StoredPrice>> OfAllocationsAsync(
        Session session, IReadOnlyCollection<string> allocationIds, LocalDate from, LocalDate to) =>
        LatestAsync(session, "allocation_id = any($1) and care_on between $2 and $3", "", allocationIds, from, to);

    /// <summary>
    /// The visits that a change of the day's holidays may affect, as last priced. They are the visits of that day, of
    /// the day before and of the day after, and earlier visits of more than 25 hours that reach the day.
    /// </summary>
    public static Task<List<StoredPrice>> AroundAsync(Session session, LocalDate day) =>
        LatestAsync(session, """
            (care_on between $1 - 1 and $1 + 1 or care_on < $1 and ended_at >= $1
                and extract(epoch from ended_at - started_at) > 90000)
            """, "", day);

    /// <summary>
    /// The latest version of each visit, if it meets both the condition and <paramref name="andLatest"/>. The condition
    /// is tried on all versions first, because that finds the few visits to look at.
    /// </summary>
    private static Task<List<StoredPrice>> LatestAsync(
        Session session, string condition, string andLatest, params object[] args) =>
        session.RowsAsync(Columns, $"""
            select * from (
                select distinct on (visit_id) {Columns.Names}
                from priced_visits where visit_id in (
                    select visit_id from priced_visits where {condition})
                order by visit_id, version desc) latest
            where {condition} {andLatest}
            order by care_on, visit_id
            """, args);
}
