using System.Globalization;
using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Support;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;

namespace Isf.Tests.Ledger;

/// <summary>Short constructors for other services' messages.</summary>
public static class Facts
{
    private const string Holder = LedgerHost.Holder;

    public static LocalDate Day(string iso) => LocalDatePattern.Iso.Parse(iso).Value;

    /// <summary>A fund with its first agreement, which opens its books.</summary>
    public static Fact[] Opened(string fund = "F-1", string order = "person-first") =>
        [FundOpened(fund), Agreed(fund, 1, order)];

    public static Fact FundOpened(string fund = "F-1") => new(
        new FundOpened
        {
            HolderId = Holder, FundId = fund, PersonId = "P-1", CouncilId = "E10000009", Kind = "isf",
            OpensOn = Day("2026-03-30"), Nation = "england",
        },
        fund, fund);

    public static Fact Agreed(string fund, int version, string order, string signedOn = "2026-03-30",
        string contribution = "to-holder") => new(
        new AgreementSigned
        {
            HolderId = Holder, FundId = fund, Version = version, SignedOn = Day(signedOn), PaymentEvery = "4-weeks",
            PaymentFirstOn = Day("2026-04-06"), Contribution = contribution, SpendOrder = order,
        },
        $"{fund}/v{version}", fund);

    public static Fact FundClosed(
        string on, string reason = "ended", string fund = "F-1", params NoticeCharge[] notice) =>
        new(
            new FundClosed
            {
                HolderId = Holder, FundId = fund, Version = 1, On = Day(on), Reason = reason, SetOn = Day(on),
                Notice = notice,
            },
            $"{fund}/closed", fund);

    public static Fact Received(string id, string source, long pence, string on, string fund = "F-1") => new(
        new MoneyReceived
        {
            HolderId = Holder, FundId = fund, ReceiptId = id, Source = source, Pence = pence, ReceivedOn = Day(on),
        },
        id, fund);

    public static Fact Voided(string id, string fund = "F-1") => new(
        new ReceiptVoided { HolderId = Holder, FundId = fund, ReceiptId = id, Why = "keyed twice" }, id, fund);

    public static Fact Returned(string id, string source, long pence, string on, string fund = "F-1") => new(
        new MoneyReturned
        {
            HolderId = Holder, FundId = fund, ReturnId = id, Source = source, Pence = pence, PaidOn = Day(on),
            Reason = "surplus",
        },
        id, fund);

    public static Fact ReturnVoided(string id, string fund = "F-1") => new(
        new ReturnVoided { HolderId = Holder, FundId = fund, ReturnId = id, Why = "never left the bank" }, id, fund);

    public static Fact Budget(
        string id, int version, string setOn, string from, string? to, long council, long person = 6_000,
        string fund = "F-1") => new(
        new BudgetSet
        {
            HolderId = Holder, FundId = fund, BudgetId = id, Version = version, SetOn = Day(setOn), From = Day(from),
            To = to is null ? null : Day(to), WeeklyPence = council + person, IsfWeeklyPence = council + person,
            Sources = [new("council", council), new("person", person)], OneOff = [],
        },
        $"{fund}/{id}/v{version}", fund);

    public static Fact Allocation(
        string id, int version, string setOn, string from, string? to, long weekly, string fund = "F-1",
        long? total = null)
    {
        var terms = new AllocationTerms
        {
            FundId = fund, AllocationId = id, Version = version, SetOn = Day(setOn), ProviderId = "V-1",
            Kind = total is null ? "regular" : "one-off", From = Day(from), To = to is null ? null : Day(to),
            WeeklyPence = total is null
                ? weekly : null, TotalPence = total, Claim = "on-delivery", PriceList = new PriceList { Rates = [] },
        };
        object message = version == 1
            ? new AllocationMade { HolderId = Holder, Terms = terms }
            : new AllocationRevised { HolderId = Holder, Terms = terms };
        return new Fact(message, $"{fund}/{id}/v{version}", fund);
    }

    public static Fact Planned(string on, int revision, params (string Line, long Minutes)[] lines) => new(
        new DaysPlanned { HolderId = Holder, Days = [DayOf(on, revision, lines)] }, $"F-1/{on}/r{revision}", "F-1");

    public static Fact Unplanned(string on, int revision, params (string Line, long Minutes)[] lines) => new(
        new DaysUnplanned { HolderId = Holder, Days = [DayOf(on, revision, lines)] }, $"F-1/{on}/r{revision}", "F-1");

    public static Fact Priced(params PricedVisit[] visits) => new(
        new VisitsPriced { HolderId = Holder, Visits = visits },
        string.Join(' ', visits.Select(visit => visit.VisitId)), [.. visits.Select(visit => visit.FundId).Distinct()]);

    public static Fact Repriced(params PricedVisit[] visits) => new(
        new VisitRepriced { HolderId = Holder, Visits = visits },
        string.Join(' ', visits.Select(visit => $"{visit.VisitId}/v{visit.Version}")),
        [.. visits.Select(visit => visit.FundId).Distinct()]);

    public static Fact RunRequested(string requestedBy, string upTo) => new(
        new LedgerRunAsked { HolderId = Holder, Schedule = "state-books", UpTo = Day(upTo), AskedBy = requestedBy },
        requestedBy);

    public static PricedVisit Visit(
        string id, string on, long fulfilled, long pence, int version = 1, long extra = 0, int carers = 1,
        string fund = "F-1",
        string line = "L-1", FundingShare[]? fundedBy = null, string claim = "on-delivery",
        string outcome = "delivered") => new()
        {
            VisitId = id, Version = version, FundId = fund, LineId = line, AllocationId = "A-1", ProviderId = "V-1",
            CareOn = Day(on), Outcome = outcome, AnswersMinutes = fulfilled, ExtraMinutes = extra, Carers = carers,
            ChargedMinutes = (fulfilled + extra) / carers, Pence = pence, NetPence = pence, VatPence = 0,
            VatCode = "exempt",
            Parts = [], Because = string.Create(CultureInfo.InvariantCulture, $"{fulfilled + extra} min"),
            FundedBy = fundedBy,
            Claim = claim,
        };

    private static PlannedDay DayOf(string on, int revision, (string Line, long Minutes)[] lines) => new(
        "F-1", Day(on), revision, [.. lines.Select(line => new PlannedMinutes(line.Line, line.Minutes))]);
}
