using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Computes the moves for facts of care and claims by the table of design §4, in code that shares nothing with the
/// Ledger.
/// </summary>
internal static class CareFacts
{
    public static Post Priced(PricedVisit visit, string kind)
    {
        var given = visit.AnswersMinutes + visit.ExtraMinutes;
        var flows = new List<Flowed>();
        Time(flows, visit.LineId, "planned", "delivered", visit.AnswersMinutes);
        Time(flows, visit.LineId, "extra", "delivered", visit.ExtraMinutes);
        Time(flows, visit.LineId, "planned", "charged", visit.ChargedNotGivenMinutes ?? 0);
        if (visit.Claim != "on-invoice")
            Spend(flows, visit.AllocationId, $"accrued/{visit.ProviderId}", visit.Pence, visit.FundedBy);
        return new Post(kind, $"{visit.VisitId}/v{visit.Version}", visit.CareOn, visit.CareOn, flows)
        {
            Person = given == 0 ? null : (visit.LineId, given / visit.Carers),
        };
    }

    public static Post Planned(PlannedDay day, bool isPlanned)
    {
        var flows = new List<Flowed>();
        foreach (var line in day.Lines)
            Time(flows, line.LineId, isPlanned ? "agreed" : "planned", isPlanned ? "planned" : "agreed", line.Minutes);
        return new Post(isPlanned ? "day-planned" : "day-unplanned", $"{day.On:uuuu-MM-dd}/r{day.Revision}", day.On,
            day.On, flows);
    }

    public static List<Flowed> Week(ClosedWeek week)
    {
        var flows = new List<Flowed>();
        foreach (var line in week.Lines)
        {
            foreach (var missed in line.Missed)
            {
                Time(flows, line.LineId, "planned", $"missed:{missed.Reason}", missed.Minutes);
                Time(flows, line.LineId, $"missed:{missed.Reason}", "banked", missed.BankedMinutes);
                Time(flows, line.LineId, $"missed:{missed.Reason}", "released", missed.ReleasedMinutes);
            }
            Time(flows, line.LineId, "banked", "extra", line.DrawnMinutes);
            Time(flows, line.LineId, "banked", "released", line.ExpiredMinutes);
            Time(flows, line.LineId, "extra", "banked", Math.Max(0, line.RevaluedMinutes));
            Time(flows, line.LineId, "banked", "released", Math.Max(0, -line.RevaluedMinutes));
        }
        return flows;
    }

    public static List<Flowed> Adjusted(PriceAdjusted price)
    {
        var flows = new List<Flowed>();
        Spend(flows, price.AllocationId, $"accrued/{price.ProviderId}", price.Pence, price.FundedBy);
        return flows;
    }

    public static List<Flowed> Matched(InvoiceMatched invoice)
    {
        var (flows, accrued) = (new List<Flowed>(), $"accrued/{invoice.ProviderId}");
        foreach (var part in invoice.Parts)
        {
            var beyond = part.AgreedExtraPence + part.BoughtPence;
            Spend(flows, part.AllocationId, accrued, beyond, part.FundedBy);
            flows.Add(new($"money:{accrued}", $"money:owed/{invoice.ProviderId}", part.DeliveredPence + beyond));
            Spend(flows, part.AllocationId, accrued, -part.UnclaimedPence, part.FundedBy);
        }
        return flows;
    }

    public static Post Credited(CreditNoteAccepted credit)
    {
        var flows = new List<Flowed>();
        foreach (var part in credit.Parts)
            Spend(flows, part.AllocationId, $"owed/{credit.ProviderId}", -part.Pence, part.FundedBy);
        return new Post("credit-note-accepted", credit.CreditNoteId, credit.AcceptedOn, credit.CareOn, flows);
    }

    /// <summary>
    /// Returns the accounts from which a cost is taken, each with its pence. They are the accounts of the named
    /// sources, and held/drawn for the percentage that names no source.
    /// </summary>
    public static IEnumerable<(string Account, long Pence)> Bearers(long pence, IReadOnlyList<FundingShare>? fundedBy)
    {
        if (fundedBy is not { Count: > 0 })
            return [("money:held/drawn", pence)];
        long[] weights = [.. fundedBy.Select(share => (long)share.Percent), 100 - fundedBy.Sum(share => share.Percent)];
        return fundedBy.Select(share => $"money:held/{share.Source}").Append("money:held/drawn")
            .Zip(Shares.Split(pence, weights));
    }

    private static void Spend(
        List<Flowed> flows, string allocation, string to, long pence, IReadOnlyList<FundingShare>? fundedBy)
    {
        var name = allocation.Length == 0 ? "none" : allocation;
        flows.Add(new($"promise:promised/{name}", $"promise:used/{name}", pence));
        flows.AddRange(Bearers(pence, fundedBy).Select(borne => new Flowed(borne.Account, $"money:{to}", borne.Pence)));
    }

    private static void Time(List<Flowed> flows, string line, string from, string to, long minutes)
    {
        string Account(string kind) => kind.Split(':') is [var missed, var reason]
            ? $"time:{missed}/{line}/{reason}" : $"time:{kind}/{line}";
        flows.Add(new(Account(from), Account(to), minutes));
    }
}
