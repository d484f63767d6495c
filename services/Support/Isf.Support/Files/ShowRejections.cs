using System.Globalization;
using System.Text;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Files;

/// <summary>
/// Shows the rejected rows of a file, each with its line, field, code, remedy and original text: as JSON in pages, or
/// whole as CSV (?format=csv or Accept: text/csv), to be corrected and sent again.
/// </summary>
public static class ShowRejections
{
    private const int RowsAtATime = 500;

    /// <summary>Why the rejected rows are not shown.</summary>
    public enum Refusal
    {
        [Problem(400, "The format is not known.")] UnknownFormat = 1,
    }

    /// <summary>Lists the rejected rows of a file in order of line, or all of them as CSV.</summary>
    /// <param name="id">The file.</param>
    public static async Task<IResult> GetAsync(string id, string? format, Page page, HttpContext http, Session session)
    {
        await ShowVisitFile.FileOfAsync(session, id);
        var isCsv = format == "csv" || (format is null
            && http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase));
        if (!long.TryParse(page.After ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            || (after > 0 && (await FileTable.RejectionsAsync(session, id, after - 1,
                1)).All(row => row.Line != after)))
        {
            throw Page.BadAfter();
        }
        if (isCsv)
        {
            return Results.Stream(body => WriteAsync(body, session, id, http.RequestAborted), CsvWriter.ContentType,
                $"rejections-{id}.csv");
        }
        if (format is not (null or "json"))
            throw ProblemException.For(Refusal.UnknownFormat, "Ask with ?format=json or ?format=csv.");
        var rows = await FileTable.RejectionsAsync(session, id, after, page.Limit + 1);
        return Results.Json(
            Page.Of(rows, page.Limit, row => row.Line.ToString(CultureInfo.InvariantCulture)), IsfJson.Options);
    }

    private static async Task WriteAsync(Stream body, Session session, string id, CancellationToken stop)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await text.WriteAsync("line,field,code,message,row\r\n".AsMemory(), stop);
        var rows = new List<Rejection>();
        do
        {
            rows = await FileTable.RejectionsAsync(session, id, rows.Count == 0 ? 0 : rows[^1].Line, RowsAtATime);
            foreach (var row in rows)
            {
                string[] cells =
                [
                    row.Line.ToString(CultureInfo.InvariantCulture), row.Field ?? "", row.Code,
                    CsvWriter.Quoted(row.Message), CsvWriter.Quoted(row.Row),
                ];
                await text.WriteAsync(CsvWriter.Row(cells).AsMemory(), stop);
            }
        }
        while (rows.Count == RowsAtATime);
    }
}
