using Isf.Funds;
using Isf.Hosting.Data;

namespace Isf.Tests.Hosting;

public sealed class Older_messages_are_kept
{
    [Fact]
    public async Task What_was_deferred_is_still_deferred_and_what_is_on_its_way_is_a_known_fact()
    {
        await using var older = await OlderDatabase.AsOfAsync(FundsService.Describe(), 1);
        var (deferred, published) = (DeterministicGuid.From("parked"), DeterministicGuid.From("said"));
        await older.RunAsync("""
            insert into funds.parked (queue, message_id, holder_id, urn, fact, funds, needs, body, retry_at)
            values ('funds-x', $1, 'sunrise', 'isf:funds:x:v1', $1, array['F-1'], 'fund/F-1', '{}', now());
            """, deferred);
        await older.RunAsync("""
            insert into funds.outbox (message_id, holder_id, urn, fact, funds, body)
            values ($1, 'sunrise', 'isf:funds:x:v1', $1, array['F-1'], '{}')
            """, published);

        await older.UpgradeAsync();

        Assert.Equal($"deferred fund/F-1 {deferred}",
            await older.RunAsync("select state || ' ' || waits_for || ' ' || message_id from watch.messages"));
        Assert.Equal(2L, await older.RunAsync(
            "select count(*) from watch.facts where holder_id = 'sunrise' and fact in ($1, $2)", deferred, published));
    }
}
