using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Marten;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Funds.Funds;

/// <summary>
/// Opens a fund for a person under an agreement, or signs a later agreement for it. Publishes FundOpened (once) and
/// AgreementSigned. Source: api.md, Funds; domain.md §2.2 (every figure is the agreement's own).
/// </summary>
public static class OpenFund
{
    // The numbers of weeks and days in an agreement are at most ten years, so that a period counted from a day ends
    // within the range of stored dates.
    private const int WeeksMax = 520, DaysMax = 3660, PartiesMax = 20;

    /// <summary>Why a fund is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(422, "There is no such person.")]
        UnknownPerson = 1,

        [Problem(422, "A fund stays with its person, council, kind and first day.")]
        CannotChangeHands = 2,

        [Problem(422, "The agreement ends before the fund opens.")]
        EndsBeforeItOpens = 3,

        [Problem(422, "The council's first payment lies before the agreement was signed by more than a year.")]
        PaymentsLongBefore = 4,

        [Problem(422, "The fund is closed, and the agreement is of a later day.")]
        FundClosed = 5,
    }

    /// <summary>A fund as it is held, under its latest agreement.</summary>
    public sealed record Response : FundDetails
    {
        /// <summary>Shows the details under the fund's id.</summary>
        [SetsRequiredMembers]
        public Response(Fund fund) : base(fund.Details) => FundId = fund.Id;

        /// <summary>The id of the fund.</summary>
        public string FundId { get; init; }
    }

    /// <summary>The new fund, or the open fund under its new agreement.</summary>
    public static Decision<Fund, Refusal> Decide(Fund? open, Person? person, string id, FundDetails details,
        LocalDate? lastDay = null)
    {
        if (person is null)
            return (Refusal.UnknownPerson, $"Register {details.PersonId} first: PUT /v1/people/{details.PersonId}.");
        if (open is not null && open.Details with { Agreement = details.Agreement } != details)
        {
            return (Refusal.CannotChangeHands,
                "Only the agreement of an open fund can change. To move it, close this fund and open another.");
        }
        if (details.Agreement.EndsOn < details.OpensOn)
        {
            return (Refusal.EndsBeforeItOpens,
                $"It opens on {details.OpensOn:d MMMM uuuu}: look at /agreement/endsOn.");
        }
        if (details.Agreement.Payment.FirstOn < details.Agreement.SignedOn.PlusYears(-1))
            return (Refusal.PaymentsLongBefore, "Look at /agreement/payment/firstOn.");
        if (details.Agreement.SignedOn > lastDay)
            return (Refusal.FundClosed, $"Its last day was {lastDay:d MMMM uuuu}: look at /agreement/signedOn.");
        return new Fund(id, details, open?.Nation ?? person.Details.Nation);
    }

    /// <summary>Opens a fund for a person under an agreement, or signs a later agreement for it.</summary>
    /// <param name="fundId">The id of the fund, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string fundId, JsonBody<FundDetails> body, ConditionalPut put, Session session, IClock clock)
    {
        CheckFields(body.Value);
        return put.UpsertAsync<Fund, Refusal, Response>(session, fundId, [LockKey.Fund(fundId)],
            same: stored => JsonEquality.AreEqual(stored.Details, body.Value),
            decide: async (open, _) =>
            {
                if (open is null)
                    FundDays.Opening(body.Value.OpensOn, London.Today(clock));
                return Decide(open, await session.LoadAsync<Person>(body.Value.PersonId), fundId, body.Value,
                    await CloseFund.LastDayAsync(session, fundId));
            },
            publish: (fund, version) => Publish(session, fund, version),
            show: fund => new Response(fund));
    }

    /// <summary>Shows a fund, with its latest agreement.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string fundId, Session session, Caller caller, HttpContext http)
    {
        var fund = await VisibleAsync(fundId, session, caller);
        return IdempotentPut.Show(http, session.VersionOf<Fund>(fundId), new Response(fund));
    }

    /// <summary>
    /// Lists the funds in order of id; the options narrow the list. A council sees the funds of its own people, a
    /// person their own funds, and a supporter the funds named by a live consent.
    /// </summary>
    /// <param name="personId">The person for whom the fund is held.</param>
    /// <param name="councilId">The council or NHS board that pays.</param>
    /// <param name="kind">The arrangement under which the fund is held.</param>
    public static async Task<ItemPage<Response>> ListAsync(Page page, Session session, Caller caller,
        string? personId = null, string? councilId = null, [NamesOf(typeof(FundKind))] string? kind = null)
    {
        var theirs = caller.Role == Role.Council ? caller.CouncilId ?? "" : null;
        var own = caller.Role == Role.Person ? caller.PersonId ?? "" : null;
        var seen = caller.Role == Role.Supporter ? await GiveConsent.FundsSeenAsync(session, caller) : null;
        await page.CheckAfterAsync(async id => await session.LoadAsync<Fund>(id) is { } fund
            && (caller.MaySee(fund.Details.CouncilId, fund.Details.PersonId) || seen?.Contains(id) == true));
        var funds = await session.Query<Fund>()
            .WhereGiven(personId, id => fund => fund.Details.PersonId == id)
            .WhereGiven(councilId, id => fund => fund.Details.CouncilId == id)
            .WhereGiven(kind, FundTable.OfKind)
            .WhereGiven(theirs, id => fund => fund.Details.CouncilId == id)
            .WhereGiven(own, id => fund => fund.Details.PersonId == id)
            .WhereGiven(seen, ids => fund => fund.Id.IsOneOf(ids))
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. funds.Select(fund => new Response(fund))], page.Limit, fund => fund.FundId);
    }

    /// <summary>The fund; refused as unknown if it does not exist or this caller may not see it.</summary>
    internal static async Task<Fund> VisibleAsync(string fundId, Session session, Caller caller)
    {
        var fund = await session.LoadAsync<Fund>(fundId);
        return fund is not null && (caller.MaySee(fund.Details.CouncilId, fund.Details.PersonId)
            || (await GiveConsent.FundsSeenAsync(session, caller)).Contains(fundId))
            ? fund
            : throw ProblemException.UnknownFund(fundId);
    }

    private static void CheckFields(FundDetails details)
    {
        var agreement = details.Agreement;
        var fields = new Fields().Id(details.PersonId, "/personId").Id(details.CouncilId, "/councilId")
            .Need(agreement.Surplus is null or { Weeks: >= 0 and <= WeeksMax, HeldForWeeks: >= 0 and <= WeeksMax },
                "/agreement/surplus", $"Weeks are from 0 to {WeeksMax}.")
            .Need(agreement.Banking is null or { ExpiresAfterWeeks: >= 1 and <= WeeksMax },
                "/agreement/banking/expiresAfterWeeks", $"From 1 to {WeeksMax}.")
            .Need(agreement.Hospital is null or { PaidDays: >= 0 and <= DaysMax }, "/agreement/hospital/paidDays",
                $"From 0 to {DaysMax}.")
            .Need(agreement.LateVariationDays is null or (>= 0 and <= DaysMax), "/agreement/lateVariationDays",
                $"From 0 to {DaysMax}.")
            .Need(agreement.Parties.Count <= PartiesMax, "/agreement/parties", $"At most {PartiesMax}.")
            .Pence(agreement.ManagementFee?.WeeklyPence, "/agreement/managementFee/weeklyPence", 1);
        foreach (var (at, party) in agreement.Parties.Index())
            fields.Text(party, $"/agreement/parties/{at}");
        fields.Refuse();
    }

    private static void Publish(Session session, Fund fund, int version)
    {
        if (version == 1)
        {
            session.RegisterHolder();
            session.Publish(Opened(fund), fund.Id, fund.Id);
        }
        session.Publish(ToMessage(fund, version), $"{fund.Id}/{version}", fund.Id);
    }

    internal static FundOpened Opened(Fund fund) => new()
    {
        FundId = fund.Id,
        PersonId = fund.Details.PersonId,
        CouncilId = fund.Details.CouncilId,
        Kind = Wire.NameOf(fund.Details.Kind),
        OpensOn = fund.Details.OpensOn,
        Nation = Wire.NameOf(fund.Nation),
    };

    internal static AgreementSigned ToMessage(Fund fund, int version)
    {
        var agreement = fund.Details.Agreement;
        return new AgreementSigned
        {
            FundId = fund.Id,
            Version = version,
            SignedOn = agreement.SignedOn,
            ReviewOn = agreement.ReviewOn,
            EndsOn = agreement.EndsOn,
            PaymentEvery = Wire.NameOf(agreement.Payment.Every),
            PaymentFirstOn = agreement.Payment.FirstOn,
            Contribution = Wire.NameOf(agreement.Contribution),
            SpendOrder = Wire.NameOf(agreement.SpendOrder),
            SurplusWeeks = agreement.Surplus?.Weeks,
            SurplusHeldForWeeks = agreement.Surplus?.HeldForWeeks,
            BankingKeep = agreement.Banking is { } banking ? Wire.NameOf(banking.Keep) : null,
            BankingExpiresAfterWeeks = agreement.Banking?.ExpiresAfterWeeks,
            HospitalPaidDays = agreement.Hospital?.PaidDays,
            LateVariationDays = agreement.LateVariationDays,
            ManagementFeeWeeklyPence = agreement.ManagementFee?.WeeklyPence,
            ManagementFeeFrom = agreement.ManagementFee?.From,
            ManagementFeeMode = agreement.ManagementFee is { } fee ? Wire.NameOf(fee.Mode) : null,
        };
    }
}
