using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>A length of time with its words; the length is never below zero.</summary>
public sealed record HoursRow(string What, Minutes Length);

/// <summary>
/// Rows and their sum. Each row is summed from different moves, so two lists that should agree have the same sum only
/// if no move was left out.
/// </summary>
public sealed record HoursList(IReadOnlyList<HoursRow> Rows)
{
    /// <summary>The sum of the rows.</summary>
    public Minutes Total => new(Rows.Sum(row => row.Length.Count));
}

/// <summary>
/// The hours as a person reads them: planned + beyond the plan + taken out of the bank = given + not given + charged
/// though not given + put in the bank + given up + still open. Time taken away because earlier weeks were corrected is
/// on the other side of the sum, so that no length of time is negative.
/// </summary>
public sealed record HoursLayout
{
    /// <summary>The explanation of "still open".</summary>
    public const string StillOpen = "Still open: nobody has said yet what became of it.";

    /// <summary>Time that was planned, was beyond the plan, or was taken out of the bank.</summary>
    public required HoursList There { get; init; }

    /// <summary>The outcome of the time in <see cref="There"/>; both lists have the same sum.</summary>
    public required HoursList Became { get; init; }

    /// <summary>The time in the bank at the start and the time put in.</summary>
    public required HoursList BankHad { get; init; }

    /// <summary>The time taken out of the bank and the time in it at the end. Its sum equals that of BankHad.</summary>
    public required HoursList BankHas { get; init; }

    /// <summary>The time that was not given, by reason, even if it was banked or given up later.</summary>
    public required HoursList NotGiven { get; init; }

    /// <summary>The time that was counted as not given before and no longer is, by reason.</summary>
    public required HoursList NotGivenAfterAll { get; init; }

    /// <summary>
    /// Sentences about what became of the time that was not given; empty if there is nothing to report.
    /// </summary>
    public required string WhereItWent { get; init; }

    /// <summary>Lays out the hours of a statement in rows.</summary>
    public static HoursLayout Build(Hours hours, Voice voice)
    {
        var bank = hours.Bank;
        var (there, became) = TwoSides(
        [
            ("Planned", "not planned after all", hours.Planned, true),
            ("Beyond the plan", "not beyond the plan after all", hours.Extra, false),
            ("Taken out of the bank", "not taken out of the bank after all", bank.Used + bank.Expired, false),
        ],
        [
            ("Given", "not given after all", hours.Delivered, true),
            ("Not given", "not missed after all", hours.NotGiven, false),
            ("Not given, but charged as agreed", "not charged after all", hours.ChargedNotDelivered, false),
            ("Put in the bank", "not put in the bank after all", bank.In, false),
            ("Given up", "not given up after all", hours.Released, false),
            ("Still open", "no longer open", hours.Open, false),
        ]);
        var (had, has) = TwoSides(
        [
            ("In the bank at the start", "taken out before it was put in", bank.Opening, true),
            ("Put in", "not put in after all", bank.In, false),
        ],
        [
            ("Used for care beyond the plan", "put back", bank.Used, false),
            ("Given up, or kept too long", "not given up after all", bank.Expired, false),
            ("In the bank at the end", "still to be put in", bank.Closing, true),
        ]);
        var reasons = hours.MissedByReason.GroupBy(row => voice.Missed(row.Reason))
            .Select(same => new HoursRow(same.Key, new Minutes(same.Sum(row => row.Length.Count)))).ToList();
        return new HoursLayout
        {
            There = there,
            Became = became,
            BankHad = bank.IsUsed ? had : new HoursList([]),
            BankHas = bank.IsUsed ? has : new HoursList([]),
            NotGiven = new HoursList([.. reasons.Where(row => row.Length > Minutes.Zero)]),
            NotGivenAfterAll = new HoursList(
            [
                .. reasons.Where(row => row.Length < Minutes.Zero)
                    .Select(row => row with { Length = Minutes.Zero - row.Length }),
            ]),
            WhereItWent = WhereItWentOf(hours),
        };
    }

    private static string WhereItWentOf(Hours hours)
    {
        var (banked, released) = (hours.MissedIntoBank, hours.MissedIntoReleased);
        return string.Join(" ", new[]
        {
            banked > Minutes.Zero ? $"{banked} of it was put in the bank." : "",
            banked == Minutes.Zero && hours.Bank.IsUsed && hours.MissedByReason.Count > 0
                ? "None of it was put in the bank." : "",
            banked < Minutes.Zero ? $"{Minutes.Zero - banked} that was put in the bank before was taken out again."
                : "",
            released > Minutes.Zero ? $"{released} of it was given up." : "",
            released < Minutes.Zero ? $"{Minutes.Zero - released} that was given up before is not given up after all."
                : "",
        }.Where(text => text.Length > 0));
    }

    // A row of zero is left out unless it is marked Always, because the sum would be hard to read without it. A
    // negative row moves to the other side with its sign turned.
    private static (HoursList One, HoursList Other) TwoSides(
        (string What, string Undone, Minutes Length, bool Always)[] one,
        (string What, string Undone, Minutes Length, bool Always)[] other)
    {
        return (Side(one, other), Side(other, one));

        static HoursList Side(
            (string What, string Undone, Minutes Length, bool Always)[] own,
            (string What, string Undone, Minutes Length, bool Always)[] across) => new(
        [
            .. own.Where(row => row.Length > Minutes.Zero || (row.Always && row.Length == Minutes.Zero))
                .Select(row => new HoursRow(row.What, row.Length)),
            .. across.Where(row => row.Length < Minutes.Zero)
                .Select(row => new HoursRow($"Put right from earlier weeks: {row.Undone}", Minutes.Zero - row.Length)),
        ]);
    }
}
