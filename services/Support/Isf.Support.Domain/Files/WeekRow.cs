using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// One week of a line in a council's return of actuals: the care given, missed, given beyond the plan, or frustrated
/// by hospital (domain.md §4.8). The row becomes the visits expected by the line's plan, in order of time: first the
/// visits given, then those missed, then those frustrated. Care beyond the plan follows the last of them. Quantities
/// count the person's time, as a plan's minutes do: two carers for an hour are one hour.
/// </summary>
public sealed record WeekRow(Func<string, string> NameOf) : ParsedRow
{
    /// <summary>The maximum number of visits beyond the plan in one row.</summary>
    public const int ExtraMax = 14;

    /// <summary>The fund's id.</summary>
    public required string Fund { get; init; }

    /// <summary>The line of the fund's plan.</summary>
    public required string LineId { get; init; }

    /// <summary>The Sunday on which the week ends.</summary>
    public required LocalDate WeekEnding { get; init; }

    /// <summary>The unit of the quantities: hour, minute, or a kind of visit.</summary>
    public required string Unit { get; init; }

    /// <summary>The care given, in hundredths of the unit.</summary>
    public required long Quantity { get; init; }

    /// <summary>Care that the provider did not give, in hundredths; null if it must be calculated.</summary>
    public required long? Missed { get; init; }

    /// <summary>Care given beyond the plan, in hundredths; null if it must be calculated.</summary>
    public required long? Extra { get; init; }

    /// <summary>Care not given because the person was in hospital, in hundredths; null means zero.</summary>
    public required long? Frustrated { get; init; }

    /// <summary>Why the week differs from its plan.</summary>
    public required string? Comment { get; init; }

    public override string FundId => Fund;

    public override string Key => DerivedId.Derive('a', $"{Fund}\n{LineId}\n{WeekEnding:uuuu-MM-dd}");

    private CarePeriod Week => CarePeriod.WeekOf(WeekEnding);

    public override IEnumerable<(string FundId, LocalDate On)> DaysToFulfil =>
        Enumerable.Range(0, 7).Select(day => (Fund, WeekEnding.PlusDays(day - 6)));

    public override bool HasSameContentAs(ParsedRow other) =>
        other is WeekRow row && this with { NameOf = row.NameOf } == row;

    public override RowFault FaultOf(VisitCheck.Fault fault) => RowFault.From(fault) with
    {
        Field = NameOf(fault.Why is VisitCheck.Refusal.UnknownFund or VisitCheck.Refusal.UnknownLine
            or VisitCheck.Refusal.UnknownAllocation ? fault.Field : "weekEnding"),
    };

    public override IEnumerable<string> LeftOver(IReadOnlyList<VisitRecord> visits) =>
        Enumerable.Range(1, 7).Select(day => $"{Key}-w{day}")
            .Concat(Enumerable.Range(1, ExtraMax).Select(number => $"{Key}-x{number}"))
            .Except(visits.Select(visit => visit.VisitId), StringComparer.Ordinal);

    public override (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> fulfilling)
    {
        // A visit without a day is checked in place of the row. If its fund and line are in order, the check can only
        // report the missing day.
        var nothing = new VisitRecord
        {
            VisitId = "-", FundId = Fund, LineId = LineId, Carers = 1, Outcome = VisitOutcome.Hospital,
        };
        if (VisitCheck.Decide(nothing, fund, null, default).Fault is { } unknown
            && unknown.Why != VisitCheck.Refusal.DayNotKnown)
        {
            return ([], FaultOf(unknown));
        }
        var mine = fulfilling.Where(visit => visit.Record.LineId == LineId).ToList();
        var slots = Slots(fund!.Plans, mine);
        var ids = slots.Select(slot => slot.VisitId).ToHashSet(StringComparer.Ordinal);
        if (mine.Find(visit => Fulfils(visit) && !visit.Record.VisitId.StartsWith(Key, StringComparison.Ordinal))
            is { } other)
        {
            return ([], Fault("lineId", "recorded-already", "Visits of this week are recorded one by one, such as "
                + $"{other.Record.VisitId}. Correct those, and leave the week out here."));
        }
        var (shares, fault) = WeekShares.Share(this, slots);
        return fault is null ? (Records(fund.Plans, slots, shares!), null)
            : ([], fault with { Field = fault.Field is { } field ? NameOf(field) : null });
    }

