using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>
/// A statement. Its lines name the journals that make up the money out; money in and money returned have the ids of
/// their journals, so that anyone can check each sum.
/// </summary>
public sealed record StatementBody
{
    /// <summary>The id of the statement.</summary>
    public required string StatementId { get; init; }

    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The first day of the period.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The last day of the period.</summary>
    public required LocalDate To { get; init; }

    /// <summary>The position in the fund's books up to which the statement counts.</summary>
    public required long Position { get; init; }

    /// <summary>When it was issued.</summary>
    public required Instant IssuedAt { get; init; }

    /// <summary>The money in the fund at the beginning.</summary>
    public required long OpeningPence { get; init; }

    /// <summary>The money that came in, by source.</summary>
    public required IReadOnlyList<SourceRow> MoneyIn { get; init; }
    public required long MoneyInPence { get; init; }

    /// <summary>The cost of care and purchases, by provider.</summary>
    public required IReadOnlyList<ProviderRow> MoneyOut { get; init; }
    public required long MoneyOutPence { get; init; }

    /// <summary>The money that went back, by source.</summary>
    public required IReadOnlyList<SourceRow> Returned { get; init; }
    public required long ReturnedPence { get; init; }
    public required long ClosingPence { get; init; }
    public required long SpokenForPence { get; init; }
    public required long FreeToUsePence { get; init; }

    /// <summary>The contribution of the person.</summary>
    public required ContributionRow Contribution { get; init; }

    /// <summary>The hours of care.</summary>
    public required HoursRow Hours { get; init; }

    /// <summary>The forecast of whether the money lasts; null for a closed fund.</summary>
    public required ForecastRow? Forecast { get; init; }

    /// <summary>
    /// When and why the fund closed, and the money that goes back to each source; null while the fund is open.
    /// </summary>
    public required ClosureRow? Closure { get; init; }

    /// <summary>The lines that correct an earlier period.</summary>
    public required IReadOnlyList<LineRow> Corrections { get; init; }

    /// <summary>The lines of this period.</summary>
    public required IReadOnlyList<LineRow> Lines { get; init; }

    /// <summary>Money from, or back to, one source.</summary>
    /// <param name="Source">The source of the money.</param>
    /// <param name="Pence">The sum.</param>
    /// <param name="Count">The number of payments.</param>
    /// <param name="JournalIds">The journals that make up the sum.</param>
    public sealed record SourceRow(string Source, long Pence, int Count, IReadOnlyList<Guid> JournalIds);

    /// <summary>The cost and minutes of one provider's care or sales.</summary>
    /// <param name="ProviderId">The provider, or holder for its own fee; null if none is known.</param>
    /// <param name="Category">One of support, activities, equipment, management-fee and vat-recovered.</param>
    /// <param name="Pence">The cost.</param>
    /// <param name="Minutes">The carer-minutes.</param>
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

        /// <summary>The minutes not given, by reason.</summary>
        public required IReadOnlyList<MissedRow> Missed { get; init; }
        public required long BankedMinutes { get; init; }
        public required long BankedPence { get; init; }
        public required long ChargedNotDeliveredMinutes { get; init; }
        public required long KeptMinutes { get; init; }
        public required long ReleasedMinutes { get; init; }
        public required long OpenMinutes { get; init; }
        public required long NotGivenMinutes { get; init; }

        /// <summary>The bank of time.</summary>
        public required BankRow Bank { get; init; }
    }

    /// <summary>The bank of time: opening + in − used − expired = closing.</summary>
    public sealed record BankRow(
        long OpeningMinutes, long InMinutes, long UsedMinutes, long ExpiredMinutes, long ClosingMinutes);

    /// <summary>
    /// A closed fund: its last day, the reason (null if none was given), and the money left of each source.
    /// </summary>
    /// <param name="On">The last day of the fund.</param>
    /// <param name="Reason">Why it closed; null if no reason was given.</param>
    /// <param name="ToReturn">The money that goes back, by source.</param>
    public sealed record ClosureRow(LocalDate On, string? Reason, IReadOnlyList<ToReturnRow> ToReturn);

    /// <summary>The money that goes back to one source.</summary>
    /// <param name="Source">The source of the money.</param>
    /// <param name="Pence">What goes back to it.</param>
    public sealed record ToReturnRow(string Source, long Pence);

    /// <summary>Minutes not given, for one reason.</summary>
    /// <param name="Reason">The outcome of the visits, the kind of an absence, short or no-record.</param>
    /// <param name="Minutes">The carer-minutes.</param>
    public sealed record MissedRow(string Reason, long Minutes);

    /// <summary>
    /// The forecast of whether the money lasts, with the day on which it runs out (null if it does not).
    /// </summary>
    /// <param name="OnTrack">Whether the money lasts.</param>
    /// <param name="RunsOutOn">The day on which it runs out; null if it does not.</param>
    /// <param name="LeftAtEndPence">What is left when the budget or, if it has no end, its year ends.</param>
    public sealed record ForecastRow(bool OnTrack, LocalDate? RunsOutOn, long LeftAtEndPence);

    /// <summary>One journal that the statement counts, such as a visit, a purchase or a reversal.</summary>
    /// <param name="JournalId">The journal.</param>
    /// <param name="CareOn">The day of the care or purchase.</param>
    /// <param name="ProviderId">The provider, or holder for its own fee; null if none is known.</param>
    /// <param name="Pence">The amount; below zero if money comes back.</param>
    /// <param name="Minutes">The carer-minutes.</param>
    /// <param name="Because">The reason, in plain words.</param>
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
