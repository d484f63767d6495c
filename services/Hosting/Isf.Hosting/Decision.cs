namespace Isf.Hosting;

/// <summary>The outcome of a feature: its result, or a refusal with the detail that the caller reads.</summary>
public readonly record struct Decision<T, TRefusal> where TRefusal : struct, Enum
{
    private Decision(T? value, TRefusal? why, string detail) => (Value, Refusal, Detail) = (value, why, detail);

    /// <summary>The result; the default value of its type if the feature refused.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null if there is a result.</summary>
    public TRefusal? Refusal { get; }

    /// <summary>The error, its place and its remedy, in words for the caller; empty if there is a result.</summary>
    public string Detail { get; }

    /// <summary>Converts a result into the decision of a feature that succeeded.</summary>
    public static implicit operator Decision<T, TRefusal>(T value) => new(value, null, "");

    /// <summary>Converts a refusal and its detail into the decision of a feature that refused.</summary>
    public static implicit operator Decision<T, TRefusal>((TRefusal Why, string Detail) refusal) =>
        new(default, refusal.Why, refusal.Detail);

    /// <summary>Returns the result; if the feature refused, throws the refusal as a problem for the caller.</summary>
    public T OrRefuse() => Refusal is { } why ? throw ProblemException.For(why, Detail) : Value!;
}
