using System.Text.Json;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Prices;

/// <summary>A warning about a price that is accepted all the same, with a stable code and plain words.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="PlainWords">What is unusual, in words for people.</param>
public sealed record PriceWarning(string Code, string PlainWords);

/// <summary>
/// Checks whether an hourly rate can pay for the care, by comparing it with the minimum price and the direct cost of
/// homecare and with the minimum wage. A rate below one of them gets a warning and is never refused. The figures are in
/// price-floors.json, with their dates and sources. The latest figure that has begun counts; in a nation without a
/// figure nothing is compared. Source: domain.md §4.6.
/// </summary>
public static class PriceFloors
{
    private static readonly Lazy<Figure[]> Figures = new(Read);

    /// <summary>
    /// The warnings about an hourly rate on a day, with the figures used; none for a rate by another unit.
    /// </summary>
    /// <param name="rate">The rate.</param>
    /// <param name="nation">The nation where the care is given, in api.md's word.</param>
    /// <param name="on">The day on which the rate is compared.</param>
    /// <param name="isHomecare">
    /// Whether the homecare prices apply; they do not apply to the rates of a sole trader or an employee.
    /// </param>
    public static IEnumerable<PriceWarning> Of(PriceRate rate, string nation, LocalDate on, bool isHomecare = true)
    {
        if (rate.Unit != PriceUnit.Hour)
            yield break;
        var wage = Latest("minimum-wage", nation, on);
        var (cost, price) = (Latest("direct-cost", nation, on), Latest("minimum-price", nation, on));
        if (rate.Pence < wage?.Pence)
            yield return Warning("under-minimum-wage", rate, wage);
        if (isHomecare && (rate.Pence < cost?.Pence ? cost : rate.Pence < price?.Pence ? price : null) is { } floor)
            yield return Warning(floor == cost ? "under-direct-cost" : "under-minimum-price", rate, floor);
    }

    /// <summary>
    /// The warnings about a rate that holds for some days. The rate is compared on the first of these days, and on each
    /// later day on which a new figure begins. Of the warnings of one kind only the earliest is returned.
    /// </summary>
    public static IEnumerable<PriceWarning> Within(
        PriceRate rate, string nation, CarePeriod days, bool isHomecare = true) =>
        Figures.Value.Select(figure => figure.From).Where(from => from > days.From && days.Covers(from))
            .Append(days.From).Distinct().Order()
            .SelectMany(day => Of(rate, nation, day, isHomecare)).DistinctBy(warning => warning.Code);

    private static PriceWarning Warning(string code, PriceRate rate, Figure floor) => new(code,
        $"“{rate.Code}” at {new Money(rate.Pence)} an hour lies {new Money(floor.Pence - rate.Pence)} under "
        + $"{floor.Name}, {new Money(floor.Pence)} from {LocalDatePattern.Iso.Format(floor.From)} ({floor.Source}).");

    private static Figure? Latest(string kind, string nation, LocalDate on) => Figures.Value
        .Where(figure => figure.Kind == kind && figure.Nations.Contains(nation) && figure.From <= on)
        .MaxBy(figure => figure.From);

    private static Figure[] Read()
    {
        using var stream = typeof(PriceFloors).Assembly.GetManifestResourceStream("price-floors.json")
            ?? throw new InvalidOperationException("The price floors are missing from the build.");
        using var data = JsonDocument.Parse(stream);
        return
        [
            .. data.RootElement.GetProperty("figures").EnumerateArray().Select(figure => new Figure(
                Text(figure, "kind"),
                [.. figure.GetProperty("nations").EnumerateArray().Select(item => item.GetString()!)],
                LocalDatePattern.Iso.Parse(Text(figure, "from")).Value, figure.GetProperty("pence").GetInt64(),
                Text(figure, "name"), Text(figure, "source"))),
        ];
    }

    private static string Text(JsonElement figure, string name) => figure.GetProperty(name).GetString()!;

    private sealed record Figure(
        string Kind, IReadOnlyList<string> Nations, LocalDate From, long Pence, string Name, string Source);
}
