using System.Collections.Immutable;
using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>The minutes not given for one reason: their total, and the banked and the released part of it.</summary>
public sealed record MissedSum(string Reason, long Minutes, long Banked, long Released);

/// <summary>Planned carer-minutes of a line's week that one allocation pays for.</summary>
public sealed record PlannedSum(string AllocationId, long Minutes);

/// <summary>All sums of one line of a closed week (design §4, week closed).</summary>
public sealed record ClosedLineSums
{
    public required string LineId { get; init; }
    public IReadOnlyList<PlannedSum> Planned { get; init; } = [];
    public IReadOnlyList<MissedSum> Missed { get; init; } = [];
    public long DrawnMinutes { get; init; }
    public long ExpiredMinutes { get; init; }
    public long RevaluedMinutes { get; init; }
    public long? BankedPence { get; init; }
    public long? DrawnPence { get; init; }
    public long? ExpiredPence { get; init; }

    /// <summary>Whether all sums of the line are zero.</summary>
    public bool IsNothing => SameAs(new ClosedLineSums { LineId = LineId })
        || (Planned.Count == 0 && Missed.Count == 0 && (DrawnMinutes, ExpiredMinutes, RevaluedMinutes) == (0, 0, 0)
            && (BankedPence ?? 0, DrawnPence ?? 0, ExpiredPence ?? 0) == (0, 0, 0));

    /// <summary>Whether the other sums are of the same line and equal these.</summary>
    public bool SameAs(ClosedLineSums other)
    {
        return this with { Planned = [], Missed = [] } == other with { Planned = [], Missed = [] }
            && Planned.SequenceEqual(other.Planned) && Missed.SequenceEqual(other.Missed);
    }
}

/// <summary>The deposits in the bank of one line.</summary>
public sealed record LineBank(string LineId, IReadOnlyList<Deposit> Deposits);

/// <summary>
/// A fund's week as it was last closed: the published sums, and the content of the bank after the week.
/// </summary>
public sealed record ClosedFundWeek(
    LocalDate Monday, int Version, IReadOnlyList<ClosedLineSums> Lines, IReadOnlyList<LineBank> Bank);

/// <summary>A week that was closed, or closed again, and whether its sums differ from those last published.</summary>
public sealed record WeekClosing(ClosedFundWeek Week, bool IsChanged);

/// <summary>The changes made by closing a fund's weeks: visits whose charge has changed, and the weeks.</summary>
public sealed record FundClosing(IReadOnlyList<Visit> Visits, IReadOnlyList<WeekClosing> Weeks);

/// <summary>
/// Closes a fund's weeks. Outstanding minutes become missed, with their reason, and are banked or released by
/// agreement. Planned care on a paid day of a hospital stay is charged if nobody sent a visit for it. The result
/// depends on the facts alone. A week closed again after a late fact has the same result as if the fact had been known
/// at first. The bank passes the change on to later weeks. Source: design §4, Weeks.
/// </summary>
public sealed class ClosedWeeks
{
    private readonly FundPlans plans;
    private readonly CareTerms terms;
    private readonly List<Visit> sent;
    private readonly List<Visit> forAbsence;
    private readonly List<Visit> changed = [];

    /// <summary>Starts from the known facts of the fund.</summary>
    /// <param name="plans">The fund's plans.</param>
    /// <param name="terms">The terms for care that is not given.</param>
    /// <param name="visits">The fund's visits: those of the weeks in question, and all that fulfil care planned in
    /// these weeks.</param>
    public ClosedWeeks(FundPlans plans, CareTerms terms, IReadOnlyCollection<Visit> visits)
    {
        (this.plans, this.terms) = (plans, terms);
        sent = [.. visits.Where(visit => !visit.ForAbsence)];
        forAbsence = [.. visits.Where(visit => visit.ForAbsence)];
    }

    /// <summary>
    /// The Sunday of the last week that a run up to the given day closes. A week closes on the second Monday after its
    /// end. A week that is not over today is never closed.
    /// </summary>
    public static LocalDate LastDue(LocalDate upTo, LocalDate today) =>
        CarePeriod.MondayOf(LocalDate.Min(upTo.PlusDays(-6), today)).PlusDays(-1);

