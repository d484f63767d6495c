using System.Globalization;
using Isf.Measures;
using NodaTime;
using static Isf.Support.Domain.VisitCheck;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Parses rows that are visits, of visits-csv or of a council's return (api.md, Support; domain.md §4.8). Each row
/// gives either a parsed row or its first fault: the field, a stable code and what to do about it.
/// </summary>
public sealed class VisitsCsv(RowMap map, DateTimeFormats forms)
{
    private readonly bool hasDuration = map.IsThere(FileField.Duration);
    private readonly bool isPortals = map.IsThere(FileField.Secondary) || map.IsThere(FileField.GroupSize);
    private readonly bool derivesIds = map.DerivesIds;
    private readonly Func<string, string> nameOf = map.NameOf;

    /// <summary>The parsed row, or the first fault found in it.</summary>
    public (ParsedRow? Parsed, RowFault? Fault) Row(SourceRow row)
    {
        if ((RowFault.From(row, map.Width) ?? map.DamagedIdIn(row)) is { } broken)
            return (null, broken);
        RowFault? fault = null;
        var offer = Offer(row, ref fault);
        // The visit's own check limits these amounts to two decimal places.
        var noticeHours = Amount(row, FileField.NoticeHours, ref fault, out var parsedHours) ? parsedHours : null;
        var miles = Amount(row, FileField.Miles, ref fault, out var parsedMiles) ? parsedMiles : null;
        var quantity = Amount(row, FileField.Quantity, ref fault, out var parsedQuantity) ? parsedQuantity : null;
        offer = offer with { NoticeHours = noticeHours, Miles = miles, Quantity = quantity };
        int? seconds = null;
        if (hasDuration)
            (offer, seconds) = GivenOrNot(offer, row, ref fault);
        if (isPortals && fault is null)
            offer = Grouped(offer, row, ref fault);
        if (fault is null)
            CheckWeek(row, offer, ref fault);
        if (fault is not null)
            return (null, fault with { Field = fault.Field is { } field ? map.NameOf(field) : null });
        var (record, refused) = offer.Read(offsetNeeded: false);
        if (refused is not null)
            return (null, RowFault.From(refused) with { Field = map.NameOf(refused.Field) });
        if (map.HasDayOfPlan && record is { Start: { } began, PlannedStart: { } planned })
            record = record with { Start = OnItsDay(began, planned) };
        if (seconds is { } given && record!.Start is { } start)
            record = record with { End = London.At(start.ToInstant() + Duration.FromSeconds(given)) };
        var endsNextDay = map.EndSharesDay && EndsNextMorning(record!);
        if (endsNextDay)
            record = record! with { End = PlannedTimes.MomentOf(record.End!.Value.LocalDateTime.PlusDays(1)) };
        return (new VisitRow(record!, nameOf) { EndsNextDay = endsNextDay }, null);
    }

    // A night visit may have one day for both its times, so an end in the morning that is before the start is on the
    // next day. An afternoon end before the start is a mistake.
    private static bool EndsNextMorning(VisitRecord record) =>
        record is { Start: { } start, End: { } end } && end.LocalDateTime < start.LocalDateTime && end.Hour < 12;

    // A visit planned for 23:45 and begun at 00:10 is minutes late and not a day early, so its start is moved to the
    // next day; the reverse holds too. A start that is hours from the planned start on either day is not moved.
    private static OffsetDateTime OnItsDay(OffsetDateTime start, OffsetDateTime planned)
    {
        var late = start.ToInstant() - planned.ToInstant();
        var far = Duration.FromHours(20);
        var days = late < -far ? 1 : late > far ? -1 : 0;
        return days == 0 ? start : PlannedTimes.MomentOf(start.LocalDateTime.PlusDays(days));
    }

    private VisitInput Offer(SourceRow row, ref RowFault? fault)
    {
        var visitId = map.Text(FileField.VisitId, row, ref fault) ?? "";
        var visitGroup = map.Text(FileField.VisitGroup, row, ref fault);
        return new VisitInput
        {
            VisitId = derivesIds && visitId.Length > 0 && !Ids.IsId(visitId)
                ? DerivedId.Derive('v', visitId) : visitId,
            FundId = map.Text(FileField.FundId, row, ref fault) ?? "",
            LineId = map.Text(FileField.LineId, row, ref fault) ?? "",
            Service = map.Text(FileField.Service, row, ref fault),
            VisitGroup = visitGroup is not null && Texts.IsLonger(visitGroup, VisitInput.GroupMax)
                && !map.IsPlain(FileField.VisitGroup)
                ? DerivedId.Derive('g', visitGroup) : visitGroup,
            WorkerId = map.Text(FileField.WorkerId, row, ref fault),
            PlannedStart = Moment(row, FileField.PlannedStart, ref fault),
            PlannedMinutes = Whole(row, FileField.PlannedMinutes, ref fault)
                ?? Seconds(row, FileField.PlannedDuration, ref fault) / 60,
            Carers = Whole(row, FileField.Carers, ref fault),
            Outcome = map.Text(FileField.Outcome, row, ref fault) ?? "",
            Note = map.Text(FileField.Note, row, ref fault),
            Place = map.Text(FileField.Place, row, ref fault),
            Captured = map.Text(FileField.Captured, row, ref fault),
            Start = hasDuration ? null : Moment(row, FileField.Start, ref fault),
            End = hasDuration ? null : Moment(row, FileField.End, ref fault),
        };
    }

