using NodaTime;

namespace Isf.Reconciliation.Books;

/// <summary>The kinds of run. Only runs of the kind books are made so far.</summary>
public enum RunKind
{
    /// <summary>Compares the funds with the bank's statements.</summary>
    Bank = 1,
    /// <summary>Compares the visits with the invoices.</summary>
    VisitsInvoices = 2,
    /// <summary>Compares the receipts with the councils' published payments.</summary>
    CouncilPayments = 3,
    /// <summary>Compares the Ledger's books with Reconciliation's own sums of the journals.</summary>
    Books = 4,
}

/// <summary>
/// One run and its result, which is the number of comparisons and of those that agreed. Each difference is raised as an
/// exception.
/// </summary>
public sealed record Run
{
    public required string Id { get; init; }
    public required RunKind Kind { get; init; }
    public required LocalDate UpTo { get; init; }
    public required string StatingId { get; init; }
    public required LocalDate StatedUpTo { get; init; }
    public required long Checked { get; init; }
    public required long Agreed { get; init; }
    public required long Differences { get; init; }
    public required Instant CompletedAt { get; init; }
}
