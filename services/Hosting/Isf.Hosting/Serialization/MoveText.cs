using System.Globalization;
using System.Text;
using Isf.Contracts.Ledger;

namespace Isf.Hosting.Serialization;

/// <summary>A journal's moves as the copies store them: a line for each, "book from to amount".</summary>
public static class MoveText
{
    /// <summary>The moves as stored. No place holds a space.</summary>
    public static string Write(IReadOnlyList<PostedMove> moves)
    {
        var text = new StringBuilder();
        foreach (var move in moves)
            text.Append(CultureInfo.InvariantCulture, $"{move.Book} {move.From} {move.To} {move.Amount}\n");
        return text.ToString();
    }

    /// <summary>The stored moves: book, from, to and amount of each. A line that is no move is read as told.</summary>
    public static T[] Read<T>(string text, Func<string, string, string, long, T> move, Func<string, T> unreadable)
    {
        return Array.ConvertAll(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            line.Split(' ') is [var book, var from, var to, var amount]
            && long.TryParse(amount, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minor)
                ? move(book, from, to, minor) : unreadable(line));
    }
}
