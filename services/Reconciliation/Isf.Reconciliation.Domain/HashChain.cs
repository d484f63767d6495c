using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// Computes a fund's chain of hashes from the byte format in services/Ledger/README.md, and from nothing else of the
/// Ledger. Each value is written as its length (four bytes, most significant first) and then its bytes. A text is
/// UTF-8, a number has eight bytes, and an absent value has the length −1 and no bytes.
/// </summary>
public static class HashChain
{
    private static readonly byte[] BeforeTheFirst = new byte[SHA256.HashSizeInBytes];

    /// <summary>
    /// The journals whose hash is wrong, each with the right hash. A hash is computed from the hash that the journal
    /// before it has, right or wrong, so that a single change shows as a single break. A journal after a gap is not
    /// checked, because the gap is a difference of its own.
    /// </summary>
    public static IEnumerable<(CopiedJournal Journal, string Computed)> Broken(IEnumerable<CopiedJournal> journals)
    {
        var (position, before) = (0L, BeforeTheFirst);
        foreach (var journal in journals)
        {
            var follows = journal.Position == position + 1;
            var carried = Bytes(journal.Hash);
            if (follows && !HashOf(journal, before).AsSpan().SequenceEqual(carried))
                yield return (journal, Convert.ToHexStringLower(HashOf(journal, before)));
            (position, before) = (journal.Position, carried);
        }
    }

    /// <summary>SHA-256 over everything in the journal that matters and the hash before it.</summary>
    public static byte[] HashOf(CopiedJournal journal, byte[] before)
    {
        using var bytes = new MemoryStream(1024);
        Put(bytes, "isf-journal-1");
        Put(bytes, before);
        Put(bytes, journal.HolderId);
        Put(bytes, journal.FundId);
        Put(bytes, journal.Position);
        Put(bytes, journal.JournalId.ToString("D"));
        Put(bytes, journal.Kind);
        Put(bytes, Day(journal.EffectiveOn));
        Put(bytes, journal.CareOn is { } day ? Day(day) : null);
        Put(bytes, journal.RecordedAt.ToUnixTimeTicks() / 10);
        Put(bytes, journal.CauseMessage);
        Put(bytes, journal.CauseId);
        Put(bytes, journal.Reverses?.ToString("D"));
        Put(bytes, journal.PersonMinutes);
        Put(bytes, journal.Moves.Count);
        foreach (var move in journal.Moves)
        {
            Put(bytes, move.Book);
            Put(bytes, move.From);
            Put(bytes, move.To);
            Put(bytes, move.Amount);
        }
        if (journal.Commitment is { } commitment)
            Put(bytes, Bytes(commitment));
        return SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Put(MemoryStream bytes, string? text) =>
        Put(bytes, text is null ? null : Encoding.UTF8.GetBytes(text));

    private static void Put(MemoryStream bytes, long? number)
    {
        var eight = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(eight, number ?? 0);
        Put(bytes, number is null ? null : eight);
    }

    private static void Put(MemoryStream bytes, byte[]? value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, value?.Length ?? -1);
        bytes.Write(length);
        bytes.Write(value ?? []);
    }

    private static string Day(LocalDate day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-{day.Month:00}-{day.Day:00}");

    // A hash that is not even hexadecimal was falsified. It equals no computed hash, and the hash of the next journal
    // is computed from empty bytes.
    private static byte[] Bytes(string hash)
    {
        try
        {
            return Convert.FromHexString(hash);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
