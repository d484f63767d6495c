using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// The laws of weeks over random interleavings of plan versions, visits, corrections, absences, agreements and
/// closings. A closed week accounts for every planned minute. Its hours equal a separate count, whatever the order.
/// </summary>
public sealed class WeekLaws
{
    private const int Weeks = 6;
    private static readonly string[] Outcomes =
        "missed-by-provider no-access cancelled-by-person cancelled-by-provider hospital closed-holiday".Split(' ');

    private sealed record Step(int Kind, int Day, int Minutes, int Which);

    private static Gen<Step> Steps =>
        from kind in Gen.Frequency((1, Gen.Constant(0)), (8, Gen.Constant(1)), (2, Gen.Constant(2)),
            (1, Gen.Constant(3)), (2, Gen.Constant(4)))
        from day in Gen.Choose(0, (Weeks * 7) - 1)
        from minutes in Gen.Choose(1, 40)
        from which in Gen.Choose(0, 11)
        select new Step(kind, day, minutes, which);

    /// <summary>Records the same facts a second time, for the separate count.</summary>
    private sealed class Clerk
    {
        public List<(int From, int Minutes)> Plans { get; } = [];
        public Dictionary<int, (VisitInput Sent, int Planned)> Visits { get; } = [];
        public Dictionary<int, (AbsenceKind Kind, int From, int To)> Absences { get; } = [];
        public List<(int Signed, BankUnit? Banking, int? Expires, int? PaidDays)> Agreements { get; } = [];
        public int PlannedOn(int day) => Plans.FindLast(plan => plan.From <= day).Minutes;
        public (int Signed, BankUnit? Banking, int? Expires, int? PaidDays) AgreedOn(int day) =>
            Agreements.Exists(agreement => agreement.Signed <= day)
                ? Agreements.FindLast(agreement => agreement.Signed <= day) : Agreements[0];
        public (AbsenceKind Kind, int Stay)? AbsenceOn(int day)
        {
            var stays = Absences.Values.Where(stay => stay.From <= day && day <= stay.To).OrderBy(stay => stay.Kind);
            return stays.Select(stay => ((AbsenceKind, int)?)(stay.Kind, day - stay.From + 1)).FirstOrDefault();
        }
    }

    private sealed class Counted
    {
        public long Charged, Extra, Drawn, Expired, InBank;
        public SortedDictionary<string, (long All, long Banked)> Missed { get; } = new(StringComparer.Ordinal);

        public void Miss(string reason, long minutes, bool banks)
        {
            var (all, banked) = Missed.GetValueOrDefault(reason);
            if (minutes > 0)
                Missed[reason] = (all + minutes, banked + (banks ? minutes : 0));
        }

        public override string ToString() => string.Join("; ", Missed.Select(pair =>
            $"{pair.Key} {pair.Value.All} {pair.Value.Banked} {pair.Value.All - pair.Value.Banked}"))
            + $" | {Drawn} {Expired} {InBank}";
    }

    private static readonly PriceList Terms = List(Hour(2400)) with
    {
        Cancellation = [new(24, 100)],
        Outcomes = [new("no-access", 0, Banks: false), new("cancelled-by-provider", 50)],
    };

    private sealed class RecordedWeeks
    {
        private readonly WeekScene scene = new() { Terms = Agreed(BankUnit.Minutes, 2, 5, Terms) };
        private readonly List<PlanVersion> versions = [];
        private int closedWeeks;

        public RecordedWeeks()
        {
            Notes.Agreements.Add((0, BankUnit.Minutes, 2, 5));
            Replan(0, 30);
        }

        public Clerk Notes { get; } = new();
        public void Replan(int from, int minutes)
        {
            versions.Add(Version(versions.Count + 1, Monday.PlusDays(from), null,
                Line("L-1", 1, Slot("Mon Tue Wed Thu Fri Sat Sun", "09:00", minutes))));
            scene.Plans = new([Plan([.. versions])]);
            Notes.Plans.Add((from, minutes));
            CloseAgain(from);
        }

