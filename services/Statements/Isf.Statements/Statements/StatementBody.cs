using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>
/// A statement. Its lines name the journals that make up the money out; money in and money returned have the ids of
/// their journals, so that anyone can check each sum.
/// </summary>
public sealed record StatementBody
{
    public required string StatementId { get; init; }
    public required string FundId { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    public required long Position { get; init; }
    public required Instant IssuedAt { get; init; }
    public required long OpeningPence { get; init; }
    public required IReadOnlyList<SourceRow> MoneyIn { get; init; }
    public required long MoneyInPence { get; init; }
    public required IReadOnlyList<ProviderRow> MoneyOut { get; init; }
    public required long MoneyOutPence { get; init; }
    public required IReadOnlyList<SourceRow> Returned { get; init; }
    public required long ReturnedPence { get; init; }
    public required long ClosingPence { get; init; }
    public required long SpokenForPence { get; init; }
    public required long FreeToUsePence { get; init; }
    public required ContributionRow Contribution { get; init; }
    public required HoursRow Hours { get; init; }

    /// <summary>The forecast of whether the money lasts; null for a closed fund.</summary>
    public required ForecastRow? Forecast { get; init; }

    /// <summary>
    /// When and why the fund closed, and the money that goes back to each source; null while the fund is open.
    /// </summary>
    public required ClosureRow? Closure { get; init; }

    public required IReadOnlyList<LineRow> Corrections { get; init; }
    public required IReadOnlyList<LineRow> Lines { get; init; }

    /// <summary>Money from, or back to, one source.</summary>
    public sealed record SourceRow(string Source, long Pence, int Count, IReadOnlyList<Guid> JournalIds);

    /// <summary>The cost and minutes of one provider's care or sales.</summary>
    public sealed record ProviderRow(string? ProviderId, string Category, long Pence, long Minutes);

    /// <summary>The contribution due and paid in the period, and the contribution owed to date.</summary>
    public sealed record ContributionRow(long DuePence, long PaidPence, long OwedPence);

    /// <summary>
    /// The period's carer-minutes, and the bank at the period's end. planned + extra = delivered + not given + charged
    /// + kept + released + open; a figure is below zero if corrections of earlier weeks outweigh it.
    /// </summary>
    public sealed record HoursRow
    {
        public required long PlannedMinutes { get; init; }
        public required long ExtraMinutes { get; init; }
        public required long DeliveredMinutes { get; init; }
        public required long MissedMinutes { get; init; }
        public required IReadOnlyList<MissedRow> Missed { get; init; }
        public required long BankedMinutes { get; init; }
        public required long BankedPence { get; init; }
        public required long ChargedNotDeliveredMinutes { get; init; }
        public required long KeptMinutes { get; init; }
        public required long ReleasedMinutes { get; init; }
        public required long OpenMinutes { get; init; }
        public required long NotGivenMinutes { get; init; }
        public required BankRow Bank { get; init; }
    }

    /// <summary>The bank of time: opening + in − used − expired = closing.</summary>
    public sealed record BankRow(
        long OpeningMinutes, long InMinutes, long UsedMinutes, long ExpiredMinutes, long ClosingMinutes);

    /// <summary>
    /// A closed fund: its last day, the reason (null if none was given), and the money left of each source.
    /// </summary>
    public sealed record ClosureRow(LocalDate On, string? Reason, IReadOnlyList<ToReturnRow> ToReturn);

    /// <summary>The money that goes back to one source.</summary>
    public sealed record ToReturnRow(string Source, long Pence);

    /// <summary>Minutes not given, for one reason.</summary>
    public sealed record MissedRow(string Reason, long Minutes);

    /// <summary>
    /// The forecast of whether the money lasts, with the day on which it runs out (null if it does not).
    /// </summary>
    public sealed record ForecastRow(bool OnTrack, LocalDate? RunsOutOn, long LeftAtEndPence);

    /// <summary>One journal that the statement counts, such as a visit, a purchase or a reversal.</summary>
    public sealed record LineRow(
        Guid JournalId, LocalDate CareOn, string? ProviderId, long Pence, long Minutes, string Because)
    {
        /// <summary>The row of a line of the statement.</summary>
        public static LineRow From(Line line) => new(
            line.JournalId, line.CareOn, line.ProviderId, line.Amount.Pence, line.Length.Count, line.Because);
    }

    /// <summary>Converts a statement to its form in the answer.</summary>
    public static StatementBody Create(Statement statement)
    {
        return new StatementBody
        {
            StatementId = statement.StatementId,
            FundId = statement.FundId,
            From = statement.From,
            To = statement.To,
            Position = statement.Position,
            IssuedAt = statement.IssuedAt,
            OpeningPence = statement.Opening.Pence,
            MoneyIn = [.. statement.MoneyIn.Select(SourceOf)],
            MoneyInPence = statement.MoneyInTotal.Pence,
            MoneyOut = [.. statement.MoneyOut.Select(row => new ProviderRow(
                row.ProviderId, row.Category, row.Amount.Pence, row.Length.Count))],
            MoneyOutPence = statement.MoneyOutTotal.Pence,
            Returned = [.. statement.Returned.Select(SourceOf)],
            ReturnedPence = statement.ReturnedTotal.Pence,
            ClosingPence = statement.Closing.Pence,
            SpokenForPence = statement.SpokenFor.Total.Pence,
            FreeToUsePence = statement.FreeToUse.Pence,
            Contribution = new ContributionRow(
                statement.Contribution.Due.Pence, statement.Contribution.Paid.Pence, statement.Contribution.Owed.Pence),
            Hours = HoursOf(statement.Hours),
            Forecast = statement.Forecast is { } ahead
                ? new ForecastRow(ahead.OnTrack, ahead.RunsOutOn, ahead.LeftAtEnd.Pence) : null,
            Closure = statement.Closed is { } closed
                ? new ClosureRow(closed.On, closed.Reason, [.. closed.ToReturn.Select(left =>
                    new ToReturnRow(left.Source, left.Amount.Pence))]) : null,
            Corrections = [.. statement.Corrections.Select(LineRow.From)],
            Lines = [.. statement.Lines.Select(LineRow.From)],
        };
    }

    private static SourceRow SourceOf(BySource row) => new(row.Source, row.Amount.Pence, row.Count, row.Journals);

    private static HoursRow HoursOf(Hours hours) => new()
    {
        PlannedMinutes = hours.Planned.Count,
        ExtraMinutes = hours.Extra.Count,
        DeliveredMinutes = hours.Delivered.Count,
        MissedMinutes = hours.Missed.Count,
        Missed = [.. hours.MissedByReason.Select(row => new MissedRow(row.Reason, row.Length.Count))],
        BankedMinutes = hours.Banked.Count,
        BankedPence = hours.BankedWorth.Pence,
        ChargedNotDeliveredMinutes = hours.ChargedNotDelivered.Count,
        KeptMinutes = hours.Bank.NetBanked.Count,
        ReleasedMinutes = hours.Released.Count,
        OpenMinutes = hours.Open.Count,
        NotGivenMinutes = hours.NotGiven.Count,
        Bank = new BankRow(hours.Bank.Opening.Count, hours.Bank.In.Count, hours.Bank.Used.Count,
            hours.Bank.Expired.Count, hours.Bank.Closing.Count),
    };
}