    /// <summary>Closes the weeks of a range, one after another.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="from">The first Monday.</param>
    /// <param name="to">The last Sunday.</param>
    /// <param name="before">The content of the bank before the range.</param>
    /// <param name="earlier">The weeks of the range that were closed before.</param>
    public FundClosing Close(string fundId, LocalDate from, LocalDate to, IReadOnlyList<LineBank> before,
        IReadOnlyCollection<ClosedFundWeek> earlier)
    {
        ChargeAgain(new CarePeriod(from, to));
        var earlierByMonday = earlier.ToDictionary(week => week.Monday);
        var bank = before.ToImmutableSortedDictionary(line => line.LineId, line => line.Deposits,
            StringComparer.Ordinal);
        var (weeks, paid) = (new List<WeekClosing>(), new List<PaidAbsence>());
        var byLine = sent.ToLookup(visit => visit.Record.LineId, StringComparer.Ordinal);
        for (var monday = from; monday <= to; monday = monday.PlusWeeks(1))
        {
            var last = earlierByMonday.GetValueOrDefault(monday);
            var sums = ImmutableSortedDictionary.CreateBuilder<string, ClosedLineSums>(StringComparer.Ordinal);
            foreach (var line in last?.Lines ?? [])
                sums[line.LineId] = new ClosedLineSums { LineId = line.LineId };
            var hasCare = false;
            if (!(monday > plans.LastDay))
            {
                foreach (var lineId in plans.LineIds.Union(byLine.Select(line => line.Key)).Union(bank.Keys))
                {
                    var week = LineWeek.Build(plans, terms, lineId, monday, [.. byLine[lineId]]);
                    hasCare |= week.HasCare;
                    paid.AddRange(week.Paid);
                    var (line, after) = Close(lineId, monday, week, bank.GetValueOrDefault(lineId, []));
                    bank = after.Count == 0 ? bank.Remove(lineId) : bank.SetItem(lineId, after);
                    if (!line.IsNothing || sums.ContainsKey(lineId))
                        sums[lineId] = line;
                }
            }
            if (Closing(monday, last, [.. sums.Values], bank, hasCare) is { } closing)
                weeks.Add(closing);
        }
        PayAbsences(fundId, paid, new CarePeriod(from, to));
        return new FundClosing(changed, weeks);
    }

    private static WeekClosing? Closing(LocalDate monday, ClosedFundWeek? last, IReadOnlyList<ClosedLineSums> lines,
        ImmutableSortedDictionary<string, IReadOnlyList<Deposit>> bank, bool hasCare)
    {
        IReadOnlyList<LineBank> after = [.. bank.Select(line => new LineBank(line.Key, line.Value))];
        if (last is null)
            return lines.Count == 0 && !hasCare ? null : new(new ClosedFundWeek(monday, 1, lines, after), true);
        var isChanged = lines.Count != last.Lines.Count
            || !lines.Zip(last.Lines).All(both => both.First.SameAs(both.Second));
        return new(new ClosedFundWeek(monday, last.Version + (isChanged ? 1 : 0), lines, after), isChanged);
    }

    private (ClosedLineSums Sums, IReadOnlyList<Deposit> After) Close(
        string lineId, LocalDate monday, LineWeek week, IReadOnlyList<Deposit> before)
    {
        var agreed = terms.On(monday.PlusDays(6));
        var banks = agreed?.Keeps is not null;
        var banked = TimeBank.BankWeek(before,
            week.NotGiven.Where(minutesNotGiven => minutesNotGiven.Banks)
                .Select(minutesNotGiven => (minutesNotGiven.On, minutesNotGiven.Length)),
            week.Extra, monday, agreed, day => plans.LineAbout(lineId, day) is { } line
                ? terms.HourlyRate(line.AllocationId, line.Service, day) : default);
        var isMoney = agreed?.Keeps == BankUnit.Money;
        return (new ClosedLineSums
        {
            LineId = lineId,
            Planned = week.Planned,
            Missed =
            [
                .. week.NotGiven.GroupBy(minutesNotGiven => minutesNotGiven.Reason, StringComparer.Ordinal)
                    .OrderBy(reason => reason.Key, StringComparer.Ordinal).Select(reason =>
                    {
                        var (all, kept) = (Minutes.Sum(reason.Select(missed => missed.Length)), Minutes.Sum(
                            reason.Where(missed => banks && missed.Banks).Select(missed => missed.Length)));
                        return new MissedSum(reason.Key, all.Count, kept.Count, (all - kept).Count);
                    }),
            ],
            DrawnMinutes = banked.Drawn.Length.Count,
            ExpiredMinutes = banked.Expired.Length.Count,
            RevaluedMinutes = banked.Revalued.Count,
            BankedPence = isMoney ? banked.Banked.Worth.Pence : null,
            DrawnPence = isMoney ? banked.Drawn.Worth.Pence : null,
            ExpiredPence = isMoney ? banked.Expired.Worth.Pence : null,
        }, banked.After);
    }

