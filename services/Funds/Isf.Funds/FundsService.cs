using System.Security.Cryptography;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Features;
using Isf.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Funds;

/// <summary>
/// Table of contents of the Funds service: the promise. It hears only itself; it is where facts begin.
/// </summary>
public static class FundsService
{
    private static readonly string[] Money = [Role.HolderAdmin, Role.HolderFinance];
    private static readonly string[] Care = [Role.HolderAdmin, Role.HolderCare];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>All that it says and answers.</summary>
    public static Service Describe() => WithColumns(new Service("funds", typeof(FundsService).Assembly))
        .Says<HolderSet>()
        .Says<PersonRegistered>()
        .Says<ProviderRegistered>()
        .Says<FundOpened>()
        .Says<AgreementSigned>()
        .Says<BudgetSet>()
        .Says<AllocationMade>()
        .Says<AllocationRevised>()
        .Says<MoneyReceived>()
        .Says<ReceiptVoided>()
        .Says<MoneyReturned>()
        .Says<ReturnVoided>()
        .Says<FeeCharged>()
        .Says<FundClosed>()
        .Says<ConsentGiven>()
        .Says<ConsentWithdrawn>()
        .Says<Contracts.Funds.DocumentsStated>()
        .Says<FundsRunAsked>()
        .Hears<FundsRunAsked, StateDocumentsConsumer>()
        .Schedules(StateDocuments.Schedule, StateDocuments.Cron, StateDocuments.Ask)
        .Uses(services =>
            services.AddSingleton<SaltSource>(() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))))
        .Routes(routes =>
        {
            routes.MapPut("/v1/holder", SetHolder.HandleAsync).Admits(Role.HolderAdmin);
            routes.MapGet("/v1/holder", SetHolder.ShowAsync).Admits(Readers);
            routes.MapPut("/v1/people/{id}", RegisterPerson.HandleAsync).Admits(Care);
            routes.MapGet("/v1/people/{id}", RegisterPerson.ShowAsync).Admits(Readers);
            routes.MapGet("/v1/people", RegisterPerson.ListAsync).Admits(Readers);
            routes.MapPut("/v1/providers/{id}", RegisterProvider.HandleAsync).Admits(Money);
            routes.MapGet("/v1/providers/{id}", RegisterProvider.ShowAsync).Admits(Readers);
            routes.MapGet("/v1/providers", RegisterProvider.ListAsync).Admits(Readers);
            routes.MapPut("/v1/funds/{fundId}", OpenFund.HandleAsync).Admits(Money);
            routes.MapGet("/v1/funds/{fundId}", OpenFund.ShowAsync)
                .Admits([.. Readers, Role.Person, Role.Supporter, Role.Council]);
            routes.MapGet("/v1/funds", OpenFund.ListAsync)
                .Admits([.. Readers, Role.Person, Role.Supporter, Role.Council]);
            routes.MapPut("/v1/funds/{fundId}/budgets/{id}", SetBudget.HandleAsync).Admits(Money);
            routes.MapPut("/v1/funds/{fundId}/allocations/{id}", AllocateToProvider.HandleAsync).Admits(Money);
            routes.MapPut("/v1/funds/{fundId}/receipts/{id}", ReceiveMoney.HandleAsync).Admits(Money);
            routes.MapPost("/v1/funds/{fundId}/receipts/{id}/void", VoidMoney.HandleReceiptAsync).Admits(Money);
            routes.MapPut("/v1/funds/{fundId}/returns/{id}", ReturnMoney.HandleAsync).Admits(Money);
            routes.MapPost("/v1/funds/{fundId}/returns/{id}/void", VoidMoney.HandleReturnAsync).Admits(Money);
            routes.MapPut("/v1/funds/{fundId}/fees/{id}", ChargeFee.HandleAsync).Admits(Money);
            routes.MapPut("/v1/funds/{fundId}/closure", CloseFund.HandleAsync).Admits(Money);
            routes.MapGet("/v1/funds/{fundId}/closure", CloseFund.ShowAsync)
                .Admits([.. Readers, Role.Person, Role.Council]);
            routes.MapPut("/v1/funds/{fundId}/consents/{id}", GiveConsent.HandleAsync)
                .Admits(Role.HolderAdmin, Role.Person);
            routes.MapPost("/v1/funds/{fundId}/consents/{id}/withdraw", GiveConsent.WithdrawAsync)
                .Admits(Role.HolderAdmin, Role.Person);
        });

    private static Service WithColumns(Service funds) => funds
        .Column<Allocation>(one => one.FundId, "fund_id")
        .Column<Budget>(one => one.FundId, "fund_id")
        .Column<Consent>(one => one.FundId, "fund_id")
        .Column<Fee>(one => one.FundId, "fund_id")
        .Column<MoneyReturn>(one => one.FundId, "fund_id")
        .Column<Receipt>(one => one.FundId, "fund_id")
        .Column<Consent>(one => one.Details.Supporter, "supporter")
        .Column<Fund>(one => one.Details.PersonId, "person_id")
        .Column<Fund>(one => one.Details.CouncilId, "council_id");
}
