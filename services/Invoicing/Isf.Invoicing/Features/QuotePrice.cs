using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Invoicing.Domain;
using Isf.Invoicing.Persistence;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Invoicing.Features;

/// <summary>
/// Says what visits would cost by a price list, with parts and reason, exactly as they would be priced when they are
/// recorded. Stores nothing. What is asked and not priced is refused with its place. Source: api.md, POST /v1/quotes.
/// </summary>
public static class QuotePrice
{
    /// <summary>
    /// Why a quote is refused, in order: only the first is reported, with every place that it applies to.
    /// </summary>
    public enum Refusal
    {
        /// <summary>The list leaves a price in doubt, or asks for what is not priced.</summary>
        [Answer(422, "The price list cannot be applied.")]
        PriceListCannotBeApplied = 1,

        /// <summary>A visit that could not have been.</summary>
        [Answer(422, "A visit is not described so that it can be priced.")]
        VisitRefused = 2,

        /// <summary>Something that would change the price and is not priced.</summary>
        [Answer(422, "The quote asks for something that is not priced here.")]
        NotPriced = 3,
    }

    /// <summary>What is asked: all that api.md names.</summary>
    public sealed record Request
    {
        public required Nation Nation { get; init; }
        public required PriceList PriceList { get; init; }
        public AgreementTerms? Agreement { get; init; }
        public MeasuredSoFar? SoFar { get; init; }
        public required IReadOnlyList<AskedVisit> Visits { get; init; }
    }

    /// <summary>The clauses of an agreement on which a price can depend.</summary>
    public sealed record AgreementTerms(HospitalClause? Hospital = null, BankingClause? Banking = null);

    /// <summary>How many days of a hospital stay are paid.</summary>
    public sealed record HospitalClause(int PaidDays);

    /// <summary>Whether minutes or money are banked, and for how long.</summary>
    public sealed record BankingClause(BankingKeep Keep, int? ExpiresAfterWeeks = null);

    /// <summary>What a bank keeps.</summary>
    public enum BankingKeep
    {
        /// <summary>The minutes.</summary>
        Minutes = 1,

        /// <summary>The pence of their day.</summary>
        Money = 2,
    }

    /// <summary>What counts towards yearly allowances before these visits.</summary>
    public sealed record MeasuredSoFar(IReadOnlyList<WorkerMiles>? Miles = null);

    /// <summary>Miles that a worker has driven in the tax year.</summary>
    public sealed record WorkerMiles(string WorkerId, decimal Miles);

    /// <summary>One visit of a quote.</summary>
    public sealed record AskedVisit
    {
        public required string Id { get; init; }
        public string? Service { get; init; }
        public string? WorkerId { get; init; }
        public OffsetDateTime? PlannedStart { get; init; }
        public int? PlannedMinutes { get; init; }
        public OffsetDateTime? Start { get; init; }
        public OffsetDateTime? End { get; init; }
        public int? Carers { get; init; }
        public VisitOutcome? Outcome { get; init; }
        public decimal? NoticeHours { get; init; }
        public int? AbsenceDay { get; init; }
        public decimal? Miles { get; init; }
        public decimal? Quantity { get; init; }
        public IReadOnlyList<AskedDisturbance>? Disturbances { get; init; }
    }

    /// <summary>A time in a sleep-in night when the worker was woken.</summary>
    public sealed record AskedDisturbance(OffsetDateTime Start, OffsetDateTime End);

    /// <summary>What it comes to.</summary>
    public sealed record Quote(
        long TotalPence, IReadOnlyList<Warning> Warnings, IReadOnlyList<QuotedVisit> Visits);

    /// <summary>Something to know about a price that was given all the same.</summary>
    public sealed record Warning(string Code, string PlainWords);

    /// <summary>What one visit comes to, and why.</summary>
    public sealed record QuotedVisit(
        string Id, long Pence, long ChargedMinutes, long CarerMinutes, IReadOnlyList<PricePart> Parts, string Because);

    /// <summary>Prices what is asked; the request must be without faults.</summary>
    public static Quote Decide(Request asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var list = CompiledPriceList.Of(asked.PriceList, PublicHolidays.CalendarOf(asked.Nation));
        var warnings = new List<Warning>();
        var visits = asked.Visits.Select(visit => Priced(visit, list, warnings)).ToArray();
        return new(visits.Sum(visit => visit.Pence), warnings, visits);
    }

    private static QuotedVisit Priced(AskedVisit asked, CompiledPriceList list, List<Warning> warnings)
    {
        var visit = new VisitToPrice(
            asked.Service ?? CompiledPriceList.UsualService,
            (asked.Start ?? asked.PlannedStart) is { } moment ? London.DayOf(moment) : default,
            asked.Start?.ToInstant(), asked.End?.ToInstant(), asked.Carers ?? 1,
            Refused.CodeOf(asked.Outcome ?? VisitOutcome.Delivered));
        var price = VisitPricing.Price(list, visit);
        var because = PriceWords.Because(visit, price);
        if (price.Reason == PriceReason.NoRate)
        {
            warnings.Add(new("no-rate", $"Visit {asked.Id}: {because}."));
        }
        if (price.Reason == PriceReason.Rate && list.NamesHolidays && !list.Holidays.Knows(price.On))
        {
            warnings.Add(new("holidays-not-known",
                $"Visit {asked.Id}: the public holidays of {price.On.Year} are not known here, so none was counted."));
        }
        return new(asked.Id, price.Amount.Pence, price.Charged.Count, price.CarerMinutes.Count,
            VisitFacts.PartsOf(price), because);
    }

    public static IResult Handle(Asked<Request> asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return QuoteFaults.Of(asked.Value) is { } refused
            ? throw refused
            : Results.Json(Decide(asked.Value), IsfJson.Options);
    }
}
