using Isf.Client;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Statements;

/// <summary>One host with a fund whose statement of April, S-1, is issued, for tests that change no journal.</summary>
public sealed class HostWithAStatement : IAsyncLifetime
{
    /// <summary>The time at which every test begins: the last day of May, which is not past.</summary>
    public static readonly Instant Now = Instant.FromUtc(2026, 5, 31, 9, 0);

    public TestHost Host { get; private set; } = null!;

    /// <summary>The response with which the statement was issued.</summary>
    public HttpResponseMessage Issued { get; private set; } = null!;

    public HttpClient Finance => Host.As(Role.HolderFinance);

    public IsfClient Client => Finance.Typed();

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync(new() { Now = Now });
        await Host.LiveAprilAsync();
        Issued = await (await Finance.PutAsync($"{StatementSample.Of}/S-1", StatementSample.April)).NeedsAsync(201);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
