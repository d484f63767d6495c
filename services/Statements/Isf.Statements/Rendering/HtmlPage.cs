using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>
/// A statement as one page for the person: plain words, no script, headings and tables that a screen reader can follow,
/// text of at least 1 rem, and a layout that can be printed (domain.md §3).
/// </summary>
public static class HtmlPage
{
    /// <summary>The whole page.</summary>
    public static string Render(Statement statement, FundFacts facts)
    {
        var voice = Voice.For(facts);
        var holder = facts.Holder?.Name ?? "";
        var period = $"{PlainWords.Day(statement.From)} to {PlainWords.Day(statement.To)}";
        return Markup.Html($"""
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
            <h1>{voice.Heading}</h1>
            <p class="period">{period}</p>
            {Markup.When(facts.Person is not null, () => Markup.Html($"<p>{PlainWords.For(statement, voice)}</p>"))}
            </header>
            <main id="main">
            {HtmlClosure.Render(statement, facts)}
            {AtAGlance(statement)}
            {In(statement, voice)}
            {Out(statement, facts)}
            {AtTheEnd(statement, voice)}
            {Share(statement, voice)}
            {HtmlHours.Render(statement, facts)}
            {HtmlCare.Render(statement, facts)}
            {Markup.When(statement.Forecast is not null, () => Ahead(statement.Forecast!, facts))}
            </main>
            <footer>
            {Contact(facts, voice)}
            {About(statement, facts)}
            </footer>
            </body>
            </html>

            """).Text;
    }

    private static Markup AtAGlance(Statement statement) => Markup.Html($"""
        <section aria-labelledby="glance">
        <h2 id="glance">In short</h2>
        <dl class="glance">
        <div><dt>Money at the start</dt><dd>{statement.Opening}</dd></div>
        <div><dt>Money in</dt><dd>{statement.MoneyInTotal}</dd></div>
        <div><dt>Money out</dt><dd>{statement.MoneyOutTotal}</dd></div>
        {Markup.When(statement.Returned.Count > 0, () => Markup.Html(
            $"<div><dt>Money given back</dt><dd>{statement.ReturnedTotal}</dd></div>"))}
        <div><dt>Money at the end</dt><dd>{statement.Closing}</dd></div>
        <div class="free"><dt>{PlainWords.Free(statement)}</dt><dd>{statement.FreeToUse}</dd></div>
        </dl>
        </section>
        """);

    private static Markup In(Statement statement, Voice voice) => Markup.Html($"""
        <section aria-labelledby="in">
        <h2 id="in">Money in</h2>
        <table>
        <caption>Who paid money into {voice.Choose("your", "the")} fund</caption>
        <thead><tr><th scope="col">Who</th><th scope="col">How often</th>
        <th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(statement.MoneyIn, row => Markup.Html($"""
            <tr><th scope="row">{voice.SourceTitle(row.Source)}</th><td>{PlainWords.Payments(row.Count)}</td>
            <td class="sum">{row.Amount}</td></tr>

            """))}
        </tbody>
        <tfoot><tr><th scope="row" colspan="2">All money in</th>
        <td class="sum">{statement.MoneyInTotal}</td></tr></tfoot>
        </table>
        </section>
        """);

    private static Markup Out(Statement statement, FundFacts facts) => Markup.Html($"""
        <section aria-labelledby="out">
        <h2 id="out">Money out</h2>
        <p>{Voice.For(facts).Choose("This is the support you had", "This is the support that was given")} and the things
        that were bought, also where the bill is not paid yet.</p>
        <table>
        <caption>What {Voice.For(facts).Choose("your", "the")} money was spent on</caption>
        <thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col" class="sum">Time</th>
        <th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(statement.MoneyOut, row => Markup.Html($"""
            <tr><th scope="row">{NameOf(row.ProviderId, facts)}</th>
            <td>{Voice.For(facts).Category(row.Category, KindOf(row, facts))}</td>
            <td class="sum">{PlainWords.Length(row.Length)}</td><td class="sum">{row.Amount}</td></tr>

            """))}
        </tbody>
        <tfoot><tr><th scope="row" colspan="3">All money out</th>
        <td class="sum">{statement.MoneyOutTotal}</td></tr></tfoot>
        </table>
        </section>
        """);

