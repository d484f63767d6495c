using Isf.Contracts.Funds;
using Isf.Prices;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>Makes the facts of Funds: money, promises, agreements, fees and closure.</summary>
internal sealed partial class HistoryBuilder
{
    private const string Holder = LedgerHost.Holder;
    private readonly HashSet<string> closed = [], reversed = [];

    private object? MoneyFact(Command command) => command.Deed switch
    {
        Deed.Receive => Received(command, Fund(command), Day(command)),
        Deed.Void when receipts.Count > 0 => Voided(receipts[command.One % receipts.Count]),
        Deed.Return => Returned(command, Fund(command), Day(command)),
        Deed.UnReturn when returns.Count > 0 => ReturnVoided(returns[command.One % returns.Count]),
        _ => PromiseFact(command, Fund(command), Day(command)),
    };

    private MoneyReceived Received(Command command, string fund, LocalDate day)
    {
        receipts.Add((fund, Next("M-in")));
        return new MoneyReceived
        {
            HolderId = Holder, FundId = fund, ReceiptId = receipts[^1].Id, Source = Source(command.One),
            Pence = 1 + (command.Two * 5L), ReceivedOn = day,
        };
    }

    private static ReceiptVoided Voided((string Fund, string Id) receipt) =>
        new() { HolderId = Holder, FundId = receipt.Fund, ReceiptId = receipt.Id, Why = "keyed twice" };

    private MoneyReturned Returned(Command command, string fund, LocalDate day)
    {
        returns.Add((fund, Next("M-out")));
        return new MoneyReturned
        {
            HolderId = Holder, FundId = fund, ReturnId = returns[^1].Id, Source = Source(command.One),
            Pence = 1 + command.Two, PaidOn = day, Reason = "surplus",
        };
    }

    private static ReturnVoided ReturnVoided((string Fund, string Id) returned) =>
        new() { HolderId = Holder, FundId = returned.Fund, ReturnId = returned.Id, Why = "never left the bank" };

    private object? PromiseFact(Command command, string fund, LocalDate day) => command.Deed switch
    {
        Deed.Budget => Budget(command, fund, Next("B"), day),
        Deed.ReviseBudget when budgets.Count > 0 =>
            Revised(command, budgets.Values.ElementAt(command.One % budgets.Count)),
        Deed.Allocate => Allocation(command, fund, Next("A"), day),
        Deed.ReviseAllocation when allocations.Count > 0 =>
            Revised(command, allocations.Values.ElementAt(command.One % allocations.Count)),
        Deed.EndAllocation when allocations.Count > 0 =>
            Ended(command, allocations.Values.ElementAt(command.One % allocations.Count), day),
        Deed.Sign => Agreement(command, fund, day),
        Deed.Fee => ClaimFacts.Fee(Next("E"), $"{day.PlusDays(-6):uuuu-MM-dd}", $"{day:uuuu-MM-dd}",
            1 + command.One, command.Two % 2 == 0 ? "within" : "on-top", fund).Message,
        Deed.CloseFund when at > length / 2 && closed.Add(fund) => Closed(command, fund, day),
        Deed.Run => Facts.RunRequested(Next("run"), "2026-06-01").Message,
        _ => null,
    };

    private BudgetSet Revised(Command command, BudgetSet budget) => Budget(command, budget.FundId, budget.BudgetId,
        command.Two % 5 == 0 ? budget.From.PlusDays(command.Two % 30) : budget.From);

    private object Revised(Command command, AllocationTerms terms) =>
        Allocation(command, terms.FundId, terms.AllocationId, terms.From);

    private AllocationEnded Ended(Command command, AllocationTerms terms, LocalDate day) => new()
    {
        HolderId = Holder, FundId = terms.FundId, AllocationId = terms.AllocationId,
        Version = Version(terms.AllocationId), SetOn = day, To = day.PlusDays((command.Two % 40) - 20),
    };

    private FundClosed Closed(Command command, string fund, LocalDate day) => new()
    {
        HolderId = Holder, FundId = fund, Version = 1, On = First.PlusDays(40 + (command.Day % 90)),
        Reason = "moved", SetOn = day,
        Notice = command.One % 2 == 0 ? [] : [new(Next("N"), "V-2", command.Two, "W-1")],
    };

    private BudgetSet Budget(Command command, string fund, string id, LocalDate from)
    {
        var (council, person, nhs) = (command.Two * 3L, command.Three / 2L, command.One % 3 == 0 ? command.One : 0L);
        var weekly = council + person + nhs;
        return budgets[id] = new BudgetSet
        {
            HolderId = Holder, FundId = fund, BudgetId = id, Version = Version(id), SetOn = Day(command), From = from,
            To = command.Three % 3 == 0 ? null : from.PlusDays(command.Three % 200), WeeklyPence = weekly,
            IsfWeeklyPence = command.One % 4 == 1 ? weekly / 2 : weekly,
            Sources = [new("council", council), new("person", person), .. nhs == 0 ? Array.Empty<SourceShare>()
                : [new("nhs", nhs)]],
            OneOff = command.Two % 5 == 0 ? [new("bed rail", "council", 8_500)] : [],
        };
    }

    private object Allocation(Command command, string fund, string id, LocalDate from)
    {
        var isOneOff = command.One % 5 == 0;
        var terms = allocations[id] = new AllocationTerms
        {
            FundId = fund, AllocationId = id, Version = Version(id), SetOn = Day(command), ProviderId = "V-1",
            Kind = isOneOff ? "one-off" : "regular", From = from,
            To = command.Three % 3 == 0 ? null : from.PlusDays(command.Three % 200),
            WeeklyPence = isOneOff ? null : command.Two, TotalPence = isOneOff ? command.Two : null,
            Claim = "on-delivery", PriceList = new PriceList { Rates = [] },
        };
        return terms.Version == 1
            ? new AllocationMade { HolderId = Holder, Terms = terms }
            : new AllocationRevised { HolderId = Holder, Terms = terms };
    }

    private AgreementSigned Agreement(Command command, string fund, LocalDate day) => (AgreementSigned)Facts.Agreed(
        fund, 1 + Version("agreement " + fund), new[] { "person-first", "pro-rata", "council-first" }[command.One % 3],
        $"{day:uuuu-MM-dd}", command.Two % 3 == 0 ? "to-council" : "to-holder").Message;
}
