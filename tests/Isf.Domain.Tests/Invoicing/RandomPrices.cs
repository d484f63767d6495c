using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// Generates random valid price lists, and random visits that touch the lists' boundaries: days on which rates change,
/// public holidays, both changes of the clock, and midnight.
/// </summary>
internal sealed class RandomPrices(int seed)
{
    private static readonly LocalDate[] Edges =
    [
        new(2026, 1, 1), new(2026, 3, 28), new(2026, 3, 29), new(2026, 4, 5), new(2026, 4, 6), new(2026, 7, 12),
        new(2026, 10, 24), new(2026, 10, 25), new(2026, 12, 25), new(2026, 12, 26), new(2026, 12, 27),
        new(2026, 12, 28), new(2026, 12, 31),
    ];

    private static readonly LocalDate First = new(2026, 1, 2);

    private readonly Random random = new(seed);

    /// <summary>Returns a random valid list.</summary>
    public PriceList List()
    {
        var split = Chance(50);
        var change = Day();
        var basis = Pick(PriceBasis.Actual, PriceBasis.Planned, PriceBasis.Banded, PriceBasis.ActualCappedAtPlanned);
        IEnumerable<PriceRate> support = [.. Base(change), .. Particular(change)];
        if (Chance(20) && change > First)
        {
            var edge = Pick(Edges);
            var from = edge > First && edge < change ? edge : First;
            support = support.Select(rate => rate with { From = rate.From ?? from });
        }
        PriceRate[] rates = [.. support, .. OtherServices(change)];
        return new PriceList
        {
            Basis = basis,
            Band = basis == PriceBasis.Banded
                ? new(Pick(1, 5, 10, 15, 30, 60), Pick(BandTo.Nearest, BandTo.Up, BandTo.Down)) : null,
            Crossing = split ? Crossing.Split : Pick<Crossing?>(null, Crossing.FirstRange),
            Pay = Chance(30) ? PayClock.Scheduled : null,
            Holidays = Chance(70) ? new(Pick<HolidayCalendar?>(null, HolidayCalendar.Scotland),
                Pick<HolidayOn?>(null, HolidayOn.Actual, HolidayOn.Both)) : null,
            Round = Chance(30) ? new(RoundAt.Invoice) : null,
            WeeklySetOff = Chance(30) ? true : null,
            Minimum = Chance(20) ? new(Pick(MinimumPer.Day, MinimumPer.Week), random.Next(0, 30_000)) : null,
            Rates = [.. rates.OrderBy(_ => random.Next())],
            Cancellation = Chance(50) ? [new(24, 100), new(48, Pick(0, 33, 50)), new(72, 10)] : null,
            Outcomes = Chance(50) ? [new("no-access", Pick(0, 75, 100)), new("hospital", 50), new("closed-holiday", 0)]
                : null,
            Vat = Pick<VatTerm?>(null, null, new(VatCode.Standard, 20), new(VatCode.Standard, 5, true),
                new(VatCode.Zero)),
        };
    }

    /// <summary>Returns a random visit. Now and then its service is one that no generated list prices.</summary>
    public VisitToPrice Visit()
    {
        var start = Day().At(new LocalTime(random.Next(24), Pick(0, 15, 30, 45, random.Next(60))))
            .InZoneLeniently(London.Zone).ToInstant() + Duration.FromSeconds(Chance(10) ? random.Next(60) : 0);
        var service = Pick("support", "support", "support", "support", "club", "goods", "sleep-in", "mileage", "stay",
            "unknown");
        var length = service == "stay" ? random.Next(1, 40 * 24 * 60) : Chance(90) ? random.Next(0, 150)
            : random.Next(0, 1_500);
        var outcome = Chance(75) ? "delivered" : OutcomeCharge.Outcomes[random.Next(6)];
        var planned = Chance(70) ? Pick(15, 30, 45, 60, random.Next(1, 600)) : (int?)null;
        var end = start + Duration.FromMinutes(length) + Duration.FromSeconds(Chance(10) ? random.Next(60) : 0);
        var timed = outcome == "delivered" || Chance(40);
        return new(service, VisitPricing.DayOf(start), timed ? start : null, timed ? end : null, random.Next(1, 4),
            outcome)
        {
            PlannedStart = !timed || Chance(30) ? start + Duration.FromMinutes(random.Next(-30, 31)) : null,
            PlannedMinutes = planned,
            NoticeHours = Chance(70) ? random.Next(0, 8_000) / 100m : null,
            AbsenceDay = Chance(70) ? random.Next(1, 20) : null,
            HospitalPaidDays = Chance(70) ? 14 : null,
            Miles = service == "mileage" ? random.Next(0, 3_000) / 100m : null,
            MilesBeforeHundredths = random.Next(0, 12_000),
            WorkerId = Pick("W-1", "W-2", null),
            Quantity = Chance(30) ? random.Next(0, 500) / 100m : null,
            Disturbances = service == "sleep-in" && timed && Chance(70) ? [.. Woken(start, length)] : null,
        };
    }

