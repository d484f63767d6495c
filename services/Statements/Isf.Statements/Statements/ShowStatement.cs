using System.ComponentModel.DataAnnotations;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Statements.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>
/// Shows a statement as JSON, as a page or as text: the bytes made when it was issued. Source: api.md, Statements.
/// </summary>
public static class ShowStatement
{
    /// <summary>Why a statement is not shown: only the first refusal that is found is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such statement.")]
        UnknownStatement = 1,

        [Problem(400, "There is no such format.")]
        UnknownFormat = 2,

        [Problem(406, "None of the formats that you take is there.")]
        NoFormatYouTake = 3,

        [Problem(400, "There is no such style.")]
        UnknownStyle = 4,

        [Problem(400, "There is no such language.")]
        UnknownLanguage = 5,
    }

    private const string Formats =
        "Statements are there as JSON, HTML and text: ?format=json, ?format=html or ?format=txt.";

    /// <summary>
    /// The format to show: the one named, or else the one that the caller's Accept header prefers; JSON if neither is
    /// given.
    /// </summary>
    public static Decision<Format, Refusal> Decide(string? format, string? style, string? language, string? accept)
    {
        if (style is not (null or "" or "plain"))
            return (Refusal.UnknownStyle, "Statements are there in one style: ?style=plain.");
        if (language is not (null or "" or "en"))
            return (Refusal.UnknownLanguage, "Statements are there in one language: ?lang=en.");
        return format switch
        {
            "json" => Format.Json,
            "html" => Format.Html,
            "txt" => Format.Text,
            null or "" => Preferred(accept) is { } preferred ? preferred : (Refusal.NoFormatYouTake, Formats),
            _ => (Refusal.UnknownFormat, Formats),
        };
    }

    /// <summary>Shows a statement as JSON, as a page or as text: the bytes made when it was issued.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the statement.</param>
    /// <param name="format">The format; by default the one that Accept prefers.</param>
    /// <param name="style">The style of the page and the text.</param>
    /// <param name="lang">The language of the page and the text.</param>
    public static async Task<IResult> GetAsync(
        string fundId, string id, Caller caller, Session session, IClock clock, HttpContext http,
        [AllowedValues("json", "html", "txt")] string? format = null, [AllowedValues("plain")] string? style = null,
        [AllowedValues("en")] string? lang = null)
    {
        await StatementAccess.FundAsync(session, caller, fundId, clock);
        var issued = await FindAsync(session, fundId, id);
        var shown = Decide(format, style, lang, http.Request.Headers.Accept.ToString()).OrRefuse();
        http.Response.Headers.ETag = IfMatch.Tag(1);
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'";
        return Results.Bytes(await StatementFileTable.LoadAsync(session, issued.Id, shown),
            StatementFileTable.TypeOf(shown));
    }

    /// <summary>The fund's statement; throws 404 if the fund has no statement with this id.</summary>
    internal static async Task<IssuedStatement> FindAsync(Session session, string fundId, string id) =>
        await session.LoadAsync<IssuedStatement>(id) is { } issued && issued.FundId == fundId
            ? issued
            : throw ProblemException.For(Refusal.UnknownStatement, $"Fund {fundId} has no statement {id}.");

    private static Format? Preferred(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return Format.Json;
        if (!MediaTypeHeaderValue.TryParseList([accept], out var ranges))
            return null;
        // The most specific range that matches a format gives the format's weight (RFC 9110 §12.5.1); among formats of
        // equal weight, the first wins.
        return (from format in new[] { Format.Json, Format.Html, Format.Text }
                let type = MediaTypeHeaderValue.Parse(StatementFileTable.TypeOf(format))
                let best = ranges.Where(range => new MediaTypeHeaderValue(type.MediaType).IsSubsetOf(Bare(range)))
                    .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0).FirstOrDefault()
                where best is not null && (best.Quality ?? 1) > 0
                orderby best.Quality ?? 1 descending
                select (Format?)format).FirstOrDefault();
    }

    private static MediaTypeHeaderValue Bare(MediaTypeHeaderValue range) => new(range.MediaType);
}
