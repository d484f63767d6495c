using Isf.Contracts.Funds;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using Isf.Support.Files;
using Isf.Support.Plans;
using Isf.Support.Terms;
using Isf.Support.Visits;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>The decisions of Support's features, with a row on each side of every boundary.</summary>
public sealed class SupportFeaturesTests
{
    private static readonly Fund Held = new("F-1", "P-1", "E10000009", new LocalDate(2026, 3, 30));
    private static readonly Allocation[] Made =
        [new("A-1", "F-1", 1, Monday, Monday.PlusDays(363)), new("A-2", "F-2", 1, Monday, null)];

    private static readonly PlanLine Good = Line("L-1", 1, Slot("Mon", "08:00", 45));

    /// <summary>A plan that is proposed, and what is known when it is.</summary>
    public sealed record Proposal(PlanVersion Version, Fund? Fund)
    {
        public string? EarlierPlanOf { get; init; }

        public PlanVersion? OtherPlan { get; init; }
    }

    private static readonly Proposal Yearly = new(Version(1, Monday, Monday.PlusDays(363), Good), Held);

    private static Proposal Of(params PlanLine[] lines) =>
        Yearly with { Version = Yearly.Version with { Lines = lines } };

    private static Proposal During(LocalDate from, LocalDate? to) =>
        Yearly with { Version = Yearly.Version with { From = from, To = to } };

    public static TheoryData<string, ApprovePlan.Refusal?, Proposal> Proposals => new()
    {
        { "good", null, Yearly },
        { "unknown fund", ApprovePlan.Refusal.UnknownFund, Yearly with { Fund = null } },
        { "plan of another fund", ApprovePlan.Refusal.PlanOfAnotherFund, Yearly with { EarlierPlanOf = "F-2" } },
        { "no lines", ApprovePlan.Refusal.LinesOutOfRange, Of() },
        { "line not clear", ApprovePlan.Refusal.LineNotClear, Of(Good with { Carers = 0 }) },
        { "line twice", ApprovePlan.Refusal.LineTwice, Of(Good, Good) },
        { "ends before it starts", ApprovePlan.Refusal.EndsBeforeItStarts, During(Monday, Monday.PlusDays(-1)) },
        { "one day", null, During(Monday, Monday) },
        { "unknown allocation", ApprovePlan.Refusal.UnknownAllocation, Of(Good with { AllocationId = "A-9" }) },
        { "allocation of another fund", ApprovePlan.Refusal.AllocationOfAnotherFund,
            Of(Good with { AllocationId = "A-2" }) },
        { "a day before the allocation", ApprovePlan.Refusal.OutsideAllocation,
            During(Monday.PlusDays(-1), Monday.PlusDays(363)) },
        { "open, though the allocation ends", null, During(Monday, null) },
        { "open, from after the allocation ends", ApprovePlan.Refusal.OutsideAllocation,
            During(Monday.PlusDays(364), null) },
        { "overlaps", ApprovePlan.Refusal.LineOverlaps,
            Yearly with { OtherPlan = Version(1, Monday.PlusDays(363), null, Good) } },
    };

    [Theory]
    [MemberData(nameof(Proposals))]
    public void A_plan_is_refused_for_its_first_reason(string name, ApprovePlan.Refusal? why, Proposal proposal)
    {
        var plan = Plan(proposal.Version);
        var decision = ApprovePlan.Decide(plan, new(
            proposal.Fund,
            proposal.EarlierPlanOf is { } fundId ? plan with { FundId = fundId } : null,
            proposal.OtherPlan is { } other ? [Plan(other) with { Id = "PL-2" }] : [], Made));
        Assert.Equal((name, why), (name, decision.Refusal));
        Assert.Equal(why is null, string.IsNullOrEmpty(decision.Detail));
    }

