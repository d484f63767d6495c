using Isf.Statements.Domain;

namespace Isf.Statements.Rendering;

/// <summary>
/// The words of a page for its reader: the person, or after their death those who settle what is left, who are never
/// called "you". <see cref="Choose"/> picks one of two wordings.
/// </summary>
public sealed record Voice
{
    private readonly Reader reader;

    private Voice(Reader reader) => this.reader = reader;

    /// <summary>Whether the person reads the page.</summary>
    public bool ToPerson => reader.IsPerson;

    /// <summary>The person's name, in a form that fits within a sentence.</summary>
    public string Name => reader.Name;

    /// <summary>The voice for the reader of a fund's statement.</summary>
    public static Voice For(FundFacts facts) => new(Reader.For(facts));

    /// <summary>The wording for this reader: the first if the person reads the page, else the second.</summary>
    public string Choose(string toPerson, string about) => ToPerson ? toPerson : about;

    /// <summary>The page's heading.</summary>
    public string Heading => Choose("Your money for support", $"Money for the support of {Name}");

    /// <summary>The words for the payer of a source's money, within a sentence.</summary>
    public string Source(string source) => reader.Payer(source);

    /// <summary>The words for the payer of a source's money, at the start of a line.</summary>
    public string SourceTitle(string source) => source switch
    {
        "council" => "The council",
        "nhs" => "The NHS",
        "person" => Choose("You", reader.HasName ? Name : "The person"),
        "top-up" => Choose("A top-up paid for you", "A top-up"),
        _ => "Someone else",
    };

    /// <summary>
    /// The words for the receiver of money given back. After a death, the person's money goes to the estate.
    /// </summary>
    public string Receiver(string source) => source == "person" && !ToPerson
        ? $"The family or estate of {Name}" : SourceTitle(source);

    /// <summary>
    /// The words for a category of spending (domain.md §3.4); for care, they depend on the kind of provider.
    /// </summary>
    public string Category(string category, string? kind) => (category, kind) switch
    {
        ("management-fee", _) => Choose("The fee for looking after your fund", "The fee for looking after the fund"),
        ("vat-recovered", _) => "VAT got back",
        ("activities", _) => "Activities",
        ("equipment", _) => Choose("Things bought for you", "Things that were bought"),
        (_, "holder") => "Our support",
        (_, "agency") => "Another agency",
        (_, "personal-assistant-employed" or "personal-assistant-self-employed") => "Personal assistant",
        (_, "micro-enterprise") => "Small local provider",
        (_, "shared-lives") => "Shared Lives",
        (_, "unpaid") => "Help that nobody is paid for",
        _ => "Support",
    };

    /// <summary>
    /// The words for the reason why planned time was not given. Each reason that Support knows has words of its own.
    /// </summary>
    public string Missed(string reason) => reason switch
    {
        "missed-by-provider" => "The visit did not happen",
        "cancelled-by-provider" => "The provider cancelled",
        "cancelled-by-person" => Choose("You chose not to have it", $"{Name} chose not to have it"),
        "no-access" => "Nobody could get in",
        "hospital" => Choose("You were in hospital", $"{Name} was in hospital"),
        "closed-holiday" => "The service was closed for a holiday",
        "respite" => Choose("You were away for respite", $"{Name} was away for respite"),
        "holiday" => Choose("You were on holiday", $"{Name} was on holiday"),
        "other" => Choose("You were away for another reason", $"{Name} was away for another reason"),
        "short" => "The visit was shorter than planned",
        "no-record" => "Nobody said what became of it",
        _ => "A reason that is not told here",
    };

    /// <summary>The contribution in one sentence.</summary>
    public string Owed(Contribution contribution)
    {
        return (contribution.Owed, ToPerson) switch
        {
            ({ Pence: > 0 } owed, true) => $"You still owe {owed} towards your support.",
            ({ Pence: > 0 } owed, false) => $"{owed} of {Name}’s share is still to be paid.",
            ({ Pence: < 0 } owed, true) => $"You have paid {-owed} more than was due.",
            ({ Pence: < 0 } owed, false) => $"{-owed} more was paid than was due.",
            (_, true) => "You owe nothing.",
            _ => "Nothing is owed.",
        };
    }

    /// <summary>The sentence that says when and why the fund closed.</summary>
    public string Closed(ClosedFund closed)
    {
        return $"This fund closed on {PlainWords.Day(closed.On)}" + closed.Reason switch
        {
            "died" => $", after {Name} died.",
            "moved" => ", because it moved to another holder.",
            "ended" => ", because the agreement ended.",
            _ => ".",
        };
    }
}
