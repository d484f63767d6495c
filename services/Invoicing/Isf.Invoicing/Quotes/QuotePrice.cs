using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Invoicing.Domain;
using Isf.Invoicing.Pricing;
using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Quotes;

/// <summary>
/// Shows the cost of visits by a price list, with parts and reason, exactly as the visits would be priced when
/// recorded. The cost includes a set-off, a minimum charge or one rounding of the total, as when a week closes. Nothing
/// is stored. Source: api.md, POST /v1/quotes.
/// </summary>
public static class QuotePrice
{
    /// <summary>
    /// Why a quote is refused. Only the first refusal that applies is reported, with every place to which it applies.
    /// </summary>
    public enum Refusal
    {
        /// <summary>The list leaves a price in doubt.</summary>
        [Problem(422, "The price list cannot be applied.")]
        PriceListCannotBeApplied = 1,

        /// <summary>A visit cannot have taken place as described.</summary>
        [Problem(422, "A visit is not described so that it can be priced.")]
        VisitRefused = 2,

        /// <summary>A clause of the agreement, or a number of miles driven so far, is not possible.</summary>
        [Problem(422, "The agreement, or what was measured so far, cannot be used.")]
        TermsRefused = 3,
    }

    /// <summary>The visits to price, and the terms that price them.</summary>
    public sealed record Request
    {
        /// <summary>The nation whose public holidays and price floors apply.</summary>
        public required Nation Nation { get; init; }

        /// <summary>The price list.</summary>
        public required PriceList PriceList { get; init; }

        /// <summary>Clauses of the agreement that may change a price.</summary>
        public AgreementTerms? Agreement { get; init; }

        /// <summary>What was measured before these visits.</summary>
        public MeasuredSoFar? SoFar { get; init; }

        /// <summary>The visits, in the order in which they were given.</summary>
        public required IReadOnlyList<RequestedVisit> Visits { get; init; }
    }

    /// <summary>The clauses of an agreement that a quote takes. Only the hospital clause changes a price.</summary>
    /// <param name="Hospital">The paid days of a hospital stay; null if the price list alone decides.</param>
    /// <param name="Banking">How missed care is kept for later; null if it is given up.</param>
    public sealed record AgreementTerms(HospitalClause? Hospital = null, BankingClause? Banking = null);

    /// <summary>The number of days of a hospital stay that are paid.</summary>
    /// <param name="PaidDays">The number of days that are paid.</param>
    public sealed record HospitalClause(int PaidDays);

    /// <summary>Whether minutes or money are banked, and for how long.</summary>
    /// <param name="Keep">Whether minutes or money are kept.</param>
    /// <param name="ExpiresAfterWeeks">After how many weeks they expire; null if they do not.</param>
    public sealed record BankingClause(BankingKeep Keep, int? ExpiresAfterWeeks = null);

    /// <summary>The unit in which missed care is banked.</summary>
    public enum BankingKeep
    {
        /// <summary>The banked minutes.</summary>
        Minutes = 1,

        /// <summary>The pence of the banked minutes, at the rates of their days.</summary>
        Money = 2,
    }

    /// <summary>The amounts that were measured before these visits and count towards yearly allowances.</summary>
    /// <param name="Miles">The miles of each worker; none by default.</param>
    public sealed record MeasuredSoFar(IReadOnlyList<WorkerMiles>? Miles = null);

    /// <summary>The miles that a worker has driven in the tax year so far.</summary>
    /// <param name="WorkerId">The worker.</param>
    /// <param name="Miles">The miles driven in the tax year before the first visit.</param>
    public sealed record WorkerMiles(string WorkerId, decimal Miles);

    /// <summary>One visit of a quote.</summary>
    public sealed record RequestedVisit
    {
        /// <summary>The id of the visit, different from those of the others.</summary>
        public required string Id { get; init; }

        /// <summary>The service; support by default.</summary>
        public string? Service { get; init; }

        /// <summary>The worker who drives; needed for miles.</summary>
        public string? WorkerId { get; init; }

        /// <summary>When it was to begin.</summary>
        public OffsetDateTime? PlannedStart { get; init; }

        /// <summary>How long it was to last.</summary>
        public int? PlannedMinutes { get; init; }

        /// <summary>When it began.</summary>
        public OffsetDateTime? Start { get; init; }

        /// <summary>When it ended.</summary>
        public OffsetDateTime? End { get; init; }

        /// <summary>The number of carers at a time; 1 by default.</summary>
        public int? Carers { get; init; }

        /// <summary>What came of it; delivered by default.</summary>
        public VisitOutcome? Outcome { get; init; }

        /// <summary>How many hours before its start it was cancelled.</summary>
        public decimal? NoticeHours { get; init; }

        /// <summary>The day of the absence, counted from 1.</summary>
        public int? AbsenceDay { get; init; }

        /// <summary>The miles driven.</summary>
        public decimal? Miles { get; init; }

        /// <summary>The number of units of a service that is not priced by time.</summary>
        public decimal? Quantity { get; init; }

