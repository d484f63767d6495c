using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Reconciliation.Books;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Councils;
using Isf.Reconciliation.Exceptions;
using Isf.Reconciliation.Facts;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Reconciliation;

/// <summary>Table of contents of Reconciliation, the service that checks the books.</summary>
public static class ReconciliationService
{
    private const string FeedOf = "/v1/councils/{councilId}/feeds/{id}";
    private static readonly string[] Money = [Role.HolderAdmin, Role.HolderFinance];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];
    private static readonly string[] FeedReaders = [.. Readers, Role.Council];

    /// <summary>All messages, schedules and endpoints of the service.</summary>
    public static Service Describe() => WithDocuments(
            new Service("reconciliation", typeof(ReconciliationService).Assembly))
        .Publishes<RunCompleted>()
        .Publishes<ExceptionRaised>()
        .Publishes<ExceptionResolved>()
        .Publishes<FeedIssued>()
        .Publishes<ReconciliationRunAsked>()
        .Consumes<FundOpened, CopyFundsConsumer>("keep-funds")
        .Consumes<AgreementSigned, CopyFundsConsumer>("keep-funds")
        .Consumes<BudgetSet, CopyFundsConsumer>("keep-funds")
        .Consumes<PersonRegistered, CopyPeopleConsumer>("keep-people")
        .Consumes<JournalsPosted, CopyJournalsConsumer>("keep-journals")
        .Consumes<BooksStated, CopyStatedBooksConsumer>("keep-stated-books")
        .Consumes<FundOverdrawn, RaiseOverdrawnConsumer>("raise-overdrawn")
        .Consumes<PromiseOverdrawn, RaiseOverdrawnConsumer>("raise-overdrawn")
        .Consumes<ReturnedBeyondHeld, RaiseReturnedBeyondHeldConsumer>("raise-returned-beyond-held")
        .Consumes<ReconciliationRunAsked, CheckBooksConsumer>("check-books")
        .Consumes<ReconciliationRunAsked, WatchFactsConsumer>("watch-facts")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Consumes<Contracts.Support.CopyDiffers, RaiseCopyDifferencesConsumer>("raise-copy-differences")
        .Consumes<Contracts.Invoicing.CopyDiffers, RaiseCopyDifferencesConsumer>("raise-copy-differences")
        .Consumes<Contracts.Ledger.CopyDiffers, RaiseCopyDifferencesConsumer>("raise-copy-differences")
        .Schedules(CheckBooks.Schedule, CheckBooks.Cron, CheckBooks.ToMessage)
        .Schedules(WatchFacts.Schedule, WatchFacts.Cron, CheckBooks.ToMessage, hourly: true)
        .Uses(services => services.AddHostedService<FollowDiscards>())
        .Routes(routes =>
        {
            routes.MapPut("/v1/runs/{id}", CheckBooks.PutAsync).WaitsForFact().RequireRoles(Money)
                .Refuses<CheckBooks.Refusal>().Refuses(FeatureRefusal.DayTooLate);
            routes.MapGet("/v1/runs/{id}", CheckBooks.GetAsync).WaitsForFact().RequireRoles(Readers)
                .Refuses<CheckBooks.ShowRefusal>();
            routes.MapGet("/v1/exceptions", ResolveException.ListAsync).WaitsForFact().RequireRoles(Readers)
                .Refuses<ResolveException.ListRefusal>().Refuses(FeatureRefusal.BadFrom, FeatureRefusal.BadTo);
            routes.MapPost("/v1/exceptions/{id}/resolution", ResolveException.PostAsync).RequireRoles(Money)
                .Refuses<ResolveException.Refusal>().Refuses(FeatureRefusal.BadField).SendsHeader(ResponseHeader.Fact);
            MapFeeds(routes);
        });

    private static void MapFeeds(Routes routes)
    {
        routes.MapPut(FeedOf, IssueFeed.PutAsync).WaitsForFact().RequireRoles(Money)
            .Refuses<IssueFeed.Refusal>().Refuses(FeatureRefusal.DayTooEarly);
        routes.MapGet(FeedOf, IssueFeed.GetAsync).RequireRoles(FeedReaders).Refuses<IssueFeed.ShowRefusal>();
        routes.MapGet(FeedOf + ".json", IssueFeed.GetJsonAsync).RequireRoles(FeedReaders)
            .Refuses<IssueFeed.ShowRefusal>().Returns<FeedFile>(200).SendsHeader(ResponseHeader.ETag);
        routes.MapGet(FeedOf + ".csv", IssueFeed.GetCsvAsync).RequireRoles(FeedReaders)
            .Refuses<IssueFeed.ShowRefusal>().ReturnsFile("text/csv").SendsHeader(ResponseHeader.ETag);
        routes.MapGet(FeedOf + ".zip", IssueFeed.GetZipAsync).RequireRoles(FeedReaders)
            .Refuses<IssueFeed.ShowRefusal>().ReturnsFile("application/zip").SendsHeader(ResponseHeader.ETag);
    }

    private static Service WithDocuments(Service reconciliation) => reconciliation
        .Document<Run>("run")
        .Document<Feed>("feed")
        .Document<FundCopy>("knownfund")
        .Document<PersonCopy>("knownperson")
        .Document<AgreementCopy>("knownagreement")
        .Document<BudgetCopy>("knownbudget")
        .Column<AgreementCopy>(agreement => agreement.FundId, "fund_id")
        .Column<BudgetCopy>(budget => budget.FundId, "fund_id")
        .Column<FundCopy>(fund => fund.CouncilId, "council_id")
        .Column<PersonCopy>(person => person.PersonId, "person_id");
}
