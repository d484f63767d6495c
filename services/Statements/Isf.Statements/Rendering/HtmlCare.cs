using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>The parts of the page about care given and things bought: the corrections, and every line.</summary>
internal static class HtmlCare
{
    internal static Markup Render(Statement statement, FundFacts facts) => Markup.Html($"""
        {Markup.When(statement.CorrectedItems.Count > 0, () => Markup.Html($"""
            <section aria-labelledby="before">
            <h2 id="before">Put right from before</h2>
            <p>These are about days before this period. They are part of the sums above.</p>
            {Table("What has been put right since the last statement", statement.CorrectedItems, facts)}
            </section>
            """))}
        {Markup.When(statement.Items.Count > 0, () => Markup.Html($"""
            <section aria-labelledby="lines">
            <h2 id="lines">Every visit and purchase</h2>
            {Table(
                $"All that {Voice.For(facts).Choose("your", "the")} money was spent on, day by day",
                statement.Items, facts)}
            </section>
            """))}
        """);

    private static Markup Table(string caption, IReadOnlyList<Item> items, FundFacts facts) => Markup.Html($"""
        <table class="lines">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">Day</th><th scope="col">Who</th><th scope="col">Why</th>
        <th scope="col" class="sum">Time</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(items, item => Markup.Html($"""
            <tr><th scope="row">{PlainWords.ShortDay(item.On)}</th>
            <td>{HtmlPage.NameOf(item.ProviderId, facts)}</td><td>{item.Because}</td>
            <td class="sum">{PlainWords.Length(item.Length)}</td><td class="sum">{item.Amount}</td></tr>

            """))}
        </tbody>
        </table>
        """);
}
