using System.Text;
using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>A statement as plain text of at most 78 columns, for a terminal, an email or a screen reader.</summary>
public static class TextPage
{
    private const int Width = 78;

    /// <summary>The whole text.</summary>
    public static string Render(Statement statement, FundFacts facts)
    {
        var page = new StringBuilder();
        var voice = Voice.For(facts);
        Wrapped(page, voice.Heading.ToUpperInvariant(), "");
        Line(page, $"{PlainWords.Day(statement.From)} to {PlainWords.Day(statement.To)}");
        if (facts.Person is not null)
            Wrapped(page, PlainWords.For(statement, voice), "");
        if (facts.Holder is not null)
            Line(page, $"From {Texts.Isolated(facts.Holder.Name)}");
        Line(page, $"Statement {statement.StatementId} of fund {statement.FundId}");
        if (statement.Closed is { } closed)
            Closed(page, statement, closed, facts);
        Money(page, statement, facts, voice);
        Care(page, statement, voice);
        Items(page, "Put right from before (these are part of the sums above)", statement.CorrectedItems, facts);
        Items(page, "Every visit and purchase", statement.Items, facts);
        if (statement.Forecast is { } forecast)
        {
            Heading(page, "Looking ahead");
            Wrapped(page, PlainWords.Outlook(forecast), "");
            if (facts.Closure is { } closure)
                Line(page, $"This fund closes on {PlainWords.Day(closure.On)}.");
        }
        Contact(page, facts, voice);
        return page.ToString();
    }

    private static void Closed(StringBuilder page, Statement statement, ClosedFund closed, FundFacts facts)
    {
        Heading(page, "This fund is closed");
        Wrapped(page, Voice.For(facts).Closed(closed), "");
        var settled = ClosureRows.Build(statement, facts);
        if (!closed.IsReached)
            Wrapped(page, ClosureRows.NotReached, "");
        else if (settled.Count == 0)
            Line(page, ClosureRows.Nothing);
        foreach (var row in settled)
            Row(page, row.WithWhom.Length > 0 ? $"{row.What}: {row.WithWhom}" : row.What, row.Amount);
        if (closed.Notice.Count == 0)
            return;
        Heading(page, ClosureRows.NoticeTitle);
        foreach (var notice in closed.Notice)
            Row(page, HtmlPage.NameOf(notice.ProviderId, facts), notice.Amount);
    }

    private static void Money(StringBuilder page, Statement statement, FundFacts facts, Voice voice)
    {
        Heading(page, "Money");
        Row(page, "Money at the start", statement.Opening);
        foreach (var row in statement.MoneyIn)
            Row(page, $"  In: {voice.SourceTitle(row.Source)} ({PlainWords.Payments(row.Count)})", row.Amount);
        Row(page, "Money in", statement.MoneyInTotal);
        foreach (var row in statement.MoneyOut)
        {
            var what = voice.Category(row.Category, HtmlPage.KindOf(row, facts));
            var who = HtmlPage.NameOf(row.ProviderId, facts);
            Row(page, $"  Out: {who} ({what}, {PlainWords.Length(row.Length)})", row.Amount);
        }
        Row(page, "Money out", statement.MoneyOutTotal);
        foreach (var row in statement.Returned)
            Row(page, $"Given back to {voice.Source(row.Source)}", row.Amount);
        Row(page, "Money at the end", statement.Closing);
        Row(page, "Spoken for", statement.SpokenFor.Total);
        Row(page, PlainWords.Free(statement), statement.FreeToUse);
        if (!statement.Contribution.ToHolder)
            return;
        Heading(page, PlainWords.ShareTitle(voice));
        Row(page, "To pay in this period", statement.Contribution.Due);
        Row(page, "Paid in this period", statement.Contribution.Paid);
        Row(page, "Owed in all", statement.Contribution.Owed);
        Line(page, voice.Owed(statement.Contribution));
    }

