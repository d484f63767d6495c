using System.Collections.Concurrent;
using Isf.Tests;

namespace Isf.Story.Tests.Telling;

/// <summary>The result of a story: its statements, and every fund's last hash.</summary>
internal sealed record StoryResult(
    IReadOnlyDictionary<string, byte[]> Statements, IReadOnlyDictionary<string, string> LastHashes)
{
    private static readonly ConcurrentDictionary<(string, string), Lazy<Task<StoryResult>>> All = new();

    /// <summary>Runs a story over a transport, once for all tests of the process.</summary>
    public static Task<StoryResult> OnceAsync(string story, string transport) =>
        All.GetOrAdd((story, transport),
            _ => new(() => RunAsync(story, transport, (_, _) => Task.CompletedTask))).Value;

    /// <summary>Runs a story on a platform of its own, and lets a test inspect it before it is disposed.</summary>
    public static async Task<StoryResult> RunAsync(string name, string transport, Func<TestHost, Office, Task> look)
    {
        var story = StoryScript.Read(name);
        await using var host = await TestHost.StartAsync(new() { Transport = transport, Now = story.Steps[0].At });
        var office = OfficeOf(host);
        var runner = new StoryRunner(story, office, now => host.Clock.Reset(now));
        await runner.RunAsync();
        await look(host, office);
        return new(runner.Statements, await runner.LastHashesAsync());
    }

    /// <summary>
    /// Returns the clients of a host in this process. A caller is a role, or a role and an id such as person/P-1.
    /// </summary>
    public static Office OfficeOf(TestHost host)
    {
        var clients = new ConcurrentDictionary<string, HttpClient>();
        return new(caller => clients.GetOrAdd(caller, _ => caller.Split('/') switch
        {
            ["council", var council] => host.As("council", council: council),
            ["person", var person] => host.As("person", person: person),
            _ => host.As(caller),
        }));
    }
}
