using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Tests.Hosting;

namespace Isf.Tests.Funds;

/// <summary>
/// A host whose fund F-1 is open and whose fund F-2 is closed. The allocation of fund F-3 does not say how many minutes
/// it buys, and fund F-4 pays a fee.
/// </summary>
public sealed class HostWithFourFunds : IAsyncLifetime
{
    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync(new() { Services = "funds" });
        var admin = Host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/holder", What_cannot_be_is_refused.Holder)).NeedsAsync(201);
        foreach (var (path, body) in new (string, object)[]
        {
            ("F-2", Sample.Fund), ("F-2/closure", new { on = "2026-05-31", reason = "ended" }), ("F-3", Sample.Fund),
            ("F-3/budgets/B-3", Body.With(Sample.Budget, ("weeklyMinutes", null))),
            ("F-3/allocations/A-3", Body.With(Sample.Allocation, ("weeklyMinutes", null))),
            ("F-4", Body.With(Sample.Fund, ("agreement.managementFee",
                new { weeklyPence = 1250, from = "2026-04-06", mode = "within" }))),
        })
        {
            await (await admin.PutAsync("/v1/funds/" + path, body)).NeedsAsync(201);
        }
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>Changes fields of request bodies.</summary>
internal static class Body
{
    /// <summary>The body as JSON with other values in some fields; a dot leads into a field.</summary>
    public static JsonNode With(object body, params (string Field, object? Value)[] others)
    {
        var json = JsonSerializer.SerializeToNode(body, IsfJson.Options)!;
        foreach (var (field, value) in others)
        {
            var names = field.Split('.');
            var at = names[..^1].Aggregate(json, (node, name) => node[name]!);
            at[names[^1]] = JsonSerializer.SerializeToNode(value, IsfJson.Options);
        }
        return json;
    }
}

/// <summary>Tests each refusal of Funds over HTTP; Isf.Domain.Tests tests the rules.</summary>
public sealed class What_cannot_be_is_refused(HostWithFourFunds shared) : IClassFixture<HostWithFourFunds>
{
    internal static readonly JsonNode Holder = JsonNode.Parse(RaceBodies.Holder(0))!;
    private static readonly object Bank = new { sortCode = "1", accountNumber = "2", accountName = "B" };
    private static readonly object Council = new[] { new { source = "council", percent = 99 } };
    private static readonly object Person = new[] { new { source = "person", percent = 100 } };
    private static readonly object Receipt = new { source = "council", pence = 1, receivedOn = "2026-04-06" };
    private static readonly object Consent = new { supporter = "user-7", sees = new[] { "visits" } };
    private static readonly object Return =
        new { source = "council", pence = 1, paidOn = "2026-04-06", reason = "surplus" };

    private readonly HttpClient admin = shared.Host.As(Role.HolderAdmin);

