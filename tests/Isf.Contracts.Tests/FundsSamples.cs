using Isf.Contracts.Funds;
using Isf.Prices;
using NodaTime;

namespace Isf.Contracts.Tests;

/// <summary>One of each message that Funds can publish, with every field set.</summary>
internal static class FundsSamples
{
    private static readonly LocalDate EasterMonday = new(2026, 4, 6);

    // A price list with every field that api.md names.
    private static readonly PriceList List = new()
    {
        Basis = PriceBasis.ActualCappedAtPlanned,
        Band = new(15, BandTo.Nearest),
        WeeklySetOff = true,
        Crossing = Crossing.FirstRange,
        Round = new(RoundAt.Invoice),
        Pay = PayClock.Scheduled,
        Holidays = new(HolidayCalendar.EnglandAndWales, HolidayOn.Substitute),
        Rates =
        [
            new PriceRate
            {
                Code = "evening", Service = "sleep-in", Unit = PriceUnit.Hour, Pence = 2_400,
                When = new()
                {
                    Dates = [new LocalDate(2026, 12, 25)], PublicHoliday = true, Days = [DayWord.Mon, DayWord.Sun],
                    From = new LocalTime(18, 0), To = new LocalTime(22, 30),
                },
                From = EasterMonday, To = new LocalDate(2027, 4, 4), Fixed = [new(30, 1_600), new(45, 2_000)],
                Disturbances = new(2, "weekday", 4, 30), YearlyMiles = 10_000, ThenPence = 25,
            },
        ],
        Minimum = new(MinimumPer.Week, 5_000),
        Cancellation = [new(24, 100), new(48, 50)],
        Outcomes = [new("no-access", 100, false)],
        Vat = new(VatCode.Standard, 20, true),
    };

    public static readonly object[] All =
    [
        new HolderSet
        {
            HolderId = "sunrise", Version = 2, Name = "Sunrise Support", Address = "1 High Street, Anytown",
            Phone = "01632 960001", Email = "office@sunrise.example", Complaints = "Write to the office.",
            PeriodsEvery = "4-weeks", PeriodsFirstOn = EasterMonday, SortCode = "089999", AccountNumber = "66374958",
            AccountName = "Sunrise clients", ServiceUserNumber = "123456", ToleranceMinutes = 15, TolerancePence = 100,
            TolerancePercent = 2,
        },
        new PersonRegistered
        {
            HolderId = "sunrise", PersonId = "P-1", Version = 3, Name = "A Sample", PreferredName = "Sam",
            DateOfBirth = new LocalDate(1950, 2, 28), NhsNumber = "9434765919", CouncilRef = "C-77", Nation = "wales",
            Format = "easy-read", Language = "cy", Salt = "00112233445566778899aabbccddeeff",
        },
        new ProviderRegistered
        {
            HolderId = "sunrise", ProviderId = "V-1", Version = 1, Name = "Brook Care", Kind = "agency",
            CqcLocationId = "1-1234567890", VatRegistered = true, SortCode = "089999", AccountNumber = "66374958",
            AccountName = "Brook Care",
        },
        new FundOpened
        {
            HolderId = "sunrise", FundId = "F-1", PersonId = "P-1", CouncilId = "E10000009", Kind = "isf",
            OpensOn = new LocalDate(2026, 3, 30), Nation = "northern-ireland",
        },
        new AgreementSigned
        {
            HolderId = "sunrise", FundId = "F-1", Version = 1, SignedOn = new LocalDate(2026, 3, 30),
            ReviewOn = new LocalDate(2026, 10, 5), EndsOn = new LocalDate(2027, 4, 4), PaymentEvery = "4-weeks",
            PaymentFirstOn = EasterMonday, Contribution = "to-holder", SpendOrder = "person-first", SurplusWeeks = 4,
            SurplusHeldForWeeks = 12, BankingKeep = "minutes", BankingExpiresAfterWeeks = 26, HospitalPaidDays = 14,
            LateVariationDays = 7, ManagementFeeWeeklyPence = 1250, ManagementFeeFrom = new LocalDate(2026, 6, 1),
            ManagementFeeMode = "on-top",
        },
        new BudgetSet
        {
            HolderId = "sunrise", FundId = "F-1", BudgetId = "B-1", Version = 1, SetOn = new LocalDate(2026, 3, 31),
            From = EasterMonday, To = new LocalDate(2027, 4, 4), WeeklyPence = 52_000, IsfWeeklyPence = 42_000,
            Sources = [new("council", 36_000), new("person", 6_000)], WeeklyMinutes = 1_050,
            OneOff = [new("bed rail", "council", 8_500)],
        },
        new AllocationMade { HolderId = "sunrise", Terms = Terms(1) },
        new AllocationRevised { HolderId = "sunrise", Terms = Terms(2) },
        new AllocationEnded
        {
            HolderId = "sunrise", FundId = "F-1", AllocationId = "A-1", Version = 3, SetOn = new LocalDate(2026, 6, 1),
            To = new LocalDate(2026, 6, 28),
        },
        new MoneyReceived
        {
            HolderId = "sunrise", FundId = "F-1", ReceiptId = "R-1", Source = "council", Pence = 144_000,
            ReceivedOn = EasterMonday, ForFrom = EasterMonday, ForTo = new LocalDate(2026, 5, 3), Reference = "BACS 17",
        },
        new ReceiptVoided { HolderId = "sunrise", FundId = "F-1", ReceiptId = "R-1", Why = "Another fund's money." },
        new MoneyReturned
        {
            HolderId = "sunrise", FundId = "F-1", ReturnId = "T-1", Source = "person", Pence = 2_500,
            PaidOn = EasterMonday, Reason = "overpaid",
        },
        new ReturnVoided { HolderId = "sunrise", FundId = "F-1", ReturnId = "T-1", Why = "It never left the bank." },
        new FeeCharged
        {
            HolderId = "sunrise", FundId = "F-1", FeeId = "E-1", From = new LocalDate(2026, 6, 1),
            To = new LocalDate(2026, 6, 28), WeeklyPence = 1_250, Pence = 5_000, Mode = "on-top",
        },
        new FundClosed
        {
            HolderId = "sunrise", FundId = "F-1", Version = 1, On = new LocalDate(2026, 8, 12),
            At = new LocalTime(14, 0), Reason = "died", SetOn = new LocalDate(2026, 8, 14),
            Notice = [new("N-1", "V-1", 16_800, "W-1")],
        },
        new ConsentGiven
        {
            HolderId = "sunrise", FundId = "F-1", ConsentId = "C-1", Supporter = "supporter-1",
            Sees = ["statements", "visits"], To = new LocalDate(2026, 12, 31),
        },
        new ConsentWithdrawn { HolderId = "sunrise", FundId = "F-1", ConsentId = "C-1" },
    ];

    private static AllocationTerms Terms(int version) => new()
    {
        FundId = "F-1", AllocationId = "A-1", Version = version, SetOn = new LocalDate(2026, 3, 31),
        ProviderId = "V-1", Kind = "regular", From = EasterMonday, To = new LocalDate(2027, 4, 4),
        WeeklyMinutes = 600, WeeklyPence = 24_000, TotalPence = 8_500,
        FundedBy = [new("nhs", 60), new("council", 40)], Claim = "on-delivery",
        PriceList = List,
    };
}