        public void Send(int day, VisitInput visit)
        {
            scene.Send(visit);
            if (!Notes.Visits.TryGetValue(day, out var earlier) || earlier.Sent != visit)
                Notes.Visits[day] = (visit, Notes.PlannedOn(day));
            CloseAgain(day);
        }

        public void Absent(int which, AbsenceKind kind, int from, int to)
        {
            var first = Notes.Absences.TryGetValue(which, out var earlier) ? Math.Min(earlier.From, from) : from;
            Notes.Absences[which] = (kind, from, to);
            scene.Terms = scene.Terms with
            {
                Absences =
                [
                    .. Notes.Absences.Select(pair => AbsenceOf(pair.Value.Kind, Monday.PlusDays(pair.Value.From),
                        Monday.PlusDays(pair.Value.To), $"AB-{pair.Key}")),
                ],
            };
            CloseAgain(first);
        }

        public void Agree(int signed, BankUnit? banking, int? expires, int? paidDays)
        {
            Notes.Agreements.Add((signed, banking, expires, paidDays));
            scene.Terms = scene.Terms with
            {
                Agreement = new Agreement("F-1",
                [
                    .. Notes.Agreements.Select((agreement, i) => new AgreementVersion(
                        i + 1, Monday.PlusDays(agreement.Signed), agreement.Banking, agreement.Expires,
                        agreement.PaidDays)),
                ]),
            };
            CloseAgain(signed);
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
                var fulfilled = given.Sum(visit => visit.Fulfilment.SettledMinutes);
                Assert.Equal(planned, fulfilled + scene.Line(days.From).Missed.Sum(missedSum => missedSum.Minutes));
                Assert.All(scene.Line(days.From).Missed, missedSum =>
                    Assert.Equal(missedSum.Minutes, missedSum.Banked + missedSum.Released));
            }
        }

