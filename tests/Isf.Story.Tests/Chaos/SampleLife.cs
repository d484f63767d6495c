using System.Text;
using System.Text.Json.Nodes;
using Isf.Story.Tests.Telling;
using Isf.Tests.Servers;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// The sample of ops/sample, with its entries and with its visits as files, for tests that disturb its import.
/// </summary>
internal static class SampleLife
{
    private static readonly string Folder = Path.Combine(TestServers.Root, "ops", "sample");

    /// <summary>Makes all the entries that ops/sample/load makes before the visits: everything up to plans.</summary>
    public static async Task EnterAsync(Office office)
    {
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, "requests.tsv")))
        {
            var part = line.Split('\t');
            var response = await office.SendAsync(new HttpMethod(part[0]), part[1], JsonNode.Parse(part[3]), part[2]);
            response.Expect(200, 201);
        }
        await office.UntilIdleAsync();
    }

    /// <summary>
    /// Returns the visits in the given number of files. All visits of a day are in one file, because they are matched
    /// to the plan together. So the order in which the files are read does not matter.
    /// </summary>
    public static IReadOnlyList<byte[]> Files(int count)
    {
        var rows = File.ReadAllLines(Path.Combine(Folder, "visits.csv"));
        var days = rows.Skip(1).GroupBy(DayOf).OrderBy(day => day.Key, StringComparer.Ordinal).ToList();
        return [.. Enumerable.Range(0, count).Select(file => Encoding.UTF8.GetBytes(string.Join('\n',
            days.Where((_, day) => day * count / days.Count == file).SelectMany(day => day).Prepend(rows[0])) + "\n"))];
    }

    // Returns the day of a visit: the day of plannedStart, or of start if nothing was planned.
    private static string DayOf(string row)
    {
        var cells = row.Split(',');
        return (cells[6].Length > 0 ? cells[6] : cells[8])[..10];
    }
}
