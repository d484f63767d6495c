using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>Short constructors for other services' messages about weeks, claims, payments and fees.</summary>
public static class ClaimFacts
{
    private const string Holder = LedgerHost.Holder;

    /// <summary>One fact of each kind, with the versions that wait for one another.</summary>
    public static Fact[] OneOfEach =>
    [
        Ended("A-1", 3, "2026-05-04", "2026-05-31"), Adjusted("set-off", 1, -700), Adjusted("set-off", 2, -300),
        Adjusted("minimum", 1, 250), Fee("E-1", "2026-04-06", "2026-05-03", 5_000, "within"),
        Fee("E-2", "2026-05-04", "2026-05-31", 5_000, "on-top"),
        Closed(Week("2026-04-06", 1, new("short", 45, 45, 0), new("no-access", 30, 0, 30))),
        Closed(Week("2026-04-06", 2, new MissedMinutes("short", 20, 20, 0))),
        Closed(WeekOf("2026-04-13", 1, [], drawn: 10, expired: 5, revalued: 2)),
        Matched("I-1", 1, "2026-04-20", 3_000, 0, final: false),
        Matched("I-1", 2, "2026-04-27", 4_000, 100, unclaimed: 50),
        Matched("I-2", 1, "2026-04-21", 0, 0, bought: 8_500), Credited("C-1", "2026-04-28", 500),
        Paid("M-1", "2026-04-24", ("F-1", "I-1", 3_000), ("F-1", "I-2", 8_500)),
        BankReturned("M-1", "2026-04-26", "F-1"),
        Paid("M-2", "2026-04-29", ("F-1", "I-2", 8_500)), Repaid("Q-1", "2026-05-01", 500),
        Recovered("T-1", "2026-05-02", 200),
    ];

    public static Fact Matched(
        string id, int version, string on, long delivered, long extra, long bought = 0, long unclaimed = 0,
        string fund = "F-1", bool final = true) => new(
        new InvoiceMatched
        {
            HolderId = Holder, FundId = fund, InvoiceId = id, Version = version, ProviderId = "V-1",
            From = Day("2026-04-06"), To = Day("2026-04-12"), AcceptedOn = Day(on), Final = final,
            Parts =
            [
                new()
                {
                    AllocationId = "A-1", DeliveredPence = delivered, AgreedExtraPence = extra, BoughtPence = bought,
                    UnclaimedPence = unclaimed,
                },
            ],
        },
        $"{id}/v{version}", fund);

    public static Fact Adjusted(string kind, int version, long pence, string fund = "F-1") => new(
        new PriceAdjusted
        {
            HolderId = Holder, FundId = fund, AllocationId = "A-1", ProviderId = "V-1", Kind = kind,
            From = Day("2026-04-06"), To = Day("2026-04-12"), Version = version, Pence = pence,
            Because = "as planned for the week",
        },
        $"{fund}/{kind}/v{version}", fund);

    public static Fact Credited(string id, string on, long pence) => new(
        new CreditNoteAccepted
        {
            HolderId = Holder, FundId = "F-1", CreditNoteId = id, ProviderId = "V-1", InvoiceId = "I-1",
            CareOn = Day("2026-04-12"), AcceptedOn = Day(on), Parts = [new("A-1", pence, null)],
        },
        id, "F-1");

    public static Fact Paid(string id, string on, params (string Fund, string Claim, long Pence)[] claims) => new(
        new PaymentMade
        {
            HolderId = Holder, PaymentId = id, PayRunId = "R-1", ProviderId = "V-1", PaidOn = Day(on),
            Claims = [.. claims.Select(claim => new PaidClaim(claim.Fund, claim.Claim, claim.Pence))],
        },
        id, [.. claims.Select(claim => claim.Fund).Distinct()]);

    public static Fact BankReturned(string id, string on, params string[] funds) => new(
        new PaymentReturned
        {
            HolderId = Holder, PaymentId = id, ProviderId = "V-1", ReturnedOn = Day(on), Why = "account-closed",
            FundIds = funds,
        },
        id, funds);

    public static Fact Repaid(string id, string on, long pence) => new(
        new ProviderRepaid
        {
            HolderId = Holder, FundId = "F-1", RepaymentId = id, ProviderId = "V-1", Pence = pence, RepaidOn = Day(on),
        },
        id, "F-1");

    public static Fact Recovered(string id, string on, long pence) => new(
        new VatRecovered
        {
            HolderId = Holder, FundId = "F-1", RecoveryId = id, ProviderId = "V-1", Pence = pence,
            RecoveredOn = Day(on),
        },
        id, "F-1");

    public static Fact Fee(string id, string from, string to, long pence, string mode, string fund = "F-1") => new(
        new FeeCharged
        {
            HolderId = Holder, FundId = fund, FeeId = id, From = Day(from), To = Day(to), WeeklyPence = 1_250,
            Pence = pence, Mode = mode,
        },
        $"{fund}/{id}", fund);

    public static Fact Ended(string id, int version, string setOn, string to) => new(
        new AllocationEnded
        {
            HolderId = Holder, FundId = "F-1", AllocationId = id, Version = version, SetOn = Day(setOn), To = Day(to),
        },
        $"F-1/{id}/v{version}", "F-1");

    public static Fact Closed(params ClosedWeek[] weeks) => new(
        new WeekClosed { HolderId = Holder, Weeks = weeks },
        string.Join(' ', weeks.Select(week => $"{week.FundId}/{week.WeekFrom}/v{week.Version}")),
        [.. weeks.Select(week => week.FundId).Distinct()]);

    public static ClosedWeek Week(string from, int version, params MissedMinutes[] missed) =>
        WeekOf(from, version, missed);

    public static ClosedWeek WeekOf(
        string from, int version, MissedMinutes[] missed, long drawn = 0, long expired = 0, long revalued = 0,
        string fund = "F-1") => new(
        fund, Day(from), version,
        [
            new()
            {
                LineId = "L-1", Missed = missed, DrawnMinutes = drawn, ExpiredMinutes = expired,
                RevaluedMinutes = revalued,
            },
        ]);
}
