using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>
/// The part of the page about a closed fund: when and why it closed, and what is still to be settled.
/// </summary>
internal static class HtmlClosure
{
    internal static Markup Render(Statement statement, FundFacts facts)
    {
        if (statement.Closed is not { } closed)
            return Markup.None;
        var settled = ClosureRows.Build(statement, facts);
        return Markup.Html($"""
            <section aria-labelledby="closed">
            <h2 id="closed">This fund is closed</h2>
            <p><strong>{Voice.For(facts).Closed(closed)}</strong></p>
            {Markup.When(!closed.IsReached, () => Markup.Html($"<p>{ClosureRows.NotReached}</p>"))}
            {Markup.When(closed.IsReached && settled.Count == 0, () => Markup.Html($"<p>{ClosureRows.Nothing}</p>"))}
            {Markup.When(settled.Count > 0, () => Settled(settled))}
            {Markup.When(closed.Notice.Count > 0, () => Notice(closed, facts))}
            </section>
            """);
    }

    private static Markup Settled(IReadOnlyList<ClosureRow> rows) => Markup.Html($"""
        <table class="settle">
        <caption>What is still to be settled</caption>
        <thead><tr><th scope="col">What</th><th scope="col">With whom</th>
        <th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(rows, row => Markup.Html($"""
            <tr><th scope="row">{row.What}</th><td>{row.WithWhom}</td><td class="sum">{row.Amount}</td></tr>

            """))}
        </tbody>
        </table>
        """);

    private static Markup Notice(ClosedFund closed, FundFacts facts) => Markup.Html($"""
        <table class="notice">
        <caption>{ClosureRows.NoticeTitle}</caption>
        <thead><tr><th scope="col">Who</th><th scope="col" class="sum">Amount</th></tr></thead>
        <tbody>
        {Markup.Each(closed.Notice, notice => HtmlPage.Row(
            HtmlPage.NameOf(notice.ProviderId, facts), notice.Amount))}
        </tbody>
        <tfoot>{HtmlPage.Row("All notice", Money.Sum(closed.Notice.Select(notice => notice.Amount)))}</tfoot>
        </table>
        """);
}

/// <summary>One thing that is still to be settled, with whom, and how much.</summary>
internal sealed record ClosureRow(string What, string WithWhom, Money Amount);

/// <summary>The amounts of a closed fund that are still to be settled, as rows for the page and the text.</summary>
internal static class ClosureRows
{
    internal const string Nothing = "Nothing is left to be settled.";

    internal const string NoticeTitle = "Charged for notice, because care ended when the fund closed";

    internal const string NotReached =
        "This statement ends before that day. What is to be settled is in the statement that reaches it.";

    internal static IReadOnlyList<ClosureRow> Build(Statement statement, FundFacts facts)
    {
        if (statement.Closed is not { IsReached: true } closed)
            return [];
        var voice = Voice.For(facts);
        var owed = statement.Contribution.Owed;
        return
        [
            .. closed.ToReturn.Select(left =>
                new ClosureRow("To be given back", voice.Receiver(left.Source), left.Amount)),
            .. closed.ToProviders.Select(provider => new ClosureRow(
                provider.Amount > Money.Zero ? "To be paid for care and things bought" : "To come back",
                HtmlPage.NameOf(provider.ProviderId, facts),
                provider.Amount > Money.Zero ? provider.Amount : -provider.Amount)),
            .. owed > Money.Zero
                ? [new ClosureRow("Own share, still to be paid", voice.Receiver("person"), owed)]
                : Array.Empty<ClosureRow>(),
            .. closed.Overdrawn > Money.Zero
                ? [new ClosureRow("Spent beyond all that came in", facts.Holder?.Name ?? "", closed.Overdrawn)]
                : Array.Empty<ClosureRow>(),
        ];
    }
}
