namespace Isf.Tests.Hosting;

/// <summary>
/// While two messages of a holder are being consumed from a queue, the holder's other messages wait in memory. The
/// broker and the consumer's database no longer hold them, but the outbox of their publisher does, so that none is lost
/// and each counts once. Messages that can be joined are consumed as one, unless one of them fails, is a duplicate or
/// has to be deferred.
/// </summary>
public sealed class Messages_wait_for_their_turn_in_memory
{
    private const int Many = 60;

    [Theory]
    [InlineData("memory")]
    [InlineData("rabbitmq")]
    public async Task Anothers_is_consumed_meanwhile_and_nothing_is_written_for_those_that_wait(string transport)
    {
        await using var scene = await ClosedAsync(new() { Transport = transport });
        await scene.PublishAsync("alpha", Many);
        await scene.PublishAsync("beta", 1);
        await scene.UntilConsumedAsync("beta", 1);
        Assert.Equal(0, await scene.CountAsync("ledger.parked"));
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many);
        Assert.Equal(0, await scene.CountAsync("ledger.parked"));
    }

    [Theory]
    [InlineData(false, Many)]
    [InlineData(true, Many / 2)]
    public async Task Those_that_can_be_joined_are_consumed_some_at_a_time(bool joined, int transactions)
    {
        await using var scene = await ClosedAsync(joined: joined);
        await scene.PublishAsync("alpha", Many);
        await scene.UntilWaitingAsync(Many);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many);
        Assert.InRange(await scene.CountAsync("(select distinct transaction from public.heard) them"),
            joined ? Many / 4 : Many, transactions);
        await scene.UntilAsync("select count(*) from ledger.inbox where queue = 'ledger-gated'", Many);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_published_again_meanwhile_counts_once(bool joined)
    {
        await using var scene = await ClosedAsync(
            new() { RepublishAfter = TimeSpan.FromMilliseconds(200) }, joined);
        await scene.PublishAsync("alpha", Many);
        await scene.UntilAsync(
            "select count(*) from ledger.outbox where said_again >= 2 and confirmed_at is not null", Many);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many);
        // A message that is consumed twice would violate a key and be stored as a fault.
        Assert.Equal(0, await scene.CountAsync("ledger.parked"));
    }

    // The fifth or the thirtieth message fails. The first few waiting messages are held as they are, and those behind
    // them are held compressed.
    [Theory]
    [InlineData("memory", 5, false)]
    [InlineData("rabbitmq", 5, false)]
    [InlineData("rabbitmq", Many / 2, false)]
    [InlineData("memory", Many / 2, true)]
    public async Task One_that_fails_is_stored_with_its_own_body_and_the_others_go_on(
        string transport, int broken, bool joined)
    {
        await using var scene = await ClosedAsync(
            new() { Transport = transport, RetryPauses = [TimeSpan.FromHours(1)] }, joined);
        await scene.PublishAsync("alpha", Many, broken);
        await scene.UntilWaitingAsync(Many);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many - 1);
        await scene.UntilAsync($$"""
            select count(*) from ledger.parked where faults = 1 and not in_turn
              and convert_from(body, 'utf8')::jsonb = '{"holderId": "alpha", "fundId": "broken",
                "position": {{broken}}, "heldPence": -1}'
            """, atLeast: 1);
    }

    [Fact]
    public async Task One_that_came_before_holds_up_none_that_it_is_joined_with()
    {
        await using var scene = await ClosedAsync(joined: true);
        await scene.PublishAsync("alpha", Many);
        await scene.UntilWaitingAsync(Many);
        await scene.RunAsync("""
            insert into ledger.inbox select 'ledger-gated', message_id from ledger.outbox
            where convert_from(body, 'utf8')::jsonb ->> 'fundId' = '30'
            """);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many - 1);
        Assert.Equal(0, await scene.CountAsync("ledger.parked"));
        Assert.Equal(0, await scene.CountAsync("public.heard where n = '30'"));
    }

    [Fact]
    public async Task One_that_has_to_wait_holds_up_none_that_it_is_joined_with()
    {
        await using var scene = await ClosedAsync(joined: true);
        await scene.PublishAsync("alpha", Many, odd: Many / 2, GatedScene.Early);
        await scene.UntilWaitingAsync(Many);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many - 1);
        await scene.UntilAsync("select count(*) from ledger.parked where needs = 'what never comes'", atLeast: 1);
        Assert.Equal(Many - 1, await scene.CountAsync("public.heard"));
    }

    [Fact]
    public async Task What_no_room_is_left_for_is_deferred_and_consumed_in_its_turn()
    {
        await using var scene = await ClosedAsync(new()
        {
            Settings = settings => settings with { HeldMessagesMax = 20 << 10 },
        });
        await scene.PublishAsync("alpha", Many);
        await scene.UntilAsync("select count(*) from ledger.parked where in_turn", atLeast: Many / 2);
        await scene.OpenAsync();
        await scene.UntilConsumedAsync("alpha", Many);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_puts_aside_what_waits(bool joined)
    {
        await using var scene = await ClosedAsync(joined: joined);
        await scene.PublishAsync("alpha", Many);
        await scene.UntilWaitingAsync(Many);
        await scene.StopAsync();
        Assert.InRange(await scene.CountAsync("ledger.parked where in_turn"), 1, Many);
        await scene.OpenAsync();
        await scene.RestartAsync();
        await scene.UntilConsumedAsync("alpha", Many);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_ends_and_cannot_put_it_aside_leaves_it_to_the_outbox(bool joined)
    {
        await using var scene = await ClosedAsync(joined: joined);
        await scene.PublishAsync("alpha", Many);
        await scene.UntilWaitingAsync(Many);
        await scene.RunAsync("alter table ledger.parked add constraint none check (false) not valid");
        await scene.StopAsync();
        await scene.RunAsync("alter table ledger.parked drop constraint none");
        Assert.Equal(0, await scene.CountAsync("ledger.parked"));
        await scene.OpenAsync();
        await scene.RestartAsync();
        await scene.UntilConsumedAsync("alpha", Many);
    }

    private static Task<GatedScene> ClosedAsync(TestHostTerms? terms = null, bool joined = false) =>
        GatedScene.StartAsync(terms ?? new() { RepublishAfter = TimeSpan.FromHours(1) }, joined);
}
