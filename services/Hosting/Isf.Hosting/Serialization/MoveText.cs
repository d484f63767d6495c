using System.Globalization;
using System.Text;
using Isf.Contracts.Ledger;

namespace Isf.Hosting.Serialization;

/// <summary>A journal's moves as the copies store them, with a line for each: "book from to amount".</summary>
public static class MoveText
{
    /// <summary>Writes moves in their stored form; no account's name contains a space.</summary>
    public static string Write(IReadOnlyList<PostedMove> moves)
    {
        var text = new StringBuilder();
        foreach (var move in moves)
            text.Append(CultureInfo.InvariantCulture, $"{move.Book} {move.From} {move.To} {move.Amount}\n");
        return text.ToString();
    }

    /// <summary>
    /// Reads stored moves. <paramref name="move"/> builds each move from its book, from, to and amount, and
    /// <paramref name="unreadable"/> gets each line that is no move.
    /// </summary>
    public static T[] Read<T>(string text, Func<string, string, string, long, T> move, Func<string, T> unreadable)
    {
        return Array.ConvertAll(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            line.Split(' ') is [var book, var from, var to, var amount]
            && long.TryParse(amount, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minor)
                ? move(book, from, to, minor) : unreadable(line));
    }
}
