using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>What others say to the Ledger of weeks, claims, payments and fees, in few words.</summary>
public static class ClaimFacts
{
    private const string Holder = LedgerHost.Holder;

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
