using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;

namespace Isf.Funds.Funds;

/// <summary>
/// Lets a supporter see parts of a person's fund, or withdraws such a consent. Publishes ConsentGiven and
/// ConsentWithdrawn. Source: api.md, Funds; domain.md §1 row 18.
/// </summary>
public static class GiveConsent
{
    /// <summary>Why a consent is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(404, "There is no such consent.")]
        UnknownConsent = 2,
    }

    /// <summary>A consent, given or withdrawn.</summary>
    public sealed record Response : ConsentDetails
    {
        /// <summary>Shows the terms of a consent, and whether it was withdrawn.</summary>
        [SetsRequiredMembers]
        public Response(Consent consent) : base(consent.Details) =>
            (ConsentId, FundId, Withdrawn) = (consent.Id, consent.FundId, consent.Withdrawn);

        /// <summary>The id of the consent.</summary>
        public string ConsentId { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }

        /// <summary>Whether the consent was withdrawn.</summary>
        public bool Withdrawn { get; init; }
    }

    /// <summary>The consent, if the fund is known.</summary>
    public static Decision<Consent, Refusal> Decide(Fund? fund, Consent request)
    {
        return fund is null
            ? (Refusal.UnknownFund, $"No fund {request.FundId} is known here, or it is not yours.") : request;
    }

    /// <summary>Lets a supporter see parts of a person's fund; the terms of a consent never change.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the consent, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<ConsentDetails> body, IdempotentPut put, Session session, Caller caller)
    {
        new Fields().Text(body.Value.Supporter, "/supporter", 64)
            .Need(body.Value.Sees.Count > 0, "/sees", "Name what the supporter may see.").Refuse();
        // The fund is checked before the consent is looked up, so that nobody learns of consents to another person's
        // fund.
        var fund = await OpenFund.VisibleAsync(fundId, session, caller);
        await session.EndReadingAsync();
        return await put.CreateAsync<Consent, Refusal, Response>(session, id, [],
            same: stored => stored.FundId == fundId && JsonEquality.AreEqual(stored.Details, body.Value),
            decide: () => Task.FromResult(Decide(fund, new Consent(id, fundId, body.Value))),
            publish: consent => session.Publish(Fact(consent), id, fundId),
            show: consent => new Response(consent));
    }

    /// <summary>Withdraws a consent for good; a second withdrawal changes nothing.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the consent.</param>
    public static async Task<Response> PostWithdrawalAsync(
        string fundId, string id, Session session, Caller caller, HttpContext http)
    {
        await session.LockAsync(LockKey.Document<Consent>(id));
        await OpenFund.VisibleAsync(fundId, session, caller);
        var consent = await session.LoadAsync<Consent>(id);
        if (consent is null || consent.FundId != fundId)
            throw ProblemException.For(Refusal.UnknownConsent, $"This fund has no consent {id}.");
        session.Publish(new ConsentWithdrawn { FundId = fundId, ConsentId = id }, id,
            fundId);
        if (!consent.Withdrawn)
        {
            session.Store(consent with { Withdrawn = true });
            await session.SaveChangesAsync();
        }
        await session.NameFactAsync(http);
        return new Response(consent with { Withdrawn = true });
    }

    /// <summary>
    /// The ids of the funds that a supporter may see by a live consent to see statements; empty for callers of other
    /// roles, who need no consent.
    /// </summary>
    internal static async Task<string[]> FundsSeenAsync(Session session, Caller caller)
    {
        if (caller.Role != Role.Supporter)
            return [];
        var given = await session.Query<Consent>().Where(consent => consent.Details.Supporter == caller.User)
            .OrderBy(consent => consent.Id).ToListAsync();
        return [.. given.Where(consent => consent.IsLive(caller.On) && consent.Details.Sees.Contains(Seen.Statements))
            .Select(consent => consent.FundId)];
    }

    internal static ConsentGiven Fact(Consent consent) => new()
    {
        FundId = consent.FundId,
        ConsentId = consent.Id,
        Supporter = consent.Details.Supporter,
        Sees = [.. consent.Details.Sees.Select(Wire.NameOf)],
        To = consent.Details.To,
    };
}
