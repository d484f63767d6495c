using Isf.Measures;
using static Isf.Support.Domain.Files.WeekRow;

namespace Isf.Support.Domain.Files;

/// <summary>
/// A week's quantities as shares of the expected visits: the outcome of each visit and the minutes given, and the
/// lengths of the visits beyond the plan. Care given, missed and frustrated together must equal the planned care plus
/// the extra care.
/// </summary>
internal sealed record WeekShares(
    IReadOnlyList<VisitOutcome> Outcomes, IReadOnlyList<Minutes> Given, IReadOnlyList<Minutes> Extra)
{
    private const long LongestExtra = 1440;

    /// <summary>The shares, or the fault if the row's quantities are not possible.</summary>
    public static (WeekShares? Shares, RowFault? Fault) Share(WeekRow row, IReadOnlyList<Slot> slots)
    {
        var byVisit = row.Unit is not ("hour" or "minute");
        if (byVisit && slots.Any(slot => slot.IsShare))
        {
            return (null, Fault("unit", "unit-does-not-fit", $"Line {row.LineId} is planned in minutes a week, "
                + "not in visits. Write the quantities in hours."));
        }
        if (!byVisit && slots.Count > 0 && slots.All(slot => slot.Minutes == 0))
        {
            return (null, Fault("unit", "unit-does-not-fit", $"Line {row.LineId} is paid by the session or day, which "
                + "carry no hours. Write the quantities in sessions or days."));
        }
        RowFault? fault = null;
        var planned = byVisit ? slots.Count : slots.Sum(slot => (long)slot.Minutes);
        var quantity = Whole(row, "quantity", row.Quantity, ref fault);
        var frustrated = Whole(row, "frustrated", row.Frustrated ?? 0, ref fault);
        var extraGiven = row.Extra is { } text ? Whole(row, "extra", text, ref fault) : (long?)null;
        var missed = row.Missed is { } gone ? Whole(row, "missed", gone, ref fault)
            : Math.Max(0, planned - quantity - frustrated + (extraGiven ?? 0));
        var extra = extraGiven ?? Math.Max(0, quantity + missed + frustrated - planned);
        if (fault is not null)
            return (null, fault);
        if (row.Comment is null && (quantity != planned || missed + frustrated + extra > 0))
        {
            return (null, Fault("comment", "comment-wanted",
                $"The week differs from its plan of {Format(row, planned)}, and the row does not say why. "
                + "Write the reason into comment, and send the row again."));
        }
        if (extra > quantity || planned - missed - frustrated + extra != quantity)
        {
            return (null, Fault("quantity", "does-not-add-up", $"Planned {Format(row, planned)}, less missed "
                + $"{Format(row, missed)} and frustrated {Format(row, frustrated)}, plus extra {Format(row, extra)}, "
                + $"is not the quantity of {Format(row, quantity)}. Put what was not given into missed or frustrated, "
                + "and what was beyond the plan into extra."));
        }
        if (byVisit && extra > 0 && slots.Count == 0)
        {
            return (null, Fault("unit", "unit-does-not-fit",
                $"No {row.Unit} is planned in this week, so its length is not known. Write the quantities in hours."));
        }
        if (byVisit ? extra > ExtraMax : extra > LongestExtra)
        {
            return (null, Fault("extra", "extra-too-long",
                $"{Format(row, extra)} beyond the plan do not fit on the week's last day. "
                + "Send the visits themselves (visits-csv)."));
        }
        return (byVisit ? OfVisits(slots, quantity - extra, missed, extra)
            : OfMinutes(slots, quantity - extra, missed, extra), null);
    }

    private static WeekShares OfVisits(IReadOnlyList<Slot> slots, long given, long missed, long extra) => new(
        [.. slots.Select((_, i) => i < given ? VisitOutcome.Delivered
            : i < given + missed ? VisitOutcome.MissedByProvider : VisitOutcome.Hospital)],
        [.. slots.Select((slot, i) => new Minutes(i < given ? slot.Minutes : 0))],
        [.. Enumerable.Repeat(new Minutes(slots.Count > 0 ? slots[^1].Minutes : 0), (int)extra)]);

    private static WeekShares OfMinutes(IReadOnlyList<Slot> slots, long given, long missed, long extra)
    {
        var (outcomes, shares) = (new List<VisitOutcome>(), new List<Minutes>());
        foreach (var slot in slots)
        {
            var share = Math.Min(given, slot.Minutes);
            // The minutes not given count as missed first, and as frustrated only after that. A visit of which nothing
            // was given has the outcome of the larger of these two parts.
            var gone = slot.Minutes - share;
            var missedHere = Math.Min(missed, gone);
            (given, missed) = (given - share, missed - missedHere);
            shares.Add(new(share));
            outcomes.Add(share > 0 ? VisitOutcome.Delivered
                : missedHere * 2 >= gone ? VisitOutcome.MissedByProvider : VisitOutcome.Hospital);
        }
        return new(outcomes, shares, extra == 0 ? [] : [new(extra)]);
    }

    // The quantity in minutes or in visits. A quantity that is not whole is a fault, because hours come in hundredths
    // and not every hundredth is a whole number of minutes.
    private static long Whole(WeekRow row, string field, long hundredths, ref RowFault? fault)
    {
        var counted = row.Unit == "hour" ? hundredths * 60 : hundredths;
        if (counted % 100 != 0)
        {
            fault ??= Fault(field, "not-whole", $"{Hundredths.Format(hundredths)} {row.Unit}s in {field} are not whole "
                + $"{(row.Unit == "hour" ? "minutes. Write hours in quarters, such as 0.25" : row.Unit + "s")}.");
        }
        return counted / 100;
    }

    private static string Format(WeekRow row, long count) => row.Unit switch
    {
        "hour" => $"{count / 60} h {count % 60} min",
        "minute" => $"{count} min",
        _ => $"{count} {row.Unit}{(count == 1 ? "" : "s")}",
    };
}