    public static TheoryData<string, object, string> New => new()
    {
        { "holder", Body.With(Holder, ("tolerances.percent", 101)), "400 bad-field" },
        { "people/P-9", Body.With(Sample.Person, ("name", "")), "400 bad-field" },
        { "people/P-9", Body.With(Sample.Person, ("nhsNumber", "9434765918")), "422 no-such-nhs-number" },
        { "people/P-9", Body.With(Sample.Person, ("dateOfBirth", "2026-06-02")), "422 born-in-the-future" },
        { "providers/V-9", Body.With(Sample.Provider, ("name", "")), "400 bad-field" },
        { "providers/V-9", Body.With(Sample.Provider, ("bank", Bank)), "422 no-such-bank-account" },
        { "providers/V-9", Body.With(Sample.Provider, ("kind", "shop"), ("cqcLocationId", "1-1")),
            "422 cannot-be-regulated" },
        { "funds/F-9", Body.With(Sample.Fund, ("agreement.lateVariationDays", -1)), "400 bad-field" },
        { "funds/F-9", Body.With(Sample.Fund, ("personId", "P-9")), "422 unknown-person" },
        { "funds/F-9", Body.With(Sample.Fund, ("agreement.endsOn", "2026-03-29")), "422 ends-before-it-opens" },
        { "funds/F-9", Body.With(Sample.Fund, ("agreement.payment.firstOn", "2025-03-29")),
            "422 payments-long-before" },
        { "funds/F-1/receipts/R-9", Body.With(Receipt, ("pence", 0)), "400 bad-field" },
        { "funds/F-9/receipts/R-9", Receipt, "404 unknown-fund" },
        { "funds/F-1/receipts/R-9", Body.With(Receipt, ("forFrom", "2026-04-02"), ("forTo", "2026-04-01")),
            "422 ends-before-it-starts" },
        { "funds/F-9/returns/X-9", Return, "404 unknown-fund" },
        { "funds/F-1/returns/X-9", Body.With(Return, ("pence", 0)), "400 bad-field" },
        { "funds/F-9/fees/FE-9", new { from = "2026-05-01", to = "2026-05-02" }, "404 unknown-fund" },
        { "funds/F-1/fees/FE-9", new { from = "2026-05-02", to = "2026-05-01" }, "422 ends-before-it-starts" },
        { "funds/F-1/consents/C-9", Body.With(Consent, ("sees", Array.Empty<string>())), "400 bad-field" },
    };

    public static TheoryData<string, object, string> NewBudgets => new()
    {
        { "F-1", Body.With(Sample.Budget, ("sources", Array.Empty<object>())), "400 bad-field" },
        { "F-9", Sample.Budget, "404 unknown-fund" },
        { "F-1", Body.With(Sample.Budget, ("to", "2026-04-05")), "422 ends-before-it-starts" },
        { "F-1", Body.With(Sample.Budget, ("weeklyPence", 42001)), "422 sources-do-not-sum" },
        { "F-1", Body.With(Sample.Budget, ("deployment", new[] { new { @as = "isf", weeklyPence = 41999 } })),
            "422 deployment-does-not-sum" },
        { "F-1", Sample.Budget, "422 overlaps-another-budget" },
    };

    public static TheoryData<string, object, string> NewAllocations => new()
    {
        { "F-1", Body.With(Sample.Allocation, ("weeklyMinutes", -1)), "400 bad-field" },
        { "F-9", Sample.Allocation, "404 unknown-fund" },
        { "F-1", Body.With(Sample.Allocation, ("providerId", "V-9")), "422 unknown-provider" },
        { "F-1", Body.With(Sample.Allocation, ("to", "2026-04-05")), "422 ends-before-it-starts" },
        { "F-1", Body.With(Sample.Allocation, ("from", "2026-03-30")), "422 outside-budget-period" },
        { "F-1", Body.With(Sample.Allocation, ("totalPence", 1)), "422 wrong-amounts" },
        { "F-1", Body.With(Sample.Allocation, ("fundedBy", Council)), "422 funding-does-not-sum" },
        { "F-1", Body.With(Sample.Allocation, ("weeklyPence", 18001)), "422 exceeds-budget-pence" },
        { "F-1", Body.With(Sample.Allocation, ("weeklyPence", 100)), "422 exceeds-budget-minutes" },
        { "F-1", Body.With(Sample.Allocation, ("kind", "one-off"), ("weeklyPence", null), ("totalPence", 1)),
            "422 exceeds-one-off-pence" },
        { "F-1", Body.With(Sample.Allocation, ("weeklyPence", 6001), ("weeklyMinutes", 0), ("fundedBy", Person)),
            "422 beyond-source" },
        { "F-1", Body.With(Sample.Allocation, ("weeklyPence", 100), ("weeklyMinutes", null)), "422 minutes-needed" },
    };

