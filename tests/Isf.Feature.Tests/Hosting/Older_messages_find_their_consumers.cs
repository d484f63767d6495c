using System.Text.Json.Nodes;
using Isf.Host;
using Isf.Hosting.Data;
using Isf.Tests.Reconciliation;
using Isf.Tests.Servers;

namespace Isf.Tests.Hosting;

/// <summary>
/// Messages that waited in the queues of an earlier release, before types were renamed, find a consumer. Queues keep
/// their names when a consumer is renamed.
/// </summary>
public sealed class Older_messages_find_their_consumers
{
    private static readonly string Folder = Path.Combine(TestServers.Root, "tests", "Isf.Feature.Tests", "Hosting");

    public static TheoryData<string> Services => [.. IsfHost.AllServices().Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_is_consumed_or_waits_for_a_fact_or_is_refused_by_its_consumer(string service)
    {
        await using var host = await TestHost.StartAsync(new() { Services = service });
        var owner = host.Owner;
        var waiting = Queues().Where(queue => queue.Service == service).ToList();
        foreach (var (_, queue, urn) in waiting)
            await DeferAsync(owner, service, queue, urn);
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(
            $"select count(*) from {service}.parked where tries + faults = 0 and failed_at is null") == 0);
        Assert.Equal("", await host.ValueAsync<string>($"""
            select coalesce(string_agg(queue || ' ' || urn || ': ' || last_error, E'\n'), '') from {service}.parked
            where last_error like 'No consumer of%'
            """));
        Assert.NotEmpty(waiting);
    }

    private static IEnumerable<(string Service, string Queue, string Urn)> Queues() =>
        from line in File.ReadLines(Path.Combine(Folder, "queues-before-renaming.txt"))
        let columns = line.Split(' ')
        select (columns[0], columns[1], columns[2]);

    private static async Task DeferAsync(Npgsql.NpgsqlDataSource owner, string service, string queue, string urn)
    {
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(
            TestServers.Root, "contracts", "Isf.Contracts", "wire", urn.Replace(':', '.') + ".json")))!;
        await using var insert = owner.CreateCommand($"""
            insert into {service}.parked (queue, message_id, holder_id, urn, fact, funds, needs, body, retry_at)
            values ($1, $2, $3, $4, $2, '{"{}"}', 'nothing', convert_to($5, 'utf8'), now())
            """);
        foreach (var value in new object[]
        {
            queue, DeterministicGuid.From(queue, urn), (string)sample["message"]!["holderId"]!, urn,
            sample["message"]!.ToJsonString(),
        })
        {
            insert.Parameters.Add(new() { Value = value });
        }
        await insert.ExecuteNonQueryAsync();
    }
}
