using System.Globalization;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Invoicing.Domain;

/// <summary>
/// A price's reason in one plain sentence, as the statement shows it: "45 minutes on Easter Monday at £48.00
/// an hour (bank holiday rate from 1 April 2026)". No personal words. Source: domain.md §3.
/// </summary>
public static class PriceWords
{
    private static readonly LocalDatePattern LongDay =
        LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);

    private static readonly LocalDatePattern WeekdayAndDay =
        LocalDatePattern.Create("dddd d MMMM uuuu", CultureInfo.InvariantCulture);

    /// <summary>The sentence for a visit and its price.</summary>
    public static string Because(in VisitToPrice visit, in VisitPrice price) => price.Reason switch
    {
        PriceReason.Rate =>
            $"{Given(visit, price)} on {Day(price)} at {Each(visit, price.Rate!)} ({RateName(price.Rate!)})",
        PriceReason.NotDelivered => $"Nothing is charged for a visit {NotGiven(visit.Outcome)}",
        PriceReason.NoRate => $"Nothing is charged: the price list has no rate for {visit.Service} on {Day(price)}",
        PriceReason.NoTimes => $"Nothing is charged: no start and end were recorded for {Day(price)}",
        _ => throw new ArgumentOutOfRangeException(nameof(price), price.Reason, "A price without a reason."),
    };

    private static string Given(in VisitToPrice visit, in VisitPrice price)
    {
        var carers = visit.Carers == 1 ? "" : $" with {Number(visit.Carers)} carers";
        return price.Rate!.Unit == PriceUnit.Hour ? Length(price.Charged) + carers : "One visit" + carers;
    }

    private static string Each(in VisitToPrice visit, PriceRate rate)
    {
        var each = rate.Unit == PriceUnit.Hour ? "an hour" + (visit.Carers == 1 ? "" : " each") : "a visit";
        return $"{new Money(rate.Pence)} {each}";
    }

    private static string Day(in VisitPrice price) => price.Holiday ?? WeekdayAndDay.Format(price.On);

    /// <summary>
    /// "weekday rate", "bank holiday rate from 1 April 2026": the code in words, and since when it holds.
    /// </summary>
    private static string RateName(PriceRate rate)
    {
        var code = rate.When?.PublicHoliday == true ? "bank holiday" : rate.Code.Replace('-', ' ').Replace('_', ' ');
        var name = code.EndsWith("rate", StringComparison.OrdinalIgnoreCase) ? code : code + " rate";
        return rate.From is { } from ? $"{name} from {LongDay.Format(from)}" : name;
    }

    /// <summary>"45 minutes", "1 hour 30 minutes": never decimal hours.</summary>
    private static string Length(Minutes minutes)
    {
        var (hours, rest) = (minutes.Count / 60, minutes.Count % 60);
        return (hours, rest) switch
        {
            (0, _) => Count(rest, "minute"),
            (_, 0) => Count(hours, "hour"),
            _ => $"{Count(hours, "hour")} {Count(rest, "minute")}",
        };
    }

    private static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Number(int number) => number switch
    {
        2 => "two",
        3 => "three",
        4 => "four",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string NotGiven(string outcome) => outcome switch
    {
        "missed-by-provider" => "that the provider missed",
        "no-access" => "where nobody could be let in",
        "cancelled-by-person" => "that the person cancelled",
        "cancelled-by-provider" => "that the provider cancelled",
        "hospital" => "that fell in a hospital stay",
        "closed-holiday" => "on a day when the service was closed",
        _ => "that was not delivered",
    };
}
