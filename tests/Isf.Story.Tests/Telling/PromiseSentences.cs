using System.Text.Json.Nodes;

namespace Isf.Story.Tests.Telling;

/// <summary>
/// Sentences about a holder's entries: its own details, people, providers, funds, budgets, allocations, and money
/// received and returned.
/// </summary>
internal sealed class PromiseSentences(Office office)
{
    /// <summary>The price list of each allocation of the story, for quotes by the same prices.</summary>
    public Dictionary<string, JsonNode> Prices { get; } = [];

    public IEnumerable<Sentence> All =>
    [
        new("holder {holder} is set up, reporting every {every} from {first}", SetHolder),
        new("person {id} \"{name}\" lives in {nation}", RegisterPerson),
        new("provider {id} \"{name}\" is {kind}", RegisterProvider),
        new("fund {id} opens for {person} and council {council}, contribution {contribution}, spending {order}",
            OpenFund),
        new("{source} pays {money} to {fund} as {id}[ for {from} to {to}]", ReceiveMoney),
        new("receipt {id} of {fund} is voided: \"{why}\"", VoidReceipt),
        new("{money} of {fund} goes back to {source} as {id}, {reason}", ReturnMoney),
        new("budget {id} of {fund} starts on {from}[, up to {minutes} minutes a week]"
            + "[, and once {once} from {source} for \"{purpose}\"]", SetBudget),
        new("allocation {id} of {fund} promises {provider} {money} and {minutes} minutes a week from {from} to {to}",
            Allocate),
        new("allocation {id} of {fund} promises {provider} {money} once from {from} to {to}", AllocateOnce),
        new("fund {fund} closes on {day}, {reason}[, and {provider} is owed {money} for notice]", CloseFund),
    ];

    private Task<Answer> SetHolder(Said said) => office.PutAsync("/v1/holder", new JsonObject
    {
        ["name"] = "Sunrise, a made-up holder", ["address"] = "1 Sample Yard", ["phone"] = "01632 960001",
        ["email"] = "office@sunrise.example", ["complaints"] = "Write to the manager, then to the Ombudsman.",
        ["periods"] = new JsonObject { ["every"] = said["every"], ["firstOn"] = said["first"] },
        ["payments"] = new JsonObject
        {
            ["sortCode"] = "000000", ["accountNumber"] = "00000001", ["accountName"] = "Sunrise clients",
        },
        ["tolerances"] = new JsonObject { ["minutes"] = 15, ["pence"] = 100, ["percent"] = 2 },
    });

    private Task<Answer> RegisterPerson(Said said) => office.PutAsync("/v1/people/" + said["id"], new JsonObject
    {
        ["name"] = said["name"], ["nation"] = said["nation"], ["format"] = "plain", ["language"] = "en",
    });

    private Task<Answer> RegisterProvider(Said said) => office.PutAsync("/v1/providers/" + said["id"], new JsonObject
    {
        ["name"] = said["name"], ["kind"] = said["kind"], ["vat"] = new JsonObject { ["registered"] = false },
    });

    private Task<Answer> OpenFund(Said said) => office.PutAsync("/v1/funds/" + said["id"], JsonNode.Parse($$"""
        {"personId":"{{said["person"]}}","councilId":"{{said["council"]}}","kind":"isf","opensOn":"{{said.Today}}",
         "agreement":{"signedOn":"2026-03-30","reviewOn":"2026-10-05","endsOn":null,
          "parties":["person","holder","council"],"payment":{"every":"week","firstOn":"2026-04-06"},
          "contribution":"{{said["contribution"]}}","spendOrder":"{{said["order"]}}",
          "surplus":{"weeks":4,"heldForWeeks":12},"banking":{"keep":"minutes","expiresAfterWeeks":12},
          "hospital":{"paidDays":14},"lateVariationDays":14,"managementFee":null} }
        """)!);

    private Task<Answer> ReceiveMoney(Said said)
    {
        var receipt = new JsonObject
        {
            ["source"] = said["source"], ["pence"] = said.Pence, ["receivedOn"] = said.Today,
        };
        if (said.Names("from"))
            (receipt["forFrom"], receipt["forTo"]) = (said["from"], said["to"]);
        return office.PutAsync($"/v1/funds/{said["fund"]}/receipts/{said["id"]}", receipt);
    }

