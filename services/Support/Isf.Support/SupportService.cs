using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Support.Absences;
using Isf.Support.Checks;
using Isf.Support.Copies;
using Isf.Support.Documents;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using Isf.Support.Files;
using Isf.Support.Plans;
using Isf.Support.Reports;
using Isf.Support.Terms;
using Isf.Support.Visits;
using Isf.Support.Weeks;

namespace Isf.Support;

/// <summary>
/// Lists all messages, jobs and endpoints of Support, which keeps planned care and its outcome (see README.md).
/// </summary>
public static class SupportService
{
    private static readonly string[] Care = [Role.HolderAdmin, Role.HolderCare];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Person, Role.Supporter, Role.Auditor];
    private static readonly string[] PlanReaders = [.. Readers, Role.Council];
    private const string Format = "format";
    private static readonly string[] FileReaders = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>Describes the service: all its messages, jobs, documents and endpoints.</summary>
    public static Service Describe() => WithDocuments(new Service("support", typeof(SupportService).Assembly))
        .Publishes<PlanApproved>()
        .Publishes<DaysPlanned>()
        .Publishes<DaysUnplanned>()
        .Publishes<VisitsRecorded>()
        .Publishes<VisitCorrected>()
        .Publishes<AbsenceRecorded>()
        .Publishes<WeekClosed>()
        .Publishes<WeeksTouched>()
        .Publishes<VisitFileStored>()
        .Publishes<SupportRunAsked>()
        .Publishes<Contracts.Support.DocumentsStated>()
        .Publishes<Contracts.Support.CopyDiffers>()
        .Consumes<FundOpened, EndCareConsumer>("keep-funds")
        .Consumes<FundClosed, EndCareConsumer>("keep-funds")
        .Consumes<ConsentGiven, CopyConsentsConsumer>("keep-consents")
        .Consumes<ConsentWithdrawn, CopyConsentsConsumer>("keep-consents")
        .Consumes<AgreementSigned, CopyAgreementsConsumer>("keep-agreements")
        .Consumes<AllocationMade, CoverCareConsumer>("keep-allocations")
        .Consumes<AllocationRevised, CoverCareConsumer>("keep-allocations")
        // Reading a file takes four connections, so at most two files are read at a time, of two different holders.
        .Consumes<VisitFileStored, ImportVisitFileConsumer>("import-visit-file", atOnce: 2)
        .Consumes<SupportRunAsked, PlanAheadConsumer>("plan-ahead")
        .Consumes<SupportRunAsked, CloseWeeksConsumer>("close-weeks")
        .Consumes<WeeksTouched, CloseWeeksConsumer>("close-weeks")
        .Consumes<VisitsRecorded, CheckVisitsConsumer>("check-visits", join: CheckVisits.Joined)
        .Consumes<VisitCorrected, CheckVisitsConsumer>("check-visits")
        .Consumes<AbsenceRecorded, CheckVisitsConsumer>("check-visits")
        .Consumes<SupportRunAsked, CheckWeeksConsumer>("check-weeks")
        .Consumes<SupportRunAsked, StateDocumentsConsumer>("state-documents")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Schedules(PlanAhead.Schedule, "0 30 1 * * ?", PlanAhead.ToMessage)
        .Schedules(CloseWeeks.Schedule, CloseWeeks.Cron, PlanAhead.ToMessage)
        .Schedules(CheckWeeks.Schedule, CheckWeeks.Cron, PlanAhead.ToMessage)
        .Schedules(StateDocuments.Schedule, StateDocuments.Cron, PlanAhead.ToMessage)
        .Routes(MapPlans)
        .Routes(MapVisits)
        .Routes(MapFiles)
        .Routes(MapTables);

    private static void MapPlans(Routes routes)
    {
        routes.MapPut("/v1/funds/{fundId}/plans/{id}", ApprovePlan.PutAsync).RequireRoles(Care)
            .Refuses<ApprovePlan.Refusal>().Refuses(FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}/plans/{id}", ShowPlans.GetAsync).RequireRoles(PlanReaders)
            .Refuses<ShowPlans.Refusal>().Refuses(FeatureRefusal.UnknownFund);
        routes.MapGet("/v1/funds/{fundId}/plans", ShowPlans.ListAsync).RequireRoles(PlanReaders)
            .Refuses(FeatureRefusal.UnknownFund);
        routes.MapGet("/v1/funds/{fundId}/expected", ShowExpected.GetAsync).RequireRoles(PlanReaders).WaitsForFact()
            .Refuses<ShowExpected.Refusal>().Refuses(FeatureRefusal.UnknownFund);
        routes.MapPut("/v1/funds/{fundId}/absences/{id}", RecordAbsence.PutAsync).RequireRoles(Care)
            .Refuses(RecordAbsence.Refusal.UnknownFund, RecordAbsence.Refusal.AbsenceOfAnotherFund,
                RecordAbsence.Refusal.EndsBeforeItStarts, RecordAbsence.Refusal.Overlaps)
            .Refuses(FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}/absences/{id}", RecordAbsence.GetAsync).RequireRoles(Readers)
            .Refuses(RecordAbsence.Refusal.UnknownAbsence).Refuses(FeatureRefusal.UnknownFund);
        routes.MapPost("/v1/funds/{fundId}/absences/{id}/withdraw", RecordAbsence.PostWithdrawalAsync)
            .RequireRoles(Care).Refuses(RecordAbsence.Refusal.UnknownAbsence, RecordAbsence.Refusal.NoReason)
            .SendsHeader(ResponseHeader.Fact);
        routes.MapGet("/v1/funds/{fundId}/absences", RecordAbsence.ListAsync).RequireRoles(Readers)
            .Refuses(FeatureRefusal.UnknownFund);
    }

    private static void MapVisits(Routes routes)
    {
        routes.MapPut("/v1/visits/{id}", RecordVisit.PutAsync).RequireRoles(Care)
            .Refuses<RecordVisit.Refusal>().Refuses(RecordVisit.Faults);
        routes.MapGet("/v1/visits/{id}", ShowVisit.GetAsync).RequireRoles(Readers).Refuses<ShowVisit.Refusal>();
        routes.MapPost("/v1/care-flags/{id}/resolution", CareFlags.PostResolutionAsync).RequireRoles(Care)
            .Refuses(CareFlags.Refusal.UnknownFlag, CareFlags.Refusal.AnsweredInOtherWords)
            .Refuses(FeatureRefusal.BadField);
        // Nothing is published of a holder's limits and profiles, so their answers name no fact.
        routes.MapPut("/v1/check-terms", SetCheckThresholds.PutAsync).RequireRoles(Care)
            .Refuses<SetCheckThresholds.Refusal>().Returns<SetCheckThresholds.Response>(200, 201)
            .SendsHeader(ResponseHeader.ETag);
        routes.MapGet("/v1/check-terms", SetCheckThresholds.GetAsync).RequireRoles(FileReaders);
    }

    private static void MapFiles(Routes routes)
    {
        routes.MapPost("/v1/visit-files", StoreVisitFile.PostAsync).RequireRoles(Care)
            .Refuses<StoreVisitFile.Refusal>().ReadsFile("text/csv", "application/gzip")
            .Returns<StoreVisitFile.Response>(200, 202)
            .SendsHeader(ResponseHeader.Location).SendsHeader(ResponseHeader.Fact);
        routes.MapGet("/v1/visit-files/{id}", ShowVisitFile.GetAsync).RequireRoles(FileReaders).WaitsForFact()
            .Refuses<ShowVisitFile.Refusal>();
        routes.MapDelete("/v1/visit-files/{id}", CancelVisitFile.DeleteAsync).RequireRoles(Care)
            .Refuses<CancelVisitFile.Refusal>().Refuses<ShowVisitFile.Refusal>();
        routes.MapGet("/v1/visit-files/{id}/rejections", ShowRejections.GetAsync).RequireRoles(FileReaders)
            .WaitsForFact().Refuses<ShowRejections.Refusal>().Refuses<ShowVisitFile.Refusal>()
            .Returns<ItemPage<Rejection>>(200).ReturnsFile("text/csv");
        routes.MapPut("/v1/visit-file-profiles/{id}", SetVisitFileProfile.PutAsync).RequireRoles(Care)
            .Refuses<SetVisitFileProfile.Refusal>().Returns<VisitFileProfile>(200, 201)
            .SendsHeader(ResponseHeader.ETag);
        routes.MapGet("/v1/visit-file-profiles/{id}", ShowVisitFileProfiles.GetAsync).RequireRoles(FileReaders)
            .Refuses<ShowVisitFileProfiles.Refusal>();
        routes.MapGet("/v1/visit-file-profiles", ShowVisitFileProfiles.ListAsync).RequireRoles(FileReaders);
    }

    // Maps the endpoints that return rows, in pages or as CSV.
    private static void MapTables(Routes routes)
    {
        routes.MapGet("/v1/funds/{fundId}/continuity", ShowContinuity.GetAsync).AcceptsOptions(Format)
            .RequireRoles(Readers).WaitsForFact().Refuses<ShowContinuity.Refusal>()
            .Refuses(OptionRefusal.BadToleranceMinutes)
            .Refuses(FeatureRefusal.UnknownFund, FeatureRefusal.BadFrom, FeatureRefusal.BadTo)
            .Returns<ShowContinuity.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/hours", ShowCareHours.GetOfHolderAsync).AcceptsOptions(Format)
            .RequireRoles(FileReaders).WaitsForFact().Refuses<ShowCareHours.Refusal>()
            .Refuses(FeatureRefusal.BadFrom, FeatureRefusal.BadTo)
            .Returns<ShowCareHours.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/providers/{providerId}/hours", ShowCareHours.GetOfProviderAsync).AcceptsOptions(Format)
            .RequireRoles(FileReaders).WaitsForFact().Refuses<ShowCareHours.Refusal>()
            .Refuses(FeatureRefusal.BadFrom, FeatureRefusal.BadTo)
            .Returns<ShowCareHours.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/deliveries/under", ShowDeliveries.GetUnderAsync).AcceptsOptions(Format)
            .RequireRoles(FileReaders).WaitsForFact()
            .Refuses(OptionRefusal.BadWeeks, OptionRefusal.BadPeriods, OptionRefusal.BadPercent)
            .Refuses(FeatureRefusal.BadTo).Returns<ShowDeliveries.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/deliveries/none", ShowDeliveries.GetNoneAsync).AcceptsOptions(Format)
            .RequireRoles(FileReaders).WaitsForFact().Refuses(OptionRefusal.BadWeeks)
            .Refuses(FeatureRefusal.BadTo).Returns<ShowDeliveries.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/deliveries/over", ShowDeliveries.GetOverAsync).AcceptsOptions(Format)
            .RequireRoles(FileReaders).WaitsForFact().Refuses(OptionRefusal.BadWeeks, OptionRefusal.BadPercent)
            .Refuses(FeatureRefusal.BadTo).Returns<ShowDeliveries.Response>(200).ReturnsFile("text/csv");
        routes.MapGet("/v1/care-flags", CareFlags.ListAsync).AcceptsOptions(Format).RequireRoles(FileReaders)
            .WaitsForFact().Refuses(CareFlags.Refusal.BadState, CareFlags.Refusal.BadKind)
            .Refuses(FeatureRefusal.BadFrom, FeatureRefusal.BadTo)
            .Returns<ItemPage<CareFlags.Response>>(200).ReturnsFile("text/csv");
    }

    private static Service WithDocuments(Service support) => support
        .Document<Fund>("fund")
        .Document<Allocation>("allocation")
        .Document<Plan>("plan")
        .Document<VisitFile>("visitfile")
        .Document<VisitFileProfile>("visitfileprofile")
        .Document<ProfileInForce>("profileinforce")
        .Document<Agreement>("agreement")
        .Document<AgreedPrices>("agreedprices")
        .Document<Absence>("absence")
        .Document<CheckTerms>("checkterms")
        .Column<Absence>(absence => absence.FundId, "fund_id")
        .Column<AgreedPrices>(agreedPrices => agreedPrices.FundId, "fund_id")
        .Column<Allocation>(allocation => allocation.FundId, "fund_id")
        .Column<Plan>(plan => plan.FundId, "fund_id");
}
