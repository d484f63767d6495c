using Isf.Measures;
using NodaTime;
using static Isf.Support.Domain.VisitCheck;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Parses the rows of a weekly actuals file (api.md, actuals-csv). Each row gives either a parsed row or the first
/// fault found in it.
/// </summary>
public sealed class ActualsCsv(RowMap map, DateTimeFormats forms)
{
    /// <summary>The units in which a quantity of care may be counted.</summary>
    private static readonly string[] Units = ["hour", "minute", "visit", "night", "session", "day"];

    /// <summary>The parsed row, or the first fault found in it.</summary>
    public (ParsedRow? Parsed, RowFault? Fault) Row(SourceRow row)
    {
        var fault = RowFault.From(row, map.Width) ?? map.DamagedIdIn(row);
        // The fields that a week shares with a visit are checked as a visit's fields are.
        var offer = new VisitInput
        {
            VisitId = "-",
            FundId = map.Text(FileField.FundId, row, ref fault) ?? "",
            LineId = map.Text(FileField.LineId, row, ref fault) ?? "",
            Outcome = "delivered",
            Note = map.Text(FileField.Comment, row, ref fault),
        };
        if (fault is null && offer.Read(offsetNeeded: false).Fault is { } wrong)
            fault = RowFault.From(wrong) with { Field = wrong.Field == "note" ? "comment" : wrong.Field };
        var week = new WeekRow(map.NameOf)
        {
            Fund = offer.FundId,
            LineId = offer.LineId,
            WeekEnding = Sunday(row, ref fault),
            Unit = Unit(row, ref fault),
            Quantity = Number(FileField.Quantity, row, ref fault)
                ?? Missing(FileField.Quantity, ref fault),
            Missed = Number(FileField.Missed, row, ref fault),
            Extra = Number(FileField.Extra, row, ref fault),
            Frustrated = Number(FileField.Frustrated, row, ref fault),
            Comment = offer.Note,
        };
        return fault is null ? (week, null)
            : (null, fault with { Field = fault.Field is { } field ? map.NameOf(field) : null });
    }

    private LocalDate Sunday(SourceRow row, ref RowFault? fault)
    {
        var text = map.Text(FileField.WeekEnding, row, ref fault);
        if (fault is not null)
            return default;
        var day = default(LocalDate);
        if (text is null)
        {
            _ = Missing(FileField.WeekEnding, ref fault);
        }
        else if (!forms.TryDate(text, out day))
        {
            fault = VisitsCsv.NotADate(FileField.WeekEnding, text, forms);
        }
        else if (!AcceptedDays.Holds(day))
        {
            fault = VisitsCsv.OutOfRange(FileField.WeekEnding, text);
        }
        else if (day.DayOfWeek != IsoDayOfWeek.Sunday)
        {
            fault = new("weekEnding", "not-a-sunday", $"Weeks run from Monday to Sunday, and {day:d MMMM uuuu} is a "
                        + $"{day.DayOfWeek}. Write the Sunday on which the week ends.");
        }
        return day;
    }

    private string Unit(SourceRow row, ref RowFault? fault)
    {
        var unit = map.Text(FileField.Unit, row, ref fault)?.ToLowerInvariant() ?? "";
        if (unit is "hours" or "minutes" or "visits" or "nights" or "sessions" or "days")
            unit = unit[..^1];
        if (fault is null && unit.Length == 0)
        {
            _ = Missing(FileField.Unit, ref fault);
        }
        else if (fault is null && !Units.Contains(unit))
        {
            fault = new("unit", "unknown-unit", $"\"{Texts.Quoted(unit)}\" is no unit of care. "
                        + $"Use one of: {string.Join(", ", Units)}.");
        }
        return unit;
    }

    private long? Number(FileField field, SourceRow row, ref RowFault? fault)
    {
        if (map.Text(field, row, ref fault) is not { } text)
            return null;
        if (Hundredths.Read(text) is { } number)
            return number;
        var name = FileFormat.NameOf(field);
        fault ??= RowFault.From(new Fault(Refusal.NotANumber, name, $"\"{Texts.Quoted(text)}\" is no number of at "
            + $"most two decimal places. Write the {name} in digits, with a full stop before decimals."));
        return null;
    }

    private static long Missing(FileField field, ref RowFault? fault)
    {
        var name = FileFormat.NameOf(field);
        fault ??= RowFault.From(new Fault(Refusal.FieldMissing, name,
            $"The {name} is missing: add it and send the row again."));
        return 0;
    }
}
