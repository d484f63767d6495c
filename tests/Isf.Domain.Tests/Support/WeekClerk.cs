using Isf.Support.Domain;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Counts the weeks a second time, day by day from notes of the same events, with a bank that holds every minute
/// individually.
/// </summary>
internal sealed class WeekClerk
{
    public List<(int From, int Minutes)> Plans { get; } = [];

    public Dictionary<int, (VisitInput Sent, int Planned)> Visits { get; } = [];

    public Dictionary<AbsenceKind, (int From, int To)> Absences { get; } = [];

    public List<AgreedBank> Agreements { get; } = [];

    public int PlannedOn(int day) => Plans.FindLast(plan => plan.From <= day).Minutes;

    /// <summary>
    /// Each week's "charged extra", then "reason minutes banked released" of what was missed, then "drawn expired
    /// banked".
    /// </summary>
    public IReadOnlyList<string> Totals()
    {
        var (totals, bank) = (new List<string>(), new List<int>());
        for (var week = 0; week < CareEvent.Weeks; week++)
        {
            var counted = new Counted();
            var agreed = AgreedOn((week * 7) + 6);
            foreach (var day in Enumerable.Range(week * 7, 7))
                Count(DayOf(day), agreed.Banking is not null, counted);
            Bank(week, agreed, counted, bank);
            totals.Add($"{counted}");
        }
        return totals;
    }

    // Each entry of the bank is one minute, and says in which week it was banked.
    private static void Bank(int week, AgreedBank agreed, Counted counted, List<int> bank)
    {
        if (agreed.Banking is null)
        {
            counted.Expired = bank.Count;
            bank.Clear();
        }
        counted.Drawn = Math.Min(counted.Extra, bank.Count);
        bank.RemoveRange(0, (int)counted.Drawn);
        counted.Expired += bank.RemoveAll(bankedIn => bankedIn + agreed.Expires <= week);
        bank.AddRange(Enumerable.Repeat(week, (int)counted.Missed.Values.Sum(value => value.Banked)));
        counted.InBank = bank.Count;
    }

    private static void Count(Day day, bool banks, Counted counted)
    {
        counted.Extra += Math.Max(0, day.Given - day.Planned);
        switch (day.Outcome)
        {
            case "delivered": counted.Miss("short", day.Planned - day.Given, banks); break;
            case "cancelled-by-person" when day.NoticeHours < 24: counted.Charged += day.Planned; break;
            case "cancelled-by-provider": counted.Charged += day.Planned; break;
            case "hospital" or "" when day.IsPaidStay: counted.Charged += day.Planned; break;
            case "hospital" or "no-access" or "closed-holiday": counted.Miss(day.Outcome, day.Planned, false); break;
            case "": counted.Miss(day.Absent, day.Planned, banks && day.Absent != "hospital"); break;
            default: counted.Miss(day.Outcome, day.Planned, banks); break;
        }
    }

    private Day DayOf(int day)
    {
        var absence = AbsenceOn(day);
        var known = new Day
        {
            Planned = PlannedOn(day),
            Absent = absence is null ? "no-record" : $"{absence.Value.Kind}".ToLowerInvariant(),
            IsPaidStay = absence is { Kind: AbsenceKind.Hospital, Stay: var stay } && stay <= AgreedOn(day).PaidDays,
        };
        return !Visits.TryGetValue(day, out var visit) ? known : known with
        {
            Planned = visit.Planned,
            Outcome = visit.Sent.Outcome,
            Given = (int)Care.Record(visit.Sent).Given.Count,
            NoticeHours = visit.Sent.NoticeHours ?? 0,
        };
    }

    private AgreedBank AgreedOn(int day) =>
        Agreements.FindLast(agreement => agreement.Signed <= day) ?? Agreements[0];

    private (AbsenceKind Kind, int Stay)? AbsenceOn(int day) => Absences
        .Where(absence => absence.Value.From <= day && day <= absence.Value.To).OrderBy(absence => absence.Key)
        .Select(absence => ((AbsenceKind, int)?)(absence.Key, day - absence.Value.From + 1)).FirstOrDefault();

    /// <summary>What the clerk knows of a day. The outcome is empty if nobody reported a visit.</summary>
    private sealed record Day
    {
        public int Planned { get; init; }

        public int Given { get; init; }

        public string Outcome { get; init; } = "";

        public decimal NoticeHours { get; init; }

        public string Absent { get; init; } = "";

        public bool IsPaidStay { get; init; }
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

        public override string ToString() => $"{Charged} {Extra} "
            + string.Join("; ", Missed.Select(pair =>
                $"{pair.Key} {pair.Value.All} {pair.Value.Banked} {pair.Value.All - pair.Value.Banked}"))
            + $" | {Drawn} {Expired} {InBank}";
    }
}
