using Isf.Prices;
using Isf.Support.Domain;
using NodaTime;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>A fund for the tests of weeks. Its visits arrive and its weeks close when a test says so.</summary>
internal sealed class WeekScene
{
    private readonly Dictionary<string, Visit> visits = new(StringComparer.Ordinal);
    private readonly SortedDictionary<LocalDate, ClosedFundWeek> weeks = [];

    public FundPlans Plans { get; set; } = Care.Plans(Weekly("L-1", 2400));

    public CareTerms Terms { get; set; } = Agreed();

    public Allocation Allocation { get; init; } = Paid();

    /// <summary>The last published result of each week, by the week's Monday.</summary>
    public IReadOnlyDictionary<LocalDate, ClosedFundWeek> Weeks => weeks;

    /// <summary>The current visits.</summary>
    public IReadOnlyCollection<Visit> Visits => visits.Values;

    /// <summary>Returns an agreement and the prices of A-1, which are £24 an hour by default.</summary>
    public static CareTerms Agreed(BankUnit? banking = null, int? expires = 12, int? paidDays = null,
        PriceList? list = null, params Absence[] absences) => new(
        new Agreement("F-1", [new(1, new LocalDate(2026, 3, 30), banking, expires, paidDays)]),
        new Dictionary<string, AgreedPrices>
        {
            ["A-1"] = new("A-1", "F-1", [new(1, new LocalDate(2026, 4, 1), list ?? List(Hour(2400)))]),
        }, absences);

    public static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    public static PriceRate Hour(long pence, LocalDate? from = null, LocalDate? to = null) =>
        new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = pence, From = from, To = to };

    public static Absence AbsenceOf(AbsenceKind kind, LocalDate from, LocalDate? to, string id = "AB-1") =>
        new() { Id = id, FundId = "F-1", From = from, To = to, Kind = kind };

    /// <summary>Submits or corrects a visit and returns it as recorded. Throws if the visit is refused.</summary>
    public Visit Send(VisitInput offer)
    {
        var fund = Fund(
            Plans) with
        { Terms = Terms, Allocations = new[] { Allocation }.ToDictionary(allocation => allocation.Id) };
        var result = new VisitRecorder(new Dictionary<string, FundCare> { ["F-1"] = fund },
            visits.Values, visits.Values.Where(visit => !visit.ForAbsence)).Record(Record(offer), Now);
        return visits[offer.VisitId] = result.Visit
            ?? throw new InvalidOperationException(result.Fault!.PlainWords);
    }

    public Visit Given(string id, LocalDateTime start, int minutes, bool isPlanned = true, int carers = 1) =>
        Send(Of(id, start, "delivered", minutes, carers) with
        {
            Start = Text(start),
            End = Text(start.PlusMinutes(minutes)),
            PlannedStart = isPlanned ? Text(start) : null,
            PlannedMinutes = null,
        });

    /// <summary>Gives visits at nine o'clock, on days counted from the first Monday.</summary>
    public void GivenAtNine(params (int Day, int Minutes)[] visits) => Array.ForEach(
        visits, visit => Given($"V-{visit.Day}", Monday.PlusDays(visit.Day) + new LocalTime(9, 0), visit.Minutes));

    public Visit NotGiven(string id, LocalDateTime planned, string outcome, int minutes, decimal? notice = null) =>
        Send(Of(id, planned, outcome, minutes) with { NoticeHours = notice });

    private static VisitInput Of(string id, LocalDateTime planned, string outcome, int minutes, int carers = 1) => new()
    {
        VisitId = id, FundId = "F-1", LineId = "L-1", Outcome = outcome, PlannedStart = Text(planned),
        PlannedMinutes = minutes, Carers = carers,
    };

    public static string Text(LocalDateTime wall) => $"{wall:uuuu-MM-dd'T'HH:mm}";

    /// <summary>
    /// Closes the weeks from a Monday up to a Sunday, and stores the weeks and visits that change, as the service
    /// does.
    /// </summary>
    public FundClosing Close(LocalDate from, LocalDate to)
    {
        var before = weeks.LastOrDefault(week => week.Key < from).Value?.Bank ?? [];
        var closing = new ClosedWeeks(Plans, Terms, visits.Values).Close("F-1", from, to, before,
            [.. weeks.Values.Where(week => week.Monday >= from && week.Monday <= to)]);
        foreach (var visit in closing.Visits)
            visits[visit.Record.VisitId] = visit;
        foreach (var closed in closing.Weeks)
            weeks[closed.Week.Monday] = closed.Week;
        return closing;
    }

    public ClosedLineSums Line(LocalDate monday, string lineId = "L-1") =>
        weeks[monday].Lines.FirstOrDefault(line => line.LineId == lineId) ?? new ClosedLineSums { LineId = lineId };

    /// <summary>
    /// Returns the missed minutes of a week as text: "reason minutes banked released", with a semicolon between
    /// reasons.
    /// </summary>
    public string Missed(LocalDate monday) => string.Join("; ",
        Line(monday).Missed
            .Select(missedSum => $"{missedSum.Reason} {missedSum.Minutes} {missedSum.Banked} {missedSum.Released}"));

    /// <summary>The minutes in the bank after the last closed week.</summary>
    public long Banked => weeks.Count == 0 ? 0
        : weeks.Last().Value.Bank.Sum(line => line.Deposits.Sum(deposit => deposit.Minutes));
}
