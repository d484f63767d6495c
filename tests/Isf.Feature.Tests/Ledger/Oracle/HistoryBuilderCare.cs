using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>Makes the facts of Support and Invoicing: days, visits, weeks, claims and payments.</summary>
internal sealed partial class HistoryBuilder
{
    private object? CareFact(Command command) => command.Deed switch
    {
        Deed.Plan => Planned(command),
        Deed.Unplan => new DaysUnplanned { HolderId = Holder, Days = [Day(command, Fund(command), Day(command))] },
        Deed.Visit => Given(command),
        Deed.Reprice when visits.Count > 0 =>
            new VisitRepriced { HolderId = Holder, Visits = [.. Repriced(command)] },
        Deed.CloseWeek => new WeekClosed { HolderId = Holder, Weeks = [.. Weeks(command)] },
        _ => null,
    };

    // Plans a day, and in one of four facts also the next day of another fund.
    private DaysPlanned Planned(Command command)
    {
        var day = Day(command, Fund(command), Day(command));
        return new DaysPlanned
        {
            HolderId = Holder,
            Days = command.Two % 4 == 0
                ? [day, Day(command, $"F-{1 + (command.Fund % FundCount)}", Day(command).PlusDays(1))] : [day],
        };
    }

    private PlannedDay Day(Command command, string fund, LocalDate day) =>
        new(fund, day, Version($"day {fund} {day}"), Lines(command));

    // Prices up to four visits, of which some messages have one twice.
    private VisitsPriced Given(Command command)
    {
        var some = Enumerable.Range(0, 1 + (command.Two % 4)).Select(n => Visit(command, n)).ToList();
        visits.AddRange(some);
        return new VisitsPriced { HolderId = Holder, Visits = command.Two % 11 == 0 ? [.. some, some[0]] : some };
    }

    private static PlannedMinutes[] Lines(Command command) => command.One % 3 == 0
        ? [new("L-1", 15 + (command.One % 120)), new("L-2", 30)]
        : [new(command.One % 3 == 1 ? "L-1" : "L-2", 1 + (command.One % 240))];



    private PricedVisit Visit(Command command, int n)
    {
        var fund = n == 3 ? $"F-{1 + (command.Fund % FundCount)}" : Fund(command);
        var (dice, pence) = (command.One + (7 * n), command.Three * (1 + n) % 6_001L);
        var charged = dice % 9 == 0;
        return Priced(Next("visit"), 1, fund, Day(command).PlusDays(n % 2), dice, charged ? pence / 2 : pence, charged);
    }

    private PricedVisit Priced(
        string id, int version, string fund, LocalDate on, int dice, long pence, bool isCharged) => Facts.Visit(
        id, $"{on:uuuu-MM-dd}", isCharged ? 0 : dice % 5 * 15, pence, version, isCharged ? 0 : dice % 4 == 0 ? 20 : 0,
        1 + (dice % 2), fund, dice % 3 == 0 ? "L-2" : "L-1", FundedBy(dice),
        dice % 7 == 0 ? "on-invoice" : "on-delivery",
        isCharged ? "no-access" : "delivered") with
        {
            AllocationId = AllocationOf(fund, dice),
            ChargedNotGivenMinutes = isCharged ? 30 : null,
            ProviderId = dice % 5 == 0 ? "V-2" : "V-1",
        };

    // Corrects one visit, sometimes twice in one message.
    private IEnumerable<PricedVisit> Repriced(Command command)
    {
        var index = command.One % visits.Count;
        for (var n = 0; n <= (command.Two % 6 == 0 ? 1 : 0); n++)
        {
            var last = visits[index];
            visits[index] = Priced(last.VisitId, last.Version + 1, last.FundId,
                command.Two % 3 == 0 ? Day(command) : last.CareOn, command.Two + n, command.Three % 6_001,
                command.Two % 8 == 0);
            yield return visits[index];
        }
    }

    private IEnumerable<ClosedWeek> Weeks(Command command)
    {
        var monday = Day(command).PlusDays(1 - (int)Day(command).DayOfWeek);
        for (var n = 0; n <= command.One % 2; n++)
        {
            var fund = $"F-{1 + ((command.Fund - 1 + n) % FundCount)}";
            var minutes = (command.Two + (13 * n)) % 180;
            yield return new ClosedWeek(fund, monday, Version($"week {fund} {monday}"),
            [
                new ClosedLine
                {
                    LineId = command.Three % 2 == 0 ? "L-1" : "L-2",
                    Missed =
                    [
                        new("short", minutes, minutes / 2, command.Two % 3 == 0 ? minutes - (minutes / 2) : 0),
                        new("no-access", command.Three % 60, 0, command.Three % 60 / 2),
                    ],
                    DrawnMinutes = command.Three % 40, ExpiredMinutes = command.One % 25,
                    RevaluedMinutes = (command.Two % 21) - 10,
                },
            ]);
        }
    }

