using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// A statement as one page for the person: plain words, no script, headings and tables that a screen reader can walk,
/// text of at least 1 rem, and a layout that prints (domain.md §3).
/// </summary>
public static class HtmlPage
{
    /// <summary>The whole page.</summary>
    public static string Of(Statement statement, FundFacts facts)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(facts);
        var holder = facts.Holder?.Name ?? "";
        var period = $"{PlainWords.Day(statement.From)} to {PlainWords.Day(statement.To)}";
        var name = facts.Person?.PreferredName ?? facts.Person?.Name ?? "";
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en-GB">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Statement {statement.StatementId}: {period}</title>
            <style>{HtmlStyle.Sheet}</style>
            </head>
            <body>
            <a class="skip" href="#main">Go to the statement</a>
            <header>
            <p class="holder">{holder}</p>
            <h1>Your money for support</h1>
            <p class="period">{period}</p>
            {Markup.When(name.Length > 0, () => Markup.Of($"<p>For {name}</p>"))}
            </header>
            <main id="main">
            {AtAGlance(statement)}
            {In(statement)}
            {Out(statement, facts)}
            {AtTheEnd(statement)}
            {Share(statement)}
            {HtmlCare.Of(statement, facts)}
            {Ahead(statement, facts)}
            </main>
            <footer>
            {Ask(facts)}
            {About(statement, facts)}
            </footer>
            </body>
            </html>

