using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Facts flow one way: a service publishes its own messages, and consumes its own and those of the services upstream
/// of it (design §2, §5).
/// </summary>
public sealed class ConversationTests
{
    // Contracts come before the features that publish them, so that their consumers can be built and tested first. A
    // message leaves this list when its publishing feature is built; the list may only shrink.
    private static readonly HashSet<string> NotYetPublished =
    [
        "AllocationEnded", "InvoiceMatched",
        "InvoiceQueried", "CreditNoteAccepted", "PaymentMade", "PaymentReturned", "ProviderRepaid", "VatRecovered",
    ];

    // No service consumes these messages. An operator may bind a queue to their exchanges.
    private static readonly Dictionary<string, string> ConsumedElsewhere = new()
    {
        ["PeriodClosed"] = "an accounting program may export a period as soon as it is closed",
        ["RunCompleted"] = "a monitor may tell the office that a night's check was made",
        ["ExceptionRaised"] = "a monitor may tell the office at once; GET /v1/exceptions lists it",
        ["ExceptionResolved"] = "a monitor may take back what it told the office",
        ["FeedIssued"] = "a council's program may fetch the feed as soon as it is there",
        ["StatementIssued"] = "a program that sends letters may fetch the statement as soon as it is there",
    };

    /// <summary>Messages consumed from a service further downstream, or unknown to contracts/.</summary>
    public static IEnumerable<Finding> ConsumesDownstream(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        foreach (var (contents, entry) in map.Contents.SelectMany(at => at.Consumes.Select(entry => (at, entry))))
        {
            var publisher = map.PublisherOf(entry.Message);
            if (publisher is null)
            {
                yield return contents.File.Found(
                    entry.At, $"consumes {entry.Message}, which contracts/ does not define");
            }
            else if (ServiceMap.PlaceOf(publisher) > ServiceMap.PlaceOf(contents.Service))
            {
                yield return contents.File.Found(
                    entry.At, $"consumes {entry.Message} of {publisher}, which is downstream");
            }
        }
    }

    /// <summary>Code of a service that names the contracts of a service further downstream.</summary>
    public static IEnumerable<Finding> NamesDownstream(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && ServiceMap.ServiceOf(file) is not null
        let own = ServiceMap.PlaceOf(ServiceMap.ServiceOf(file)!)
        from name in file.All<QualifiedNameSyntax>()
        where name.Left.ToString() == "Isf.Contracts" && ServiceMap.PlaceOf(name.Right.ToString()) > own
        select file.Found(name, $"{name} is downstream of {Repository.Services[own]}");

    /// <summary>
    /// Messages in a service's Publishes that another service defines, or that contracts/ does not define.
    /// </summary>
    public static IEnumerable<Finding> PublishesAnothers(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        return from contents in map.Contents
               from entry in contents.Publishes
               let publisher = map.PublisherOf(entry.Message)
               where publisher != contents.Service
               select contents.File.Found(
                   entry.At, $"publishes {entry.Message}, which {publisher ?? "nobody"} may publish by contracts/");
    }

    /// <summary>
    /// Finds messages that their publisher does not list, or lists twice, and messages that are in NotYetPublished
    /// although they are listed.
    /// </summary>
    public static IEnumerable<Finding> NotPublishedOnce(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        return from message in map.Messages
               let publisher = map.Contents.FirstOrDefault(contents => contents.Service == message.Publisher)
               where publisher is not null
               let times = publisher.Publishes.Count(entry =>
                   entry.Name == message.Name && map.PublisherOf(entry.Message) == message.Publisher)
               let due = NotYetPublished.Contains(message.Name) ? 0 : 1
               where times != due
               select message.File.Found(
                   message.Type.Identifier,
                   $"{message.Name} is listed {times} times by {publisher.File.Name}, not {(due == 1 ? "once"
                       : "yet: it is published now, so take it off the list of those yet to be published")}");
    }

    /// <summary>
    /// Finds messages that a service creates but does not list, and messages that it lists but never names in its
    /// code.
    /// </summary>
    public static IEnumerable<Finding> MadeButNotListed(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        var map = ServiceMap.Of(all);
        foreach (var contents in map.Contents)
        {
            var published = contents.Publishes.Select(entry => entry.Name).ToHashSet();
            var others = all.Where(file => file.IsCSharp && file.IsUnder($"services/{contents.Service}")
                && file.Path != contents.File.Path).ToList();
            foreach (var (file, made, name) in others.SelectMany(MadeIn))
            {
                if (map.Messages.Any(message => message.Name == name) && !published.Contains(name))
                {
                    yield return file.Found(
                        made, $"makes {name}, which {contents.File.Name} does not list in Publishes");
                }
            }

            var named = others.SelectMany(file => file.All<IdentifierNameSyntax>())
                .Select(name => name.Identifier.Text).ToHashSet();
            foreach (var unused in contents.Publishes.Where(entry => !named.Contains(entry.Name)))
                yield return contents.File.Found(unused.At, $"lists {unused.Message}, which no code of it makes");
        }
    }

    private static IEnumerable<(SourceFile File, ObjectCreationExpressionSyntax Made, string Name)> MadeIn(
        SourceFile file) =>
        file.All<ObjectCreationExpressionSyntax>()
            .Select(made => (file, made, made.Type.ToString().Split('.')[^1]));

