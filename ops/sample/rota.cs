using System.Globalization;
using System.Text;

/// <summary>
/// Makes the outcomes of all planned visits in the eight weeks, by random numbers with a fixed seed, and a few visits
/// that nobody planned.
/// </summary>
sealed class Rota(Sample sample)
{
    static readonly DateOnly First = new(2026, 3, 30), Last = new(2026, 5, 24);
    readonly StringBuilder rows = new("visitId,fundId,lineId,service,visitGroup,workerId,plannedStart,plannedMinutes,"
        + "start,end,carers,outcome,noticeHours,miles,quantity,note\n");
    uint seed = 20260406;
    int visits;

    public string Csv()
    {
        for (var day = First; day <= Last; day = day.AddDays(1))
        {
            foreach (var life in sample.Lives)
            {
                foreach (var line in life.Lines)
                {
                    foreach (var slot in line.Times.Where(slot => slot.On(day)))
                        Planned(life, line, slot, day);
                    if (line.Service == "support" && Roll(100) == 0)
                        Extra(life, line, day);
                }
            }
        }
        return rows.ToString();
    }

    /// <summary>
    /// A random whole number of at least 0 and below the bound. The generator is a linear congruence, because that
    /// gives the same numbers on every machine.
    /// </summary>
    int Roll(int below)
    {
        seed = unchecked((seed * 1664525) + 1013904223);
        return (int)((seed >> 8) % (uint)below);
    }

    void Planned(Life life, Line line, Slot slot, DateOnly day)
    {
        var at = day.ToDateTime(TimeOnly.Parse(slot.Start, CultureInfo.InvariantCulture));
        var dice = Roll(1000);
        var closed = line.Service == "day" && day is { Month: 4, Day: 3 or 6 } or { Month: 5, Day: 4 };
        var hospital = life.Id == "08" && day >= new DateOnly(2026, 4, 20) && day <= new DateOnly(2026, 5, 1);
        var (outcome, notice, note) = (closed, hospital, dice) switch
        {
            (true, _, _) => ("closed-holiday", "", ""),
            (_, true, _) => ("hospital", "", ""),
            (_, _, < 15) => ("missed-by-provider", "", "nobody came, \"van trouble\""),
            (_, _, < 30) => ("no-access", "", "no answer at the door"),
            (_, _, < 45) => ("cancelled-by-person", $"{2 + Roll(70)}.5", ""),
            (_, _, < 52) => ("cancelled-by-provider", $"{1 + Roll(24)}", ""),
            _ => ("delivered", "", dice > 985 ? "stayed on, unwell" : dice < 70 ? "late, traffic" : ""),
        };
        if (outcome != "delivered")
        {
            Row(life, line, "", "", at, slot.Minutes, null, 0, line.Carers, outcome, notice, note);
            return;
        }
        var late = dice < 70 ? 16 + Roll(20) : Roll(9) - 3;
        var longer = dice > 985 ? 10 + Roll(35) : dice > 960 ? -slot.Minutes / 3 : Roll(5) - 2;
        var minutes = line.Prices[0].Unit == "visit" ? slot.Minutes : slot.Minutes + longer;
        if (line.Carers == 2 && dice is > 700 and < 730)
        {
            var group = $"G-{life.Id}-{day:MMdd}-{slot.Start.Replace(":", "")}";
            var worker = line.Workers.Split(' ');
            Row(life, line, group, worker[0], at, slot.Minutes, at.AddMinutes(late), minutes, 1, outcome, "", note);
            Row(life, line, group, worker[1], at, slot.Minutes, at.AddMinutes(late + 6), minutes, 1, outcome, "", note);
            return;
        }
        Row(life, line, "", Worker(line), at, slot.Minutes, at.AddMinutes(late), minutes, line.Carers, outcome, "",
            note);
    }

    void Extra(Life life, Line line, DateOnly day)
    {
        var start = day.ToDateTime(new TimeOnly(15, 5)).AddMinutes(Roll(20));
        Row(life, line, "", Worker(line), null, 0, start, 20 + (5 * Roll(5)), 1, "delivered", "",
            "not planned, asked for");
    }

    string Worker(Line line) => line.Workers.Split(' ') is var all ? all[Roll(all.Length)] : "";

    void Row(Life life, Line line, string group, string worker, DateTime? planned, int plannedMinutes, DateTime? start,
        int minutes, int carers, string outcome, string notice, string note)
    {
        visits++;
        var quoted = note.AsSpan().IndexOfAny(",\"") < 0 ? note : $"\"{note.Replace("\"", "\"\"")}\"";
        rows.AppendJoin(',', $"v-{visits:00000}", life.Fund, "L-" + line.Number, line.Service, group, worker,
            Clock(planned), planned is null ? "" : $"{plannedMinutes}", Clock(start), Clock(start?.AddMinutes(minutes)),
            $"{carers}", outcome, notice, "", "", quoted).Append('\n');
    }

    /// <summary>
    /// A time as visits.csv writes it, always with the offset +01:00, because all eight weeks lie in summer time.
    /// </summary>
    static string Clock(DateTime? at) => at is { } time ? $"{time:yyyy-MM-ddTHH:mm:ss}+01:00" : "";
}
