namespace Isf.Prices;

/// <summary>
/// The charge for a visit that was not given, in percent of its planned price, and whether its minutes are banked. Two
/// services share this rule. Support decides by it which minutes are charged, and Invoicing prices those minutes
/// (design §4).
/// </summary>
/// <param name="Percent">0 to 100; minutes that are charged at more than 0 are never banked.</param>
/// <param name="Banks">Whether the minutes may be kept for later, if the agreement has a bank.</param>
public readonly record struct OutcomeCharge(int Percent, bool Banks)
{
    private const string CancelledByPerson = "cancelled-by-person";
    private const string Hospital = "hospital";
    private const string ClosedHoliday = "closed-holiday";

    /// <summary>The outcomes other than delivered, in api.md's words.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
    [
        "missed-by-provider", "no-access", CancelledByPerson, "cancelled-by-provider", Hospital, ClosedHoliday,
    ];

    /// <summary>
    /// The charge by the price list and the agreement. A cancellation by the person is charged by its step of notice
    /// (<see cref="Step"/>). If the agreement pays some days of a hospital stay, those days are charged at the list's
    /// percentage for hospital, or at 100, and later or unknown days are not charged. In every other case the list's
    /// percentage for the outcome counts, or 0 if the list has none. Minutes of hospital stays and closed holidays are
    /// never banked.
    /// </summary>
    /// <param name="list">The price list in force on the day.</param>
    /// <param name="outcome">api.md's word, other than delivered.</param>
    /// <param name="noticeHours">The hours of notice before the visit; null if they are not known.</param>
    /// <param name="absenceDay">The day of the hospital stay, 1 on admission; null if it is not known.</param>
    /// <param name="paidDays">The agreement's paid days of a stay; null if it has no such clause.</param>
    public static OutcomeCharge Of(
        PriceList list, string outcome, decimal? noticeHours, int? absenceDay, int? paidDays)
    {
        var term = list.Outcomes?.FirstOrDefault(term => term.Outcome == outcome);
        var percent = outcome switch
        {
            CancelledByPerson => Step(list.Cancellation, noticeHours)?.Percent ?? term?.Percent ?? 0,
            Hospital when paidDays is { } paid => absenceDay <= paid ? term?.Percent ?? 100 : 0,
            _ => term?.Percent ?? 0,
        };
        var banks = percent == 0 && outcome is not (Hospital or ClosedHoliday) && (term?.Banks ?? true);
        return new(percent, banks);
    }

    /// <summary>
    /// The lowest step above the notice of a cancellation; null if no step is above the notice, or if the notice is not
    /// known.
    /// </summary>
    public static CancellationTerm? Step(IReadOnlyList<CancellationTerm>? steps, decimal? noticeHours) =>
        steps?.Where(step => noticeHours < step.NoticeHoursUnder).MinBy(step => step.NoticeHoursUnder);
}