    /// <summary>
    /// Finds messages that no service consumes although ConsumedElsewhere does not explain them, and messages that it
    /// explains although a service consumes them.
    /// </summary>
    public static IEnumerable<Finding> ConsumedByNobody(IEnumerable<SourceFile> files)
    {
        var map = ServiceMap.Of(files);
        var consumed = map.Contents.SelectMany(contents => contents.Consumes)
            .Select(entry => entry.Message).ToHashSet();
        return from contents in map.Contents
               from entry in contents.Publishes
               let excused = ConsumedElsewhere.ContainsKey(entry.Message)
               where consumed.Contains(entry.Message) == excused
               select contents.File.Found(entry.At, excused
                   ? $"{entry.Message} is consumed: take its reason off the list"
                   : $"nobody consumes {entry.Message}: add a consumer, or write down why it is published");
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
        $"services/{service}/Isf.{service}/Subject/Do.cs", feature);

    [Fact]
    public void A_service_consumes_only_from_itself_and_those_upstream() =>
        Rule.Holds("consumes only upstream (design §2)", ConsumesDownstream(Repository.Files));

    [Fact]
    public void A_service_names_no_contract_from_downstream() =>
        Rule.Holds("knows only upstream (design §2)", NamesDownstream(Repository.Files));

    [Fact]
    public void A_service_publishes_only_its_own_messages() =>
        Rule.Holds("publishes only its own (design §5)", PublishesAnothers(Repository.Files));

    [Fact]
    public void Every_message_is_published_by_its_publisher() =>
        Rule.Holds("every message is listed once by its publisher (design §5)", NotPublishedOnce(Repository.Files));

    [Fact]
    public void A_service_makes_exactly_the_messages_that_it_lists() =>
        Rule.Holds("Publishes lists what the code makes (design §8.10)", MadeButNotListed(Repository.Files));

    [Fact]
    public void Every_message_is_consumed_or_has_a_written_reason() =>
        Rule.Holds("what is published is consumed (design §5)", ConsumedByNobody(Repository.Files));

    [Fact]
    public void Every_service_has_its_table_of_contents() =>
        Rule.Holds("the service file is the table of contents (design §8.10)", NoContents(Repository.Files));

    [Fact]
    public void Consuming_from_downstream_is_found() =>
        Rule.Finds(
            ConsumesDownstream(House(
                "Funds", ".Consumes<FundOpened, A>().Consumes<PlanApproved, B>().Consumes<Gone, C>()")),
            "consumes PlanApproved of Support", "consumes Gone");

    [Fact]
    public void Consuming_from_upstream_is_not_found() =>
        Rule.Finds(ConsumesDownstream(House("Support", ".Consumes<FundOpened, A>().Consumes<PlanApproved, B>()")));

    [Fact]
    public void Naming_a_contract_from_downstream_is_found() =>
        Rule.Finds(
            NamesDownstream(House("Support", "", "using Isf.Contracts.Funds; using Isf.Contracts.Ledger;")),
            "Isf.Contracts.Ledger is downstream");

    [Fact]
    public void Publishing_anothers_message_is_found() =>
        Rule.Finds(
            PublishesAnothers(House("Funds", ".Publishes<FundOpened>().Publishes<PlanApproved>().Publishes<Gone>()")),
            "publishes PlanApproved, which Support", "publishes Gone, which nobody");

    [Fact]
    public void A_message_that_is_not_published_or_published_twice_is_found() =>
        Rule.Finds(
            NotPublishedOnce(House("Support", ".Publishes<PlanApproved>().Publishes<PlanApproved>()")),
            "VisitsRecorded is listed 0 times", "PlanApproved is listed 2 times");

    [Fact]
    public void A_message_published_that_is_listed_as_not_yet_published_is_found() =>
        Rule.Finds(
            NotPublishedOnce(Rule.Sample(
                "contracts/Isf.Contracts/All.cs",
                """
                namespace Isf.Contracts.Invoicing { [MessageUrn("y")] record PaymentMade; }
                namespace Isf.Contracts.Funds { [MessageUrn("x")] record AllocationEnded; }
                """,
                "services/Invoicing/Isf.Invoicing/InvoicingService.cs",
                "class S { object D() => new S().Publishes<PaymentMade>(); }",
                "services/Funds/Isf.Funds/FundsService.cs", "class S;")),
            "PaymentMade is listed 1 times by InvoicingService.cs, not yet");

    [Fact]
    public void A_message_made_and_not_listed_is_found_and_so_is_one_listed_and_not_made() =>
        Rule.Finds(
            MadeButNotListed(House(
                "Support", ".Publishes<PlanApproved>()",
                "class A { object B = new VisitsRecorded { }; object C = new Item(); }")),
            "Do.cs:1: makes VisitsRecorded", "lists PlanApproved");

    [Fact]
    public void A_message_that_nobody_consumes_is_found_and_so_is_an_idle_reason() =>
        Rule.Finds(
            ConsumedByNobody(House(
                "Support", ".Publishes<PlanApproved>().Publishes<VisitsRecorded>().Publishes<FeedIssued>()"
                    + ".Consumes<VisitsRecorded, A>().Consumes<FeedIssued, A>()")),
            "nobody consumes PlanApproved", "FeedIssued is consumed: take its reason off the list");

    [Fact]
    public void A_service_without_its_table_of_contents_is_found() =>
        Rule.Finds(
            NoContents(Rule.Sample("services/Funds/Isf.Funds/Funds/OpenFund.cs", "enum Refusal { }")),
            "services/Funds/Isf.Funds/FundsService.cs");
}
