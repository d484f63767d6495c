using System.Text.RegularExpressions;

namespace Isf.Statements.Domain;

/// <summary>Adapts the reason of a price, as Invoicing publishes it, for a statement.</summary>
public static partial class ReasonText
{
    /// <summary>
    /// The reason of a price without the price list's codes for rates and services. Reasons that were published
    /// earlier still name these codes.
    /// </summary>
    public static string WithoutCodes(string because) =>
        ServiceCode().Replace(RateCode().Replace(because, match => match.Groups["more"] is { Success: true } more
            ? $" ({more.Value})" : ""), "no rate for this service on ");

    // Matches "(weekday rate)" and "(night.2 rate from 1 April 2026)" but not "(bank holiday rate)", which is plain
    // English.
    [GeneratedRegex(@" \((?!bank holiday rate)[\w.\- ]*rate(?: from \d{1,2} \p{L}+ \d{4})?(?:, (?<more>[\w ]+))?\)",
        RegexOptions.CultureInvariant)]
    private static partial Regex RateCode();

    [GeneratedRegex("no rate for (?!another |this service ).+? on ", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceCode();
}
