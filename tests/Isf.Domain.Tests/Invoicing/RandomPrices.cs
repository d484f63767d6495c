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
        var change = Day();
        var basis = Pick(PriceBasis.Actual, PriceBasis.Planned, PriceBasis.Banded, PriceBasis.ActualCappedAtPlanned);
        PriceRate[] rates = [.. Support(change), .. OtherServices(change)];
        return WithBill(new PriceList
        {
            Basis = basis,
            Band = basis == PriceBasis.Banded
                ? new(Pick(1, 5, 10, 15, 30, 60), Pick(BandTo.Nearest, BandTo.Up, BandTo.Down)) : null,
            Crossing = Pick<Crossing?>(null, Crossing.FirstRange, Crossing.Split, Crossing.Split),
            Pay = Chance(30) ? PayClock.Scheduled : null,
            Holidays = Chance(70) ? new(Pick<HolidayCalendar?>(null, HolidayCalendar.Scotland),
                Pick<HolidayOn?>(null, HolidayOn.Actual, HolidayOn.Both)) : null,
            Rates = [.. rates.OrderBy(_ => random.Next())],
            Cancellation = Chance(50) ? [new(24, 100), new(48, Pick(0, 33, 50)), new(72, 10)] : null,
            Outcomes = Chance(50) ? [new("no-access", Pick(0, 75, 100)), new("hospital", 50), new("closed-holiday", 0)]
                : null,
        });
    }

    // Adds the terms of a bill, which decide what visits cost together.
    private PriceList WithBill(PriceList list) => list with
    {
        Round = Chance(30) ? new(RoundAt.Invoice) : null,
        WeeklySetOff = Chance(30) ? true : null,
        Minimum = Chance(20) ? new(Pick(MinimumPer.Day, MinimumPer.Week), random.Next(0, 30_000)) : null,
        Vat = Pick<VatTerm?>(
            null, null, new(VatCode.Standard, 20), new(VatCode.Standard, 5, true), new(VatCode.Zero)),
    };

    /// <summary>Returns a random visit. Now and then its service is one that no generated list prices.</summary>
    public VisitToPrice Visit()
    {
        var start = Moment();
        // Most visits are short, and a stay lasts for days.
        var service = Pick("support", "support", "support", "support", "club", "goods", "sleep-in", "mileage", "stay",
            "unknown");
        var length = service == "stay" ? random.Next(1, 40 * 24 * 60) : random.Next(0, Chance(90) ? 150 : 1_500);
        var outcome = Chance(75) ? "delivered" : OutcomeCharge.Outcomes[random.Next(6)];
        var timed = outcome == "delivered" || Chance(40);
        return WithTerms(new(
            service, VisitPricing.DayOf(start), timed ? start : null,
            timed ? start + Duration.FromMinutes(length) + OddSeconds() : null, random.Next(1, 4), outcome)
        {
            PlannedStart = !timed || Chance(30) ? start + Duration.FromMinutes(random.Next(-30, 31)) : null,
            Miles = service == "mileage" ? random.Next(0, 3_000) / 100m : null,
            Disturbances = service == "sleep-in" && timed && Chance(70) ? [.. Woken(start, length)] : null,
        });
    }

    // Adds what a visit's price may depend on besides its time.
    private VisitToPrice WithTerms(VisitToPrice visit) => visit with
    {
        PlannedMinutes = Chance(70) ? Pick(15, 30, 45, 60, random.Next(1, 600)) : null,
        NoticeHours = Chance(70) ? random.Next(0, 8_000) / 100m : null,
        AbsenceDay = Chance(70) ? random.Next(1, 20) : null,
        HospitalPaidDays = Chance(70) ? 14 : null,
        MilesBeforeHundredths = random.Next(0, 12_000),
        WorkerId = Pick("W-1", "W-2", null),
        Quantity = Chance(30) ? random.Next(0, 500) / 100m : null,
    };

    private Instant Moment() => Day().At(new LocalTime(random.Next(24), Pick(0, 15, 30, 45, random.Next(60))))
        .InZoneLeniently(London.Zone).ToInstant() + OddSeconds();

    private Duration OddSeconds() => Duration.FromSeconds(Chance(10) ? random.Next(60) : 0);

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

    private IEnumerable<PriceRate> Support(LocalDate change)
    {
        IEnumerable<PriceRate> rates = [.. Base(change), .. Particular(change)];
        if (!Chance(20) || change <= First)
            return rates;
        var edge = Pick(Edges);
        var from = edge > First && edge < change ? edge : First;
        return rates.Select(rate => rate with { From = rate.From ?? from });
    }

    // Rates of particular days and hours, each in about half of the lists.
    private IEnumerable<PriceRate> Particular(LocalDate change)
    {
        IEnumerable<PriceRate> all =
        [
            Rate("weekend", new() { Days = [DayWord.Sat, DayWord.Sun] }, PriceUnit.Hour),
            Rate("evening", Between(new(18, 0), new(22, 0)) with { Days = [DayWord.Mon, DayWord.Fri] }, PriceUnit.Hour),
            Rate("night", Night(), PriceUnit.Hour) with { From = Chance(30) ? change : null },
            Rate("holiday", PerhapsBetween(new(20, 0), new(8, 0)) with { PublicHoliday = true }, PriceUnit.Hour),
            Rate("christmas", PerhapsBetween(new(18, 0), new(9, 0)) with
            {
                Dates = [new(2026, 12, 25), Pick(Edges)],
            }, PriceUnit.Hour),
        ];
        return all.Where(_ => Chance(58));
    }

    private RateWhen Night() =>
        Between(new(22, 0), Pick(new LocalTime(7, 0), new LocalTime(0, 0), new LocalTime(6, 30))) with
        {
            Days = Chance(50) ? null : [DayWord.Sat, DayWord.Thu, DayWord.Sun],
        };

    private static RateWhen Between(LocalTime from, LocalTime to) => new() { From = from, To = to };

    private RateWhen PerhapsBetween(LocalTime from, LocalTime to) =>
        new() { From = Pick<LocalTime?>(null, from), To = Pick<LocalTime?>(null, to) };

    private IEnumerable<PriceRate> OtherServices(LocalDate change) =>
    [
        Rate("session", null, Pick(PriceUnit.Session, PriceUnit.Visit)) with { Service = "club" },
        Rate("item", null, PriceUnit.Item) with { Service = "goods" },
        Rate("waking", null, PriceUnit.Hour) with { Service = "waking" },
        Rate("sleep-in", null, PriceUnit.Night) with
        {
            Service = "sleep-in",
            Disturbances = Chance(80)
                ? new(random.Next(0, 3), "waking", Pick<int?>(null, 4), Pick<int?>(null, 20)) : null,
        },
        Rate("mile", null, PriceUnit.Mile) with
        {
            Service = "mileage",
            YearlyMiles = Pick<int?>(100, 50),
            ThenPence = 25,
        },
        .. Stays(change),
    ];

    private IEnumerable<PriceRate> Stays(LocalDate change)
    {
        var unit = Pick(PriceUnit.Week, PriceUnit.Day);
        yield return Rate("stay", null, unit) with
        {
            Service = "stay",
            To = change,
            From = Chance(30) ? change.PlusDays(-random.Next(0, 60)) : null,
        };
        yield return Rate("stay-new", null, Pick(PriceUnit.Week, unit)) with
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
