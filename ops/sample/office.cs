using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

/// <summary>Writes the office's entries, in the order in which they can be made.</summary>
sealed class Office(Sample sample)
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    readonly StringBuilder written = new();

    public static JsonArray List<T>(IEnumerable<T> of, Func<T, JsonNode> make) => new([.. of.Select(make)]);

    public string Requests()
    {
        Put("holder", "holder-admin", """
            {"name":"Sunrise Support (a made-up holder)","address":"1 Sample Yard, Westmere","phone":"01632 960001",
            "email":"office@sunrise.example","complaints":"Write to the manager, then to the Ombudsman.",
            "periods":{"every":"4-weeks","firstOn":"2026-03-30"},
            "payments":{"sortCode":"000000","accountNumber":"00000001","accountName":"Sunrise Clients"},
            "tolerances":{"minutes":15,"pence":100,"percent":2}}
            """);
        for (var i = 0; i < sample.Lives.Length; i++)
            Person(sample.Lives[i], i);
        foreach (var provider in sample.Providers)
            Provider(provider);
        foreach (var life in sample.Lives)
        {
            Fund(life);
            Budget(life);
            foreach (var line in life.Lines)
                Allocation(life, line);
            Plan(life);
        }
        Oddities();
        return written.ToString();
    }

    void Person(Life life, int i)
    {
        var json = new JsonObject
        {
            ["name"] = life.Name, ["preferredName"] = life.Preferred, ["dateOfBirth"] = life.Born,
            ["councilRef"] = $"AB{4100 + (37 * i)}", ["nation"] = life.Nation,
            ["format"] = (i % 5) switch { 3 => "large-print", 4 => "easy-read", _ => "plain" },
            ["language"] = life.Nation == "wales" ? "cy" : "en",
        };
        if (life.Nation != "scotland")
            json["nhsNumber"] = NhsNumber(7 * i);
        Put("people/P-" + life.Id, "holder-care", json);
    }

    /// <summary>
    /// The first NHS number with a valid check digit in the test range 999 000 0nn, from nn = <paramref name="n"/> on
    /// (domain.md §5.2).
    /// </summary>
    static string NhsNumber(int n)
    {
        for (; ; n++)
        {
            var nine = "9990000" + n.ToString("00", CultureInfo.InvariantCulture);
            var check = (11 - (nine.Select((digit, at) => (digit - '0') * (10 - at)).Sum() % 11)) % 11;
            if (check != 10)
                return $"{nine}{check}";
        }
    }

    void Provider(JsonObject offered)
    {
        var json = offered.DeepClone().AsObject();
        json.Remove("id");
        json["vat"] = new JsonObject { ["registered"] = offered["kind"]!.ToString() is "agency" or "shop" };
        Put($"providers/{offered["id"]}", "holder-admin", json);
    }

    void Fund(Life life)
    {
        var order = (life.PersonPence, life.NhsPercent) switch
        {
            ( > 0, _) => "person-first",
            (_, > 0 and < 100) => "pro-rata",
            _ => "council-first",
        };
        Put($"funds/{life.Fund}", "holder-admin", $$"""
            {"personId":"P-{{life.Id}}","councilId":"{{life.Council}}","kind":"{{life.Kind}}","opensOn":"2026-03-30",
            "agreement":{"signedOn":"2026-03-23","reviewOn":"2026-09-28","endsOn":null,
            "parties":["person","holder","council"],"payment":{"every":"4-weeks","firstOn":"2026-03-30"},
            "contribution":"{{life.Contribution}}","spendOrder":"{{order}}","surplus":{"weeks":4,"heldForWeeks":12},
            "banking":{"keep":"minutes","expiresAfterWeeks":12},"hospital":{"paidDays":14},"lateVariationDays":14,
            "managementFee":null} }
            """);
    }

    /// <summary>
    /// Writes the budget, which is £15 a week above what is allocated, and the first two payments of each payer, in
    /// advance.
    /// </summary>
    void Budget(Life life)
    {
        var weekly = life.Lines.Sum(line => line.WeeklyPence()) + 1500;
        var nhs = weekly * life.NhsPercent / 100;
        (string Source, int Pence)[] all =
            [("council", weekly - nhs - life.PersonPence), ("nhs", nhs), ("person", life.PersonPence)];
        var shares = all.Where(share => share.Pence > 0).ToArray();
        const string rail = """[{"purpose":"bed rail","source":"council","pence":8500}]""";
        Put($"funds/{life.Fund}/budgets/B-{life.Id}", "holder-finance", new JsonObject
        {
            ["from"] = "2026-03-30", ["to"] = null, ["weeklyPence"] = weekly,
            ["sources"] = List(shares, s => new JsonObject { ["source"] = s.Source, ["weeklyPence"] = s.Pence }),
            ["deployment"] = new JsonArray(new JsonObject { ["as"] = "isf", ["weeklyPence"] = weekly }),
            ["weeklyMinutes"] = life.Lines.Sum(line => line.WeeklyMinutes()),
            ["oneOff"] = life.Id == "06" ? JsonNode.Parse(rail) : new JsonArray(),
        });
        foreach (var (source, pence) in shares)
        {
            var behind = source == "person" && life.Id is "06" or "10";
            Receipt(life, source, 1, 4 * pence, "2026-03-30", "2026-04-26");
            Receipt(life, source, 2, (behind ? 2 : 4) * pence, "2026-04-27", "2026-05-24");
        }
    }

    void Receipt(Life life, string source, int period, int pence, string from, string to) =>
        Put($"funds/{life.Fund}/receipts/R-{life.Id}-{source}-{period}", "holder-finance", new JsonObject
        {
            ["source"] = source, ["pence"] = pence, ["receivedOn"] = from, ["forFrom"] = from, ["forTo"] = to,
            ["reference"] = $"{source} {life.Id} period {period}",
        });

    void Allocation(Life life, Line line) =>
        Put($"funds/{life.Fund}/allocations/A-{line.Number}", "holder-finance", new JsonObject
        {
            ["providerId"] = line.Provider, ["kind"] = "regular", ["from"] = "2026-03-30", ["to"] = "2027-03-28",
            ["weeklyMinutes"] = line.WeeklyMinutes(), ["weeklyPence"] = line.WeeklyPence(), ["totalPence"] = null,
            ["fundedBy"] = line.FundedBy is not { } source ? null
                : new JsonArray(new JsonObject { ["source"] = source, ["percent"] = 100 }),
            ["claim"] = "on-delivery",
            ["priceList"] = new JsonObject { ["rates"] = List(line.Prices, rate => rate.Json(line.Service)) },
        });

    void Plan(Life life) => Put($"funds/{life.Fund}/plans/PL-{life.Id}", "holder-care", new JsonObject
    {
        ["from"] = "2026-03-30", ["to"] = "2027-03-28",
        ["lines"] = List(life.Lines, line => new JsonObject
        {
            ["lineId"] = "L-" + line.Number, ["allocationId"] = "A-" + line.Number, ["purpose"] = line.Purpose,
            ["service"] = line.Service, ["carers"] = line.Carers,
            ["schedule"] = List(line.Times, slot => new JsonObject
            {
                ["days"] = List(slot.Days, day => day), ["start"] = slot.Start, ["minutes"] = slot.Minutes,
                ["everyWeeks"] = 1,
            }),
        }),
    });

    /// <summary>
    /// Writes some less usual entries: money from an earlier holder, a receipt keyed twice and voided, money sent back
    /// to the council, a bed rail bought, and a sister who may see a fund.
    /// </summary>
    void Oddities()
    {
        Put("funds/F-01/receipts/R-01-earlier", "holder-finance",
            """{"source":"council","pence":30000,"receivedOn":"2026-04-01","reference":"from the earlier holder"}""");
        Put("funds/F-10/receipts/R-10-twice", "holder-finance",
            """{"source":"person","pence":12600,"receivedOn":"2026-03-31","reference":"keyed twice"}""");
        Send("POST", "funds/F-10/receipts/R-10-twice/void", "holder-finance", """{"why":"keyed twice"}""");
        Put("funds/F-02/returns/X-02-1", "holder-finance",
            """{"source":"council","pence":2000,"paidOn":"2026-05-11","reason":"overpaid"}""");
        Put("funds/F-06/allocations/A-06-rail", "holder-finance", """
            {"providerId":"V-railshop","kind":"one-off","from":"2026-03-30","to":"2026-09-27","weeklyMinutes":null,
            "weeklyPence":null,"totalPence":8500,"fundedBy":null,"claim":"on-invoice",
            "priceList":{"rates":[{"code":"fitting","service":"equipment","unit":"visit","pence":8500}]}}
            """);
        Put("funds/F-01/consents/C-01-sister", "holder-admin",
            """{"supporter":"primrose.thimblewick","sees":["statements","visits"],"to":"2027-03-28"}""");
    }

    void Put(string path, string role, JsonObject body) => Put(path, role, body.ToJsonString(Plain));

    void Put(string path, string role, string body) => Send("PUT", path, role, body);

    void Send(string method, string path, string role, string body) =>
        written.Append($"{method}\t/v1/{path}\t{role}\t{body.ReplaceLineEndings("")}\n");
}