    private static Markup AtTheEnd(Statement statement, Voice voice) => Markup.Html($"""
        <section aria-labelledby="end">
        <h2 id="end">What is left</h2>
        <table>
        <caption>How the money at the end is worked out</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Row("Money at the start", statement.Opening)}
        {Row("Money in", statement.MoneyInTotal)}
        {Row("Money out", -statement.MoneyOutTotal)}
        {Given(statement, voice)}
        {Row("Money at the end", statement.Closing, "total")}
        {Reserved("Kept for things agreed but not bought yet", statement.SpokenFor.OneOffs)}
        {Reserved("Paid in early, for days to come", statement.SpokenFor.PaidAhead)}
        {Reserved("To come back from providers", statement.SpokenFor.OwedBackByProviders)}
        </tbody>
        <tfoot>{Row(PlainWords.Free(statement), statement.FreeToUse)}</tfoot>
        </table>
        </section>
        """);

    private static Markup Given(Statement statement, Voice voice) => Markup.Each(
        statement.Returned, row => Row($"Given back to {voice.Source(row.Source)}", -row.Amount));

    private static Markup Reserved(string what, Money amount) =>
        Markup.When(amount != Money.Zero, () => Row(what, -amount));

    internal static Markup Row(string what, Money amount, string style = "") => Markup.Html(
        $"""<tr class="{style}"><th scope="row">{what}</th><td class="sum">{amount}</td></tr>""");

    private static Markup Share(Statement statement, Voice voice) => Markup.When(
        statement.Contribution.ToHolder, () => Markup.Html($"""
        <section aria-labelledby="share">
        <h2 id="share">{PlainWords.ShareTitle(voice)}</h2>
        <p>{PlainWords.ShareMeaning(statement, voice)}</p>
        <table>
        <caption>{voice.Choose(
            "What you were to pay and what you paid", "What was to be paid and what was paid")}</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Row("To pay in this period", statement.Contribution.Due)}
        {Row("Paid in this period", statement.Contribution.Paid)}
        </tbody>
        <tfoot>{Row("Owed in all", statement.Contribution.Owed)}</tfoot>
        </table>
        <p><strong>{voice.Owed(statement.Contribution)}</strong></p>
        </section>
        """));

    private static Markup Ahead(Forecast forecast, FundFacts facts)
    {
        var review = facts.Agreements.OrderBy(terms => terms.Version).LastOrDefault()?.ReviewOn;
        return Markup.Html($"""
            <section aria-labelledby="ahead">
            <h2 id="ahead">Looking ahead</h2>
            <p class="outlook {(forecast.OnTrack ? "good" : "short")}"><strong>{(forecast.OnTrack
                ? "On track" : "The money might run out")}</strong> {PlainWords.Outlook(forecast)}</p>
            {Markup.When(facts.Closure is not null, () => Markup.Html(
                $"<p>This fund closes on {PlainWords.Day(facts.Closure!.On)}.</p>"))}
            {Markup.When(review is not null, () => Markup.Html(
                $"<p>Your agreement is to be looked at again on {PlainWords.Day(review!.Value)}.</p>"))}
            </section>
            """);
    }

    private static Markup Contact(FundFacts facts, Voice voice) => Markup.When(
        facts.Holder is not null, () => Markup.Html($"""
        <section aria-labelledby="ask">
        <h2 id="ask">Questions or something wrong?</h2>
        <p>{voice.Choose(
            "You can ask about any line of this statement.", "Any line of this statement can be asked about.")}</p>
        <p>Phone: {facts.Holder!.Phone}</p>
        <p>Email: {facts.Holder.Email}</p>
        <p>Address: {Markup.Lines(facts.Holder.Address)}</p>
        <p>To complain: {Markup.Lines(facts.Holder.Complaints)}</p>
        <p>{PlainWords.IfNotPutRight(facts, voice)}</p>
        </section>
        """));

    private static Markup About(Statement statement, FundFacts facts) => Markup.Html($"""
        <section aria-labelledby="about">
        <h2 id="about">About this statement</h2>
        <p>Statement {statement.StatementId} of fund {statement.FundId}.</p>
        {Markup.When(facts.Person?.CouncilRef is not null, () => Markup.Html(
            $"<p>The council knows it by {facts.Person!.CouncilRef}.</p>"))}
        <p>Made on {PlainWords.Day(statement.IssuedAt.InUtc().Date)}. It does not change after that: what is put right
        later is in the next one.</p>
        </section>
        """);

    internal static string NameOf(string? providerId, FundFacts facts) => providerId switch
    {
        null => "",
        ReservedNames.Holder when !facts.Providers.ContainsKey(providerId) => Texts.Isolated(facts.Holder?.Name ?? ""),
        _ => Texts.Isolated(facts.Providers.GetValueOrDefault(providerId)?.Name ?? "A provider that has no name here"),
    };

    internal static string? KindOf(ByProvider row, FundFacts facts) =>
        row.ProviderId is null ? null : facts.Providers.GetValueOrDefault(row.ProviderId)?.Kind;
}
