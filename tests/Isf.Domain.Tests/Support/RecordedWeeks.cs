using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>The weeks of one fund, with a clerk who takes notes of all that happens.</summary>
internal sealed class RecordedWeeks
{
    private static readonly PriceList Terms = List(Hour(2400)) with
    {
        Cancellation = [new(24, 100)],
        Outcomes = [new("no-access", 0, Banks: false), new("cancelled-by-provider", 50)],
    };

    private readonly WeekScene scene = new() { Terms = Agreed(BankUnit.Minutes, 2, 5, Terms) };
    private readonly List<PlanVersion> versions = [];
    private int closedWeeks;

    public RecordedWeeks()
    {
        Clerk.Agreements.Add(new(0, BankUnit.Minutes, 2, 5));
        Replan(0, 30);
    }

    public WeekClerk Clerk { get; } = new();

    public void Replan(int from, int minutes)
    {
        versions.Add(Version(versions.Count + 1, Monday.PlusDays(from), null,
            Line("L-1", 1, Slot("Mon Tue Wed Thu Fri Sat Sun", "09:00", minutes))));
        scene.Plans = new([Plan([.. versions])]);
        Clerk.Plans.Add((from, minutes));
        CloseAgain(from);
    }

    public void Send(int day, VisitInput visit)
    {
        scene.Send(visit);
        if (!Clerk.Visits.TryGetValue(day, out var earlier) || earlier.Sent != visit)
            Clerk.Visits[day] = (visit, Clerk.PlannedOn(day));
        CloseAgain(day);
    }

    public void Absent(AbsenceKind kind, int from, int to)
    {
        var first = Clerk.Absences.TryGetValue(kind, out var earlier) ? Math.Min(earlier.From, from) : from;
        Clerk.Absences[kind] = (from, to);
        scene.Terms = scene.Terms with
        {
            Absences =
            [
                .. Clerk.Absences.Select(pair => AbsenceOf(
                    pair.Key, Monday.PlusDays(pair.Value.From), Monday.PlusDays(pair.Value.To), $"AB-{pair.Key}")),
            ],
        };
        CloseAgain(first);
    }

    public void Agree(AgreedBank agreed)
    {
        Clerk.Agreements.Add(agreed);
        scene.Terms = scene.Terms with
        {
            Agreement = new Agreement("F-1",
            [
                .. Clerk.Agreements.Select((agreement, index) => new AgreementVersion(
                    index + 1, Monday.PlusDays(agreement.Signed), agreement.Banking, agreement.Expires,
                    agreement.PaidDays)),
            ]),
        };
        CloseAgain(agreed.Signed);
    }

    /// <summary>Closes all open weeks up to <paramref name="week"/>, like the nightly run.</summary>
    public void Close(int week)
    {
        if (week < closedWeeks)
            return;
        scene.Close(Monday.PlusWeeks(closedWeeks), Monday.PlusWeeks(week).PlusDays(6));
        closedWeeks = week + 1;
        NothingIsLeftOver();
    }

    /// <summary>The totals of every week, in the form of the clerk's.</summary>
    public IReadOnlyList<string> Totals() =>
    [
        .. Enumerable.Range(0, CareEvent.Weeks).Select(week =>
        {
            var monday = Monday.PlusWeeks(week);
            var line = scene.Line(monday);
            var bank = scene.Weeks[monday].Bank.Sum(lineBank => lineBank.Deposits.Sum(deposit => deposit.Minutes));
            var visits = scene.Visits.Where(visit => CarePeriod.MondayOf(visit.CareOn) == monday).ToList();
            return $"{visits.Sum(visit => visit.Fulfilment.Charged.Count)} "
                + $"{visits.Sum(visit => visit.Fulfilment.Extra.Count)} {scene.Missed(monday)} | "
                + $"{line.DrawnMinutes} {line.ExpiredMinutes} {bank}";
        }),
    ];

    // Closes every closed week again, beginning with the week of the given day, as the service does.
    private void CloseAgain(int day)
    {
        if (day / 7 < closedWeeks)
            scene.Close(Monday.PlusWeeks(day / 7), Monday.PlusWeeks(closedWeeks - 1).PlusDays(6));
        NothingIsLeftOver();
    }

    // In every closed week, at any time, planned minutes = fulfilled + charged + missed.
    private void NothingIsLeftOver()
    {
        var sent = scene.Visits.Where(visit => !visit.ForAbsence).ToList();
        for (var week = 0; week < closedWeeks; week++)
        {
            var days = CarePeriod.WeekOf(Monday.PlusWeeks(week));
            var planned = PlannedDays.MinutesByDay(scene.Plans, days, sent).Values.Sum(day => day.Values.Sum());
            var given = scene.Visits.Where(visit => days.Covers(visit.CareOn));
            var fulfilled = given.Sum(visit => visit.Fulfilment.Settled.Count);
            Assert.Equal(planned, fulfilled + scene.Line(days.From).Missed.Sum(missedSum => missedSum.Minutes));
            Assert.All(scene.Line(days.From).Missed, missedSum =>
                Assert.Equal(missedSum.Minutes, missedSum.Banked + missedSum.Released));
        }
    }
}
