using System.Text;
using System.Text.Json.Nodes;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Reports;

/// <summary>
/// Reads the parameters of endpoints that list care, and returns the lists in pages as JSON or whole as CSV
/// (?format=csv or Accept: text/csv).
/// </summary>
internal static class CareTables
{
    private const int RowsAtATime = 500;

    /// <summary>The day that ?from= names, or null if it is absent; throws if it is no day.</summary>
    public static LocalDate? From(string? text) => Day("from", text, FeatureRefusal.BadFrom);

    /// <summary>The day that ?to= names, or null if it is absent; throws if it is no day.</summary>
    public static LocalDate? To(string? text) => Day("to", text, FeatureRefusal.BadTo);

    /// <summary>The number that ?weeks= names, 4 by default.</summary>
    public static int Weeks(string? text, int max) => Number("weeks", text, OptionRefusal.BadWeeks, 4, 1, max);

    /// <summary>
    /// The whole number that an option names, or the default if it is absent; throws if it is no number or out of
    /// range.
    /// </summary>
    public static int Number(string name, string? text, OptionRefusal why, int unless, int least, int max)
    {
        if (string.IsNullOrEmpty(text))
            return unless;
        return int.TryParse(text, System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= max
            ? number : throw Bad(name, why, $"is a whole number from {least} to {max}");
    }

    /// <summary>Returns the items in the format that the request asks for, JSON or CSV.</summary>
    /// <param name="http">The request.</param>
    /// <param name="page">The page requested.</param>
    /// <param name="name">The name of the CSV file.</param>
    /// <param name="some">Loads up to this many items that follow an id; null begins at the first item.</param>
    /// <param name="idOf">Gives an item's id, after which the next page continues.</param>
    /// <param name="toItem">Builds an item as answered, whose fields become the columns of the CSV file.</param>
    /// <param name="isOfList">Tells whether a page can begin after an id.</param>
    /// <param name="toBody">Builds the JSON answer that contains a page.</param>
    public static async Task<IResult> RespondAsync<T, TItem, TBody>(HttpContext http, Page page, string name,
        Func<string?, int, Task<List<T>>> some, Func<T, string> idOf, Func<T, TItem> toItem,
        Func<string, Task<bool>> isOfList, Func<ItemPage<TItem>, Task<TBody>> toBody)
    {
        await page.CheckAfterAsync(isOfList);
        if (Page.IsCsvRequested(http))
        {
            return Results.Stream(body => WriteAsync(body, some, idOf, toItem, http.RequestAborted),
                CsvWriter.ContentType, name + ".csv");
        }
        var found = Page.Of(await some(page.After, page.Limit + 1), page.Limit, idOf);
        return Results.Json(await toBody(new([.. found.Items.Select(toItem)], found.Next)), IsfJson.Options);
    }

    private static async Task WriteAsync<T, TItem>(Stream body, Func<string?, int, Task<List<T>>> some,
        Func<T, string> idOf, Func<T, TItem> toItem, CancellationToken stop)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        List<T> items = [];
        var isFirst = true;
        do
        {
            items = await some(items.Count == 0 ? null : idOf(items[^1]), RowsAtATime);
            foreach (var row in items.Select(item => (JsonObject)Json(toItem(item))))
            {
                if (isFirst)
                    await text.WriteAsync(CsvWriter.Row(row.Select(cell => cell.Key)).AsMemory(), stop);
                isFirst = false;
                var cells = row.Select(cell => CsvWriter.CellOfLists(TextOf(cell.Value)));
                await text.WriteAsync(CsvWriter.Row(cells).AsMemory(), stop);
            }
        }
        while (items.Count == RowsAtATime);
    }

    private static JsonNode Json<T>(T value) =>
        System.Text.Json.JsonSerializer.SerializeToNode(value, IsfJson.Options)!;

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join("; ", list.Select(TextOf)),
        JsonObject record => string.Join("; ", record.Select(field => $"{field.Key}: {TextOf(field.Value)}")),
        _ => value.ToString(),
    };

    private static LocalDate? Day(string name, string? text, FeatureRefusal why) => string.IsNullOrEmpty(text) ? null
        : London.Day(text) ?? throw Bad(name, why, "is a day such as 2026-04-06");

    private static ProblemException Bad<TRefusal>(string name, TRefusal why, string detail)
        where TRefusal : struct, Enum =>
        ProblemException.For(why, $"?{name}= {detail}.", new FieldError("?" + name, detail));
}

/// <summary>Why an option that is a number cannot be used; the code names the option.</summary>
internal enum OptionRefusal
{
    [Problem(400, "The address cannot be read.")] BadWeeks = 1,
    [Problem(400, "The address cannot be read.")] BadPeriods = 2,
    [Problem(400, "The address cannot be read.")] BadPercent = 3,
    [Problem(400, "The address cannot be read.", Code = "bad-toleranceMinutes")] BadToleranceMinutes = 4,
}
