using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Statements;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Statements.Copies;
using Isf.Statements.Forecasts;
using Isf.Statements.Statements;

namespace Isf.Statements;

/// <summary>
/// Table of contents of the Statements service, which shows the person what became of the fund's money and hours.
/// </summary>
public static class StatementsService
{
    private const string OfFund = "/v1/funds/{fundId}/statements";

    /// <summary>All messages, endpoints and documents of the service.</summary>
    public static Service Describe() => WithDocuments(new Service("statements", typeof(StatementsService).Assembly))
        .Publishes<StatementIssued>()
        .Consumes<HolderSet, CopyHolderConsumer>("keep-holder")
        .Consumes<PersonRegistered, CopyPeopleConsumer>("keep-people")
        .Consumes<ProviderRegistered, CopyProvidersConsumer>("keep-providers")
        .Consumes<FundOpened, CopyFundsConsumer>("keep-funds")
        .Consumes<AgreementSigned, CopyFundsConsumer>("keep-funds")
        .Consumes<FundClosed, CopyClosuresConsumer>("keep-closures")
        .Consumes<BudgetSet, CopyPromisesConsumer>("keep-promises")
        .Consumes<AllocationMade, CopyPromisesConsumer>("keep-promises")
        .Consumes<AllocationRevised, CopyPromisesConsumer>("keep-promises")
        .Consumes<AllocationEnded, CopyPromisesConsumer>("keep-promises")
        .Consumes<MoneyReceived, CopyReceiptsConsumer>("keep-receipts")
        .Consumes<ConsentGiven, CopyConsentsConsumer>("keep-consents")
        .Consumes<ConsentWithdrawn, CopyConsentsConsumer>("keep-consents")
        .Consumes<PlanApproved, CopyPlansConsumer>("keep-plans")
        .Consumes<WeekClosed, CopyWeeksConsumer>("keep-weeks")
        .Consumes<VisitsPriced, CopyReasonsConsumer>("keep-reasons")
        .Consumes<VisitRepriced, CopyReasonsConsumer>("keep-reasons")
        .Consumes<PriceAdjusted, CopyReasonsConsumer>("keep-reasons")
        .Consumes<JournalsPosted, CopyJournalsConsumer>("keep-journals")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Consumes<Contracts.Support.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Routes(routes =>
        {
            routes.MapPut(OfFund + "/{id}", IssueStatement.PutAsync).RequireRoles(Role.HolderAdmin, Role.HolderFinance)
                .Refuses<IssueStatement.Refusal>().Refuses(FeatureRefusal.UnknownFund, FeatureRefusal.DayTooEarly)
                .Returns<StatementBody>(200, 201)
                .SendsHeader(ResponseHeader.ETag).SendsHeader(ResponseHeader.Fact);
            routes.MapGet(OfFund, ListStatements.GetAsync).RequireRoles(Role.AnyReader).WaitsForFact()
                .Refuses(FeatureRefusal.UnknownFund);
            routes.MapGet(OfFund + "/{id}", ShowStatement.GetAsync).RequireRoles(Role.AnyReader).WaitsForFact()
                .Refuses<ShowStatement.Refusal>().Refuses(FeatureRefusal.UnknownFund)
                .Returns<StatementBody>(200).ReturnsFile("text/html", "text/plain").SendsHeader(ResponseHeader.ETag);
            routes.MapGet(OfFund + "/{id}/since", ShowSince.GetAsync).RequireRoles(Role.AnyReader).WaitsForFact()
                .Refuses(ShowStatement.Refusal.UnknownStatement).Refuses(FeatureRefusal.UnknownFund);
            routes.MapGet("/v1/funds/{fundId}/forecast", ShowForecast.GetAsync).RequireRoles(Role.AnyReader)
                .WaitsForFact().Refuses<ShowForecast.Refusal>().Refuses(FeatureRefusal.UnknownFund);
        });

    private static Service WithDocuments(Service statements) => statements
        .Document<FundCopy>("keptfund")
        .Document<IssuedStatement>("issuedstatement")
        .Column<IssuedStatement>(statement => statement.FundId, "fund_id")
        .Column<IssuedStatement>(statement => statement.From, "from_on");
}
