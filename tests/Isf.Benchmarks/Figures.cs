using System.Diagnostics;
using System.Globalization;

namespace Isf.Benchmarks;

/// <summary>Times a piece of work several times over and says the least, the middle and the most.</summary>
public static class Figures
{
    /// <summary>
    /// Runs the work once to warm up and then three times; gives back the middle of its results a second.
    /// </summary>
    public static async Task<long> PerSecondAsync(string what, Func<Task<int>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        await work();
        var rates = new List<long>();
        for (var run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            var done = await work();
            rates.Add((long)done * Stopwatch.Frequency / Math.Max(1, watch.ElapsedTicks));
        }
        rates.Sort();
        Console.WriteLine(
            $"{what,-70} {Text(rates[0]),10} {Text(rates[1]),10} {Text(rates[2]),10} a second (min, median, max)");
        return rates[1];
    }

    /// <summary>One figure held against another, in percent.</summary>
    public static void Ratio(string what, long ours, long limit) =>
        Console.WriteLine($"{what,-70} {100 * ours / Math.Max(1, limit),9}%");

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
