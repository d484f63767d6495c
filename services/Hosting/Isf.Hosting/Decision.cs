namespace Isf.Hosting;

/// <summary>What a feature decided: what is now true, or why not, in words for the person who asked.</summary>
public readonly record struct Decision<T, TRefusal> where TRefusal : struct, Enum
{
    private Decision(T? value, TRefusal? why, string words) => (Value, Refusal, Detail) = (value, why, words);

    /// <summary>What is now true; unset when refused.</summary>
    public T? Value { get; }

    /// <summary>Why it was refused; unset when it was not.</summary>
    public TRefusal? Refusal { get; }

    /// <summary>What is wrong, where, and what to do.</summary>
    public string Detail { get; }

    /// <summary>Decided.</summary>
    public static implicit operator Decision<T, TRefusal>(T value) => new(value, null, "");

    /// <summary>Refused.</summary>
    public static implicit operator Decision<T, TRefusal>((TRefusal Why, string Words) refusal) =>
        new(default, refusal.Why, refusal.Words);

    /// <summary>The value, or the refusal as a problem for the caller.</summary>
    public T OrRefuse() => Refusal is { } why ? throw ProblemException.For(why, Detail) : Value!;
}
