using System.Globalization;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;

namespace Isf.Invoicing.Domain;

/// <summary>
/// Writes the reason for a price in one plain sentence, as the statement shows it: "45 minutes on Easter Monday at
/// £48.00 an hour (bank holiday rate from 1 April 2026)". The sentence has no personal words, and no code of the list.
/// Source: domain.md §3.
/// </summary>
public static class PriceReasonText
{
    private static readonly LocalDatePattern LongDay =
        LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);

    private static readonly LocalDatePattern WeekdayAndDay =
        LocalDatePattern.Create("dddd d MMMM uuuu", CultureInfo.InvariantCulture);

    private static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>The sentence for a visit and its price.</summary>
    public static string Because(CompiledPriceList list, in VisitToPrice visit, in VisitPrice price)
    {
        return price.Reason switch
        {
            PriceReason.Rate => Priced(list, visit, price),
            PriceReason.NotDelivered => $"Nothing is charged for a visit {NotGiven(visit.Outcome)}",
            PriceReason.NoRate =>
                $"Nothing is charged: the price list has no rate for this service on {Day(price)}",
            PriceReason.NoTimes => $"Nothing is charged: no start and end were recorded for {Day(price)}",
            _ => throw new ArgumentOutOfRangeException(nameof(price), price.Reason, "A price without a reason."),
        };
    }

    /// <summary>
    /// The sentence for a visit on a bill. It states the amount that makes up a least charge if the visit has one.
    /// </summary>
    public static string Because(in BillLine line, BilledVisit billed)
    {
        var because = Because(line.List, line.Visit with { MinutesMax = billed.MinutesMax }, billed.Price);
        return billed.Shortfall == Money.Zero ? because
            : $"{because}, and {billed.Shortfall} to make up the {LeastCharge(line.List)}";
    }

    /// <summary>
    /// The sentence that says why the price of a week's visits together differs from the sum of their prices.
    /// </summary>
    /// <param name="kind">set-off, minimum or rounding.</param>
    /// <param name="from">The week's first day.</param>
    /// <param name="to">The week's last day.</param>
    /// <param name="amount">The difference, below zero if the visits together cost less.</param>
    /// <param name="least">The lists whose least charges were made up.</param>
    public static string Adjusted(
        string kind, LocalDate from, LocalDate to, Money amount, IReadOnlyCollection<CompiledPriceList> least)
    {
        var days = $"{LongDay.Format(from)} to {LongDay.Format(to)}";
        var size = amount < Money.Zero ? -amount : amount;
        return (kind, amount < Money.Zero) switch
        {
            ("set-off", true) => $"{size} less for {days}: no more is charged than the week’s planned minutes",
            ("set-off", false) => $"{size} more for {days}: a short visit made room for a longer one in the same week",
            ("minimum", _) => least.Count == 0
                ? $"Nothing is short of a least charge for {days}"
                : $"{size} for {days}, to make up the {string.Join(" and the ", least.Select(LeastCharge).Distinct())}",
            (_, var less) => $"{size} {(less ? "less" : "more")} for {days}: rounded once for the whole, not by visit",
        };
    }

    private static string LeastCharge(CompiledPriceList list)
    {
        var minimum = list.Terms.Minimum!;
        var least = $"least charge of {new Money(minimum.Pence)} a {(minimum.Per == MinimumPer.Day ? "day" : "week")}";
        return list.BornePercent == 0 ? least : $"{least} before VAT ({list.LeastCharge.Rounded} with it)";
    }

    private static string Priced(CompiledPriceList list, in VisitToPrice visit, in VisitPrice price)
    {
        var unit = price.First.Rate.Unit;
        var carers = visit.Carers == 1 || unit == PriceUnit.Mile ? "" : $" with {Number(visit.Carers)} carers";
        var share = price.Percent == 100 ? "" : $"{price.Percent}% of ";
        var what = share + Measured(list, visit, price) + carers;
        var on = visit.Moment is null && visit.CareOn == default ? ""
            : unit is PriceUnit.Day or PriceUnit.Week ? FromTo(price) : $" on {Day(price)}";
        var sentence = price.PartCount == 1
            ? $"{what}{on} at {Each(visit, price.First)}{WhenItHolds(price.First.Rate)}"
            : $"{what}{on}: {InParts(visit, price)}";
        if (visit.Disturbances is { Count: > 0 } woken && unit == PriceUnit.Hour
            && list.RateAt(visit)?.Unit == PriceUnit.Night)
        {
            sentence += $", a waking night: the worker was woken {Count(woken.Count, "time")}";
        }
        if (visit.Outcome != VisitToPrice.Delivered)
            sentence += $", charged for a visit {NotGiven(visit.Outcome)}";
        if (list.BornePercent > 0)
            sentence += $", with VAT at {list.BornePercent}%";
        return price.Unpriced == 0 ? sentence : $"{sentence}; the price list has no rate for {NotPriced(price)}";
    }

    private static string NotPriced(in VisitPrice price)
    {
        var days = price.First.Rate.Unit is PriceUnit.Day or PriceUnit.Week;
        var length = days ? Count(price.Unpriced, "day") : Length(price.Unpriced);
        return $"another {(length is "1 day" or "1 hour" or "1 minute" ? length[2..] : length)} of "
            + (days ? "the stay" : "the visit");
    }

    /// <summary>The measured quantity in words: a length of time, a count, days or miles.</summary>
    private static string Measured(CompiledPriceList list, in VisitToPrice visit, in VisitPrice price)
    {
        var units = price.First.Units + (price.More?.Sum(part => part.Units) ?? 0);
        return price.First.Rate.Unit switch
        {
            PriceUnit.Hour => Length(price.Charged.Count) + Whence(list, visit, price),
            PriceUnit.Visit => Counted(price.First.Units, "visit"),
            PriceUnit.Night => Counted(price.First.Units, "night"),
            PriceUnit.Session => Counted(price.First.Units, "session"),
            PriceUnit.Item => Counted(price.First.Units, "item"),
            PriceUnit.Mile => $"{Decimals(units)} {Plural("mile", units != 100)}",
            _ => Count(units, "day"),
        };
    }

    /// <summary>
    /// Says why the charged minutes differ from the minutes given, or that they are planned minutes if the visit was
    /// not given; empty if there is nothing to say.
    /// </summary>
    private static string Whence(CompiledPriceList list, in VisitToPrice visit, in VisitPrice price)
    {
        var before = Length(price.Before.Count);
        return visit.Outcome != VisitToPrice.Delivered ? " planned"
            : price.Before.Count == price.Charged.Count + price.Unpriced ? ""
            : visit.MinutesMax == price.Charged.Count ? $" ({before} given, set off within the week’s planned minutes)"
            : list.Terms.Band is { } band ? $" ({before} in bands of {Count(band.Minutes, "minute")})"
            : $" as planned ({before} given)";
    }

    private static string InParts(in VisitToPrice visit, in VisitPrice price)
    {
        var parts = new string[price.PartCount];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = price.Part(i);
            var measured = part.Rate.Unit switch
            {
                PriceUnit.Hour => Length(part.Minutes)
                    + (price.First.Rate.Unit == PriceUnit.Night ? " awake at " : " at "),
                PriceUnit.Mile => $"{Decimals(part.Units)} {Plural("mile", part.Units != 100)} at ",
                PriceUnit.Day or PriceUnit.Week => $"{Count(part.Units, "day")} at ",
                _ => "",
            };
            var beyond = part.Rate.Unit == PriceUnit.Mile && i > 0 ? "beyond the yearly allowance" : "";
            parts[i] = $"{measured}{Each(visit, part)}{WhenItHolds(part.Rate, beyond)}";
        }
        return Listed(parts);
    }

    private static string Each(in VisitToPrice visit, in RatePart part)
    {
        var each = visit.Carers == 1 ? "" : " each";
        return part.Rate.Unit switch
        {
            PriceUnit.Hour when part.Ready.FixedFor(part.Minutes) is { } whole => part.Minutes == whole.Minutes
                ? $"{new Money(whole.Pence)} for {Length(whole.Minutes)}{each}"
                : $"{new Money(whole.Pence)} for {Length(whole.Minutes)} and {new Money(part.PenceEach)} an hour for "
                    + Length(part.Minutes - whole.Minutes) + each,
            PriceUnit.Hour => $"{new Money(part.PenceEach)} an hour{each}",
            PriceUnit.Item => $"{new Money(part.PenceEach)} an item",
            var unit => $"{new Money(part.PenceEach)} a {NameOf(unit)}",
        };
    }

    private static string NameOf(PriceUnit unit) => unit switch
    {
        PriceUnit.Visit => "visit",
        PriceUnit.Night => "night",
        PriceUnit.Session => "session",
        PriceUnit.Day => "day",
        PriceUnit.Week => "week",
        _ => "mile",
    };

    private static string Day(in VisitPrice price) => price.Holiday ?? WeekdayAndDay.Format(price.On);

    private static string FromTo(in VisitPrice price)
    {
        var days = price.First.Units + (price.More?.Sum(part => part.Units) ?? 0) + price.Unpriced;
        return days == 1 ? $" on {Day(price)}"
            : $"{(price.Unpriced > 0 ? " of the stay" : "")} from {LongDay.Format(price.On)} to "
                + LongDay.Format(price.On.PlusDays((int)days - 1));
    }

    /// <summary>
    /// Says when a rate holds, in words and never by the rate's code: " (Saturdays and Sundays)", " (bank holiday rate
    /// from 1 April 2026)", " (20:00 to 07:00)". Empty for a rate that always holds.
    /// </summary>
    private static string WhenItHolds(PriceRate rate, string beyond = "")
    {
        string[] parts =
        [
            string.Join(" ", new[] { When(rate.When), rate.From is { } from ? $"from {LongDay.Format(from)}" : "" }
                .Where(part => part.Length > 0)),
            beyond,
        ];
        var text = string.Join(", ", parts.Where(part => part.Length > 0));
        return text.Length == 0 ? "" : $" ({text})";
    }

    private static string When(RateWhen? when)
    {
        if (when?.PublicHoliday == true)
            return "bank holiday rate";
        var days = when?.Dates is { Count: > 0 } dates ? "on " + Listed([.. dates.Order().Select(LongDay.Format)])
            : when?.Days is { Count: > 0 } week ? Listed([.. week.Order().Select(day => $"{(IsoDayOfWeek)day}s")]) : "";
        var (from, to) = (when?.From, when?.To);
        var times = from is null && to is null ? ""
            : $"{Clock.Format(from ?? LocalTime.Midnight)} to {Clock.Format(to ?? LocalTime.Midnight)}";
        return days.Length > 0 && times.Length > 0 ? $"{days}, {times}" : days + times;
    }

    private static string Listed(string[] parts) =>
        parts.Length < 2 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";

    /// <summary>A length of time such as "45 minutes" or "1 hour 30 minutes", never in decimal hours.</summary>
    private static string Length(long minutes)
    {
        var (hours, rest) = (minutes / 60, minutes % 60);
        return (hours, rest) switch
        {
            (0, _) => Count(rest, "minute"),
            (_, 0) => Count(hours, "hour"),
            _ => $"{Count(hours, "hour")} {Count(rest, "minute")}",
        };
    }

    /// <summary>A quantity in words, such as "One visit", "3 sessions" or "2.5 items".</summary>
    private static string Counted(long hundredths, string what) =>
        hundredths == 100 ? $"One {what}" : $"{Decimals(hundredths)} {what}s";

    private static string Decimals(long hundredths)
    {
        var (whole, rest) = Math.DivRem(hundredths, 100);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        return rest == 0 ? text : rest % 10 == 0 ? $"{text}.{rest / 10}" : $"{text}.{rest:00}";
    }

    private static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {Plural(what, number != 1)}");

    private static string Plural(string what, bool many) => many ? what + "s" : what;

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
