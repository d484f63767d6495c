namespace Isf.Measures;

/// <summary>
/// An invalid field, option or header. Pointer is its place, which is a JSON pointer for a field of the body. Detail
/// is the error in plain words, and Code is null if the problem's own code says enough.
/// </summary>
/// <param name="Pointer">The place, such as /moves/0/amount, ?from or If-Match.</param>
/// <param name="Detail">What is wrong, in plain words.</param>
/// <param name="Code">The code of the error; null if the problem's own says enough.</param>
public sealed record FieldError(string Pointer, string Detail, string? Code = null)
{
    /// <summary>The same error of a value that lies in a larger body, at <paramref name="place"/>.</summary>
    public FieldError Within(string place) => this with { Pointer = place + Pointer };
}

/// <summary>
/// The outcome of a rule: its result, or a refusal with the detail that the caller reads and the fields that are at
/// fault.
/// </summary>
public readonly record struct Decision<T, TRefusal> where TRefusal : struct, Enum
{
    private readonly FieldError[]? errors;

    private Decision(T? value, TRefusal? why, string detail, FieldError[]? errors) =>
        (Value, Refusal, Detail, this.errors) = (value, why, detail, errors);

    /// <summary>The result; the default value of its type if the rule refused.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null if there is a result.</summary>
    public TRefusal? Refusal { get; }

    /// <summary>The error, its place and its remedy, in words for the caller; empty if there is a result.</summary>
    public string Detail { get; }

    /// <summary>The fields at fault; empty if there is a result or if no single field is at fault.</summary>
    public IReadOnlyList<FieldError> Errors => errors ?? [];

    /// <summary>The decision of the next rule, which takes the result; a refusal stays as it is.</summary>
    public Decision<TNext, TRefusal> Then<TNext>(Func<T, Decision<TNext, TRefusal>> next) =>
        Refusal is null ? next(Value!) : Refused<TNext>();

    /// <summary>The same refusal, where a result of another type was wanted.</summary>
    /// <exception cref="InvalidOperationException">There is a result.</exception>
    public Decision<TOther, TRefusal> Refused<TOther>() => Refusal is { } why ? new(default, why, Detail, errors)
        : throw new InvalidOperationException("The rule did not refuse.");

    /// <summary>Converts a result into the decision of a rule that succeeded.</summary>
    public static implicit operator Decision<T, TRefusal>(T value) => new(value, null, "", null);

    /// <summary>Converts a refusal and its detail into the decision of a rule that refused.</summary>
    public static implicit operator Decision<T, TRefusal>((TRefusal Why, string Detail) refusal) =>
        new(default, refusal.Why, refusal.Detail, null);

    /// <summary>Converts a refusal, its detail and the fields at fault.</summary>
    public static implicit operator Decision<T, TRefusal>((TRefusal Why, string Detail, FieldError[] Errors) refusal) =>
        new(default, refusal.Why, refusal.Detail, refusal.Errors);
}
