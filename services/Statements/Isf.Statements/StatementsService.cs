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
    public static Service Describe() => WithDocuments(new Service("statements", typeof(StatementsService).Assembly))
        .Publishes<StatementIssued>()
        .Consumes<HolderSet, KeepHolderConsumer>("keep-holder")
        .Consumes<PersonRegistered, KeepPeopleConsumer>("keep-people")
        .Consumes<ProviderRegistered, KeepProvidersConsumer>("keep-providers")
        .Consumes<FundOpened, KeepFundsConsumer>("keep-funds")
        .Consumes<AgreementSigned, KeepFundsConsumer>("keep-funds")
        .Consumes<FundClosed, KeepClosuresConsumer>("keep-closures")
        .Consumes<BudgetSet, KeepPromisesConsumer>("keep-promises")
        .Consumes<AllocationMade, KeepPromisesConsumer>("keep-promises")
        .Consumes<AllocationRevised, KeepPromisesConsumer>("keep-promises")
        .Consumes<AllocationEnded, KeepPromisesConsumer>("keep-promises")
        .Consumes<MoneyReceived, KeepReceiptsConsumer>("keep-receipts")
        .Consumes<ConsentGiven, KeepConsentsConsumer>("keep-consents")
        .Consumes<ConsentWithdrawn, KeepConsentsConsumer>("keep-consents")
        .Consumes<PlanApproved, KeepPlansConsumer>("keep-plans")
        .Consumes<WeekClosed, KeepWeeksConsumer>("keep-weeks")
        .Consumes<VisitsPriced, KeepReasonsConsumer>("keep-reasons")
        .Consumes<VisitRepriced, KeepReasonsConsumer>("keep-reasons")
        .Consumes<PriceAdjusted, KeepReasonsConsumer>("keep-reasons")
        .Consumes<JournalsPosted, KeepJournalsConsumer>("keep-journals")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Consumes<Contracts.Support.DocumentsStated, CompareCopiesConsumer>("compare-copies")
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

    private static Service WithDocuments(Service statements) => statements
        .Document<KeptFund>("keptfund")
        .Document<IssuedStatement>("issuedstatement")
        .Column<IssuedStatement>(one => one.FundId, "fund_id")
        .Column<IssuedStatement>(one => one.From, "from_on");
}
