namespace Isf.Tests;

/// <summary>
/// Which servers this process took, each said once: to the reader, and under ISF_TEST_FOLDER to ops/test, which counts
/// the tests by it.
/// </summary>
internal static class ServersTaken
{
    private static readonly HashSet<string> Said = [];

    public static void Note(string taken)
    {
        lock (Said)
        {
            if (!Said.Add(taken))
            {
                return;
            }
            Console.Error.WriteLine($"Servers of these tests: {taken}");
            if (Environment.GetEnvironmentVariable("ISF_TEST_FOLDER") is { Length: > 0 } folder)
            {
                var list = Directory.CreateDirectory(Path.Combine(folder, "servers")).FullName;
                var project = typeof(ServersTaken).Assembly.GetName().Name!;
                File.AppendAllText(Path.Combine(list, project), taken + "\n");
            }
        }
    }
}
