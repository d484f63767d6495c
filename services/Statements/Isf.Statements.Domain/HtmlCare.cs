using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>The parts of the page about care: hours, what was put right from before, and every line.</summary>
internal static class HtmlCare
{
    internal static Markup Of(Statement statement, FundFacts facts) => Markup.Of($"""
        {Hours(statement, facts)}
        {Markup.When(statement.CorrectedItems.Count > 0, () => Markup.Of($"""
            <section aria-labelledby="before">
            <h2 id="before">Put right from before</h2>
            <p>These are about days before this period. They are part of the sums above.</p>
            {Table("What has been put right since your last statement", statement.CorrectedItems, facts)}
            </section>
            """))}
        {Markup.When(statement.Items.Count > 0, () => Markup.Of($"""
            <section aria-labelledby="lines">
            <h2 id="lines">Every visit and purchase</h2>
            {Table("All that your money was spent on, day by day", statement.Items, facts)}
            </section>
            """))}
        """);

    private static Markup Hours(Statement statement, FundFacts facts)
    {
        var hours = statement.Hours;
        return Markup.Of($"""
            <section aria-labelledby="hours">
            <h2 id="hours">Your hours</h2>
            <table>
            <caption>The time that was planned and the time that you had</caption>
            <thead><tr><th scope="col">What</th><th scope="col" class="sum">Time</th></tr></thead>
            <tbody>
            {Row("Planned", hours.Planned)}
            {Row("Given", hours.Delivered)}
            {Markup.When(hours.Extra != Minutes.Zero, () => Row("Of this, beyond the plan", hours.Extra))}
            {Markup.Each(
                hours.MissedByReason, missed => Row($"Not given: {PlainWords.Missed(missed.Reason)}", missed.Length))}
            {Markup.When(hours.ChargedNotDelivered != Minutes.Zero,
                () => Row("Not given, but charged as agreed", hours.ChargedNotDelivered))}
            </tbody>
            </table>
            {Markup.When(hours.Banked != Minutes.Zero, () => Banked(hours, facts))}
            <p>Where two carers come together, the time of both is counted.</p>
            </section>
            """);
    }

    private static Markup Banked(Hours hours, FundFacts facts)
    {
        var weeks = facts.Agreements.OrderBy(terms => terms.Version).LastOrDefault()?.BankingExpiresAfterWeeks;
        return Markup.Of($"""
            <p>You have <strong>{hours.Banked}</strong> banked: time that was planned, not given, and kept for you to
            use another day. It is worth {hours.BankedWorth}.{Markup.When(weeks is not null, () => Markup.Of(
                $" Banked time is kept for {weeks} weeks."))}</p>
            """);
    }

    private static Markup Row(string what, Minutes length) =>
        Markup.Of($"""<tr><th scope="row">{what}</th><td class="sum">{length}</td></tr>""");

    private static Markup Table(string caption, IReadOnlyList<Item> items, FundFacts facts) => Markup.Of($"""
        <table class="lines">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">Day</th><th scope="col">Who</th><th scope="col">Why</th>
        <th scope="col" class="sum">Time</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(items, item => Markup.Of($"""
            <tr><th scope="row">{PlainWords.ShortDay(item.On)}</th>
            <td>{HtmlPage.NameOf(item.ProviderId, facts)}</td><td>{item.Because}</td>
            <td class="sum">{item.Length}</td><td class="sum">{item.Amount}</td></tr>

            """))}
        </tbody>
        </table>
        """);
}
