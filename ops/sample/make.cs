#!/usr/bin/env dotnet
#:property PublishAot=false
#:include office.cs
#:include rota.cs
#:property RestorePackagesWithLockFile=false
// Makes the sample from lives.json: requests.tsv (what a holder's office would enter) and visits.csv (eight weeks of
// visits, visits-csv of api.md). It is run by hand, once, in the repository: `dotnet run ops/sample/make.cs --
// ops/sample`. The random numbers have a fixed seed, so that the program makes the same bytes again. Everyone in the
// sample is made up.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

var folder = args.Length > 0 ? args[0] : ".";
var offered = File.ReadAllText(Path.Combine(folder, "lives.json"));
var sample = JsonSerializer.Deserialize<Sample>(offered, JsonSerializerOptions.Web)!;
foreach (var life in sample.Lives)
{
    for (var i = 0; i < life.Lines.Length; i++)
        life.Lines[i].Number = $"{life.Id}-{i + 1}";
}
File.WriteAllText(Path.Combine(folder, "requests.tsv"), new Office(sample).Requests());
File.WriteAllText(Path.Combine(folder, "visits.csv"), new Rota(sample).Csv());

sealed record Sample(JsonObject[] Providers, Life[] Lives);

/// <summary>A person with their fund.</summary>
sealed record Life(string Id, string Name, string Preferred, string Born, string Nation, string Council, string Kind,
    string Contribution, int PersonPence, int NhsPercent, Line[] Lines)
{
    public string Fund => "F-" + Id;
}

/// <summary>A plan line with the allocation that pays for it and the workers who give the care.</summary>
sealed record Line(string Provider, string Purpose, string Workers, string[] Slots, string[] Rates,
    string Service = "support", int Carers = 1, string? FundedBy = null)
{
    public string Number { get; set; } = "";
    public Slot[] Times => [.. Slots.Select(Slot.Of)];
    public Rate[] Prices => [.. Rates.Select(Rate.Of)];

    /// <summary>
    /// The weekly pence that the provider is promised, which are the cost of an ordinary week at late April's rates,
    /// rounded up to the next £5.
    /// </summary>
    public int WeeklyPence()
    {
        var pence = 0;
        foreach (var slot in Times)
        {
            foreach (var day in slot.Days)
            {
                var rate = Prices.FirstOrDefault(price => price.Days.Contains(day))
                    ?? Prices.First(price => price is { Days: [], Holiday: false, Until: null });
                pence += rate.Unit == "visit" ? rate.Pence : ((Carers * slot.Minutes * rate.Pence) + 59) / 60;
            }
        }
        return (pence + 499) / 500 * 500;
    }

    public int WeeklyMinutes() => Carers * Times.Sum(slot => slot.Minutes * slot.Days.Length);
}

/// <summary>Times of the week at which support is planned, written as "mon,wed 10:30 120".</summary>
sealed record Slot(string[] Days, string Start, int Minutes)
{
    public static Slot Of(string words)
    {
        var part = words.Split(' ');
        var days = part[0].Replace("everyday", "weekdays,sat,sun").Replace("weekdays", "mon,tue,wed,thu,fri");
        return new(days.Split(','), part[1], int.Parse(part[2], CultureInfo.InvariantCulture));
    }

    public bool On(DateOnly day) => Days.Contains(day.DayOfWeek.ToString()[..3].ToLowerInvariant());
}

/// <summary>
/// A price, written as "weekend hour 2650 sat,sun". Instead of the days there may be public-holiday, from:date,
/// until:date or nothing.
/// </summary>
sealed record Rate(string Code, string Unit, int Pence, string[] Days, bool Holiday, string? From, string? Until)
{
    public static Rate Of(string words)
    {
        var part = words.Split(' ');
        var more = part.Length > 3 ? part[3] : "";
        return new(part[0], part[1], int.Parse(part[2], CultureInfo.InvariantCulture),
            more.Contains("sat") ? more.Split(',') : [], more == "public-holiday",
            After(more, "from:"), After(more, "until:"));
    }

    static string? After(string text, string head) =>
        text.StartsWith(head, StringComparison.Ordinal) ? text[head.Length..] : null;

    public JsonObject Json(string service)
    {
        var json = new JsonObject { ["code"] = Code };
        if (service != "support")
            json["service"] = service;
        if (Holiday)
            json["when"] = new JsonObject { ["publicHoliday"] = true };
        if (Days.Length > 0)
            json["when"] = new JsonObject { ["days"] = Office.List(Days, day => day) };
        (json["unit"], json["pence"]) = (Unit, Pence);
        if (From is not null)
            json["from"] = From;
        if (Until is not null)
            json["to"] = Until;
        return json;
    }
}
