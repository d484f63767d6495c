using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Reconciliation;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Councils;
using Isf.Reconciliation.Domain;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Reconciliation;

/// <summary>Each migration of Reconciliation upgrades the copy left by the one before it.</summary>
public sealed class Older_copies_are_brought_up_to_date
{
    private static readonly CopiedJournal Received = new()
    {
        HolderId = "sunrise", FundId = "F-1", Position = 1, JournalId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        Kind = "money-received", EffectiveOn = new LocalDate(2026, 4, 6),
        RecordedAt = Instant.FromUtc(2026, 4, 6, 12, 0), CauseMessage = "money-received", CauseId = "R-1", Hash = "",
        Moves = [new("money", "outside/council", "held/council", 5)],
    };
    [Fact]
    public async Task A_copy_from_before_commitments_is_read_and_holds()
    {
        await using var older = await OlderDatabase.AsOfAsync(ReconciliationService.Describe(), 1);
        var hash = Convert.ToHexStringLower(HashChain.HashOf(Received, new byte[32]));
        await PutReceivedAsync(older, hash);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(
            new() { Services = "reconciliation", Database = older.Owner });
        await using var session = host.Services.GetRequiredService<Sessions>().Open("reconciliation", "sunrise");
        var copy = Assert.Single((await JournalTable.OfFundsAsync(session, ["F-1"]))["F-1"]);
        Assert.Equal((hash, null), (copy.Hash, copy.Commitment));
        Assert.Empty(HashChain.Broken([copy]));
    }

    private static async Task PutReceivedAsync(OlderDatabase older, string hash)
    {
        await older.RunAsync(
            """
            insert into reconciliation.journals values ('sunrise', 'F-1', 1, $1, 'money-received', '2026-04-06', null,
              $2, 'money-received', 'R-1', null, null, $3)
            """,
            Received.JournalId, Received.RecordedAt, hash);
        await older.RunAsync("""
            insert into reconciliation.moves values
              ('sunrise', 'F-1', 1, 0, 'money', 'outside/council', 'held/council', 5)
            """);
    }

    [Fact]
    public async Task A_councils_funds_of_before_are_found_for_its_feed()
    {
        await using var older = await OlderDatabase.AsOfAsync(ReconciliationService.Describe(), 2);
        await older.RunAsync("""
            insert into reconciliation.mt_doc_knownfund (tenant_id, id, data, mt_dotnet_type) values
              ('sunrise', 'F-1', '{"id":"F-1","personId":"P-1","councilId":"E10000009","kind":"isf",
                "opensOn":"2026-03-30"}', 'KnownFund');
            insert into reconciliation.mt_doc_knownperson (tenant_id, id, data, mt_dotnet_type) values
              ('sunrise', 'P-1/1', '{"id":"P-1/1","personId":"P-1","version":1,"councilRef":"CR-77",
                "nhsNumber":null}', 'KnownPerson')
            """);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(
            new() { Services = "reconciliation", Database = older.Owner });
        await using var session = host.Services.GetRequiredService<Sessions>().Open("reconciliation", "sunrise");
        var fund = Assert.Single(await session.Query<FundCopy>()
            .Where(fund => fund.CouncilId == "E10000009").ToListAsync());
        var line = Assert.Single(await CouncilFundTable.LinesAsync(session, [fund],
            new(new LocalDate(2026, 4, 6), new LocalDate(2026, 5, 3))));
        Assert.Contains("CR-77", IsfJson.Write(line));
    }

    [Fact]
    public async Task Sums_that_were_below_zero_before_anybody_listened_are_exceptions_where_the_copy_has_no_gaps()
    {
        await using var older = await OlderDatabase.AsOfAsync(ReconciliationService.Describe(), 4);
        await PutSpentAsync(older, "F-1", arrived: 2);
        await PutSpentAsync(older, "F-2", arrived: 1);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Database = older.Owner });
        var open = await host.As(Role.HolderAdmin).ExceptionsAsync("");
        Assert.Equal(
            ["fund-overdrawn F-1 £10.00.", "promise-overdrawn F-1 £6.00."],
            open.Select(exception => $"{exception.Kind} {exception.FundId} {exception.PlainWords.Split(' ')[^1]}")
                .Order(StringComparer.Ordinal));
        await host.PublishAsync("ledger", "sunrise",
            new Isf.Contracts.Ledger.FundOverdrawn
            {
                HolderId = "sunrise", FundId = "F-1", Position = 3, HeldPence = 0,
            }, "F-1/3", "F-1");
        await host.UntilIdleAsync();
        Assert.Equal(["promise-overdrawn"], await host.OpenAsync());
    }

    // Two journals spend £10.00 of a promise of £4.00. If only one has arrived, the copy has a gap.
    private static Task<object?> PutSpentAsync(OlderDatabase older, string fund, int arrived) => older.RunAsync($"""
        insert into reconciliation.journals select 'sunrise', '{fund}', n, gen_random_uuid(), 'visit-priced',
          '2026-04-06', null, now(), 'visit-priced', 'V-' || n, null, null, '', null,
          case n when 1 then E'promise free promised/A-1 400\nfalsified beyond reading\n'
          else E'promise promised/A-1 used/A-1 1000\nmoney held/drawn accrued/V-1 1000\n' end
        from generate_series(1, 2) n;
        insert into reconciliation.arrivals values ('sunrise', '{fund}', {arrived}, 2)
        """);
}
