using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>The parts of the page about care given and things bought: the corrections, and every line.</summary>
internal static class HtmlCare
{
    internal static Markup Of(Statement statement, FundFacts facts) => Markup.Of($"""
        {Markup.When(statement.CorrectedItems.Count > 0, () => Markup.Of($"""
            <section aria-labelledby="before">
            <h2 id="before">Put right from before</h2>
            <p>These are about days before this period. They are part of the sums above.</p>
            {Table("What has been put right since the last statement", statement.CorrectedItems, facts)}
            </section>
            """))}
        {Markup.When(statement.Items.Count > 0, () => Markup.Of($"""
            <section aria-labelledby="lines">
            <h2 id="lines">Every visit and purchase</h2>
            {Table(
                $"All that {Voice.Of(facts).Say("your", "the")} money was spent on, day by day",
                statement.Items, facts)}
            </section>
            """))}
        """);

    private static Markup Table(string caption, IReadOnlyList<Item> items, FundFacts facts) => Markup.Of($"""
        <table class="lines">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">Day</th><th scope="col">Who</th><th scope="col">Why</th>
        <th scope="col" class="sum">Time</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(items, item => Markup.Of($"""
            <tr><th scope="row">{PlainWords.ShortDay(item.On)}</th>
            <td>{HtmlPage.NameOf(item.ProviderId, facts)}</td><td>{item.Because}</td>
            <td class="sum">{PlainWords.Length(item.Length)}</td><td class="sum">{item.Amount}</td></tr>

            """))}
        </tbody>
        </table>
        """);
}
