namespace Isf.Ledger.Domain;

/// <summary>
/// The reasons why planned care is not given, in Support's words: a visit's outcome, an absence's kind, a missing
/// record or a short visit. The list is closed (api.md, visits and absences).
/// </summary>
public static class MissedReasons
{
    /// <summary>Every reason that an account missed/{line}/{reason} can name.</summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "missed-by-provider", "no-access", "cancelled-by-person", "cancelled-by-provider", "hospital", "closed-holiday",
        "respite", "holiday", "other", "short", "no-record",
    };
}
