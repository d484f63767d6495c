using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using NodaTime.Text;

namespace Isf.Statements.Rendering;

/// <summary>The plain words of a statement (domain.md §3): one idea to a line, and no office jargon.</summary>
public static class PlainWords
{
    private static readonly LocalDatePattern LongDate = LocalDatePattern.CreateWithInvariantCulture("d MMMM uuuu");
    private static readonly LocalDatePattern ShortDate = LocalDatePattern.CreateWithInvariantCulture("ddd d MMM");

    /// <summary>A day in full: 6 April 2026.</summary>
    public static string Day(LocalDate day) => LongDate.Format(day);

    /// <summary>A day without its year: Mon 6 Apr.</summary>
    public static string ShortDay(LocalDate day) => ShortDate.Format(day);

    /// <summary>The line that says whom the page is for.</summary>
    public static string For(Statement statement, Voice voice)
    {
        return statement.Closed is { Reason: "died" }
            ? $"For the family or estate of {voice.Name}" : $"For {voice.Name}";
    }

    /// <summary>
    /// The label of the money that is not spoken for: in an open fund it is free to use, in a closed fund it is left
    /// to settle.
    /// </summary>
    public static string Free(Statement statement) =>
        statement.Closed is null ? "Free to use" : "Left to settle";

    /// <summary>The heading of the person's own share.</summary>
    public static string ShareTitle(Voice voice) =>
        voice.Choose("Your share", $"{voice.Name}’s share");

    /// <summary>
    /// The sentences that explain the person's own share; for a closed fund they name the last day for which it was
    /// due.
    /// </summary>
    public static string ShareMeaning(Statement statement, Voice voice)
    {
        return statement.Closed is { } closed
            ? voice.Choose("This is what you paid towards your support.", "This is what was paid towards the support.")
                + $" Nothing is due for days after {Day(closed.On)}."
            : "This is what you pay towards your support. "
                + "It is not part of what is free to use until you have paid it.";
    }

    /// <summary>The sentence that says where to turn if a complaint is not settled.</summary>
    public static string IfNotPutRight(FundFacts facts, Voice voice)
    {
        var ombudsman = Ombudsman(facts.Fund.Nation);
        return voice.Choose(
            $"If we do not put it right, you can go to {ombudsman}.",
            $"If we do not put it right, the next step is to go to {ombudsman}.");
    }

    /// <summary>A length of time on a line; a negative length is given as its amount and “less”.</summary>
    public static string Length(Minutes length) =>
        length < Minutes.Zero ? $"{Minutes.Zero - length} less" : $"{length}";

    /// <summary>
    /// The words for the number of a source's payments, such as “4 payments”. A negative number counts payments that
    /// were put down by mistake.
    /// </summary>
    public static string Payments(int count) => count switch
    {
        1 => "1 payment",
        < 0 => $"{-count} put down by mistake",
        _ => $"{count} payments",
    };

    /// <summary>
    /// The ombudsman to turn to if a complaint is not settled (domain.md §3.9), by the nation of the fund.
    /// </summary>
    public static string Ombudsman(string nation) => nation switch
    {
        "scotland" => "the Scottish Public Services Ombudsman",
        "wales" => "the Public Services Ombudsman for Wales",
        "northern-ireland" => "the Northern Ireland Public Services Ombudsman",
        _ => "the Local Government and Social Care Ombudsman",
    };

    /// <summary>The forecast in one sentence.</summary>
    public static string Outlook(Forecast forecast)
    {
        return forecast switch
        {
            { RunsOutOn: { } day } =>
                $"If spending goes on as in the last 4 weeks, the money may run out on {Day(day)}.",
            { EndsOn: { } day } =>
                $"If spending goes on as in the last 4 weeks, about {forecast.LeftAtEnd} will be left on {Day(day)}.",
            _ => "No budget is set for the days to come.",
        };
    }
}
