using System.Globalization;
using Isf.Hosting;
using Isf.Ledger.Persistence;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Isf.Ledger;

/// <summary>What a question about the books may name in its address: days, and a state of knowledge (api.md).</summary>
public sealed class AsAt
{
    private readonly IQueryCollection query;

    private AsAt(IQueryCollection query) => this.query = query;

    /// <summary>From the request.</summary>
    public static ValueTask<AsAt> BindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return ValueTask.FromResult(new AsAt(http.Request.Query));
    }

    /// <summary>A day that the address names, or nothing.</summary>
    public LocalDate? Day(string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return London.Day(text) ?? throw Malformed("bad-date", name, "is a day such as 2026-04-06");
    }

    /// <summary>The days from–to that the address names; open where it names none.</summary>
    public CareRange Range()
    {
        var range = new CareRange(Day("from") ?? CareRange.All.From, Day("to") ?? CareRange.All.To);
        return range.From <= range.To ? range : throw Malformed("bad-range", "to", "is not before from");
    }

    /// <summary>
    /// The fund, if this caller may see it, with the position that the answer stands at: the one that was asked for,
    /// the last one recorded by ?knownAt=, or the latest. A supporter sees it by a consent to see statements, or one of
    /// those named besides.
    /// </summary>
    public async Task<FundKept> FundAsync(Session session, Caller caller, string fundId, params string[] consents)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var fund = await ReadBooks.FundAsync(session, fundId);
        if (fund is null || !(caller.MaySee(fund.CouncilId, fund.PersonId)
            || await Consents.LetAsync(session, caller, fundId, [Consents.Statements, .. consents])))
            throw Refused.UnknownFund(fundId);
        var (position, knownAt) = (query["position"].ToString(), query["knownAt"].ToString());
        if (position.Length > 0 && knownAt.Length > 0)
            throw Malformed("bad-position", "position", "and ?knownAt= are two ways to say it: name one");
        if (knownAt.Length > 0)
        {
            var moment = InstantPattern.ExtendedIso.Parse(knownAt);
            return moment.Success
                ? fund with { Position = await ReadBooks.PositionAtAsync(session, fundId, moment.Value) }
                : throw Malformed("bad-moment", "knownAt", "is a moment such as 2026-05-03T12:00:00Z");
        }
        if (position.Length == 0)
            return fund;
        if (!long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            throw Malformed("bad-position", "position", "is a whole number");
        return asked <= fund.Position ? fund with { Position = asked } : throw new Refused(
            422, "position-not-reached", "The fund's journal has not come that far.",
            $"It is at position {fund.Position}. Ask for that or an earlier one, or wait with ?afterFact=.",
            new FieldError("?position", "beyond the last journal"));
    }

    private static Refused Malformed(string code, string name, string words) => new(
        400, code, "The address cannot be read.", $"?{name}= {words}.", new FieldError("?" + name, words));
}