        /// <summary>The times at which the worker was woken in a sleep-in night.</summary>
        public IReadOnlyList<RequestedDisturbance>? Disturbances { get; init; }
    }

    /// <summary>A time in a sleep-in night when the worker was woken.</summary>
    /// <param name="Start">When the worker was woken.</param>
    /// <param name="End">When the worker could sleep again.</param>
    public sealed record RequestedDisturbance(OffsetDateTime Start, OffsetDateTime End);

    /// <summary>The total of the visits in pence, the warnings, and the cost of each visit.</summary>
    /// <param name="TotalPence">The price of all visits.</param>
    /// <param name="Warnings">What to look at in the price list.</param>
    /// <param name="Visits">The price of each visit, in the order of the request.</param>
    public sealed record Quote(
        long TotalPence, IReadOnlyList<PriceWarning> Warnings, IReadOnlyList<QuotedVisit> Visits);

    /// <summary>The cost of one visit, and the reason for it.</summary>
    /// <param name="Id">The id of the visit.</param>
    /// <param name="Pence">Its price.</param>
    /// <param name="ChargedMinutes">The minutes that are charged.</param>
    /// <param name="CarerMinutes">The charged minutes of all carers together.</param>
    /// <param name="Parts">The parts of the price, one for each rate.</param>
    /// <param name="Because">The reason for the price, in plain words.</param>
    public sealed record QuotedVisit(
        string Id, long Pence, long ChargedMinutes, long CarerMinutes, IReadOnlyList<PricePart> Parts, string Because);

    /// <summary>Prices the visits; the request must be without faults.</summary>
    public static Quote Price(Request request)
    {
        var list = CompiledPriceList.Compile(request.PriceList, PublicHolidays.CalendarOf(request.Nation));
        var lines = Bill.WithMilesBefore(
            [.. request.Visits.Select(visit => new BillLine(list, InputFrom(visit, request.Agreement)))],
            SoFar(request));
        var bill = Bill.Build(lines);
        var visits = bill.Visits.Select((visit, i) => Quoted(request.Visits[i].Id, lines[i], visit)).ToArray();
        return new(bill.Total.Pence, QuoteWarnings.Find(request, lines, bill), visits);
    }

    /// <summary>Prices visits by a price list, as they would be priced when recorded; nothing is stored.</summary>
    public static Quote Post(JsonBody<Request> body) => Price(QuoteValidation.Decide(body.Value).OrRefuse());

    /// <summary>The visit in the form that pricing needs.</summary>
    internal static VisitToPrice InputFrom(RequestedVisit visit, AgreementTerms? agreement) => new(
        visit.Service ?? CompiledPriceList.UsualService,
        (visit.Start ?? visit.PlannedStart) is { } moment ? London.DayOf(moment) : default,
        visit.Start?.ToInstant(), visit.End?.ToInstant(), visit.Carers ?? 1,
        ProblemException.CodeOf(visit.Outcome ?? VisitOutcome.Delivered))
    {
        PlannedStart = visit.PlannedStart?.ToInstant(),
        PlannedMinutes = visit.PlannedMinutes,
        WorkerId = visit.WorkerId,
        NoticeHours = visit.NoticeHours,
        AbsenceDay = visit.AbsenceDay,
        HospitalPaidDays = agreement?.Hospital?.PaidDays,
        Miles = visit.Miles,
        Quantity = visit.Quantity,
        Disturbances = visit.Disturbances is { Count: > 0 } woken
            ? [.. woken.Select(disturbance =>
                new Woken(disturbance.Start.ToInstant(), disturbance.End.ToInstant()))] : null,
    };

    // The miles that the request gives as driven so far belong to the tax year of the worker's first miles in the
    // quote. The next tax year starts at zero.
    private static Func<string, int, long> SoFar(Request request)
    {
        var so = (request.SoFar?.Miles ?? [])
            .ToDictionary(workerMiles => workerMiles.WorkerId, workerMiles => (long)(workerMiles.Miles * 100));
        var first = request.Visits.Where(visit => visit.Miles > 0 && (visit.Start ?? visit.PlannedStart) is not null)
            .GroupBy(visit => visit.WorkerId ?? "").ToDictionary(visits => visits.Key, visits => visits.Min(visit =>
                VisitPricing.TaxYearOf(London.DayOf((visit.Start ?? visit.PlannedStart)!.Value))));
        return (worker, year) => first.GetValueOrDefault(worker) == year ? so.GetValueOrDefault(worker) : 0;
    }

    private static QuotedVisit Quoted(string id, in BillLine line, BilledVisit billed)
    {
        var parts = VisitFacts.PartsOf(billed.Price, billed.Parts);
        return new(id, billed.Amount.Pence, billed.Price.Charged.Count, billed.Price.CarerMinutes.Count,
            billed.Shortfall == Money.Zero ? parts : [.. parts, new PricePart("minimum", 0, billed.Shortfall.Pence)],
            PriceReasonText.Because(line, billed));
    }
}
