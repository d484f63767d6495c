using Isf.Tests.Servers;
using Npgsql;
using RabbitMQ.Client;

namespace Isf.Tests.Hosting;

/// <summary>A private instance and a container stop and start alike. Tests that stop a server depend on this.</summary>
public sealed class Servers_of_a_tests_own_do_as_they_are_told
{
    [Fact]
    public async Task A_database_keeps_its_address_and_what_was_committed()
    {
        await using var server = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        var address = server.Address;
        await ScalarAsync(server, "create table kept (number int); insert into kept values (1)");
        await server.CrashAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(server, "select 1"));
        await server.StartAsync();
        await ScalarAsync(server, "insert into kept values (2)");
        await server.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(server, "select 1"));
        await server.StartAsync();
        Assert.Equal(2L, await ScalarAsync(server, "select count(*) from kept"));
        Assert.Equal(address, server.Address);
    }

    [Fact]
    public async Task A_database_that_is_held_still_answers_nothing_until_it_goes_on()
    {
        await using var server = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        await using var connection = new NpgsqlConnection(server.Address + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select 1", connection);
        await server.PauseAsync();
        var executing = command.ExecuteScalarAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => executing.WaitAsync(TimeSpan.FromSeconds(1)));
        await server.ResumeAsync();
        Assert.Equal(1, await executing.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_broker_keeps_its_address_and_its_queues()
    {
        await using var server = await OwnServer.NewAsync(ServerProgram.RabbitMq);
        var address = server.Address;
        await WithChannelAsync(address, channel => channel.QueueDeclareAsync("kept", true, false, false));
        // A broker that crashes within a moment may lose what was just declared, so it is stopped and started first.
        await server.StopAsync();
        await server.StartAsync();
        await server.CrashAsync();
        await server.StartAsync();
        await WithChannelAsync(address, channel => channel.QueueDeclarePassiveAsync("kept"));
        Assert.Equal(address, server.Address);
    }

    private static async Task<object?> ScalarAsync(OwnServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.Address + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task WithChannelAsync(string address, Func<IChannel, Task> work)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await work(channel);
    }
}