    /// <summary>A visit expected by the week's plan, or one day's share of weekly minutes.</summary>
    internal sealed record Slot(string VisitId, OffsetDateTime Start, int Minutes, int Carers, bool IsShare);

    internal static RowFault Fault(string field, string code, string detail) => new(field, code, detail);

    private bool Fulfils(Visit visit) =>
        (visit.Fulfilment.Occurrence is { } wall && Week.Covers(wall.Date)) || visit.Fulfilment.Week == Week.From;

    private List<Slot> Slots(FundPlans plans, List<Visit> fulfilling)
    {
        var slots = Matching.Expected(plans, LineId, Week, fulfilling)
            .OrderBy(expected => expected.Planned.Wall)
            .Select((expected, i) => new Slot($"{Key}-{i + 1}", expected.Planned.Start, expected.Planned.Minutes,
                expected.Planned.Carers, false))
            .ToList();
        foreach (var pool in plans.Pools(Week, LineId))
        {
            var days = Enumerable.Range(0, 7).Select(pool.On.PlusDays).Where(day => day <= pool.To).ToList();
            var carers = pool.Line.Carers;
            var minutes = pool.CarerMinutes.Count / carers;
            for (var i = 0; i < days.Count; i++)
            {
                // Shares are as equal as whole minutes allow; they start at nine, or at midnight if longer than 15
                // hours.
                var share = (int)((minutes / days.Count) + (i < minutes % days.Count ? 1 : 0));
                var start = PlannedTimes.MomentOf(days[i] + (share > 900 ? LocalTime.Midnight : new LocalTime(9, 0)));
                if (share > 0)
                    slots.Add(new($"{Key}-w{(int)days[i].DayOfWeek}", start, share, carers, true));
            }
        }
        return [.. slots.OrderBy(slot => slot.Start.ToInstant())];
    }

    private List<VisitRecord> Records(FundPlans plans, List<Slot> slots, WeekShares shares)
    {
        var visits = new List<VisitRecord>();
        for (var i = 0; i < slots.Count; i++)
        {
            var (slot, outcome) = (slots[i], shares.Outcomes[i]);
            visits.Add(new VisitRecord
            {
                VisitId = slot.VisitId,
                FundId = Fund,
                LineId = LineId,
                PlannedStart = slot.Start,
                PlannedMinutes = slot.Minutes,
                Start = outcome == VisitOutcome.Delivered ? slot.Start : null,
                End = outcome == VisitOutcome.Delivered ? After(slot.Start, shares.Given[i]) : null,
                Carers = slot.Carers,
                Outcome = outcome,
                Note = Comment,
            });
        }
        var carers = plans.LineAbout(LineId, WeekEnding)?.Carers ?? 1;
        // Visits beyond the plan name a planned visit that already has a record, so that they cannot fulfil planned
        // care.
        var last = slots.Count > 0 ? slots[^1] : null;
        var start = last is null ? PlannedTimes.MomentOf(WeekEnding + new LocalTime(9, 0))
            : After(last.Start, new(last.Minutes));
        // The extra care starts after the last planned visit, but early enough for its last visit to begin in this
        // week.
        var latest = After(PlannedTimes.MomentOf(WeekEnding.PlusDays(1).AtMidnight()),
            new Minutes(-1) - Minutes.Sum(shares.Extra.SkipLast(1)));
        if (start.ToInstant() > latest.ToInstant())
            start = latest;
        for (var i = 0; i < shares.Extra.Count; i++)
        {
            var end = After(start, shares.Extra[i]);
            visits.Add(new VisitRecord
            {
                VisitId = $"{Key}-x{i + 1}",
                FundId = Fund,
                LineId = LineId,
                PlannedStart = last is { IsShare: false } ? last.Start : null,
                Start = start,
                End = end,
                Carers = last?.Carers ?? carers,
                Outcome = VisitOutcome.Delivered,
                Note = Comment,
            });
            start = end;
        }
        return visits;
    }

    private static OffsetDateTime After(OffsetDateTime start, Minutes length) =>
        London.At(start.ToInstant() + Duration.FromMinutes(length.Count));
}
