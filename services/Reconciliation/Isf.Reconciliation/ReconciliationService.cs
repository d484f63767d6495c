using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Reconciliation.Domain;
using Isf.Reconciliation.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Reconciliation;

/// <summary>Table of contents of the Reconciliation service: the check.</summary>
public static class ReconciliationService
{
    private static readonly string[] Money = [Role.HolderAdmin, Role.HolderFinance];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];
    private static readonly string[] FeedReaders = [.. Readers, Role.Council];

    /// <summary>All messages, schedules and endpoints of the service.</summary>
    public static Service Describe() => new Service("reconciliation", typeof(ReconciliationService).Assembly)
        .Column<KnownAgreement>(one => one.FundId, "fund_id")
        .Column<KnownBudget>(one => one.FundId, "fund_id")
        .Column<KnownFund>(one => one.CouncilId, "council_id")
        .Column<KnownPerson>(one => one.PersonId, "person_id")
        .Says<RunCompleted>()
        .Says<ExceptionRaised>()
        .Says<ExceptionResolved>()
        .Says<FeedIssued>()
        .Says<ReconciliationRunAsked>()
        .Hears<FundOpened, KeepFundsConsumer>()
        .Hears<AgreementSigned, KeepFundsConsumer>()
        .Hears<BudgetSet, KeepFundsConsumer>()
        .Hears<PersonRegistered, KeepPeopleConsumer>()
        .Hears<JournalsPosted, KeepJournalsConsumer>()
        .Hears<BooksStated, KeepStatedBooksConsumer>()
        .Hears<FundOverdrawn, RaiseOverdrawnConsumer>()
        .Hears<PromiseOverdrawn, RaiseOverdrawnConsumer>()
        .Hears<ReturnedBeyondHeld, RaiseReturnedBeyondHeldConsumer>()
        .Hears<ReconciliationRunAsked, CheckBooksConsumer>()
        .Hears<ReconciliationRunAsked, WatchFactsConsumer>()
        .Hears<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>()
        .Hears<Contracts.Support.CopyDiffers, RaiseCopyDifferencesConsumer>()
        .Hears<Contracts.Invoicing.CopyDiffers, RaiseCopyDifferencesConsumer>()
        .Hears<Contracts.Ledger.CopyDiffers, RaiseCopyDifferencesConsumer>()
        .Schedules(CheckBooks.Schedule, CheckBooks.Cron, CheckBooks.Ask)
        .Schedules(WatchFacts.Schedule, WatchFacts.Cron, CheckBooks.Ask, hourly: true)
        .Uses(services => services.AddHostedService<FollowDiscards>())
        .Routes(routes =>
        {
            routes.MapPut("/v1/runs/{id}", CheckBooks.HandleAsync).WaitsForFact().RequireRoles(Money);
            routes.MapGet("/v1/runs/{id}", CheckBooks.ShowAsync).WaitsForFact().RequireRoles(Readers);
            routes.MapGet("/v1/exceptions", ResolveException.ListAsync).WaitsForFact().RequireRoles(Readers);
            routes.MapPost("/v1/exceptions/{id}/resolution", ResolveException.HandleAsync).RequireRoles(Money);
            routes.MapPut("/v1/councils/{councilId}/feeds/{id}", IssueFeed.HandleAsync).WaitsForFact()
                .RequireRoles(Money);
            routes.MapGet("/v1/councils/{councilId}/feeds/{id}", IssueFeed.ShowAsync).RequireRoles(FeedReaders);
            routes.MapGet("/v1/councils/{councilId}/feeds/{id}.json", IssueFeed.FileOf("json"))
                .RequireRoles(FeedReaders);
            routes.MapGet("/v1/councils/{councilId}/feeds/{id}.csv", IssueFeed.FileOf("csv")).RequireRoles(FeedReaders);
            routes.MapGet("/v1/councils/{councilId}/feeds/{id}.zip", IssueFeed.FileOf("zip")).RequireRoles(FeedReaders);
        });
}
