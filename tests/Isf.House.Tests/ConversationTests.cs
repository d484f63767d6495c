using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Facts flow one way: a service says its own and hears itself and services before it (design §2, §5).
/// </summary>
public sealed class ConversationTests
{
    // Contracts come before the features that say them, so that the services that hear them can be built and tested
    // with messages. A message leaves this list with the feature that says it; the list may only shrink.
    private static readonly HashSet<string> YetToBeSaid =
    [
        "AllocationEnded", "InvoiceMatched",
        "InvoiceQueried", "CreditNoteAccepted", "PaymentMade", "PaymentReturned", "ProviderRepaid", "VatRecovered",
    ];

    // No service hears these: whoever runs the platform may bind a queue of their own to their exchanges.
    private static readonly Dictionary<string, string> HeardElsewhere = new()
    {
        ["PeriodClosed"] = "an accounting program may export a period as soon as it is closed",
        ["RunCompleted"] = "a monitor may tell the office that a night's check was made",
        ["ExceptionRaised"] = "a monitor may tell the office at once; GET /v1/exceptions lists it",
        ["ExceptionResolved"] = "a monitor may take back what it told the office",
        ["FeedIssued"] = "a council's program may fetch the feed as soon as it is there",
        ["StatementIssued"] = "a program that sends letters may fetch the statement as soon as it is there",
    };

    /// <summary>Messages heard from a service further down, or that contracts/ does not know.</summary>
    public static IEnumerable<Finding> HearsDownstream(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        foreach (var (contents, entry) in map.Contents.SelectMany(at => at.Hears.Select(entry => (at, entry))))
        {
            var speaker = map.SpeakerOf(entry.Message);
            if (speaker is null)
                yield return contents.File.Found(entry.At, $"hears {entry.Message}, which contracts/ does not define");
            else if (ServiceMap.PlaceOf(speaker) > ServiceMap.PlaceOf(contents.Service))
                yield return contents.File.Found(entry.At, $"hears {entry.Message} of {speaker}, which is downstream");
        }
    }

    /// <summary>Code of a service that names the contracts of a service further down.</summary>
    public static IEnumerable<Finding> NamesDownstream(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && ServiceMap.ServiceOf(file) is not null
        let own = ServiceMap.PlaceOf(ServiceMap.ServiceOf(file)!)
        from name in file.All<QualifiedNameSyntax>()
        where name.Left.ToString() == "Isf.Contracts" && ServiceMap.PlaceOf(name.Right.ToString()) > own
        select file.Found(name, $"{name} is downstream of {Repository.Services[own]}");

    /// <summary>Messages that a service says though they are another's, or that contracts/ does not know.</summary>
    public static IEnumerable<Finding> SaysAnothersWords(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        return from contents in map.Contents
               from entry in contents.Says
               let speaker = map.SpeakerOf(entry.Message)
               where speaker != contents.Service
               select contents.File.Found(
                   entry.At, $"says {entry.Message}, which {speaker ?? "nobody"} may say by contracts/");
    }

    /// <summary>
    /// Messages that their speaker does not list, or lists twice; of those yet to be said, those that are.
    /// </summary>
    public static IEnumerable<Finding> NotSaidOnce(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        return from message in map.Messages
               let speaker = map.Contents.FirstOrDefault(contents => contents.Service == message.Speaker)
               where speaker is not null
               let times = speaker.Says.Count(entry =>
                   entry.Name == message.Name && map.SpeakerOf(entry.Message) == message.Speaker)
               let due = YetToBeSaid.Contains(message.Name) ? 0 : 1
               where times != due
               select message.File.Found(
                   message.Type.Identifier,
                   $"{message.Name} is listed {times} times by {speaker.File.Name}, not {(due == 1 ? "once"
                       : "yet: it is said now, so take it off the list of those yet to be said")}");
    }

    /// <summary>Messages made in a service that does not list them, and listed ones that it never makes.</summary>
    public static IEnumerable<Finding> MadeButNotListed(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        var map = ServiceMap.Of(all);
        foreach (var contents in map.Contents)
        {
            var says = contents.Says.Select(entry => entry.Name).ToHashSet();
            var others = all.Where(file => file.IsCSharp && file.IsUnder($"services/{contents.Service}")
                && file.Path != contents.File.Path).ToList();
            foreach (var (file, made) in others.SelectMany(
                file => file.All<ObjectCreationExpressionSyntax>().Select(made => (file, made))))
            {
                var name = made.Type.ToString().Split('.')[^1];
                if (map.Messages.Any(message => message.Name == name) && !says.Contains(name))
                    yield return file.Found(made, $"makes {name}, which {contents.File.Name} does not list in Says");
            }

            var named = others.SelectMany(file => file.All<IdentifierNameSyntax>())
                .Select(name => name.Identifier.Text).ToHashSet();
            foreach (var unsaid in contents.Says.Where(entry => !named.Contains(entry.Name)))
                yield return contents.File.Found(unsaid.At, $"lists {unsaid.Message}, which no code of it makes");
        }
    }

    /// <summary>
    /// Messages that no service hears and for which no reason is written, and reasons for messages that one hears.
    /// </summary>
    public static IEnumerable<Finding> HeardByNobody(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        var heard = map.Contents.SelectMany(contents => contents.Hears).Select(entry => entry.Message).ToHashSet();
        return from contents in map.Contents
               from said in contents.Says
               let excused = HeardElsewhere.ContainsKey(said.Message)
               where heard.Contains(said.Message) == excused
               select contents.File.Found(said.At, excused
                   ? $"{said.Message} is heard: take its reason off the list"
                   : $"nobody hears {said.Message}: say it to somebody, or write down why it is said");
    }

