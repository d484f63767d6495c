using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Statements;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Statements.Features;
using Isf.Statements.Persistence;
using Microsoft.AspNetCore.Builder;

namespace Isf.Statements;

/// <summary>Table of contents of the Statements service: the account given to the person.</summary>
public static class StatementsService
{
    private const string OfFund = "/v1/funds/{fundId}/statements";

    /// <summary>All messages and endpoints of the service.</summary>
    public static Service Describe() => new Service("statements", typeof(StatementsService).Assembly)
        .Column<IssuedStatement>(one => one.FundId, "fund_id")
        .Column<IssuedStatement>(one => one.From, "from_on")
        .Says<StatementIssued>()
        .Hears<HolderSet, KeepHolderConsumer>()
        .Hears<PersonRegistered, KeepPeopleConsumer>()
        .Hears<ProviderRegistered, KeepProvidersConsumer>()
        .Hears<FundOpened, KeepFundsConsumer>()
        .Hears<AgreementSigned, KeepFundsConsumer>()
        .Hears<FundClosed, KeepClosuresConsumer>()
        .Hears<BudgetSet, KeepPromisesConsumer>()
        .Hears<AllocationMade, KeepPromisesConsumer>()
        .Hears<AllocationRevised, KeepPromisesConsumer>()
        .Hears<AllocationEnded, KeepPromisesConsumer>()
        .Hears<MoneyReceived, KeepReceiptsConsumer>()
        .Hears<ConsentGiven, KeepConsentsConsumer>()
        .Hears<ConsentWithdrawn, KeepConsentsConsumer>()
        .Hears<PlanApproved, KeepPlansConsumer>()
        .Hears<WeekClosed, KeepWeeksConsumer>()
        .Hears<VisitsPriced, KeepReasonsConsumer>()
        .Hears<VisitRepriced, KeepReasonsConsumer>()
        .Hears<PriceAdjusted, KeepReasonsConsumer>()
        .Hears<JournalsPosted, KeepJournalsConsumer>()
        .Hears<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>()
        .Hears<Contracts.Support.DocumentsStated, CompareCopiesConsumer>()
        .Routes(routes =>
        {
            routes.MapPut(OfFund + "/{id}", IssueStatement.HandleAsync)
                .RequireRoles(Role.HolderAdmin, Role.HolderFinance);
            routes.MapGet(OfFund, ListStatements.HandleAsync).RequireRoles(Role.AnyReader).WaitsForFact();
            routes.MapGet(OfFund + "/{id}", ShowStatement.HandleAsync).RequireRoles(Role.AnyReader).WaitsForFact();
            routes.MapGet(OfFund + "/{id}/since", ShowSince.HandleAsync).RequireRoles(Role.AnyReader).WaitsForFact();
            routes.MapGet("/v1/funds/{fundId}/forecast", ShowForecast.HandleAsync)
                .RequireRoles(Role.AnyReader).WaitsForFact();
        });
}
