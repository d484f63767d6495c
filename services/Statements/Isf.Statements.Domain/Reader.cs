using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// The reader of a statement: the person, or after their death those who settle what is left, who are never called
/// "you".
/// </summary>
public sealed record Reader
{
    private const string NoName = "the person";

    private Reader(bool isPerson, string name) => (IsPerson, Name) = (isPerson, Texts.Isolated(name));

    /// <summary>Whether the person reads the statement.</summary>
    public bool IsPerson { get; }

    /// <summary>The person's name, in a form that fits within a sentence.</summary>
    public string Name { get; }

    /// <summary>Whether the person's name is known.</summary>
    public bool HasName => Name != NoName;

    /// <summary>
    /// The reader of a fund's statement. If the fund was closed and no reason is known, the person may have died, so
    /// the statement is not addressed to the person.
    /// </summary>
    public static Reader For(FundFacts facts)
    {
        return facts.Closure is { Reason: null or "died" }
            ? new Reader(false, facts.Person?.Name ?? NoName)
            : new Reader(true, facts.Person?.PreferredName ?? facts.Person?.Name ?? NoName);
    }

    /// <summary>The words for the payer of a source's money, within a sentence.</summary>
    public string Payer(string source) => source switch
    {
        "council" => "the council",
        "nhs" => "the NHS",
        "person" => IsPerson ? "you" : Name,
        "top-up" => "a top-up",
        _ => "someone else",
    };
}
