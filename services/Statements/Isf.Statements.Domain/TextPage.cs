using System.Text;
using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>A statement as plain text of at most 78 columns, for a terminal, an email or a screen reader.</summary>
public static class TextPage
{
    private const int Width = 78;

    /// <summary>The whole text.</summary>
    public static string Of(Statement statement, FundFacts facts)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(facts);
        var page = new StringBuilder();
        var name = facts.Person?.PreferredName ?? facts.Person?.Name;
        Line(page, "YOUR MONEY FOR SUPPORT");
        Line(page, $"{PlainWords.Day(statement.From)} to {PlainWords.Day(statement.To)}");
        if (name is not null)
            Line(page, $"For {name}");
        if (facts.Holder is not null)
            Line(page, $"From {facts.Holder.Name}");
        Line(page, $"Statement {statement.StatementId} of fund {statement.FundId}");
        Money(page, statement, facts);
        Care(page, statement);
        Items(page, "Put right from before (these are part of the sums above)", statement.CorrectedItems, facts);
        Items(page, "Every visit and purchase", statement.Items, facts);
        Heading(page, "Looking ahead");
        Wrapped(page, PlainWords.Outlook(statement.Forecast), "");
        Ask(page, facts);
        return page.ToString();
    }

    private static void Money(StringBuilder page, Statement statement, FundFacts facts)
    {
        Heading(page, "Money");
        Row(page, "Money at the start", statement.Opening);
        foreach (var row in statement.MoneyIn)
            Row(page, $"  In: {PlainWords.SourceTitle(row.Source)} ({PlainWords.Payments(row.Count)})", row.Amount);
        Row(page, "Money in", statement.MoneyInTotal);
        foreach (var row in statement.MoneyOut)
        {
            var what = PlainWords.Category(row.Category, HtmlPage.KindOf(row, facts));
            Row(page, $"  Out: {HtmlPage.NameOf(row.ProviderId, facts)} ({what}, {row.Length})", row.Amount);
        }
        Row(page, "Money out", statement.MoneyOutTotal);
        foreach (var row in statement.Returned)
            Row(page, $"Given back to {PlainWords.Source(row.Source)}", row.Amount);
        Row(page, "Money at the end", statement.Closing);
        Row(page, "Spoken for", statement.SpokenFor.Total);
        Row(page, "Free to use", statement.FreeToUse);
        if (!statement.Contribution.ToHolder)
            return;
        Heading(page, "Your share");
        Row(page, "To pay in this period", statement.Contribution.Due);
        Row(page, "Paid in this period", statement.Contribution.Paid);
        Row(page, "Owed in all", statement.Contribution.Owed);
        Line(page, PlainWords.Owed(statement.Contribution));
    }

    private static void Care(StringBuilder page, Statement statement)
    {
        var hours = statement.Hours;
        Heading(page, "Your hours");
        Row(page, "Planned", hours.Planned);
        Row(page, "Given", hours.Delivered);
        if (hours.Extra != Minutes.Zero)
            Row(page, "Of this, beyond the plan", hours.Extra);
        foreach (var (reason, length) in hours.MissedByReason)
            Row(page, $"Not given: {PlainWords.Missed(reason)}", length);
        if (hours.ChargedNotDelivered != Minutes.Zero)
            Row(page, "Not given, but charged as agreed", hours.ChargedNotDelivered);
        if (hours.Banked != Minutes.Zero)
            Row(page, $"Banked: kept for you to use another day, worth {hours.BankedWorth}", hours.Banked);
    }

    private static void Items(StringBuilder page, string heading, IReadOnlyList<Item> items, FundFacts facts)
    {
        if (items.Count == 0)
            return;
        Heading(page, heading);
        foreach (var item in items)
        {
            var who = HtmlPage.NameOf(item.ProviderId, facts);
            Row(page, $"{PlainWords.ShortDay(item.On)}  {who}  {item.Length}", item.Amount);
            Wrapped(page, item.Because, "    ");
        }
    }

    private static void Ask(StringBuilder page, FundFacts facts)
    {
        if (facts.Holder is not { } holder)
            return;
        Heading(page, "Questions or something wrong?");
        Line(page, $"Phone: {holder.Phone}");
        Line(page, $"Email: {holder.Email}");
        Wrapped(page, $"To complain: {holder.Complaints}", "");
        Wrapped(page, $"If we do not put it right, you can go to {PlainWords.Ombudsman(facts.Fund.Nation)}.", "");
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
        if (what.Length + sum.Length + 1 <= Width)
        {
            Line(page, what.PadRight(Width - sum.Length) + sum);
            return;
        }
        Wrapped(page, what, "");
        Line(page, sum.PadLeft(Width));
    }

    private static void Wrapped(StringBuilder page, string text, string indent)
    {
        var line = new StringBuilder(indent);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
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
