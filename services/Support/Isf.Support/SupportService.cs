using Isf.Contracts.Funds;
using Isf.Contracts.Support;
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
    private static readonly string[] Table = ["from", "to", "format"];
    private static readonly string[] Weeks = ["to", "weeks", "format"];
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
        .Routes(Tables)
        .Routes(routes =>
        {
            routes.MapPut("/v1/funds/{fundId}/plans/{id}", ApprovePlan.PutAsync).RequireRoles(Care);
            routes.MapGet("/v1/funds/{fundId}/plans/{id}", ShowPlans.GetAsync).RequireRoles(PlanReaders);
            routes.MapGet("/v1/funds/{fundId}/plans", ShowPlans.ListAsync).RequireRoles(PlanReaders);
            routes.MapGet("/v1/funds/{fundId}/expected", ShowExpected.GetAsync)
                .RequireRoles(PlanReaders).WaitsForFact();
            routes.MapPut("/v1/funds/{fundId}/absences/{id}", RecordAbsence.PutAsync).RequireRoles(Care);
            routes.MapGet("/v1/funds/{fundId}/absences/{id}", RecordAbsence.GetAsync).RequireRoles(Readers);
            routes.MapPost("/v1/funds/{fundId}/absences/{id}/withdraw", RecordAbsence.PostWithdrawalAsync)
                .RequireRoles(Care);
            routes.MapGet("/v1/funds/{fundId}/absences", RecordAbsence.ListAsync).RequireRoles(Readers);
            routes.MapPut("/v1/visits/{id}", RecordVisit.PutAsync).RequireRoles(Care);
            routes.MapGet("/v1/visits/{id}", ShowVisit.GetAsync).RequireRoles(Readers);
            routes.MapPost("/v1/care-flags/{id}/resolution", CareFlags.PostResolutionAsync).RequireRoles(Care);
            routes.MapPut("/v1/check-terms", SetCheckThresholds.PutAsync).RequireRoles(Care);
            routes.MapGet("/v1/check-terms", SetCheckThresholds.GetAsync).RequireRoles(FileReaders);
            MapFiles(routes);
        });

    private static void MapFiles(Routes routes)
    {
        routes.MapPost("/v1/visit-files", StoreVisitFile.PostAsync).RequireRoles(Care);
        routes.MapGet("/v1/visit-files/{id}", ShowVisitFile.GetAsync).RequireRoles(FileReaders).WaitsForFact();
        routes.MapDelete("/v1/visit-files/{id}", CancelVisitFile.DeleteAsync).RequireRoles(Care);
        routes.MapGet("/v1/visit-files/{id}/rejections",
            ShowRejections.GetAsync).RequireRoles(FileReaders).WaitsForFact();
        routes.MapPut("/v1/visit-file-profiles/{id}", SetVisitFileProfile.PutAsync).RequireRoles(Care);
        routes.MapGet("/v1/visit-file-profiles/{id}", ShowVisitFileProfiles.GetAsync).RequireRoles(FileReaders);
        routes.MapGet("/v1/visit-file-profiles", ShowVisitFileProfiles.ListAsync).RequireRoles(FileReaders);
    }

    // Maps the endpoints that return rows, in pages or as CSV.
    private static void Tables(Routes routes)
    {
        routes.MapGet("/v1/funds/{fundId}/continuity", ShowContinuity.GetAsync)
            .AcceptsOptions([.. Table, "toleranceMinutes"]).RequireRoles(Readers).WaitsForFact();
        routes.MapGet("/v1/hours", ShowCareHours.GetOfHolderAsync)
            .AcceptsOptions(Table).RequireRoles(FileReaders).WaitsForFact();
        routes.MapGet("/v1/providers/{providerId}/hours",
            ShowCareHours.GetOfProviderAsync).AcceptsOptions(Table).RequireRoles(FileReaders).WaitsForFact();
        routes.MapGet("/v1/deliveries/under", ShowDeliveries.GetUnderAsync)
            .AcceptsOptions([.. Weeks, "periods", "percent"]).RequireRoles(FileReaders).WaitsForFact();
        routes.MapGet("/v1/deliveries/none", ShowDeliveries.GetNoneAsync).AcceptsOptions(Weeks)
            .RequireRoles(FileReaders).WaitsForFact();
        routes.MapGet("/v1/deliveries/over", ShowDeliveries.GetOverAsync)
            .AcceptsOptions([.. Weeks, "percent"]).RequireRoles(FileReaders).WaitsForFact();
        routes.MapGet("/v1/care-flags", CareFlags.ListAsync).AcceptsOptions(Table)
            .RequireRoles(FileReaders).WaitsForFact();
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
