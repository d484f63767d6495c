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

    private Task<Response> SetHolder(StepMatch match) => office.PutAsync("/v1/holder", new JsonObject
    {
        ["name"] = "Sunrise, a made-up holder", ["address"] = "1 Sample Yard", ["phone"] = "01632 960001",
        ["email"] = "office@sunrise.example", ["complaints"] = "Write to the manager, then to the Ombudsman.",
        ["periods"] = new JsonObject { ["every"] = match["every"], ["firstOn"] = match["first"] },
        ["payments"] = new JsonObject
        {
            ["sortCode"] = "000000", ["accountNumber"] = "00000001", ["accountName"] = "Sunrise clients",
        },
        ["tolerances"] = new JsonObject { ["minutes"] = 15, ["pence"] = 100, ["percent"] = 2 },
    });

    private Task<Response> RegisterPerson(StepMatch match) => office.PutAsync(
        "/v1/people/" + match["id"], new JsonObject
        {
            ["name"] = match["name"], ["nation"] = match["nation"], ["format"] = "plain", ["language"] = "en",
        });

    private Task<Response> RegisterProvider(StepMatch match) => office.PutAsync(
        "/v1/providers/" + match["id"], new JsonObject
        {
            ["name"] = match["name"], ["kind"] = match["kind"], ["vat"] = new JsonObject { ["registered"] = false },
        });

    private Task<Response> OpenFund(StepMatch match) => office.PutAsync("/v1/funds/" + match["id"], JsonNode.Parse($$"""
        {"personId":"{{match["person"]}}","councilId":"{{match["council"]}}","kind":"isf","opensOn":"{{match.Today}}",
         "agreement":{"signedOn":"2026-03-30","reviewOn":"2026-10-05","endsOn":null,
          "parties":["person","holder","council"],"payment":{"every":"week","firstOn":"2026-04-06"},
          "contribution":"{{match["contribution"]}}","spendOrder":"{{match["order"]}}",
          "surplus":{"weeks":4,"heldForWeeks":12},"banking":{"keep":"minutes","expiresAfterWeeks":12},
          "hospital":{"paidDays":14},"lateVariationDays":14,"managementFee":null} }
        """)!);

    private Task<Response> ReceiveMoney(StepMatch match)
    {
        var receipt = new JsonObject
        {
            ["source"] = match["source"], ["pence"] = match.Pence, ["receivedOn"] = match.Today,
        };
        if (match.Names("from"))
            (receipt["forFrom"], receipt["forTo"]) = (match["from"], match["to"]);
        return office.PutAsync($"/v1/funds/{match["fund"]}/receipts/{match["id"]}", receipt);
    }

    private Task<Response> VoidReceipt(StepMatch match) => office.PostAsync(
        $"/v1/funds/{match["fund"]}/receipts/{match["id"]}/void", new JsonObject { ["why"] = match["why"] });

    private Task<Response> ReturnMoney(StepMatch match) => office.PutAsync(
        $"/v1/funds/{match["fund"]}/returns/{match["id"]}", new JsonObject
        {
            ["source"] = match["source"], ["pence"] = match.Pence, ["paidOn"] = match.Today,
            ["reason"] = match["reason"],
        });

    private Task<Response> CloseFund(StepMatch match)
    {
        var closure = new JsonObject
        {
            ["on"] = match["day"], ["reason"] = match["reason"], ["notice"] = new JsonArray(),
        };
        if (match.Names("provider"))
        {
            closure["notice"] = new JsonArray(new JsonObject
            {
                ["providerId"] = match["provider"], ["pence"] = match.Pence, ["why"] = "seven days of notice",
            });
        }
        return office.PutAsync($"/v1/funds/{match["fund"]}/closure", closure);
    }

    private Task<Response> SetBudget(StepMatch match)
    {
        var shares = match.Table.Records
            .Select(row => (Source: row["source"], Pence: Figure.Pence(row["a week"]))).ToList();
        var weekly = shares.Sum(share => share.Pence);
        var budget = new JsonObject
        {
            ["from"] = match["from"], ["to"] = null, ["weeklyPence"] = weekly,
            ["sources"] = new JsonArray([.. shares.Select(share =>
                new JsonObject { ["source"] = share.Source, ["weeklyPence"] = share.Pence })]),
            ["deployment"] = new JsonArray(new JsonObject { ["as"] = "isf", ["weeklyPence"] = weekly }),
            ["oneOff"] = new JsonArray(),
        };
        if (match.Names("minutes"))
            budget["weeklyMinutes"] = match.Whole("minutes");
        if (match.Names("once"))
        {
            budget["oneOff"] = new JsonArray(new JsonObject
            {
                ["purpose"] = match["purpose"], ["source"] = match["source"], ["pence"] = Figure.Pence(match["once"]),
            });
        }
        return office.PutAsync($"/v1/funds/{match["fund"]}/budgets/{match["id"]}", budget);
    }

    private Task<Response> Allocate(StepMatch match) => Allocate(match, new JsonObject
    {
        ["providerId"] = match["provider"], ["kind"] = "regular", ["from"] = match["from"], ["to"] = match["to"],
        ["weeklyMinutes"] = match.Whole("minutes"), ["weeklyPence"] = match.Pence, ["totalPence"] = null,
        ["fundedBy"] = null, ["claim"] = "on-delivery",
    });

    private Task<Response> AllocateOnce(StepMatch match) => Allocate(match, new JsonObject
    {
        ["providerId"] = match["provider"], ["kind"] = "one-off", ["from"] = match["from"], ["to"] = match["to"],
        ["weeklyMinutes"] = null, ["weeklyPence"] = null, ["totalPence"] = match.Pence,
        ["fundedBy"] = null, ["claim"] = "on-invoice",
    });

    private Task<Response> Allocate(StepMatch match, JsonObject allocation)
    {
        Prices[match["id"]] = new JsonObject { ["rates"] = new JsonArray([.. match.Table.Records.Select(Rate)]) };
        allocation["priceList"] = Prices[match["id"]].DeepClone();
        return office.PutAsync($"/v1/funds/{match["fund"]}/allocations/{match["id"]}", allocation);
    }

    private static JsonObject Rate(IReadOnlyDictionary<string, string> row)
    {
        var rate = new JsonObject { ["code"] = row["rate"] };
        if (row["on"] == "public holiday")
            rate["when"] = new JsonObject { ["publicHoliday"] = true };
        else if (row["on"].Length > 0)
            rate["when"] = new JsonObject { ["days"] = ArrayOf(row["on"]) };
        var price = row["price"].Split(' ');
        (rate["unit"], rate["pence"]) = (price[^1], Figure.Pence(price[0]));
        return rate;
    }

    public static JsonArray ArrayOf(string spaced) =>
        new([.. spaced.Split(' ').Select(word => JsonValue.Create(word))]);
}