    /// <summary>Services with features but without a table of contents.</summary>
    public static IEnumerable<Finding> NoContents(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        return from service in Repository.Services
               where all.Any(file => NameTests.IsFeature(file) && file.IsUnder($"services/{service}"))
               where all.All(file => file.Path != ServiceMap.ContentsPath(service))
               select new Finding(ServiceMap.ContentsPath(service), 1, "the service's table of contents is missing");
    }

    private const string Contracts = """
        namespace Isf.Contracts.Funds { [MessageUrn("x")] record FundOpened; record Item; }
        namespace Isf.Contracts.Support
        {
            [MessageUrn("y")] record VisitsRecorded;
            [MessageUrn("z")] record PlanApproved;
        }
        """;

    private static List<SourceFile> House(string service, string chain, string feature = "") => Rule.Sample(
        "contracts/Isf.Contracts/All.cs", Contracts,
        $"services/{service}/Isf.{service}/{service}Service.cs",
        $"static class S {{ object D() => new Service(){chain}; }}",
        $"services/{service}/Isf.{service}/Features/Do.cs", feature);

    [Fact]
    public void A_service_hears_only_itself_and_those_upstream() =>
        Rule.Holds("hears only upstream (design §2)", HearsDownstream(Repository.Files));

    [Fact]
    public void A_service_names_no_contract_from_downstream() =>
        Rule.Holds("knows only upstream (design §2)", NamesDownstream(Repository.Files));

    [Fact]
    public void A_service_says_only_its_own_messages() =>
        Rule.Holds("says only its own (design §5)", SaysAnothersWords(Repository.Files));

    [Fact]
    public void Every_message_is_said_by_its_speaker() =>
        Rule.Holds("every message is listed once by its speaker (design §5)", NotSaidOnce(Repository.Files));

    [Fact]
    public void A_service_makes_exactly_the_messages_that_it_lists() =>
        Rule.Holds("Says lists what the code makes (design §8.10)", MadeButNotListed(Repository.Files));

    [Fact]
    public void Every_message_is_heard_or_has_a_written_reason() =>
        Rule.Holds("what is said is heard (design §5)", HeardByNobody(Repository.Files));

    [Fact]
    public void Every_service_has_its_table_of_contents() =>
        Rule.Holds("the service file is the table of contents (design §8.10)", NoContents(Repository.Files));

    [Fact]
    public void Hearing_from_downstream_is_found() =>
        Rule.Finds(
            HearsDownstream(House("Funds", ".Hears<FundOpened, A>().Hears<PlanApproved, B>().Hears<Gone, C>()")),
            "hears PlanApproved of Support", "hears Gone");

    [Fact]
    public void Hearing_from_upstream_is_not_found() =>
        Rule.Finds(HearsDownstream(House("Support", ".Hears<FundOpened, A>().Hears<PlanApproved, B>()")));

    [Fact]
    public void Naming_a_contract_from_downstream_is_found() =>
        Rule.Finds(
            NamesDownstream(House("Support", "", "using Isf.Contracts.Funds; using Isf.Contracts.Ledger;")),
            "Isf.Contracts.Ledger is downstream");

    [Fact]
    public void Saying_anothers_message_is_found() =>
        Rule.Finds(
            SaysAnothersWords(House("Funds", ".Says<FundOpened>().Says<PlanApproved>().Says<Gone>()")),
            "says PlanApproved, which Support", "says Gone, which nobody");

    [Fact]
    public void A_message_that_is_not_said_or_said_twice_is_found() =>
        Rule.Finds(
            NotSaidOnce(House("Support", ".Says<PlanApproved>().Says<PlanApproved>()")),
            "VisitsRecorded is listed 0 times", "PlanApproved is listed 2 times");

    [Fact]
    public void A_message_said_that_stands_among_those_yet_to_be_said_is_found() =>
        Rule.Finds(
            NotSaidOnce(Rule.Sample(
                "contracts/Isf.Contracts/All.cs",
                """
                namespace Isf.Contracts.Invoicing { [MessageUrn("y")] record PaymentMade; }
                namespace Isf.Contracts.Funds { [MessageUrn("x")] record AllocationEnded; }
                """,
                "services/Invoicing/Isf.Invoicing/InvoicingService.cs",
                "class S { object D() => new S().Says<PaymentMade>(); }",
                "services/Funds/Isf.Funds/FundsService.cs", "class S;")),
            "PaymentMade is listed 1 times by InvoicingService.cs, not yet");

    [Fact]
    public void A_message_made_and_not_listed_is_found_and_so_is_one_listed_and_not_made() =>
        Rule.Finds(
            MadeButNotListed(House(
                "Support", ".Says<PlanApproved>()",
                "class A { object B = new VisitsRecorded { }; object C = new Item(); }")),
            "Do.cs:1: makes VisitsRecorded", "lists PlanApproved");

    [Fact]
    public void A_message_that_nobody_hears_is_found_and_so_is_an_idle_reason() =>
        Rule.Finds(
            HeardByNobody(House(
                "Support", ".Says<PlanApproved>().Says<VisitsRecorded>().Says<FeedIssued>()"
                    + ".Hears<VisitsRecorded, A>().Hears<FeedIssued, A>()")),
            "nobody hears PlanApproved", "FeedIssued is heard: take its reason off the list");

    [Fact]
    public void A_service_without_its_table_of_contents_is_found() =>
        Rule.Finds(
            NoContents(Rule.Sample("services/Funds/Isf.Funds/Features/OpenFund.cs", "")),
            "services/Funds/Isf.Funds/FundsService.cs");
}