    private object? ClaimFact(Command command) => command.Deed switch
    {
        Deed.AdjustPrice => Adjusted(command, Fund(command)),
        Deed.Match => Matched(command, Fund(command), Day(command)),
        Deed.Credit => Credited(command, Fund(command), Day(command)),
        Deed.Pay => Paid(command, Fund(command), Day(command)),
        Deed.BankReturn when payments.Count > 0 && reversed.Add(payments[command.One % payments.Count].PaymentId) =>
            BankReturned(command, payments[command.One % payments.Count]),
        Deed.Repay => new ProviderRepaid
        {
            HolderId = Holder, FundId = Fund(command), RepaymentId = Next("Q"), ProviderId = "V-1",
            Pence = 1 + command.One, RepaidOn = Day(command),
        },
        Deed.Recover => new VatRecovered
        {
            HolderId = Holder, FundId = Fund(command), RecoveryId = Next("T"), ProviderId = "V-1",
            Pence = 1 + command.One, RecoveredOn = Day(command), FundedBy = FundedBy(command.Two),
        },
        _ => null,
    };

    private CreditNoteAccepted Credited(Command command, string fund, LocalDate day) => new()
    {
        HolderId = Holder, FundId = fund, CreditNoteId = Next("C"), ProviderId = "V-1", InvoiceId = "I-1",
        CareOn = day.PlusDays(-command.One % 20), AcceptedOn = day,
        Parts = [new(AllocationOf(fund, command.One), 1 + command.Two, FundedBy(command.Three))],
    };

    private PaymentMade Paid(Command command, string fund, LocalDate day)
    {
        var paid = (PaymentMade)ClaimFacts.Paid(Next("P"), $"{day:uuuu-MM-dd}", (fund, "I-1", 1 + command.One),
            (fund, "I-2", command.Two), ($"F-{1 + (command.Fund % FundCount)}", "I-3", 1 + command.Three)).Message;
        payments.Add(paid);
        return paid;
    }

    private static object BankReturned(Command command, PaymentMade payment) => ClaimFacts.BankReturned(
        payment.PaymentId, $"{payment.PaidOn.PlusDays(command.Two % 9):uuuu-MM-dd}",
        [.. payment.Claims.Select(claim => claim.FundId).Distinct()]).Message;

    private PriceAdjusted Adjusted(Command command, string fund)
    {
        var (kind, monday) = (new[] { "set-off", "minimum", "rounding" }[command.One % 3],
            First.PlusWeeks(command.Day / 28));
        return new PriceAdjusted
        {
            HolderId = Holder, FundId = fund, AllocationId = "A-1", ProviderId = "V-1", Kind = kind, From = monday,
            To = monday.PlusDays(6), Version = Version($"price {fund} {kind} {monday}"), Pence = command.Two - 5_000,
            Because = "as planned for the week", FundedBy = FundedBy(command.Three),
        };
    }

    private InvoiceMatched Matched(Command command, string fund, LocalDate day)
    {
        var id = command.Three % 3 == 0 && counts.GetValueOrDefault("I " + fund) is var count and > 0
            ? $"I-{fund}-{1 + (command.One % count)}" : $"I-{fund}-{Version("I " + fund)}";
        var isFinal = command.Two % 2 == 0;
        var claimed = (First: day.PlusDays(-13), Last: day.PlusDays(-command.One % 10));
        return new InvoiceMatched
        {
            HolderId = Holder, FundId = fund, InvoiceId = id, Version = Version("match " + id), ProviderId = "V-1",
            From = claimed.First, To = claimed.Last, AcceptedOn = day, Final = isFinal,
            Parts = [.. Enumerable.Range(0, 1 + (command.Two % 2)).Select(n => new MatchedPart
            {
                AllocationId = AllocationOf(fund, command.One + n), DeliveredPence = command.Two,
                AgreedExtraPence = command.Three % 5 == 0 ? command.One % 333 : 0,
                BoughtPence = command.Three % 7 == 0 ? command.Two % 8_500 : 0,
                UnclaimedPence = isFinal && command.Three % 2 == 0 ? command.One % 777 : 0,
                FundedBy = FundedBy(command.Three + n),
            })],
        };
    }
}
