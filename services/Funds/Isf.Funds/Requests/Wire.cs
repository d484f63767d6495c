using System.Text.Json;
using Isf.Hosting;
using Isf.Hosting.Serialization;
using Isf.Measures;

namespace Isf.Funds.Requests;

/// <summary>Writes this service's words as messages have them.</summary>
internal static class Wire
{
    /// <summary>
    /// The word for an enum's value on the wire. It is the value's name in kebab-case, unless an attribute gives
    /// another.
    /// </summary>
    public static string NameOf<T>(T value) where T : struct, Enum =>
        JsonSerializer.SerializeToElement(value, IsfJson.Options).GetString()!;
}

/// <summary>Collects the faults in a request body's fields, so that they are refused together.</summary>
internal sealed class Fields
{
    /// <summary>The largest single sum of money: £100 million.</summary>
    public const long PenceMax = 10_000_000_000;

    private readonly List<FieldError> errors = [];

    public Fields Need(bool holds, string pointer, string detail)
    {
        if (!holds)
            errors.Add(new(pointer, detail));
        return this;
    }

    public Fields Text(string? text, string pointer, int max = 200) => Need(
        text is null || Texts.Fits(text, max), pointer, $"Write 1 to {max} characters.");

    public Fields Pence(long? pence, string pointer, long least = 0) => Need(
        pence is null || (pence >= least && pence <= PenceMax), pointer, $"Whole pence, from {least} to {PenceMax}.");

    public Fields Id(string? id, string pointer) =>
        Need(Ids.IsId(id), pointer, "An id is 1 to 64 of A–Z a–z 0–9 . _ -");

    /// <summary>Refuses the body if a field is at fault.</summary>
    public void Refuse()
    {
        if (errors.Count > 0)
            throw ProblemException.BadFields(errors);
    }
}
