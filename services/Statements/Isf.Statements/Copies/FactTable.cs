using System.Globalization;
using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Statements.Copies;

/// <summary>A fund known to Statements, with its person and its council, who may both see it.</summary>
public sealed record FundCopy(string Id, string PersonId, string CouncilId, LocalDate OpensOn, string Nation);

/// <summary>The consent that lets a supporter see parts of a fund; a withdrawn consent names no supporter.</summary>
public sealed record ConsentCopy(string? Supporter, IReadOnlyList<string> Sees, LocalDate? To);

/// <summary>
/// Stores the facts of Funds and Support as they were published, in any order of arrival: the latest version of each,
/// and every version of agreements and closed weeks.
/// </summary>
internal static class FactTable
{
    internal const string Person = "person", Provider = "provider", Holder = "holder", Agreement = "agreement",
        Budget = "budget", Allocation = "allocation", Ended = "ended", Receipt = "receipt",
        Plan = "plan", Consent = "consent", Week = "week", Closure = "closure";

    /// <summary>
    /// Stores a fact with the session's commit, unless the given version or a later one is stored already.
    /// </summary>
    internal static void Save<T>(Session session, string kind, string fundId, string id, int version, T fact) =>
        session.Queue("""
            insert into kept (fund_id, kind, id, version, data) values ($1, $2, $3, $4, $5)
            on conflict (holder_id, fund_id, kind, id) do update set version = excluded.version, data = excluded.data
            where kept.version < excluded.version
            """, fundId, kind, id, version, Json.From(fact));

    /// <summary>All known facts of a fund except its journals and the reasons for its prices.</summary>
    internal static async Task<FundFacts> FactsAsync(Session session, FundCopy fund)
    {
        var rows = await session.RowsAsync<(string Kind, string Id, string Data)>("""
            select kind, id, data::text from kept where (fund_id = $1 or (fund_id = '' and
              (kind in ('provider', 'holder') or (kind = 'person' and id = $2)))) order by kind, id, version
            """,
            fund.Id, fund.PersonId);
        IEnumerable<T> All<T>(string kind) =>
            rows.Where(row => row.Kind == kind).Select(row => IsfJson.Read<T>(row.Data));
        return new FundFacts
        {
            Fund = new FundCard(fund.Id, fund.PersonId, fund.CouncilId, fund.OpensOn, fund.Nation),
            Person = All<PersonCard>(Person).FirstOrDefault(),
            Holder = All<HolderCard>(Holder).FirstOrDefault(),
            Agreements = [.. All<AgreementTerms>(Agreement)],
            Budgets = [.. All<BudgetSet>(Budget).Select(BudgetOf)],
            Allocations =
            [
                .. from terms in All<AllocationTerms>(Allocation)
                   join ended in All<AllocationEnded>(Ended) on terms.AllocationId equals ended.AllocationId into ends
                   select PromiseOf(terms, ends.FirstOrDefault(ended => ended.Version > terms.Version)),
            ],
            Closure = All<Closure>(Closure).FirstOrDefault(),
            Receipts = [.. All<MoneyReceived>(Receipt).Select(ReceiptOf)],
            Lines = [.. All<PlanLine[]>(Plan).SelectMany(lines => lines).Select(LineOf)],
            Banked = (
                from row in rows
                where row.Kind == Week
                from line in IsfJson.Read<Dictionary<string, long>>(row.Data)
                select (Week: row.Id[..10], Version: int.Parse(row.Id[12..], CultureInfo.InvariantCulture),
                    LineId: line.Key, Pence: line.Value))
                .ToDictionary(line => (line.Week, line.Version, line.LineId), line => new Money(line.Pence)),
            Providers = rows.Where(row => row.Kind == Provider)
                .ToDictionary(row => row.Id, row => IsfJson.Read<ProviderCard>(row.Data)),
        };
    }

    /// <summary>
    /// The consents that let a supporter see a fund. A withdrawn consent names no supporter, so it is not among them.
    /// </summary>
    internal static async Task<IReadOnlyList<ConsentCopy>> ConsentsAsync(
        Session session, string fundId, string supporter) =>
        await session.RowsAsync("""
            select data from kept
            where fund_id = $1 and kind = 'consent' and data ->> 'supporter' = $2
            """, (ValueTuple<ConsentCopy> row) => row.Item1, fundId, supporter);

    private static BudgetTerms BudgetOf(BudgetSet message) => new(
        message.BudgetId, new CarePeriod(message.From, message.To), new Money(message.IsfWeeklyPence),
        message.Sources.ToDictionary(share => share.Source, share => new Money(share.WeeklyPence)));

    // If an allocation was ended before its first day, no care was ever given under it, so its period stays as it was
    // made.
    private static Promise PromiseOf(AllocationTerms terms, AllocationEnded? ended) => new(
        terms.AllocationId, terms.ProviderId, terms.Kind == "one-off",
        new CarePeriod(terms.From, ended?.To >= terms.From ? ended.To : terms.To), terms.PriceList, ended?.To);

    private static Receipt ReceiptOf(MoneyReceived message) => new(
        message.ReceiptId, new Money(message.Pence),
        message is { ForFrom: { } from, ForTo: { } to } ? new CarePeriod(from, to) : null);

    private static PlannedLine LineOf(PlanLine line) => new(line.LineId, line.AllocationId, line.Service);
}
