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

    /// <summary>
    /// The day that a parameter of the query string names, or null if it is absent; throws if it is no day.
    /// </summary>
    public static LocalDate? Day(HttpContext http, string name)
    {
        if (http.Option(name) is not { } text)
            return null;
        return London.Day(text) ?? throw Bad(name, "is a day such as 2026-04-06");
    }

    /// <summary>
    /// The whole number that a parameter of the query string names, or the default if it is absent; throws if it is
    /// no number or out of range.
    /// </summary>
    public static int Number(HttpContext http, string name, int unless, int least, int max)
    {
        if (http.Option(name) is not { } text)
            return unless;
        return int.TryParse(text, System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= max
            ? number : throw Bad(name, $"is a whole number from {least} to {max}");
    }

    /// <summary>Returns the items in the format that the request asks for, JSON or CSV.</summary>
    /// <param name="http">The request.</param>
    /// <param name="page">The page requested.</param>
    /// <param name="name">The name of the CSV file.</param>
    /// <param name="some">Loads up to this many items that follow an id; null begins at the first item.</param>
    /// <param name="idOf">Gives an item's id, after which the next page continues.</param>
    /// <param name="toJson">
    /// Builds an item as returned, an object whose fields become the columns of the CSV file.
    /// </param>
    /// <param name="isOfList">Tells whether a page can begin after an id.</param>
    /// <param name="before">
    /// Loads the fields of a JSON answer besides items and next; null if there are no others.
    /// </param>
    public static async Task<IResult> RespondAsync<T>(HttpContext http, Page page, string name,
        Func<string?, int, Task<List<T>>> some, Func<T, string> idOf, Func<T, object> toJson,
        Func<string, Task<bool>> isOfList, Func<Task<object>>? before = null)
    {
        await page.CheckAfterAsync(isOfList);
        if (Page.IsCsvRequested(http))
        {
            return Results.Stream(body => WriteAsync(body, some, idOf, toJson, http.RequestAborted),
                CsvWriter.ContentType, name + ".csv");
        }
        var limit = page.Limit;
        var items = await some(page.After, limit + 1);
        var json = (JsonObject)Json(before is null ? new { } : await before());
        json["items"] = new JsonArray([.. items.Take(limit).Select(item => Json(toJson(item)))]);
        json["next"] = items.Count > limit ? idOf(items[limit - 1]) : null;
        return Results.Json(json, IsfJson.Options);
    }

    private static async Task WriteAsync<T>(Stream body, Func<string?, int, Task<List<T>>> some, Func<T, string> idOf,
        Func<T, object> toJson, CancellationToken stop)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        List<T> items = [];
        var isFirst = true;
        do
        {
            items = await some(items.Count == 0 ? null : idOf(items[^1]), RowsAtATime);
            foreach (var row in items.Select(item => (JsonObject)Json(toJson(item))))
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

    private static JsonNode Json(object value) =>
        System.Text.Json.JsonSerializer.SerializeToNode(value, IsfJson.Options)!;

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join("; ", list.Select(TextOf)),
        JsonObject record => string.Join("; ", record.Select(field => $"{field.Key}: {TextOf(field.Value)}")),
        _ => value.ToString(),
    };

    private static ProblemException Bad(string name, string detail) => new(
        400, $"bad-{name}", "The address cannot be read.", $"?{name}= {detail}.", new FieldError("?" + name, detail));
}
