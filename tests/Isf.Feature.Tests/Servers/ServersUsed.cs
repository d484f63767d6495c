namespace Isf.Tests.Servers;

/// <summary>
/// Reports each server used by this process once. The report goes to the console and, if ISF_TEST_FOLDER is set, to a
/// file by which ops/test counts the tests on each server.
/// </summary>
internal static class ServersUsed
{
    private static readonly HashSet<string> Noted = [];

    public static void Note(string server)
    {
        lock (Noted)
        {
            if (!Noted.Add(server))
                return;
            Console.Error.WriteLine($"Servers of these tests: {server}");
            if (Environment.GetEnvironmentVariable("ISF_TEST_FOLDER") is { Length: > 0 } folder)
            {
                var list = Directory.CreateDirectory(Path.Combine(folder, "servers")).FullName;
                var project = typeof(ServersUsed).Assembly.GetName().Name!;
                File.AppendAllText(Path.Combine(list, project), server + "\n");
            }
        }
    }
}