    public static TheoryData<string, object, string> Changes => new()
    {
        { "holder", Body.With(Holder, ("payments", Bank)), "422 no-such-bank-account" },
        { "funds/F-1", Body.With(Sample.Fund, ("councilId", "E2")), "422 cannot-change-hands" },
        { "funds/F-2", Body.With(Sample.Fund, ("agreement.signedOn", "2026-06-01")), "422 fund-closed" },
        { "funds/F-2/budgets/B-1", Sample.Budget, "422 cannot-change-hands" },
        { "funds/F-1/budgets/B-1", Body.With(Sample.Budget, ("weeklyMinutes", 599)), "422 less-than-is-promised" },
        { "funds/F-3/budgets/B-3", Sample.Budget, "422 minutes-needed" },
        { "funds/F-1/allocations/A-1", Body.With(Sample.Allocation, ("kind", "one-off")),
            "422 cannot-change-hands" },
    };

    public static TheoryData<string, object> Accepted => new()
    {
        { "holder", Holder }, { "providers/V-1", Sample.Provider }, { "funds/F-1/budgets/B-1", Sample.Budget },
        { "funds/F-1/allocations/A-1", Sample.Allocation }, { "funds/F-1/consents/C-1", Consent },
        { "funds/F-4/fees/FE-1", new { from = "2026-05-01", to = "2026-05-07" } },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task What_is_sent_twice_is_answered_twice(string path, object body)
    {
        await (await admin.PutAsync("/v1/" + path, body)).NeedsAsync(200, 201);
        await (await admin.PutAsync("/v1/" + path, body)).NeedsAsync(200);
    }

    [Theory]
    [MemberData(nameof(New))]
    public Task What_is_new_is_refused(string path, object body, string refusal) => RefusedAsync(path, body, refusal);

    [Theory]
    [MemberData(nameof(NewBudgets))]
    public Task A_budget_is_refused(string fundId, object body, string refusal) =>
        RefusedAsync($"funds/{fundId}/budgets/B-9", body, refusal);

    [Theory]
    [MemberData(nameof(NewAllocations))]
    public Task An_allocation_is_refused(string fundId, object body, string refusal) =>
        RefusedAsync($"funds/{fundId}/allocations/A-9", body, refusal);

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_change_of_what_there_is_is_refused(string path, object body, string refusal) =>
        RefusedAsync(path, body, refusal, version: 1);

    [Theory]
    [InlineData("holder", "holder-not-set")]
    [InlineData("people/P-9", "unknown-person")]
    [InlineData("providers/V-9", "unknown-provider")]
    public async Task What_is_not_there_is_not_shown(string path, string code) => Assert.Equal("404 " + code,
        await OfAsync(await shared.Host.As(Role.HolderAdmin, "moonrise").GetAsync("/v1/" + path)));

    [Fact]
    public async Task A_voided_return_stays_void_for_its_reason()
    {
        Task<HttpResponseMessage> VoidAsync(string id, string why) =>
            admin.PostAsync($"/v1/funds/F-1/returns/{id}/void", new { why });
        await (await admin.PutAsync("/v1/funds/F-1/returns/X-1", Return)).NeedsAsync(201);
        await (await VoidAsync("X-1", "bounced")).NeedsAsync(200);
        Assert.Equal("409 voided-for-another-reason", await OfAsync(await VoidAsync("X-1", "keyed twice")));
        Assert.Equal("404 unknown-money", await OfAsync(await VoidAsync("X-9", "keyed twice")));
        Assert.Equal("400 bad-field", await OfAsync(await VoidAsync("X-1", "")));
    }

    [Fact]
    public async Task A_receipt_is_not_voided_without_a_reason() => Assert.Equal("400 bad-field",
        await OfAsync(await admin.PostAsync("/v1/funds/F-1/receipts/R-1/void", new { why = "" })));

    private async Task RefusedAsync(string path, object body, string refusal, int? version = null) =>
        Assert.Equal(refusal, await OfAsync(await admin.PutAsync("/v1/" + path, body, version)));

    private static async Task<string> OfAsync(HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {await response.CodeAsync()}";
}
