using System.Globalization;
using System.Text;

namespace Isf.Ledger.Domain;

/// <summary>
/// Writes journals as plain text for other bookkeeping programs, hledger and Beancount, so that anyone can check the
/// books with a tool of their own. Money is GBP with two decimals, time is MIN, and each book has its own root. Each
/// account of the books becomes one account of the program.
/// </summary>
public static class PlainTextBooks
{
    /// <summary>Writes one journal for hledger, with its position as the code.</summary>
    public static string Hledger(Journal journal)
    {
        var text = new StringBuilder();
        var entry = journal.Entry;
        text.Append(CultureInfo.InvariantCulture, $"{Iso(entry.EffectiveOn)} * ({journal.Position}) {entry.Kind} | ");
        text.Append(CultureInfo.InvariantCulture, $"{entry.Cause.Message} {entry.Cause.Id}\n");
        foreach (var (name, value) in Notes(journal))
            text.Append(CultureInfo.InvariantCulture, $"    ; {name}: {value}\n");
        foreach (var move in entry.Moves)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    {HledgerAccount(move.To)}  {Amount(move.Book, move.Amount)}\n");
            text.Append(CultureInfo.InvariantCulture,
                $"    {HledgerAccount(move.From)}  {Amount(move.Book, -move.Amount)}\n");
        }
        return text.Append('\n').ToString();
    }

    /// <summary>The name of an account in hledger: money:held:council.</summary>
    public static string HledgerAccount(Account account) =>
        $"{account.Book.WireName()}:{account.Path.Replace('/', ':')}";

    /// <summary>
    /// Writes one journal for Beancount; its accounts must have been opened (<see cref="BeancountOpen"/>).
    /// </summary>
    public static string Beancount(Journal journal)
    {
        var text = new StringBuilder();
        var entry = journal.Entry;
        text.Append(CultureInfo.InvariantCulture, $"{Iso(entry.EffectiveOn)} * \"{entry.Kind}\" ");
        text.Append(CultureInfo.InvariantCulture, $"\"{entry.Cause.Message} {entry.Cause.Id}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"  position: {journal.Position}\n");
        foreach (var (name, value) in Notes(journal))
            text.Append(CultureInfo.InvariantCulture, $"  {name}: \"{value}\"\n");
        foreach (var move in entry.Moves)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {BeancountAccount(move.To)}  {Amount(move.Book, move.Amount)}\n");
            text.Append(CultureInfo.InvariantCulture,
                $"  {BeancountAccount(move.From)}  {Amount(move.Book, -move.Amount)}\n");
        }
        return text.Append('\n').ToString();
    }

    /// <summary>The line that opens an account in Beancount; it comes before all journals of the account.</summary>
    public static string BeancountOpen(Account account) =>
        $"0001-01-01 open {BeancountAccount(account)} {(account.Book == Book.Time ? "MIN" : "GBP")}\n";

    /// <summary>
    /// The name of an account in Beancount, where each part begins with a capital or a figure and holds letters,
    /// figures and hyphens: held/council becomes Assets:Money:Held:Council. An id that does not fit is written X-…,
    /// with each character that is neither a letter nor a figure as -hh (its code), so that no two accounts share a
    /// name.
    /// </summary>
    public static string BeancountAccount(Account account)
    {
        var parts = account.Path.Split('/');
        var ids = parts.Skip(1)
            .Select(part => account.Kind is "outside" or "held" or "budget" ? Capital(part) : Part(part));
        return string.Join(':', ["Assets", Capital(account.Book.WireName()), Capital(parts[0]), .. ids]);
    }

    private static string Part(string id)
    {
        var plain = id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            && (char.IsAsciiLetterUpper(id[0]) || char.IsAsciiDigit(id[0]))
            && !id.StartsWith("X-", StringComparison.Ordinal);
        if (plain)
            return id;
        var text = new StringBuilder("X-");
        foreach (var letter in id)
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else
                text.Append(CultureInfo.InvariantCulture, $"-{(int)letter:x2}");
        }
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Notes(Journal journal)
    {
        var entry = journal.Entry;
        yield return ("journal", journal.JournalId.ToString("D"));
        if (entry.CareOn is { } careOn)
            yield return ("careon", Iso(careOn));
        yield return ("recorded",
            journal.RecordedAt.ToString("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        if (entry.Reverses is { } reversed)
            yield return ("reverses", reversed.ToString("D"));
        yield return ("hash", Convert.ToHexStringLower(journal.Hash.Span));
    }

    // Pounds and pence are written by whole-number arithmetic, so that nothing is rounded.
    private static string Amount(Book book, long amount)
    {
        if (book == Book.Time)
            return string.Create(CultureInfo.InvariantCulture, $"{amount} MIN");
        var size = Int128.Abs(amount);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(amount < 0 ? "-" : "")}{size / 100}.{size % 100:00} GBP");
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Iso(NodaTime.LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
