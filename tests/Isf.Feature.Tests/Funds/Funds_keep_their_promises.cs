using Isf.Funds.Allocations;
using Isf.Funds.Funds;
using Isf.Funds.Receipts;
using Isf.Hosting;
using Isf.Hosting.Http;

namespace Isf.Tests.Funds;

public sealed class Funds_keep_their_promises(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private readonly HttpClient admin = shared.Host.As(Role.HolderAdmin);

    [Fact]
    public async Task A_fund_is_shown_as_it_was_opened()
    {
        var client = admin.Typed();
        var shown = await client.OpenFundGetAsync("F-1");
        Assert.Equal(("P-1", "person-first"), (shown.PersonId, shown.Agreement.SpendOrder));
        Assert.Single((await client.OpenFundListAsync(personId: "P-1")).Items);
        Assert.Empty((await client.OpenFundListAsync(councilId: "E10000001")).Items);
    }

    [Fact]
    public async Task A_price_list_that_cannot_be_applied_is_refused_with_its_place()
    {
        var response = await admin.PutAsync("/v1/funds/F-1/allocations/A-9", new
        {
            providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2027-04-04", weeklyPence = 100,
            claim = "on-delivery",
            priceList = new { rates = new object[] { new { code = "a", unit = "hour", pence = -1 } } },
        });
        Assert.Equal(ProblemException.CodeOf(AllocateToProvider.Refusal.PriceListCannotBeApplied),
            await response.CodeAsync());
        Assert.Equal("/priceList/rates/0/pence", (string)(await response.JsonAsync())["errors"]![0]!["pointer"]!);
    }

    [Fact]
    public async Task A_voided_receipt_stays_void_for_its_reason()
    {
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-5",
            new { source = "person", pence = 6000, receivedOn = "2026-04-07" })).NeedsAsync(201);
        var voided = await (await admin.PostAsync("/v1/funds/F-1/receipts/R-5/void", new { why = "bounced" }))
            .NeedsAsync(200);
        var repeated = await (await admin.PostAsync("/v1/funds/F-1/receipts/R-5/void", new { why = "bounced" }))
            .NeedsAsync(200);
        Assert.Equal(voided.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        var other = await admin.PostAsync("/v1/funds/F-1/receipts/R-5/void", new { why = "typed twice" });
        Assert.Equal(ProblemException.CodeOf(VoidMoney.Refusal.VoidedForAnotherReason), await other.CodeAsync());
        var unknown = await admin.PostAsync("/v1/funds/F-1/receipts/R-99/void", new { why = "x" });
        Assert.Equal(ProblemException.CodeOf(VoidMoney.Refusal.UnknownMoney), await unknown.CodeAsync());
    }

    [Fact]
    public async Task A_consent_is_given_and_withdrawn_by_the_person_alone()
    {
        var person = shared.Host.As(Role.Person, person: "P-1");
        var consent = new { supporter = "user-7", sees = new[] { "statements" }, to = "2027-01-01" };
        await (await person.PutAsync("/v1/funds/F-1/consents/C-1", consent)).NeedsAsync(201);
        await (await person.PostAsync("/v1/funds/F-1/consents/C-1/withdraw", new { })).NeedsAsync(200);
        var stranger = shared.Host.As(Role.Person, person: "P-2");
        Assert.Equal(ProblemException.CodeOf(GiveConsent.Refusal.UnknownFund),
            await (await stranger.PutAsync("/v1/funds/F-1/consents/C-2", consent)).CodeAsync());
        Assert.Equal(ProblemException.CodeOf(GiveConsent.Refusal.UnknownConsent),
            await (await person.PostAsync("/v1/funds/F-1/consents/C-3/withdraw", new { })).CodeAsync());
    }
}