    [Theory]
    [InlineData("visits-csv", "week 15", null, "text/csv", 1L << 30, null)]
    [InlineData("weeks-csv", "week 15", null, "text/csv", 10L, StoreVisitFile.Refusal.UnknownFormat)]
    [InlineData("abacus-csv", "week 15", null, "text/csv", 10L, null)]
    [InlineData("actuals-csv", "week 15", "true", "text/csv", 10L, null)]
    [InlineData("visits-csv", "", null, "text/csv", 10L, StoreVisitFile.Refusal.BadReference)]
    [InlineData("visits-csv", null, null, "text/csv", 10L, StoreVisitFile.Refusal.BadReference)]
    [InlineData("visits-csv", "a\nb", null, "text/csv", 10L, StoreVisitFile.Refusal.BadReference)]
    [InlineData("visits-csv", "week 15", "yes", "text/csv", 10L, StoreVisitFile.Refusal.BadDryRun)]
    [InlineData("visits-csv", "week 15", "true", "multipart/form-data", 10L, StoreVisitFile.Refusal.FormNotFile)]
    [InlineData("visits-csv", "week 15", "false", null, (1L << 30) + 1, StoreVisitFile.Refusal.FileTooLarge)]
    public void A_file_is_accepted_or_refused_before_it_is_read(
        string format, string? reference, string? dryRun, string? type, long length, StoreVisitFile.Refusal? why)
    {
        var decision = StoreVisitFile.Decide(new(format, reference, dryRun, type, length));
        Assert.Equal((why, dryRun == "true" && why is null), (decision.Refusal, decision.Value));
    }

    [Fact]
    public void A_file_is_read_by_a_profile_of_its_format_or_not_at_all()
    {
        var request = new StoreVisitFile.Request("abacus-csv", "week 15", null, "text/csv", 10)
        {
            ProfileId = "portal",
        };
        var profile = new VisitFileProfile
        {
            Id = "portal", Format = "abacus-csv", Fields = new Dictionary<string, FieldRule>(),
        };
        Assert.Null(StoreVisitFile.Decide(request, profile).Refusal);
        Assert.Equal(StoreVisitFile.Refusal.UnknownProfile, StoreVisitFile.Decide(request).Refusal);
        Assert.Equal(StoreVisitFile.Refusal.ProfileOfOtherFormat,
            StoreVisitFile.Decide(request, profile with { Format = "visits-csv" }).Refusal);
    }

    [Fact]
    public void A_profile_that_cannot_work_is_refused_with_its_place()
    {
        var profile = new VisitFileProfile
        {
            Id = "portal", Format = "abacus-csv", Fields = new Dictionary<string, FieldRule>(),
        };
        Assert.Equal(profile, SetVisitFileProfile.Decide(profile).Value);
        var refused = SetVisitFileProfile.Decide(profile with { Format = "xml" });
        Assert.Equal(SetVisitFileProfile.Refusal.CannotWork, refused.Refusal);
        Assert.Equal(("/format", "cannot-work"), refused.Errors is [var error] ? (error.Pointer, error.Code) : default);
    }

    [Fact]
    public void A_dry_run_claims_no_reference() =>
        Assert.NotEqual(StoreVisitFile.IdOf("h", "r", dryRun: true), StoreVisitFile.IdOf("h", "r", dryRun: false));

    [Theory]
    [InlineData(false, false, null, null)]
    [InlineData(false, false, "\"1\"", RecordVisit.Refusal.HasMovedOn)]
    [InlineData(true, true, null, null)]
    [InlineData(true, true, "\"1\"", null)]
    [InlineData(true, false, null, RecordVisit.Refusal.VersionNeeded)]
    [InlineData(true, false, "\"1\"", RecordVisit.Refusal.HasMovedOn)]
    [InlineData(true, false, "\"2\"", null)]
    public void A_visit_is_corrected_by_who_saw_its_version(
        bool isKnown, bool isSame, string? ifMatch, RecordVisit.Refusal? why)
    {
        var record = Record("2026-04-06T08:00", "2026-04-06T08:45");
        var stored = Book(Plans(Good)).Record(record, Now).Visit! with { Version = 2 };
        var sent = isSame ? record : record with { Note = "put right" };
        Assert.Equal(why, RecordVisit.Decide(isKnown ? stored : null, sent, IfMatch.Read(ifMatch)).Refusal);
    }

