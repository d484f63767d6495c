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
        .Routes(routes =>
        {
            routes.MapPut("/v1/holder", SetHolder.PutAsync).RequireRoles(Role.HolderAdmin);
            routes.MapGet("/v1/holder", SetHolder.GetAsync).RequireRoles(Readers);
            routes.MapPut("/v1/people/{id}", RegisterPerson.PutAsync).RequireRoles(Care);
            routes.MapGet("/v1/people/{id}", RegisterPerson.GetAsync).RequireRoles(Readers);
            routes.MapGet("/v1/people", RegisterPerson.ListAsync).RequireRoles(Readers);
            routes.MapPut("/v1/providers/{id}", RegisterProvider.PutAsync).RequireRoles(Money);
            routes.MapGet("/v1/providers/{id}", RegisterProvider.GetAsync).RequireRoles(Readers);
            routes.MapGet("/v1/providers", RegisterProvider.ListAsync).RequireRoles(Readers);
            routes.MapPut("/v1/funds/{fundId}", OpenFund.PutAsync).RequireRoles(Money);
            routes.MapGet("/v1/funds/{fundId}", OpenFund.GetAsync)
                .RequireRoles([.. Readers, Role.Person, Role.Supporter, Role.Council]);
            routes.MapGet("/v1/funds", OpenFund.ListAsync)
                .RequireRoles([.. Readers, Role.Person, Role.Supporter, Role.Council]);
            routes.MapPut("/v1/funds/{fundId}/budgets/{id}", SetBudget.PutAsync).RequireRoles(Money);
            routes.MapPut("/v1/funds/{fundId}/allocations/{id}", AllocateToProvider.PutAsync).RequireRoles(Money);
            routes.MapPut("/v1/funds/{fundId}/receipts/{id}", ReceiveMoney.PutAsync).RequireRoles(Money);
            routes.MapPost("/v1/funds/{fundId}/receipts/{id}/void", VoidMoney.PostReceiptAsync).RequireRoles(Money);
            routes.MapPut("/v1/funds/{fundId}/returns/{id}", ReturnMoney.PutAsync).RequireRoles(Money);
            routes.MapPost("/v1/funds/{fundId}/returns/{id}/void", VoidMoney.PostReturnAsync).RequireRoles(Money);
            routes.MapPut("/v1/funds/{fundId}/fees/{id}", ChargeFee.PutAsync).RequireRoles(Money);
            routes.MapPut("/v1/funds/{fundId}/closure", CloseFund.PutAsync).RequireRoles(Money);
            routes.MapGet("/v1/funds/{fundId}/closure", CloseFund.GetAsync)
                .RequireRoles([.. Readers, Role.Person, Role.Council]);
            routes.MapPut("/v1/funds/{fundId}/consents/{id}", GiveConsent.PutAsync)
                .RequireRoles(Role.HolderAdmin, Role.Person);
            routes.MapPost("/v1/funds/{fundId}/consents/{id}/withdraw", GiveConsent.PostWithdrawalAsync)
                .RequireRoles(Role.HolderAdmin, Role.Person);
        });

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
