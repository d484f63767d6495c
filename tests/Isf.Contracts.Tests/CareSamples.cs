using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using NodaTime;

namespace Isf.Contracts.Tests;

/// <summary>One of each message that Support and Invoicing can publish, with every field set.</summary>
internal static class CareSamples
{
    private static readonly LocalDate EasterMonday = new(2026, 4, 6);

    public static readonly object[] All =
    [
        new PlanApproved
        {
            HolderId = "sunrise", FundId = "F-1", PlanId = "N-1", Version = 1, From = EasterMonday,
            To = new LocalDate(2027, 4, 4), Lines = [new("L-1", "A-1", "Getting up", "support", 2)],
        },
        new DaysPlanned
        {
            HolderId = "sunrise", Days = [new("F-1", EasterMonday, 1, [new("L-1", 90), new("L-2", 45)])],
        },
        new DaysUnplanned { HolderId = "sunrise", Days = [new("F-1", EasterMonday, 2, [new("L-1", 90)])] },
        new VisitsRecorded { HolderId = "sunrise", Visits = [Visit(1, 45)] },
        new VisitCorrected { HolderId = "sunrise", Visits = [Visit(2, 40)] },
        new WeekClosed
        {
            HolderId = "sunrise",
            Weeks =
            [
                new("F-1", EasterMonday, 2,
                [
                    new()
                    {
                        LineId = "L-1", Planned = [new("A-1", 600)],
                        Missed = [new("missed-by-provider", 120, 90, 30), new("short", 15, 0, 15)],
                        DrawnMinutes = 45, ExpiredMinutes = 60, RevaluedMinutes = -16, BankedPence = 3_600,
                        DrawnPence = 1_800, ExpiredPence = 2_400,
                    },
                ]),
            ],
        },
        new AbsenceRecorded
        {
            HolderId = "sunrise", FundId = "F-1", AbsenceId = "AB-1", Version = 2,
            From = new LocalDate(2026, 10, 6), To = new LocalDate(2026, 10, 25), Kind = "hospital",
            Withdrawn = true,
        },
        new WeeksTouched { HolderId = "sunrise", Weeks = [new("F-1", new LocalDate(2026, 4, 6))] },
        new VisitFileStored { HolderId = "sunrise", FileId = "april" },
        new SupportRunAsked
        {
            HolderId = "sunrise", Schedule = "plan-ahead", UpTo = new LocalDate(2026, 6, 28), AskedBy = "2026-04-06",
        },
        new VisitsPriced { HolderId = "sunrise", Visits = [Priced(1, 45, 7_200)] },
        new VisitRepriced { HolderId = "sunrise", Visits = [Priced(2, 40, 6_400)] },
    ];

    private static RecordedVisit Visit(int version, int minutes) => new()
    {
        VisitId = "V-1", Version = version, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", Service = "support",
        CareOn = EasterMonday, WorkerId = "W-1", PlannedStart = At(9, 0), PlannedMinutes = 45,
        Start = At(9, 2), End = At(9, 2 + minutes), Carers = 2, Outcome = "delivered",
        NoticeHours = 23.5m, Miles = 3.25m, Quantity = 1.5m,
        Disturbances = [new(At(9, 10), At(9, 20))], AnswersMinutes = 80, ExtraMinutes = 10,
        ChargedNotGivenMinutes = 20, ChargedNotGiven = true, PersonMinutes = 30, NotCovered = true,
    };

    private static PricedVisit Priced(int version, long minutes, long pence) => new()
    {
        VisitId = "V-1", Version = version, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", ProviderId = "V-1",
        CareOn = EasterMonday, Outcome = "delivered", AnswersMinutes = 80, ExtraMinutes = 10,
        ChargedNotGivenMinutes = 20, PersonMinutes = 30, NotCovered = true, Carers = 2,
        ChargedMinutes = minutes, Pence = pence,
        NetPence = pence - 1_000, VatPence = 1_000, VatCode = "standard",
        Parts = [new("holiday", minutes, pence)],
        Because = $"{minutes} minutes with two carers on Easter Monday at £48.00 an hour each (bank holiday rate)",
        FundedBy = [new FundingShare("nhs", 100)], Claim = "on-delivery",
    };

    private static OffsetDateTime At(int hour, int minute) =>
        (EasterMonday + new LocalTime(hour, minute)).WithOffset(Offset.FromHours(1));
}