    [Theory]
    [InlineData("2026-04-06", "2026-04-06", null)]
    [InlineData("2026-04-06", "2027-04-06", null)]
    [InlineData("2026-04-06", "2027-04-07", ShowExpected.Refusal.RangeTooLong)]
    [InlineData("2026-04-06", "2026-04-05", ShowExpected.Refusal.BadRange)]
    [InlineData("06/04/2026", "2026-04-06", ShowExpected.Refusal.BadRange)]
    [InlineData(null, "2026-04-06", ShowExpected.Refusal.BadRange)]
    public void A_range_of_days_is_at_most_366_long(string? from, string? to, ShowExpected.Refusal? why) =>
        Assert.Equal(why, ShowExpected.Decide(from, to).Refusal);

    [Fact]
    public void Of_an_allocation_the_highest_version_counts()
    {
        AllocationTerms Terms(int version) => new()
        {
            FundId = "F-1", AllocationId = "A-1", Version = version, SetOn = Monday, ProviderId = "V-1",
            Kind = "regular",
            From = Monday, To = Monday.PlusDays(version), Claim = "on-delivery",
            PriceList = new PriceList { Rates = [] },
        };
        var second = CoverCare.CopyFrom(null, Terms(2))!;
        Assert.Equal(new CarePeriod(Monday, Monday.PlusDays(2)), second.Days());
        Assert.Null(CoverCare.CopyFrom(second, Terms(1)));
        Assert.Null(CoverCare.CopyFrom(second, Terms(2)));
        Assert.Equal(3, CoverCare.CopyFrom(second, Terms(3))!.Version);
    }

    [Fact]
    public void A_visit_that_a_batch_changed_already_begins_the_next()
    {
        var record = Record("2026-04-06T08:00", "2026-04-06T08:45");
        VisitRow Row(VisitRecord visit) => new(visit, name => name);
        var (one, two) = (Row(record), Row(record with { VisitId = "V-2" }));
        Assert.Equal(4, ImportVisitFile.BatchLength([one, null, two, one]));
        Assert.Equal(3, ImportVisitFile.BatchLength([one, null, two, Row(record with { Note = "other words" }), two]));
    }

    [Theory]
    [InlineData("1 1 1 1 1 1 2 2", true, 6)]   // the second fund's rows wait for the rows that follow
    [InlineData("1 1 1 1 1 1 2 2", false, 8)]
    [InlineData("1 1 1 1 2 2 2 2", true, 8)]   // but not if the batch would then have only half of its rows
    [InlineData("1 1 1 1 1 1 1 1", true, 8)]
    public void A_batch_ends_where_a_funds_rows_do(string funds, bool more, int count)
    {
        var record = Record("2026-04-06T08:00", "2026-04-06T08:45");
        Assert.Equal(count, ImportVisitFile.BatchLength([.. funds.Split(' ').Select((fund, i) =>
            new VisitRow(record with { VisitId = $"V-{i}", FundId = fund }, name => name))], more));
    }

    [Fact]
    public void Days_are_published_until_twelve_weeks_after_the_night_of_the_run()
    {
        var night = new LocalDate(2026, 6, 1);
        Assert.Equal(new CarePeriod(new LocalDate(2026, 8, 17), night.PlusDays(84)),
            PlanAhead.DaysToPlan(night.PlusDays(82), night));
        Assert.Equal(new CarePeriod(new LocalDate(2026, 8, 24), night.PlusDays(84)),
            PlanAhead.DaysToPlan(night.PlusDays(83), night));
        Assert.Null(PlanAhead.DaysToPlan(night.PlusDays(84), night));
    }
}