        public IReadOnlyList<string> Totals() =>
        [
            .. Enumerable.Range(0, Weeks).Select(week =>
            {
                var monday = Monday.PlusWeeks(week);
                var line = scene.Line(monday);
                var bank = scene.Weeks[monday].Bank.Sum(lineBank => lineBank.Deposits.Sum(deposit => deposit.Minutes));
                var visits = scene.Visits.Where(visit => CarePeriod.MondayOf(visit.CareOn) == monday).ToList();
                return $"{visits.Sum(visit => visit.Fulfilment.ChargedMinutes)} "
                    + $"{visits.Sum(visit => visit.Fulfilment.ExtraMinutes)} {scene.Missed(monday)} | "
                    + $"{line.DrawnMinutes} {line.ExpiredMinutes} {bank}";
            }),
        ];
    }

    private static VisitInput Offer(Step step)
    {
        var start = Monday.PlusDays(step.Day) + new LocalTime(9, 0);
        var given = step.Which < 6;
        return new VisitInput
        {
            VisitId = $"V-{step.Day}", FundId = "F-1", LineId = "L-1", PlannedStart = Text(start),
            Start = given ? Text(start) : null, End = given ? Text(start.PlusMinutes(step.Minutes)) : null,
            Outcome = given ? "delivered" : Outcomes[step.Which - 6], NoticeHours = step.Minutes,
        };
    }

    private static void Perform(RecordedWeeks history, Step step)
    {
        switch (step.Kind)
        {
            case 0: history.Replan(step.Day, step.Minutes); break;
            case 1: history.Send(step.Day, Offer(step)); break;
            case 2:
                // Each kind has at most one absence, because two absences of one kind never share a day.
                history.Absent(
                    step.Which % 4, (AbsenceKind)((step.Which % 4) + 1), step.Day, step.Day + (step.Minutes / 4));
                break;
            case 3:
                BankUnit? banking = step.Which % 3 == 0 ? null : (BankUnit)(step.Which % 3);
                history.Agree(step.Day, banking, step.Minutes % 4 == 0 ? null : step.Minutes % 4,
                    step.Which > 8 ? null : step.Which);
                break;
            default: history.Close(step.Day / 7); break;
        }
    }

    /// <summary>Counts the weeks separately, day by day, with a bank that holds every minute individually.</summary>
    private static List<string> Recount(Clerk notes)
    {
        var (totals, bank) = (new List<string>(), new List<int>());
        for (var week = 0; week < Weeks; week++)
        {
            var counted = new Counted();
            var agreed = notes.AgreedOn((week * 7) + 6);
            foreach (var day in Enumerable.Range(week * 7, 7))
                CountDay(notes, day, agreed.Banking is not null, counted);
            if (agreed.Banking is null)
                (counted.Expired, bank) = (bank.Count, []);
            counted.Drawn = Math.Min(counted.Extra, bank.Count);
            bank.RemoveRange(0, (int)counted.Drawn);
            counted.Expired += bank.RemoveAll(bankedIn => bankedIn + agreed.Expires <= week);
            bank.AddRange(Enumerable.Repeat(week, (int)counted.Missed.Values.Sum(value => value.Banked)));
            counted.InBank = bank.Count;
            totals.Add($"{counted.Charged} {counted.Extra} {counted}");
        }
        return totals;
    }

    private static void CountDay(Clerk notes, int day, bool banks, Counted counted)
    {
        var planned = notes.PlannedOn(day);
        var (outcome, given, notice) = ("", 0, 0m);
        if (notes.Visits.TryGetValue(day, out var visit))
        {
            planned = visit.Planned;
            (outcome, notice) = (visit.Sent.Outcome, visit.Sent.NoticeHours ?? 0);
            given = (int)Record(visit.Sent).Given.Count;
        }
        var paidDays = notes.AgreedOn(day).PaidDays;
        var absence = notes.AbsenceOn(day);
        var isPaidStay = absence is { Kind: AbsenceKind.Hospital, Stay: var stay } && stay <= paidDays;
        counted.Extra += Math.Max(0, given - planned);
        switch (outcome)
        {
            case "delivered": counted.Miss("short", planned - given, banks); break;
            case "cancelled-by-person" when notice < 24: counted.Charged += planned; break;
            case "cancelled-by-provider": counted.Charged += planned; break;
            case "hospital" or "" when isPaidStay: counted.Charged += planned; break;
            case "hospital" or "no-access" or "closed-holiday": counted.Miss(outcome, planned, false); break;
            case "":
                counted.Miss(absence is null ? "no-record" : $"{absence.Value.Kind}".ToLowerInvariant(), planned,
                banks && absence?.Kind != AbsenceKind.Hospital); break;
            default: counted.Miss(outcome, planned, banks); break;
        }
    }

    [Fact]
    public void Whatever_comes_when_no_minute_is_left_over_and_a_clerk_counts_the_same() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var history = new RecordedWeeks();
            foreach (var step in steps)
                Perform(history, step);
            history.Close(Weeks - 1);
            Assert.Equal(Recount(history.Notes), history.Totals());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));

    [Fact]
    public void The_same_facts_in_another_order_give_the_same_weeks() =>
        Prop.ForAll((
            from steps in Steps.ListOf()
            from order in Gen.Shuffle(Enumerable.Range(0, steps.Count).ToArray())
            select (steps, order)).ToArbitrary(), both =>
        {
            var (steps, order) = both;
            // Plans come first, because a change of a plan affects only the future. Of every other fact only the last
            // version remains.
            var plans = steps.Where(step => step.Kind == 0).ToList();
            var facts = steps.Where(step => step.Kind is 1 or 2 or 4)
                .GroupBy(step => step.Kind switch { 1 => $"V-{step.Day}", 2 => $"AB-{step.Which % 4}", _ => $"{step}" })
                .Select(same => same.Last()).ToList();
            IReadOnlyList<string> TotalsOf(IEnumerable<Step> order)
            {
                var history = new RecordedWeeks();
                foreach (var step in plans.Concat(order))
                    Perform(history, step);
                history.Close(Weeks - 1);
                return history.Totals();
            }
            Assert.Equal(TotalsOf(facts), TotalsOf(order.Where(i => i < facts.Count).Select(i => facts[i])));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(60));
}
