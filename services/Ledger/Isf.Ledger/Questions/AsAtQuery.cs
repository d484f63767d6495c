using System.Globalization;
using System.Reflection;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Books;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using NodaTime;
using NodaTime.Text;

namespace Isf.Ledger.Questions;

/// <summary>Why a question about the books is refused.</summary>
public enum AsAtRefusal
{
    [Problem(400, "The address cannot be read.")]
    BadDate = 1,

    [Problem(400, "The address cannot be read.")]
    BadRange = 2,

    [Problem(400, "The address cannot be read.")]
    BadPosition = 3,

    [Problem(400, "The address cannot be read.")]
    BadMoment = 4,

    [Problem(422, "The fund's journal has not come that far.")]
    PositionNotReached = 5,
}

/// <summary>
/// The query options of a question about the books: days, and the position or moment at which the books are known
/// (api.md).
/// </summary>
public sealed class AsAtQuery : IEndpointParameterMetadataProvider
{
    private readonly HttpContext http;

    private AsAtQuery(HttpContext http) => this.http = http;

    /// <summary>Takes the options from the request.</summary>
    public static ValueTask<AsAtQuery> BindAsync(HttpContext http) =>
        ValueTask.FromResult(new AsAtQuery(http));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryOption("position"));
        builder.Metadata.Add(new QueryOption("knownAt"));
        AsAtRefusal[] ofEach = [AsAtRefusal.BadPosition, AsAtRefusal.BadMoment, AsAtRefusal.PositionNotReached];
        builder.Metadata.Add(new NamedRefusals(
            [DeclaredProblem.From(FeatureRefusal.UnknownFund), .. ofEach.Select(DeclaredProblem.From)]));
    }

    /// <summary>The day that an option names; null if the option is missing.</summary>
    public LocalDate? Day(string name)
    {
        if (http.Option(name) is not { } text)
            return null;
        return London.Day(text) ?? throw Malformed(AsAtRefusal.BadDate, name, "is a day such as 2026-04-06");
    }

    /// <summary>The days of ?from= and ?to=; a missing option leaves its side open.</summary>
    public CareRange Range()
    {
        var range = new CareRange(Day("from") ?? CareRange.All.From, Day("to") ?? CareRange.All.To);
        return range.From <= range.To ? range : throw Malformed(AsAtRefusal.BadRange, "to", "is not before from");
    }

    /// <summary>
    /// The fund, if this caller may see it; throws 404 otherwise. A supporter sees the fund with a consent to see
    /// statements or with one of the given consents. The fund's position in the result is the one that the answer is
    /// about: ?position=, the last one recorded by ?knownAt=, or else the latest.
    /// </summary>
    public async Task<FundRow> FundAsync(Session session, Caller caller, string fundId, params string[] consents)
    {
        var fund = await BooksTable.FundAsync(session, fundId);
        if (fund is null || !(caller.MaySee(fund.CouncilId, fund.PersonId)
            || await Consents.LetAsync(session, caller, fundId, [Consents.Statements, .. consents])))
        {
            throw ProblemException.UnknownFund(fundId);
        }
        var (position, knownAt) = (http.Option("position"), http.Option("knownAt"));
        if (position is not null && knownAt is not null)
            throw Malformed(AsAtRefusal.BadPosition, "position", "and ?knownAt= are two ways to say it: name one");
        if (knownAt is not null)
        {
            var moment = InstantPattern.ExtendedIso.Parse(knownAt);
            return moment.Success
                ? fund with { Position = await BooksTable.PositionAtAsync(session, fundId, moment.Value) }
                : throw Malformed(AsAtRefusal.BadMoment, "knownAt", "is a moment such as 2026-05-03T12:00:00Z");
        }
        if (position is null)
            return fund;
        if (!long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var requested))
            throw Malformed(AsAtRefusal.BadPosition, "position", "is a whole number");
        return requested <= fund.Position ? fund with { Position = requested } : throw ProblemException.For(
            AsAtRefusal.PositionNotReached,
            $"It is at position {fund.Position}. Ask for that or an earlier one, or wait with ?afterFact=.",
            new FieldError("?position", "beyond the last journal"));
    }

    private static ProblemException Malformed(AsAtRefusal why, string name, string detail) =>
        ProblemException.For(why, $"?{name}= {detail}.", new FieldError("?" + name, detail));
}
