using System.Security.Cryptography;
using Isf.Contracts.Funds;
using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Documents;
using Isf.Funds.Domain;
using Isf.Funds.Fees;
using Isf.Funds.Funds;
using Isf.Funds.Holders;
using Isf.Funds.People;
using Isf.Funds.Providers;
using Isf.Funds.Receipts;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Funds;

/// <summary>
/// Table of contents of the Funds service, which keeps what was promised. It consumes only its own messages, because it
/// copies no facts of other services.
/// </summary>
public static class FundsService
{
    private static readonly string[] Money = [Role.HolderAdmin, Role.HolderFinance];
    private static readonly string[] Care = [Role.HolderAdmin, Role.HolderCare];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>All messages, jobs and endpoints of the service.</summary>
    public static Service Describe() => WithDocuments(new Service("funds", typeof(FundsService).Assembly))
        .Publishes<HolderSet>()
        .Publishes<PersonRegistered>()
        .Publishes<ProviderRegistered>()
        .Publishes<FundOpened>()
        .Publishes<AgreementSigned>()
        .Publishes<BudgetSet>()
        .Publishes<AllocationMade>()
        .Publishes<AllocationRevised>()
        .Publishes<MoneyReceived>()
        .Publishes<ReceiptVoided>()
        .Publishes<MoneyReturned>()
        .Publishes<ReturnVoided>()
        .Publishes<FeeCharged>()
        .Publishes<FundClosed>()
        .Publishes<ConsentGiven>()
        .Publishes<ConsentWithdrawn>()
        .Publishes<Contracts.Funds.DocumentsStated>()
        .Publishes<FundsRunAsked>()
        .Consumes<FundsRunAsked, StateDocumentsConsumer>("state-documents")
        .Schedules(StateDocuments.Schedule, StateDocuments.Cron, StateDocuments.ToMessage)
        .Uses(services =>
            services.AddSingleton<SaltSource>(() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))))
        .Routes(MapParties)
        .Routes(MapFunds)
        .Routes(MapMoney);

    // The holder, the people and the providers.
    private static void MapParties(Routes routes)
    {
        routes.MapPut("/v1/holder", SetHolder.PutAsync).RequireRoles(Role.HolderAdmin)
            .Refuses(SetHolder.Refusal.NoSuchBankAccount).Refuses(FeatureRefusal.BadField);
        routes.MapGet("/v1/holder", SetHolder.GetAsync).RequireRoles(Readers)
            .Refuses(SetHolder.Refusal.HolderNotSet);
        routes.MapPut("/v1/people/{id}", RegisterPerson.PutAsync).RequireRoles(Care)
            .Refuses(RegisterPerson.Refusal.NoSuchNhsNumber, RegisterPerson.Refusal.BornInTheFuture)
            .Refuses(FeatureRefusal.BadField);
        routes.MapGet("/v1/people/{id}", RegisterPerson.GetAsync).RequireRoles(Readers)
            .Refuses(RegisterPerson.Refusal.UnknownPerson);
        routes.MapGet("/v1/people", RegisterPerson.ListAsync).RequireRoles(Readers);
        routes.MapPut("/v1/providers/{id}", RegisterProvider.PutAsync).RequireRoles(Money)
            .Refuses(RegisterProvider.Refusal.NoSuchBankAccount, RegisterProvider.Refusal.CannotBeRegulated,
                RegisterProvider.Refusal.ReservedId)
            .Refuses(FeatureRefusal.BadField);
        routes.MapGet("/v1/providers/{id}", RegisterProvider.GetAsync).RequireRoles(Readers)
            .Refuses(RegisterProvider.Refusal.UnknownProvider);
        routes.MapGet("/v1/providers", RegisterProvider.ListAsync).RequireRoles(Readers);
    }

    // The funds, what is promised from them, and who may see them.
    private static void MapFunds(Routes routes)
    {
        routes.MapPut("/v1/funds/{fundId}", OpenFund.PutAsync).RequireRoles(Money).Refuses<OpenFund.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}", OpenFund.GetAsync).RequireRoles(Role.AnyReader)
            .Refuses(FeatureRefusal.UnknownFund);
        routes.MapGet("/v1/funds", OpenFund.ListAsync).RequireRoles(Role.AnyReader);
        routes.MapPut("/v1/funds/{fundId}/budgets/{id}", SetBudget.PutAsync).RequireRoles(Money)
            .Refuses<SetBudget.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapPut("/v1/funds/{fundId}/allocations/{id}", AllocateToProvider.PutAsync).RequireRoles(Money)
            .Refuses<AllocateToProvider.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapPut("/v1/funds/{fundId}/closure", CloseFund.PutAsync).RequireRoles(Money)
            .Refuses(CloseFund.Refusal.UnknownFund, CloseFund.Refusal.BeforeFundOpens,
                CloseFund.Refusal.UnknownProvider, CloseFund.Refusal.MomentOnAnotherDay)
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}/closure", CloseFund.GetAsync)
            .RequireRoles([.. Readers, Role.Person, Role.Council])
            .Refuses(CloseFund.Refusal.NotClosed).Refuses(FeatureRefusal.UnknownFund);
        routes.MapPut("/v1/funds/{fundId}/consents/{id}", GiveConsent.PutAsync)
            .RequireRoles(Role.HolderAdmin, Role.Person)
            .Refuses(GiveConsent.Refusal.UnknownFund).Refuses(FeatureRefusal.BadField);
        routes.MapPost("/v1/funds/{fundId}/consents/{id}/withdraw", GiveConsent.PostWithdrawalAsync)
            .RequireRoles(Role.HolderAdmin, Role.Person).Refuses<GiveConsent.Refusal>()
            .SendsHeader(ResponseHeader.Fact);
    }

    private static void MapMoney(Routes routes)
    {
        routes.MapPut("/v1/funds/{fundId}/receipts/{id}", ReceiveMoney.PutAsync).RequireRoles(Money)
            .Refuses<ReceiveMoney.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapPost("/v1/funds/{fundId}/receipts/{id}/void", VoidMoney.PostReceiptAsync).RequireRoles(Money)
            .Refuses<VoidMoney.Refusal>().Refuses(FeatureRefusal.BadField).SendsHeader(ResponseHeader.Fact);
        routes.MapPut("/v1/funds/{fundId}/returns/{id}", ReturnMoney.PutAsync).RequireRoles(Money)
            .Refuses<ReturnMoney.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapPost("/v1/funds/{fundId}/returns/{id}/void", VoidMoney.PostReturnAsync).RequireRoles(Money)
            .Refuses(VoidMoney.Refusal.UnknownMoney, VoidMoney.Refusal.VoidedForAnotherReason)
            .Refuses(FeatureRefusal.BadField).SendsHeader(ResponseHeader.Fact);
        routes.MapPut("/v1/funds/{fundId}/fees/{id}", ChargeFee.PutAsync).RequireRoles(Money)
            .Refuses<ChargeFee.Refusal>().Refuses(FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
    }

    private static Service WithDocuments(Service funds) => funds
        .Document<Holder>("holder")
        .Document<Person>("person")
        .Document<Provider>("provider")
        .Document<Fund>("fund")
        .Document<Budget>("budget")
        .Document<Allocation>("allocation")
        .Document<Receipt>("receipt")
        .Document<MoneyReturn>("moneyreturn")
        .Document<Consent>("consent")
        .Document<Closure>("closure")
        .Document<Fee>("fee")
        .Column<Allocation>(allocation => allocation.FundId, "fund_id")
        .Column<Budget>(budget => budget.FundId, "fund_id")
        .Column<Consent>(consent => consent.FundId, "fund_id")
        .Column<Fee>(fee => fee.FundId, "fund_id")
        .Column<MoneyReturn>(moneyReturn => moneyReturn.FundId, "fund_id")
        .Column<Receipt>(receipt => receipt.FundId, "fund_id")
        .Column<Consent>(consent => consent.Details.Supporter, "supporter")
        .Column<Fund>(fund => fund.Details.PersonId, "person_id")
        .Column<Fund>(fund => fund.Details.CouncilId, "council_id");
}