    // Decides again the charges for visits that were not given. Since a visit was recorded, the terms may have changed,
    // or an absence may have become known.
    private void ChargeAgain(CarePeriod range)
    {
        for (var i = 0; i < sent.Count; i++)
        {
            var visit = sent[i];
            var on = visit.Fulfilment.Occurrence?.Date ?? visit.Fulfilment.Week;
            if (visit.Record.Outcome == VisitOutcome.Delivered || on is not { } day || !range.Covers(day))
                continue;
            var isCharged = terms.ChargeOf(visit.Record, visit.AllocationId, visit.Service).Percent > 0;
            var charged = isCharged
                ? Matching.Charged(visit.Record, PlannedMinutesOf(visit), FreeFor(visit)) : Minutes.Zero;
            var untimed = isCharged && plans.UntimedOn(visit.AllocationId, visit.Service, visit.CareOn) is not null
                && (visit.Fulfilment.CarerSlots > 0 || visit.Fulfilment.Week is not null);
            if (charged == visit.Fulfilment.Charged && untimed == visit.Fulfilment.UntimedCharged)
                continue;
            sent[i] = visit with
            {
                Version = visit.Version + 1,
                Fulfilment = visit.Fulfilment with { Charged = charged, UntimedCharged = untimed },
            };
            changed.Add(sent[i]);
        }
    }

    private static Minutes PlannedMinutesOf(Visit visit) => visit.Fulfilment.Week is not null
        ? visit.Record.PlannedCarerMinutes
        : new Minutes(visit.Fulfilment.OccurrenceMinutes) * visit.Fulfilment.CarerSlots;

    private Minutes FreeFor(Visit visit)
    {
        var others = sent.Where(other => other.Record.VisitId != visit.Record.VisitId
            && other.Record.LineId == visit.Record.LineId && other.Fulfilment.Week == visit.Fulfilment.Week
            && other.Fulfilment.Occurrence == visit.Fulfilment.Occurrence);
        var planned = visit.Fulfilment.Week is { } monday
            ? Minutes.Sum(plans.Pools(CarePeriod.WeekOf(monday), visit.Record.LineId).Select(pool => pool.CarerMinutes))
            : new Minutes(visit.Fulfilment.OccurrenceMinutes) * visit.Fulfilment.OccurrenceCarers;
        return planned - Matching.SettledBy(others);
    }

    // Makes the visits that charge paid days of an absence. A visit that an earlier closing made stays if its day is
    // still paid; otherwise its charge is corrected to zero.
    private void PayAbsences(string fundId, List<PaidAbsence> paid, CarePeriod range)
    {
        var sentIds = sent.Select(visit => visit.Record.VisitId).ToHashSet(StringComparer.Ordinal);
        var earlier = forAbsence.Where(visit => range.Covers(visit.CareOn)).ToDictionary(
            visit => visit.Record.VisitId, StringComparer.Ordinal);
        foreach (var paidAbsence in paid)
        {
            var expected = paidAbsence.AsVisit(fundId, 1);
            if (earlier.Remove(expected.Record.VisitId, out var last))
            {
                expected = expected with { Version = last.Version };
                if (expected != last)
                    changed.Add(expected with { Version = last.Version + 1 });
            }
            else if (!sentIds.Contains(expected.Record.VisitId))
            {
                changed.Add(expected);
            }
        }
        changed.AddRange(earlier.Values.Where(visit => visit.Fulfilment.IsCharged).Select(visit => visit with
        {
            Version = visit.Version + 1,
            Fulfilment = visit.Fulfilment with { Charged = Minutes.Zero, UntimedCharged = false },
        }));
    }
}