    // A duration of zero means that no care was given, so the start in such a row has no meaning.
    private (VisitInput Offer, int? Seconds) GivenOrNot(VisitInput offer, SourceRow row, ref RowFault? fault)
    {
        var seconds = Seconds(row, FileField.Duration, ref fault);
        if (fault is not null)
            return (offer, null);
        if (seconds is null or 0)
        {
            var notGiven = offer.Outcome is "" or "delivered"
                ? map.Text(FileField.NotGiven, row, ref fault) ?? "missed-by-provider" : offer.Outcome;
            return (offer with { Outcome = notGiven }, null);
        }
        var start = Moment(row, FileField.Start, ref fault);
        if (start is null && fault is null)
        {
            fault = RowFault.From(new Fault(Refusal.StartAndEndNeeded, "start",
                "The visit has a duration and no start. Add when it started, or say that it was not given."));
        }
        // The caller adds the duration to the end, which it can do only if the start is valid.
        return (offer with { Start = start, End = start }, seconds);
    }

    // Each carer has a row; if there is more than one carer, a visit group joins the rows.
    private VisitInput Grouped(VisitInput offer, SourceRow row, ref RowFault? fault)
    {
        var secondary = map.Text(FileField.Secondary, row, ref fault);
        if (fault is null && DateTimeFormats.Yes(secondary) is null)
        {
            fault = new(FileFormat.NameOf(FileField.Secondary), "not-yes-or-no",
                $"\"{Texts.Quoted(secondary!)}\" is neither true nor false. Write True for a further carer's row.");
        }
        var carers = Whole(row, FileField.GroupSize, ref fault);
        if (fault is null && carers > 2 && derivesIds && map.IdOfFormat)
        {
            fault = new(FileFormat.NameOf(FileField.GroupSize), "carers-not-told-apart",
                $"With {carers} carers at once, the rows of the second and the third cannot be told apart. "
                + "Name a column that differs in the visitId of the file's profile.");
        }
        return carers > 1 || DateTimeFormats.Yes(secondary) == true ? offer : offer with { VisitGroup = null };
    }

    private void CheckWeek(SourceRow row, VisitInput offer, ref RowFault? fault)
    {
        if (map.Text(FileField.WeekEnding, row, ref fault) is not { } text || fault is not null)
            return;
        if (!forms.TryDate(text, out var last))
        {
            fault = NotADate(FileField.WeekEnding, text, forms);
            return;
        }
        if (!AcceptedDays.Holds(last))
        {
            fault = OutOfRange(FileField.WeekEnding, text);
            return;
        }
        var moment = offer.PlannedStart ?? offer.Start;
        if (moment is not null && DateTimeFormats.IsoDay(moment,
            out var day) && (day > last || day < last.PlusDays(-6)))
        {
            fault = new(FileFormat.NameOf(FileField.WeekEnding), "outside-week",
                $"The visit of {day:d MMMM uuuu} does not lie in the week that ends on {last:d MMMM uuuu}. "
                + "Check both dates.");
        }
    }

    internal static RowFault OutOfRange(FileField field, string text) =>
        RowFault.From(new Fault(Refusal.DateOutOfRange, FileFormat.NameOf(field),
            $"\"{Texts.Quoted(text)}\" is not a day {AcceptedDays.Bounds}. Check the year."));

    internal static RowFault NotADate(FileField field, string text, DateTimeFormats forms) =>
        new(FileFormat.NameOf(field), "not-a-date", $"\"{Texts.Quoted(text)}\" is no date. "
            + $"Write it as {forms.DateForm}, as this file does, or as yyyy-mm-dd.");

    private string? Moment(SourceRow row, FileField field, ref RowFault? fault)
    {
        if (map.Text(field, row, ref fault) is not { } text)
            return null;
        if (map.IsBrought(field) && text.Length > 10 && DateTimeFormats.IsoDay(text, out _))
            return text;
        if (forms.Moment(text) is { } moment)
            return moment;
        fault ??= RowFault.From(new Fault(Refusal.NotATime, FileFormat.NameOf(field),
            $"\"{Texts.Quoted(text)}\" is no date and time. Write the date as {forms.DateForm}, as this file does, or "
            + "as yyyy-mm-dd, with the time after it as 08:00 or 08:00:00."));
        return null;
    }

    private int? Seconds(SourceRow row, FileField field, ref RowFault? fault)
    {
        if (map.Text(field, row, ref fault) is not { } text)
            return null;
        if (forms.Seconds(text) is { } seconds)
            return seconds;
        fault ??= new(FileFormat.NameOf(field), "not-a-duration",
            $"\"{Texts.Quoted(text)}\" is no length of time. Write it as 00:45:00, or in minutes such as 45.");
        return null;
    }

    private int? Whole(SourceRow row, FileField field, ref RowFault? fault)
    {
        if (map.Text(field, row, ref fault) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var name = FileFormat.NameOf(field);
        fault ??= RowFault.From(new Fault(Refusal.NotANumber, name,
            $"\"{Texts.Quoted(text)}\" is no whole number. Write the {name} in digits, or leave it empty."));
        return null;
    }

    private bool Amount(SourceRow row, FileField field, ref RowFault? fault, out decimal? quantity)
    {
        quantity = null;
        if (map.Text(field, row, ref fault) is not { } text)
            return true;
        const NumberStyles point = NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, point, CultureInfo.InvariantCulture, out var read))
        {
            quantity = read;
            return true;
        }
        var name = FileFormat.NameOf(field);
        fault ??= RowFault.From(new Fault(Refusal.NotANumber, name,
            $"\"{Texts.Quoted(text)}\" is no number. Write the {name} in digits, with a full stop before decimals."));
        return false;
    }
}