    private static void Care(StringBuilder page, Statement statement, Voice voice)
    {
        var layout = HoursLayout.Build(statement.Hours, voice);
        Heading(page, voice.Choose("Your hours", "Hours"));
        List(page, layout.There, "All of it");
        Line(page, "What became of that time:");
        List(page, layout.Became, "All of it");
        if (statement.Hours.Open > Minutes.Zero)
            Line(page, HoursLayout.StillOpen);
        if (statement.Hours.Bank.IsUsed)
        {
            Heading(page, "The bank of time");
            List(page, layout.BankHad, "All of it");
            Line(page, "What became of the time in the bank:");
            List(page, layout.BankHas, "All of it");
            if (statement.Hours.Banked != Minutes.Zero && voice.ToPerson)
                Line(page, $"What is in the bank is worth {statement.Hours.BankedWorth}.");
        }
        if (layout.NotGiven.Rows.Count + layout.NotGivenAfterAll.Rows.Count == 0)
            return;
        Heading(page, "Why care was not given");
        if (layout.NotGiven.Rows.Count > 0)
            List(page, layout.NotGiven, "All that was not given");
        if (layout.NotGivenAfterAll.Rows.Count > 0)
        {
            Line(page, "Put right from earlier weeks: counted as not given before, and not any more:");
            List(page, layout.NotGivenAfterAll, "All that was put right");
        }
        if (layout.WhereItWent.Length > 0)
            Wrapped(page, layout.WhereItWent, "");
    }

    private static void List(StringBuilder page, HoursList list, string total)
    {
        foreach (var row in list.Rows)
            Row(page, "  " + row.What, row.Length);
        Row(page, total, list.Total);
    }

    private static void Items(StringBuilder page, string heading, IReadOnlyList<Item> items, FundFacts facts)
    {
        if (items.Count == 0)
            return;
        Heading(page, heading);
        foreach (var item in items)
        {
            var who = HtmlPage.NameOf(item.ProviderId, facts);
            Row(page, $"{PlainWords.ShortDay(item.On)}  {who}  {PlainWords.Length(item.Length)}", item.Amount);
            Wrapped(page, item.Because, "    ");
        }
    }

    private static void Contact(StringBuilder page, FundFacts facts, Voice voice)
    {
        if (facts.Holder is not { } holder)
            return;
        Heading(page, "Questions or something wrong?");
        Wrapped(page, $"Phone: {holder.Phone}", "");
        Wrapped(page, $"Email: {holder.Email}", "");
        Wrapped(page, $"To complain: {holder.Complaints}", "");
        Wrapped(page, PlainWords.IfNotPutRight(facts, voice), "");
    }

    private static void Heading(StringBuilder page, string text)
    {
        Line(page, "");
        Line(page, text);
        Line(page, new string('-', Math.Min(text.Length, Width)));
    }

    private static void Row<T>(StringBuilder page, string what, T amount)
    {
        var sum = amount?.ToString() ?? "";
        what = Texts.Isolated(what);
        if (what.Length + sum.Length + 1 <= Width)
        {
            Line(page, what.PadRight(Width - sum.Length) + sum);
            return;
        }
        Wrapped(page, what, "");
        Line(page, sum.PadLeft(Width));
    }

    // Free text keeps its line breaks.
    private static void Wrapped(StringBuilder page, string text, string indent)
    {
        foreach (var written in text.ReplaceLineEndings("\n").Split('\n'))
            WrappedLine(page, written, indent);
    }

    private static void WrappedLine(StringBuilder page, string text, string indent)
    {
        var line = new StringBuilder(indent);
        foreach (var word in Texts.Isolated(text).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent.Length && line.Length + 1 + word.Length > Width)
            {
                Line(page, line.ToString());
                line.Clear().Append(indent);
            }
            line.Append(line.Length > indent.Length ? " " : "").Append(word);
        }
        Line(page, line.ToString());
    }

    private static void Line(StringBuilder page, string text) => page.Append(text.TrimEnd()).Append('\n');
}
