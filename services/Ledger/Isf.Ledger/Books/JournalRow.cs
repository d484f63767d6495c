using Isf.Hosting.Data;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Books;

/// <summary>
/// A journal as it is read: one row, with its moves as arrays in their order. The arrays are null if it has none.
/// </summary>
internal sealed record JournalRow(Journal Journal, short[]? Books, string[]? Froms, string[]? Tos, long[]? Amounts)
{
    /// <summary>The columns, of which the last four come from <see cref="BooksTable.Moves"/>.</summary>
    public static readonly TableColumns<JournalRow> Columns = TableColumns<JournalRow>.ByName
        .WithPart(row => row.Journal).WithPart(row => row.Journal.Entry).WithPart(row => row.Journal.Entry.Cause)
        .Named(row => row.Journal.Entry.Cause.Message, "cause_message")
        .Named(row => row.Journal.Entry.Cause.Id, "cause_id")
        .StoredAs(row => row.Journal.Entry.Commitment, BytesOf, HexOf)
        .Without(row => row.Journal.Entry.Moves);

    /// <summary>The journal with its moves.</summary>
    /// <exception cref="ArgumentException">An account or an amount is one that no posting writes.</exception>
    public Journal ToJournal() => Journal with
    {
        Entry = Journal.Entry with
        {
            Moves = [.. (Books ?? []).Select((book, n) => Move.Parse((Book)book, Froms![n], Tos![n], Amounts![n]))],
        },
    };

    private static byte[]? BytesOf(string? hex) => hex is null ? null : Convert.FromHexString(hex);

    private static string? HexOf(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(bytes);
}
