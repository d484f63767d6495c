using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Isf.Benchmarks;

/// <summary>
/// Times each piece of work several times, prints the minimum, median and maximum, and saves them in
/// ops/bench-results.json. Work that is compared with a reference alternates with the reference, so that a noisy
/// machine affects both alike. Their ratio is the median of the ratios of all rounds.
/// </summary>
public sealed class Figures(string name)
{
    private const int Turns = 5;
    private readonly JsonObject figures = [];

    /// <summary>Measures throughput, in units a second.</summary>
    public async Task PerSecondAsync(string what, Func<Task<int>> work)
    {
        await work();
        var rates = new List<long>();
        for (var turn = 0; turn < Turns; turn++)
            rates.Add(await RateAsync(work));
        Add(what, "a second", rates);
    }

    /// <summary>
    /// Measures our throughput and the reference's in alternation, in units a second, and their ratio. One piece of
    /// our work has <paramref name="units"/> units, such as rows, and one of the reference's has
    /// <paramref name="limitUnits"/>.
    /// </summary>
    public async Task AgainstAsync(string what, Func<Task<int>> ours, int units, string limitWhat,
        Func<Task<int>> limit, int limitUnits)
    {
        await limit();
        await ours();
        var (rates, limits, ratios) = (new List<long>(), new List<long>(), new List<long>());
        for (var turn = 0; turn < Turns; turn++)
        {
            limits.Add(await RateAsync(limit));
            rates.Add(await RateAsync(ours));
            ratios.Add(100 * rates[^1] * units / Math.Max(1, limits[^1] * limitUnits));
        }
        Add("limit: " + limitWhat, "a second", limits);
        Add(what, "a second", rates);
        Add($"  {what}, of {limitWhat}, in {(units == limitUnits ? "works" : "rows")}", "%", ratios);
    }

    /// <summary>
    /// Measures the latency of one call, in microseconds: the median, and the value that one call in a hundred
    /// exceeds.
    /// </summary>
    public async Task LatencyAsync(string what, int times, Func<int, Task> work)
    {
        for (var i = 0; i < times / 5; i++)
            await work(i);
        var (middles, slowest) = (new List<long>(), new List<long>());
        for (var turn = 0; turn < Turns; turn++)
        {
            var durations = new List<long>();
            for (var i = 0; i < times; i++)
            {
                var watch = Stopwatch.StartNew();
                await work(i);
                durations.Add(watch.ElapsedTicks * 1_000_000 / Stopwatch.Frequency);
            }
            durations.Sort();
            middles.Add(durations[durations.Count / 2]);
            slowest.Add(durations[durations.Count * 99 / 100]);
        }
        Add(what + ", p50", "µs", middles);
        Add(what + ", p99", "µs", slowest);
    }

    /// <summary>Records figures that the caller has timed.</summary>
    public void Timed(string what, string unit, IEnumerable<long> numbers) => Add(what, unit, [.. numbers]);

    /// <summary>Records one figure that is counted, not timed.</summary>
    public void Counted(string what, string unit, long number) => Add(what, unit, [number]);

    /// <summary>Replaces the saved figures of this benchmark.</summary>
    public async Task SaveAsync(DateTimeOffset measuredAt)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IsfPlatform.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new FileNotFoundException("No repository.");
        var file = Path.Combine(folder, "ops", "bench-results.json");
        var all = File.Exists(file) ? (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(file))! : [];
        all[name] = new JsonObject
        {
            ["measuredAt"] = measuredAt.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
            ["cores"] = Environment.ProcessorCount,
            ["figures"] = figures,
        };
        await File.WriteAllTextAsync(file, all.ToJsonString(Indented) + "\n");
    }

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static async Task<long> RateAsync(Func<Task<int>> work)
    {
        var watch = Stopwatch.StartNew();
        var done = await work();
        return (long)done * Stopwatch.Frequency / Math.Max(1, watch.ElapsedTicks);
    }

    private void Add(string what, string unit, List<long> numbers)
    {
        numbers.Sort();
        var (min, median, max) = (numbers[0], numbers[numbers.Count / 2], numbers[^1]);
        figures[what.Trim()] = new JsonObject { ["unit"] = unit, ["min"] = min, ["median"] = median, ["max"] = max };
        Console.WriteLine($"{name + ": " + what,-130} {Text(min),10} {Text(median),10} {Text(max),10} {unit}");
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
