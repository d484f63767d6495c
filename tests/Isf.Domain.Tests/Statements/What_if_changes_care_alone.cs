using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>A what-if question changes only the minutes of care. Money paid for anything else stays the same.</summary>
public sealed class What_if_changes_care_alone
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly Rate Plain = new(2000);

    // Each entry posts four weeks of one kind of cost and has the cost in pence. The costs are a fee of £12.50 a week,
    // a rail for £30.00, miles for £9.00, an hour of care a week at £24.00, and variants of that care.
    private static readonly Dictionary<string, (Action<FundBooks> Post, long Pence)> Spent = new()
    {
        ["fee"] = (books => Spend(books, "fee-charged", "fee", 5_000, "owed/holder"), 5_000),
        ["item"] = (books => books.Priced("I-1", 1, Start, 0, 3_000), 3_000),
        ["bill"] = (books => Spend(books, "invoice-matched", "A-2", 3_000), 3_000),
        ["miles"] = (books => books.Priced("M-1", 1, Start, 0, 900), 900),
        ["care"] = (books => Weekly((n, on) => books.Priced($"W-{n}", 1, on, 60, 2_400)), 9_600),
        // Half of the hours are charged although they were not given. Such an hour costs the same as a given one.
        ["charged"] = (books => Weekly((n, on) => _ = n % 2 == 0 ? books.Priced($"W-{n}", 1, on, 60, 2_400)
            : books.Post("visit-priced", $"W-{n}/v1", on, new(Book.Time, "planned/L-1", "charged/L-1", 60),
                new(Book.Promise, "promised/A-1", "used/A-1", 2_400),
                new(Book.Money, "held/drawn", "accrued/V-1", 2_400))), 9_600),
        // Care is claimed on invoice: its minutes are posted when it is given, and its money when it is billed.
        ["billed care"] = (books =>
        {
            Weekly((n, on) => books.Priced($"W-{n}", 1, on, 60, 0));
            Spend(books, "invoice-matched", "A-1", 9_600);
        }, 9_600),
        ["dearer care"] = (books => Weekly((n, on) => books.Priced($"W-{n}", 1, on, 60, 2_500)), 10_000),
        ["set-off"] = (books => books.Post("price-adjusted", "A-1/week/2026-04-06/2026-04-12/v1", Start,
            new Move(Book.Promise, "used/A-1", "promised/A-1", 400),
            new Move(Book.Money, "accrued/V-1", "held/drawn", 400)), -400),
    };

    private static void Weekly(Action<int, LocalDate> post)
    {
        for (var n = 0; n < 4; n++)
            post(n, Start.PlusDays(7 * n));
    }

    private static void Spend(
        FundBooks books, string message, string allocation, long pence, string to = "accrued/V-1") =>
        books.Post(message, "X-1/v1", Start,
            new Move(Book.Promise, $"promised/{allocation}", $"used/{allocation}", pence),
            new Move(Book.Money, "held/drawn", to, pence));

    // Columns: what was spent, and the change of cost over four weeks with an hour more, an hour less and five hours
    // less a week. Only the cost of care changes.
    private static readonly (string What, long More, long Less, long MuchLess)[] Costs =
    [
        ("fee", 8_000, 0, 0),
        ("item", 8_000, 0, 0),
        ("bill", 8_000, 0, 0),
        ("miles", 8_000, 0, 0),
        ("fee item bill miles", 8_000, 0, 0),
        ("care", 9_600, -9_600, -9_600),
        ("charged", 9_600, -9_600, -9_600),
        ("fee care", 9_600, -9_600, -9_600),
        ("item care", 9_600, -9_600, -9_600),
        ("bill care", 9_600, -9_600, -9_600),
        ("miles care", 9_600, -9_600, -9_600),
        ("fee item bill miles care", 9_600, -9_600, -9_600),
        ("fee item bill miles billed care", 9_600, -9_600, -9_600),
        ("fee dearer care set-off", 9_600, -9_600, -9_600),
    ];

    public static TheoryData<string> Kinds => [.. Costs.Select(cost => cost.What)];

    public static TheoryData<string, int, long> Questions =>
        (from cost in Costs
         from question in new[] { (60, cost.More), (-60, cost.Less), (-300, cost.MuchLess), (0, 0L) }
         select (cost.What, question.Item1, question.Item2)).ToTheoryData();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void As_it_is_all_that_was_spent_goes_on(string what) =>
        Assert.Equal(new Money(Named(what).Sum(spent => spent.Pence)), PaceOf(what).Out);

    [Theory]
    [MemberData(nameof(Questions))]
    public void An_hour_more_or_less_changes_what_care_costs(string what, int extraWeekly, long change) => Assert.Equal(
        new Money(Named(what).Sum(spent => spent.Pence) + change),
        PaceOf(what).WithExtraWeekly(new Minutes(extraWeekly), Plain).Out);

    private static Forecast.Pace PaceOf(string what)
    {
        var books = new FundBooks();
        books.Facts = books.Facts with { Lines = [new PlannedLine("L-1", "A-1", "support")] };
        foreach (var (post, _) in Named(what))
            post(books);
        return Forecast.PaceAt(books.Facts, books.Journals, Start.PlusDays(27));
    }

    // The longest names come first, because the name “care” is contained in “billed care”.
    private static IEnumerable<(Action<FundBooks> Post, long Pence)> Named(string what)
    {
        foreach (var name in Spent.Keys.OrderByDescending(name => name.Length))
        {
            if (!what.Contains(name, StringComparison.Ordinal))
                continue;
            what = what.Replace(name, "", StringComparison.Ordinal);
            yield return Spent[name];
        }
    }
}
