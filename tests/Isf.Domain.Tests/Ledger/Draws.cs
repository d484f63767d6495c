using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Random parts of facts about one fund with few lines, allocations and providers.</summary>
internal static class Draws
{
    public static readonly LocalDate April = new(2026, 4, 6);

    public static readonly Gen<LocalDate> Days = Gen.Choose(0, 20).Select(April.PlusDays);

    public static readonly Gen<Money> Amounts = Gen.Choose(1, 50_000).Select(pence => new Money(pence));

    public static readonly Gen<string> Sources = Gen.Elements("council", "person", "nhs");

    public static readonly Gen<string> Allocations = Gen.Elements("", "A-0", "A-1", "A-2", "A-3");

    public static readonly Gen<string> Providers = Gen.Elements("P-0", "P-1");

    public static readonly Gen<SourcePercent[]> FundedBy = Gen.Frequency(
        (6, Gen.Constant<SourcePercent[]>([])),
        (1, Gen.Constant<SourcePercent[]>([new("nhs", 40), new("council", 35)])),
        (1, Gen.Constant<SourcePercent[]>([new("nhs", 40), new("council", 60)])));

    public static readonly Gen<LineMinutes> Lines =
        from line in Gen.Elements("L-0", "L-1")
        from minutes in Gen.Choose(1, 91)
        select new LineMinutes(line, new Minutes(minutes));

    public static readonly Gen<PricedCare> Care =
        from line in Gen.Elements("L-0", "L-1")
        from allocation in Allocations
        from provider in Providers
        from day in Days
        from fulfilled in Gen.Choose(0, 90)
        from extra in Gen.Choose(0, 29)
        from charged in Gen.Choose(0, 19)
        from carers in Gen.Choose(1, 2)
        from price in Gen.Frequency((9, Amounts), (1, Gen.Constant(Money.Zero)))
        from fundedBy in FundedBy
        from onInvoice in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new PricedCare
        {
            VisitId = "V-1", Version = 1, FundId = "F-1", LineId = line, AllocationId = allocation,
            ProviderId = provider, CareOn = day, Fulfilled = new(fulfilled), Extra = new(extra),
            Charged = new(charged), Carers = carers, Price = price, FundedBy = fundedBy, ClaimedOnInvoice = onInvoice,
        };

    /// <summary>The amounts that a visit adds. Care that is bought on an invoice is spent with the invoice.</summary>
    public static FactAmounts AmountsOf(PricedCare care) => new(
        Spent: care.ClaimedOnInvoice ? 0 : care.Price.Pence, Delivered: care.Fulfilled.Count + care.Extra.Count,
        Charged: care.Charged.Count, Extra: care.Extra.Count);
}