    public T Pick<T>(params T[] of) => of[random.Next(of.Length)];

    private IEnumerable<Woken> Woken(Instant start, int length)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var from = start + Duration.FromMinutes(random.Next(0, length + 1));
            yield return new(from, from + Duration.FromMinutes(random.Next(1, 40)));
        }
    }

    private IEnumerable<PriceRate> Base(LocalDate change)
    {
        var plain = Rate("base", null, PriceUnit.Hour) with
        {
            Fixed = Chance(30) ? [new(30, 1_600), new(45, 2_000), new(60, 2_300)] : null,
        };
        return Chance(50) ? [plain]
            : [plain with { To = change }, Rate("base", null, PriceUnit.Hour) with { From = change.PlusDays(1) }];
    }

    private IEnumerable<PriceRate> Particular(LocalDate change)
    {
        if (Chance(60))
            yield return Rate("weekend", new() { Days = [DayWord.Sat, DayWord.Sun] }, PriceUnit.Hour);
        if (Chance(60))
        {
            var evening = new RateWhen { Days = [DayWord.Mon, DayWord.Fri], From = new(18, 0), To = new(22, 0) };
            yield return Rate("evening", evening, PriceUnit.Hour);
        }
        if (Chance(60))
        {
            var night = new RateWhen
            {
                Days = Chance(50) ? null : [DayWord.Sat, DayWord.Thu, DayWord.Sun],
                From = new(22, 0), To = Pick(new LocalTime(7, 0), new LocalTime(0, 0), new LocalTime(6, 30))
            };
            yield return Rate("night", night, PriceUnit.Hour) with { From = Chance(30) ? change : null };
        }
        if (Chance(60))
        {
            yield return Rate("holiday", new() { PublicHoliday = true }, PriceUnit.Hour) with
            {
                When = new()
                {
                    PublicHoliday = true, From = Pick<LocalTime?>(null, new LocalTime(20, 0)),
                    To = Pick<LocalTime?>(null, new LocalTime(8, 0))
                },
            };
        }
        if (Chance(50))
        {
            yield return Rate("christmas", new()
            {
                Dates = [new(2026, 12, 25), Pick(Edges)],
                From = Pick<LocalTime?>(null, new LocalTime(18, 0)), To = Pick<LocalTime?>(null, new LocalTime(9, 0))
            },
                PriceUnit.Hour);
        }
    }

    private IEnumerable<PriceRate> OtherServices(LocalDate change)
    {
        yield return Rate("session", null, Pick(PriceUnit.Session, PriceUnit.Visit)) with { Service = "club" };
        yield return Rate("item", null, PriceUnit.Item) with { Service = "goods" };
        yield return Rate("waking", null, PriceUnit.Hour) with { Service = "waking" };
        yield return Rate("sleep-in", null, PriceUnit.Night) with
        {
            Service = "sleep-in",
            Disturbances = Chance(80)
                ? new(random.Next(0, 3), "waking", Pick<int?>(null, 4), Pick<int?>(null, 20)) : null,
        };
        yield return Rate("mile", null, PriceUnit.Mile) with
        {
            Service = "mileage",
            YearlyMiles = Pick<int?>(100, 50),
            ThenPence = 25,
        };
        var stay = Pick(PriceUnit.Week, PriceUnit.Day);
        yield return Rate("stay", null, stay) with
        {
            Service = "stay",
            To = change,
            From = Chance(30) ? change.PlusDays(-random.Next(0, 60)) : null,
        };
        yield return Rate("stay-new", null, Pick(PriceUnit.Week, stay)) with
        {
            Service = "stay",
            From = change.PlusDays(1),
            To = Chance(30) ? change.PlusDays(60) : null,
        };
    }

    private PriceRate Rate(string code, RateWhen? when, PriceUnit unit) =>
        new() { Code = code, When = when, Unit = unit, Pence = random.Next(0, 6_000) };

    private LocalDate Day() => Chance(50) ? Pick(Edges) : new LocalDate(2026, 1, 1).PlusDays(random.Next(365));

    private bool Chance(int percent) => random.Next(100) < percent;
}
