using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isf.Tests;

/// <summary>
/// Waits for a condition that comes true by itself. It asks until the condition holds, and fails if that takes too
/// long.
/// </summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the condition holds.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        AnswersAsync(condition, holds => holds, within, what);

    /// <summary>Asks until the answer is as wanted, and returns that answer.</summary>
    public static async Task<T> AnswersAsync<T>(Func<Task<T>> query, Func<T, bool> isExpected, TimeSpan? within = null,
        [CallerArgumentExpression(nameof(isExpected))] string what = "")
    {
        var (since, max) = (Stopwatch.StartNew(), within ?? Patience);
        while (true)
        {
            var result = await query();
            if (isExpected(result))
                return result;
            if (since.Elapsed > max)
            {
                throw new TimeoutException($"Not so within {max}: {what}. The last answer was {Shown(result)}. "
                    + string.Join(" | ", TestLog.Lately));
            }
            await Task.Delay(Pause);
        }
    }

    private static string Shown<T>(T result) =>
        result is IEnumerable<object> many ? string.Join(", ", many) : $"{result}";
}
