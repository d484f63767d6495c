using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Knows what a fact needs before it is posted, such as the version before it or the fact that it reverses.
/// </summary>
internal sealed partial class World
{
    /// <summary>Whether a fact would still wait; asking changes nothing.</summary>
    public bool Waits(object message) => message switch
    {
        AgreementSigned m => !(funds.TryGetValue(m.FundId, out var fund) && fund.Agreements.Count >= m.Version - 1),
        BudgetSet m => Lacks(m.FundId, true, m.BudgetId, m.Version),
        AllocationMade m => Lacks(m.Terms.FundId, false, m.Terms.AllocationId, m.Terms.Version),
        AllocationRevised m => Lacks(m.Terms.FundId, false, m.Terms.AllocationId, m.Terms.Version),
        AllocationEnded m => Lacks(m.FundId, false, m.AllocationId, m.Version),
        ReceiptVoided m => Open(m.FundId)?.Find("money-received", m.ReceiptId) is null,
        ReturnVoided m => Open(m.FundId)?.Find("money-returned", m.ReturnId) is null,
        VisitRepriced m => LacksPrices(m.Visits),
        PaymentReturned m => LacksPayment(m),
        WeekClosed or PriceAdjusted or InvoiceMatched => LacksVersions(WholesOf(message)),
        _ => false,
    };

    private bool Lacks(string fundId, bool isBudget, string id, int version) => Open(fundId) is not { } fund
        || new FundPromises(fund).Versions(isBudget, id).Count < version - 1;

    private bool LacksPrices(IReadOnlyList<PricedVisit> visits) => visits.Any(visit =>
        Open(visit.FundId) is not { } fund || (Last(fund, visit) is null && !visits.Any(other =>
            (other.FundId, other.VisitId, other.Version) == (visit.FundId, visit.VisitId, visit.Version - 1))));

    private bool LacksPayment(PaymentReturned returned) =>
        returned.FundIds.Any(id => Open(id)?.Find("payment-made", returned.PaymentId) is null);

    private bool LacksVersions(List<Whole> all) => all.Exists(whole =>
        Open(whole.FundId) is not { } fund || Enumerable.Range(1, whole.Version - 1).Any(n =>
            fund.Find(whole.Kind, $"{whole.Id}/v{n}") is null
            && !all.Exists(other => (other.FundId, other.Id, other.Version) == (whole.FundId, whole.Id, n))));

    // Returns the parts of a fact that is published in full each time it changes.
    private static List<Whole> WholesOf(object message) => message switch
    {
        WeekClosed closed => [.. closed.Weeks.OrderBy(week => week.Version).Select(week => new Whole(week.FundId,
            "week-closed", Iso(week.WeekFrom), week.Version, week.WeekFrom.PlusDays(6), week.WeekFrom.PlusDays(6),
            CareFacts.Week(week)))],
        PriceAdjusted price => [new(price.FundId, "price-adjusted",
            $"{price.AllocationId}/{price.Kind}/{Iso(price.From)}/{Iso(price.To)}", price.Version, price.To, price.To,
            CareFacts.Adjusted(price))],
        InvoiceMatched invoice => [new(invoice.FundId, "invoice-matched", invoice.InvoiceId, invoice.Version,
            invoice.AcceptedOn, invoice.To, CareFacts.Matched(invoice))],
        _ => throw new NotSupportedException(message.GetType().Name),
    };

    private static string Iso(LocalDate day) => $"{day:uuuu-MM-dd}";

    private sealed record Whole(
        string FundId, string Kind, string Id, int Version, LocalDate On, LocalDate About, List<Flowed> Flows);
}