            """).Text;
    }

    private static Markup AtAGlance(Statement statement) => Markup.Of($"""
        <section aria-labelledby="glance">
        <h2 id="glance">In short</h2>
        <dl class="glance">
        <div><dt>Money at the start</dt><dd>{statement.Opening}</dd></div>
        <div><dt>Money in</dt><dd>{statement.MoneyInTotal}</dd></div>
        <div><dt>Money out</dt><dd>{statement.MoneyOutTotal}</dd></div>
        {Markup.When(statement.Returned.Count > 0, () => Markup.Of(
            $"<div><dt>Money given back</dt><dd>{statement.ReturnedTotal}</dd></div>"))}
        <div><dt>Money at the end</dt><dd>{statement.Closing}</dd></div>
        <div class="free"><dt>Free to use</dt><dd>{statement.FreeToUse}</dd></div>
        </dl>
        </section>
        """);

    private static Markup In(Statement statement) => Markup.Of($"""
        <section aria-labelledby="in">
        <h2 id="in">Money in</h2>
        <table>
        <caption>Who paid money into your fund</caption>
        <thead><tr><th scope="col">Who</th><th scope="col">How often</th>
        <th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(statement.MoneyIn, row => Markup.Of($"""
            <tr><th scope="row">{PlainWords.SourceTitle(row.Source)}</th><td>{PlainWords.Payments(row.Count)}</td>
            <td class="sum">{row.Amount}</td></tr>

            """))}
        </tbody>
        <tfoot><tr><th scope="row" colspan="2">All money in</th>
        <td class="sum">{statement.MoneyInTotal}</td></tr></tfoot>
        </table>
        </section>
        """);

    private static Markup Out(Statement statement, FundFacts facts) => Markup.Of($"""
        <section aria-labelledby="out">
        <h2 id="out">Money out</h2>
        <p>This is the support you had and the things that were bought, also where the bill is not paid yet.</p>
        <table>
        <caption>What your money was spent on</caption>
        <thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col" class="sum">Time</th>
        <th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(statement.MoneyOut, row => Markup.Of($"""
            <tr><th scope="row">{NameOf(row.ProviderId, facts)}</th>
            <td>{PlainWords.Category(row.Category, KindOf(row, facts))}</td>
            <td class="sum">{row.Length}</td><td class="sum">{row.Amount}</td></tr>

            """))}
        </tbody>
        <tfoot><tr><th scope="row" colspan="3">All money out</th>
        <td class="sum">{statement.MoneyOutTotal}</td></tr></tfoot>
        </table>
        </section>
        """);

    private static Markup AtTheEnd(Statement statement) => Markup.Of($"""
        <section aria-labelledby="end">
        <h2 id="end">What is left</h2>
        <table>
        <caption>How the money at the end is worked out</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Row("Money at the start", statement.Opening)}
        {Row("Money in", statement.MoneyInTotal)}
        {Row("Money out", -statement.MoneyOutTotal)}
        {Given(statement)}
        {Row("Money at the end", statement.Closing, "total")}
        {Kept("Kept for things agreed but not bought yet", statement.SpokenFor.OneOffs)}
        {Kept("Paid in early, for days to come", statement.SpokenFor.PaidAhead)}
        {Kept("To come back from providers", statement.SpokenFor.OwedBackByProviders)}
        </tbody>
        <tfoot>{Row("Free to use", statement.FreeToUse)}</tfoot>
        </table>
        </section>
        """);

    private static Markup Given(Statement statement) => Markup.Each(
        statement.Returned, row => Row($"Given back to {PlainWords.Source(row.Source)}", -row.Amount));

    private static Markup Kept(string what, Money amount) =>
        Markup.When(amount != Money.Zero, () => Row(what, -amount));

    private static Markup Row(string what, Money amount, string style = "") => Markup.Of(
        $"""<tr class="{style}"><th scope="row">{what}</th><td class="sum">{amount}</td></tr>""");

    private static Markup Share(Statement statement) => Markup.When(
        statement.Contribution.ToHolder, () => Markup.Of($"""
        <section aria-labelledby="share">
        <h2 id="share">Your share</h2>
        <p>This is what you pay towards your support. It is not part of what is free to use until you have paid it.</p>
        <table>
        <caption>What you were to pay and what you paid</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Row("To pay in this period", statement.Contribution.Due)}
        {Row("Paid in this period", statement.Contribution.Paid)}
        </tbody>
        <tfoot>{Row("Owed in all", statement.Contribution.Owed)}</tfoot>
        </table>
        <p><strong>{PlainWords.Owed(statement.Contribution)}</strong></p>
        </section>
        """));

    private static Markup Ahead(Statement statement, FundFacts facts)
    {
        var review = facts.Agreements.OrderBy(terms => terms.Version).LastOrDefault()?.ReviewOn;
        return Markup.Of($"""
            <section aria-labelledby="ahead">
            <h2 id="ahead">Looking ahead</h2>
            <p class="outlook {(statement.Forecast.OnTrack ? "good" : "short")}"><strong>{(statement.Forecast.OnTrack
                ? "On track" : "The money might run out")}</strong> {PlainWords.Outlook(statement.Forecast)}</p>
            {Markup.When(review is not null, () => Markup.Of(
                $"<p>Your agreement is to be looked at again on {PlainWords.Day(review!.Value)}.</p>"))}
            </section>
            """);
    }

    private static Markup Ask(FundFacts facts) => Markup.When(facts.Holder is not null, () => Markup.Of($"""
        <section aria-labelledby="ask">
        <h2 id="ask">Questions or something wrong?</h2>
        <p>You can ask about any line of this statement.</p>
        <p>Phone: {facts.Holder!.Phone}</p>
        <p>Email: {facts.Holder.Email}</p>
        <p>Address: {facts.Holder.Address}</p>
        <p>To complain: {facts.Holder.Complaints}</p>
        <p>If we do not put it right, you can go to {PlainWords.Ombudsman(facts.Fund.Nation)}.</p>
        </section>
        """));

    private static Markup About(Statement statement, FundFacts facts) => Markup.Of($"""
        <section aria-labelledby="about">
        <h2 id="about">About this statement</h2>
        <p>Statement {statement.StatementId} of fund {statement.FundId}.</p>
        {Markup.When(facts.Person?.CouncilRef is not null, () => Markup.Of(
            $"<p>The council knows it by {facts.Person!.CouncilRef}.</p>"))}
        <p>Made on {PlainWords.Day(statement.IssuedAt.InUtc().Date)}. It does not change after that: what is put right
        later is in the next one.</p>
        </section>
        """);

    internal static string NameOf(string? providerId, FundFacts facts) => providerId switch
    {
        null => "",
        "holder" when !facts.Providers.ContainsKey(providerId) => facts.Holder?.Name ?? "",
        _ => facts.Providers.GetValueOrDefault(providerId)?.Name ?? providerId,
    };

    internal static string? KindOf(ByProvider row, FundFacts facts) =>
        row.ProviderId is null ? null : facts.Providers.GetValueOrDefault(row.ProviderId)?.Kind;
}
