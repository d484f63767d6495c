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

namespace Isf.Funds.Providers;

/// <summary>
/// Registers a provider that may be paid from a fund, or corrects its details. Publishes ProviderRegistered. Source:
/// api.md, Funds; domain.md §1 (who can be paid).
/// </summary>
public static class RegisterProvider
{
    /// <summary>Why a provider is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(422, "The bank account cannot be right.")]
        NoSuchBankAccount = 1,

        [Problem(422, "A provider of this kind is not regulated by the CQC.")]
        CannotBeRegulated = 2,

        [Problem(422, "The books use this id for something else.")]
        ReservedId = 3,

        [Problem(404, "There is no such provider.")]
        UnknownProvider = 4,
    }

    /// <summary>A provider as registered.</summary>
    public sealed record Response : ProviderDetails
    {
        /// <summary>Shows the details under the provider's id.</summary>
        [SetsRequiredMembers]
        public Response(Provider provider) : base(provider.Details) => ProviderId = provider.Id;

        /// <summary>The id of the provider.</summary>
        public string ProviderId { get; init; }
    }

    /// <summary>
    /// The provider, if its bank account is valid and its registration fits its kind (domain.md §1 row 8).
    /// </summary>
    public static Decision<Provider, Refusal> Decide(string id, ProviderDetails details, Provider? stored = null)
    {
        if (details.Bank is { } bank && !Checks.IsBankAccount(bank.SortCode, bank.AccountNumber))
        {
            return (Refusal.NoSuchBankAccount,
                "A sort code has six digits and an account number eight: look at /bank.");
        }
        if (details.CqcLocationId is not null
            && details.Kind is (ProviderKind.MicroEnterprise or ProviderKind.Shop or ProviderKind.Unpaid))
        {
            return (Refusal.CannotBeRegulated,
                $"Leave cqcLocationId out for a {Wire.NameOf(details.Kind)}, or choose another kind.");
        }
        // A provider that was registered before the books reserved this id can still be corrected.
        if (stored is null && ReservedNames.Providers.TryGetValue(id, out var meaning))
            return (Refusal.ReservedId, $"In the books “{id}” stands for {meaning}: choose another id.");
        return new Provider(id, details);
    }

    /// <summary>Registers a provider that may be paid from a fund, or corrects its details.</summary>
    /// <param name="id">The id of the provider, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string id, JsonBody<ProviderDetails> body, ConditionalPut put, Session session)
    {
        new Fields().Text(body.Value.Name, "/name").Text(body.Value.CqcLocationId, "/cqcLocationId", 32)
            .Text(body.Value.Bank?.AccountName, "/bank/accountName", 70).Refuse();
        return put.UpsertAsync<Provider, Refusal, Response>(session, id, [],
            same: stored => JsonEquality.AreEqual(stored.Details, body.Value),
            decide: (stored, _) => Task.FromResult(Decide(id, body.Value, stored)),
            publish: (provider, version) =>
                session.Publish(Fact(provider, version), $"{provider.Id}/{version}"),
            show: provider => new Response(provider));
    }

    /// <summary>Shows a provider as registered.</summary>
    /// <param name="id">The id of the provider.</param>
    public static async Task<ShowResult<Response>> GetAsync(string id, Session session, HttpContext http)
    {
        var provider = await session.LoadAsync<Provider>(id)
            ?? throw ProblemException.For(Refusal.UnknownProvider, $"No provider {id} is known here.");
        return IdempotentPut.Show(http, session.VersionOf<Provider>(id), new Response(provider));
    }

    /// <summary>Lists the providers in order of id; the options narrow the list.</summary>
    /// <param name="name">A part of the name, in upper or lower case.</param>
    /// <param name="kind">The kind of provider.</param>
    public static async Task<ItemPage<Response>> ListAsync(Page page, Session session, string? name = null,
        [NamesOf(typeof(ProviderKind))] string? kind = null)
    {
        await page.CheckAfterAsync(async id => await session.LoadAsync<Provider>(id) is not null);
        var providers = await session.Query<Provider>()
            .WhereGiven(name, part => provider =>
                provider.Details.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
            .WhereGiven(kind, ProviderTable.OfKind)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. providers.Select(provider => new Response(provider))], page.Limit,
            provider => provider.ProviderId);
    }

    internal static ProviderRegistered Fact(Provider provider, int version) => new()
    {
        ProviderId = provider.Id,
        Version = version,
        Name = provider.Details.Name,
        Kind = Wire.NameOf(provider.Details.Kind),
        CqcLocationId = provider.Details.CqcLocationId,
        VatRegistered = provider.Details.Vat.Registered,
        SortCode = provider.Details.Bank?.SortCode,
        AccountNumber = provider.Details.Bank?.AccountNumber,
        AccountName = provider.Details.Bank?.AccountName,
    };
}
