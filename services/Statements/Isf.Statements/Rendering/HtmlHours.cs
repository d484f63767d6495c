using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>
/// The part of the page about hours: the two sides of one sum, the bank of time, and why care was not given.
/// </summary>
internal static class HtmlHours
{
    internal static Markup Render(Statement statement, FundFacts facts)
    {
        var voice = Voice.For(facts);
        var layout = HoursLayout.Build(statement.Hours, voice);
        return Markup.Html($"""
            <section aria-labelledby="hours">
            <h2 id="hours">{voice.Choose("Your hours", "Hours")}</h2>
            {Table("there", "The time that there was", "All of it", layout.There)}
            {Table("became", "What became of that time", "All of it", layout.Became)}
            {Markup.When(statement.Hours.Open > Minutes.Zero, () => Markup.Html($"<p>{HoursLayout.StillOpen}</p>"))}
            <p>Where two carers come together, the time of both is counted.</p>
            {Markup.When(statement.Hours.Bank.IsUsed, () => Bank(layout, statement.Hours, facts, voice))}
            </section>
            {Markup.When(layout.NotGiven.Rows.Count + layout.NotGivenAfterAll.Rows.Count > 0, () => NotGiven(layout))}
            """);
    }

    private static Markup Bank(HoursLayout layout, Hours hours, FundFacts facts, Voice voice)
    {
        var weeks = facts.Agreements.OrderBy(terms => terms.Version).LastOrDefault()?.BankingExpiresAfterWeeks;
        return Markup.Html($"""
            {Table("bank-had", "What the bank of time had", "All of it", layout.BankHad)}
            {Table("bank-has", "What became of the time in the bank", "All of it", layout.BankHas)}
            {Markup.When(hours.Banked != Minutes.Zero && voice.ToPerson, () => Markup.Html($"""
                <p>You have <strong>{PlainWords.Length(hours.Banked)}</strong> banked: time that was planned, not given,
                and kept for you to use another day. It is worth {hours.BankedWorth}.{Markup.When(weeks is not null,
                    () => Markup.Html($" Banked time is kept for {weeks} weeks."))}</p>
                """))}
            """);
    }

    private static Markup NotGiven(HoursLayout layout) => Markup.Html($"""
        <section aria-labelledby="why">
        <h2 id="why">Why care was not given</h2>
        <p>All time that was planned and not given, whatever became of it since. {layout.WhereItWent}</p>
        {Markup.When(layout.NotGiven.Rows.Count > 0, () => Table(
            "why-not", "Time that was not given, by reason", "All that was not given", layout.NotGiven))}
        {Markup.When(layout.NotGivenAfterAll.Rows.Count > 0, () => Table(
            "why-put-right", "Put right from earlier weeks: counted as not given before, and not any more",
            "All that was put right", layout.NotGivenAfterAll))}
        </section>
        """);

    private static Markup Table(string name, string caption, string total, HoursList list) => Markup.Html($"""
        <table class="{name}">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="sum">Time</th></tr></thead>
        <tbody>
        {Markup.Each(list.Rows, row => Row(row.What, row.Length))}
        </tbody>
        <tfoot>{Row(total, list.Total)}</tfoot>
        </table>
        """);

    private static Markup Row(string what, Minutes length) => Markup.Html($"""
        <tr><th scope="row">{what}</th><td class="sum">{length}</td></tr>

        """);
}