    private Task<Answer> VoidReceipt(Said said) => office.PostAsync(
        $"/v1/funds/{said["fund"]}/receipts/{said["id"]}/void", new JsonObject { ["why"] = said["why"] });

    private Task<Answer> ReturnMoney(Said said) => office.PutAsync(
        $"/v1/funds/{said["fund"]}/returns/{said["id"]}", new JsonObject
        {
            ["source"] = said["source"], ["pence"] = said.Pence, ["paidOn"] = said.Today, ["reason"] = said["reason"],
        });

    private Task<Answer> CloseFund(Said said)
    {
        var closure = new JsonObject
        {
            ["on"] = said["day"], ["reason"] = said["reason"], ["notice"] = new JsonArray(),
        };
        if (said.Names("provider"))
        {
            closure["notice"] = new JsonArray(new JsonObject
            {
                ["providerId"] = said["provider"], ["pence"] = said.Pence, ["why"] = "seven days of notice",
            });
        }
        return office.PutAsync($"/v1/funds/{said["fund"]}/closure", closure);
    }

    private Task<Answer> SetBudget(Said said)
    {
        var shares = said.Table.Records
            .Select(row => (Source: row["source"], Pence: Figure.Pence(row["a week"]))).ToList();
        var weekly = shares.Sum(share => share.Pence);
        var budget = new JsonObject
        {
            ["from"] = said["from"], ["to"] = null, ["weeklyPence"] = weekly,
            ["sources"] = new JsonArray([.. shares.Select(share =>
                new JsonObject { ["source"] = share.Source, ["weeklyPence"] = share.Pence })]),
            ["deployment"] = new JsonArray(new JsonObject { ["as"] = "isf", ["weeklyPence"] = weekly }),
            ["oneOff"] = new JsonArray(),
        };
        if (said.Names("minutes"))
            budget["weeklyMinutes"] = said.Whole("minutes");
        if (said.Names("once"))
        {
            budget["oneOff"] = new JsonArray(new JsonObject
            {
                ["purpose"] = said["purpose"], ["source"] = said["source"], ["pence"] = Figure.Pence(said["once"]),
            });
        }
        return office.PutAsync($"/v1/funds/{said["fund"]}/budgets/{said["id"]}", budget);
    }

    private Task<Answer> Allocate(Said said) => Allocate(said, new JsonObject
    {
        ["providerId"] = said["provider"], ["kind"] = "regular", ["from"] = said["from"], ["to"] = said["to"],
        ["weeklyMinutes"] = said.Whole("minutes"), ["weeklyPence"] = said.Pence, ["totalPence"] = null,
        ["fundedBy"] = null, ["claim"] = "on-delivery",
    });

    private Task<Answer> AllocateOnce(Said said) => Allocate(said, new JsonObject
    {
        ["providerId"] = said["provider"], ["kind"] = "one-off", ["from"] = said["from"], ["to"] = said["to"],
        ["weeklyMinutes"] = null, ["weeklyPence"] = null, ["totalPence"] = said.Pence,
        ["fundedBy"] = null, ["claim"] = "on-invoice",
    });

    private Task<Answer> Allocate(Said said, JsonObject allocation)
    {
        Prices[said["id"]] = new JsonObject { ["rates"] = new JsonArray([.. said.Table.Records.Select(Rate)]) };
        allocation["priceList"] = Prices[said["id"]].DeepClone();
        return office.PutAsync($"/v1/funds/{said["fund"]}/allocations/{said["id"]}", allocation);
    }

    private static JsonObject Rate(IReadOnlyDictionary<string, string> row)
    {
        var rate = new JsonObject { ["code"] = row["rate"] };
        if (row["on"] == "public holiday")
            rate["when"] = new JsonObject { ["publicHoliday"] = true };
        else if (row["on"].Length > 0)
            rate["when"] = new JsonObject { ["days"] = Words(row["on"]) };
        var price = row["price"].Split(' ');
        (rate["unit"], rate["pence"]) = (price[^1], Figure.Pence(price[0]));
        return rate;
    }

    public static JsonArray Words(string spaced) => new([.. spaced.Split(' ').Select(word => JsonValue.Create(word))]);
}
