using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Statements.Domain;

/// <summary>The plain words of a statement (domain.md §3): one idea to a line, no word of the office.</summary>
public static class PlainWords
{
    private static readonly LocalDatePattern LongDate = LocalDatePattern.CreateWithInvariantCulture("d MMMM uuuu");
    private static readonly LocalDatePattern ShortDate = LocalDatePattern.CreateWithInvariantCulture("ddd d MMM");

    /// <summary>6 April 2026.</summary>
    public static string Day(LocalDate day) => LongDate.Format(day);

    /// <summary>Mon 6 Apr.</summary>
    public static string ShortDay(LocalDate day) => ShortDate.Format(day);

    /// <summary>Who put money in.</summary>
    public static string Source(string source) => source switch
    {
        "council" => "the council",
        "nhs" => "the NHS",
        "person" => "you",
        "top-up" => "a top-up",
        _ => "someone else",
    };

    /// <summary>Who put money in, at the start of a line.</summary>
    public static string SourceTitle(string source) => source switch
    {
        "council" => "The council",
        "nhs" => "The NHS",
        "person" => "You",
        "top-up" => "A top-up paid for you",
        _ => "Someone else",
    };

    /// <summary>What money was spent on (domain.md §3.4), by the provider's kind where it gave care.</summary>
    public static string Category(string category, string? kind) => (category, kind) switch
    {
        ("management-fee", _) => "The fee for looking after your fund",
        ("vat-recovered", _) => "VAT got back",
        ("activities", _) => "Activities",
        ("equipment", _) => "Things bought for you",
        (_, "holder") => "Our support",
        (_, "agency") => "Another agency",
        (_, "personal-assistant-employed" or "personal-assistant-self-employed") => "Personal assistant",
        (_, "micro-enterprise") => "Small local provider",
        (_, "shared-lives") => "Shared Lives",
        (_, "unpaid") => "Help that nobody is paid for",
        _ => "Support",
    };

    /// <summary>Why planned time was not given.</summary>
    public static string Missed(string reason) => reason switch
    {
        "missed-by-provider" => "The visit did not happen",
        "cancelled-by-provider" => "The provider cancelled",
        "cancelled-by-person" => "You chose not to have it",
        "no-access" => "Nobody could get in",
        "hospital" => "You were in hospital",
        "closed-holiday" => "Closed for a holiday",
        _ => "Another reason",
    };

    /// <summary>How often a source paid: “4 payments”; below zero, payments that were put down by mistake.</summary>
    public static string Payments(int count) => count switch
    {
        1 => "1 payment",
        < 0 => $"{-count} put down by mistake",
        _ => $"{count} payments",
    };

    /// <summary>Whom to turn to when a complaint is not settled (domain.md §3.9), by the nation of the fund.</summary>
    public static string Ombudsman(string nation) => nation switch
    {
        "scotland" => "the Scottish Public Services Ombudsman",
        "wales" => "the Public Services Ombudsman for Wales",
        "northern-ireland" => "the Northern Ireland Public Services Ombudsman",
        _ => "the Local Government and Social Care Ombudsman",
    };

    /// <summary>The contribution in one sentence.</summary>
    public static string Owed(Contribution contribution)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        return contribution.Owed switch
        {
            { Pence: > 0 } owed => $"You still owe {owed} towards your support.",
            { Pence: < 0 } owed => $"You have paid {-owed} more than was due.",
            _ => "You owe nothing.",
        };
    }

    /// <summary>The outlook in one sentence.</summary>
    public static string Outlook(Forecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
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
