using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Words of an earlier dialect do not come back, because each has a word of the field in its place (design §8.11).
/// Names on the wire and in SQL stay as they are; they are strings and members of contracts.
/// </summary>
public sealed partial class RetiredWordTests
{
    private static readonly Dictionary<string, string> Retired = new()
    {
        ["IHear"] = "IConsume", ["HearAsync"] = "ConsumeAsync", ["Heard"] = "ConsumeResult",
        ["Hearing"] = "Subscription", ["Hears"] = "Consumes", ["Saying"] = "PublishedMessage",
        ["TakeUp"] = "ReleaseDeferred", ["PlanAnew"] = "UseCustomPlans",
        ["KnowHolder"] = "RegisterHolder", ["Pump"] = "InboxDispatcher", ["Parking"] = "DeferredMessages",
        ["RelayBell"] = "OutboxSignal", ["Sweeper"] = "OutboxCleaner", ["Asking"] = "EndpointExtensions",
        ["Admits"] = "RequireRoles",
        ["SaidAlready"] = "PreSerializedBody", ["PlainForms"] = "Iso8601Fast", ["Laying"] = "SourceAttribution",
        ["LayAgain"] = "Reattribute", ["LaidTarget"] = "AttributionTarget", ["WhoseMoney"] = "FundingSplit",
        ["OpenBooks"] = "PostingBatch", ["OtherWordsException"] = "ConflictingContentException",
        ["Took"] = "TimePosting", ["Unspent"] = "CostReversal", ["AskedMoves"] = "PostingRequest",
        ["VisitOffer"] = "VisitInput", ["VisitWords"] = "VisitRecord", ["TakenAs"] = "RecordOutcome",
        ["CareSaid"] = "CareAnnouncements", ["DaySaying"] = "DayChange", ["SaidDay"] = "AnnouncedDay",
        ["RowWords"] = "ParsedRow", ["WrittenIn"] = "TextEncoding", ["WrittenForms"] = "DateTimeFormats",
        ["FormsFound"] = "DetectedFormats", ["Doubts"] = "CheckCandidates", ["ReadyRate"] = "CompiledRate",
        ["PartsGathered"] = "PriceAccumulator", ["QuoteFaults"] = "QuoteValidation", ["Owing"] = "Contributions",
        ["PriceAdvice"] = "PriceWarnings",
        ["SayAsync"] = "PublishAsync", ["SayAgainAfter"] = "RepublishAfter", ["KeepSaid"] = "CopyOutbox",
        ["YetToBeSaid"] = "NotYetPublished", ["Hear"] = "Publish", ["HearNowAsync"] = "ConsumeNowAsync",
        ["HeardAsync"] = "UntilConsumedAsync", ["QuietAsync"] = "UntilIdleAsync", ["Quiet"] = "IsIdle",
        ["ParkedAsync"] = "UntilDeferredAsync", ["AskedAsync"] = "RequestedAsync", ["TellAsync"] = "RunAsync",
        ["ToldAsync"] = "TextAsync", ["KnowAsync"] = "LoadExistingAsync", ["Lay"] = "Attribute",
        ["IsLaid"] = "IsAttribution", ["Lies"] = "Balances", ["StandsAsync"] = "SettingAsync",
        ["LookAgainFor"] = "LookupRetryTime", ["WaitForPlaceFor"] = "ConnectionWait", ["Tally"] = "Amounts",
        ["Taken"] = "Consumed", ["AwayOn"] = "AbsenceOn", ["Give"] = "Build",
        ["OutboxDoor"] = "OutboxGate", ["KeptMessage"] = "PendingMessage", ["ScheduleAsk"] = "RunRequest",
        ["PlaceWords"] = "ReservedNames", ["BookWords"] = "BookNames", ["ReasonWords"] = "ReasonText",
        ["PriceWords"] = "PriceReasonText", ["RowTaken"] = "RowResult", ["PutAnswer"] = "PutResponse",
        ["Stating"] = "BooksStatement", ["KnownAsync"] = "ExistingAsync", ["KeepAsync"] = "SaveAsync",
        ["AskAsync"] = "RequestAsync", ["UnheardAsync"] = "UnconsumedAsync",
    };

    /// <summary>
    /// Types and members with a retired name or …Most, and types that name a copy Known…, Kept… or Keep….
    /// </summary>
    public static IEnumerable<Finding> RetiredNames(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp && !file.IsUnder("contracts/Isf.Contracts")))
        {
            foreach (var token in file.Code.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)))
            {
                if (IsDeclared(token) && Retired.TryGetValue(token.Text, out var instead))
                    yield return file.Found(token, $"{token.Text}: the word is {instead}");
                else if (IsDeclared(token) && Most().IsMatch(token.Text))
                    yield return file.Found(token, $"{token.Text}: a limit's name ends in Max");
                else if (token.Parent is BaseTypeDeclarationSyntax && CopyName().IsMatch(token.Text))
                    yield return file.Found(token, $"{token.Text}: a copy is called …Copy, what makes it Copy…");
            }
        }
    }

    private static bool IsDeclared(SyntaxToken token) => token.Parent is
        BaseTypeDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax or DelegateDeclarationSyntax
        or LocalFunctionStatementSyntax or EnumMemberDeclarationSyntax
        or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax };

    [GeneratedRegex("^(Known|Kept|Keep)[A-Z].*(?<!Days|Message|Messages|Tests|Running)$")]
    private static partial Regex CopyName();

    [GeneratedRegex("[a-z]Most$")]
    private static partial Regex Most();

    [Fact]
    public void Retired_words_do_not_come_back() =>
        Rule.Holds("the field's words (design §8.11)", RetiredNames(Repository.Files));

    [Fact]
    public void A_retired_word_is_found_and_a_word_in_it_is_not() =>
        Rule.Finds(
            RetiredNames(Rule.Sample(
                "services/A.cs", "class Pump { void HearAsync() {} int Pumps; void SayHello() => Says(); }",
                "services/C.cs", "class C { int Tally; void D() { void Lay() {} } enum E { Taken, TakenFrom } }",
                "services/F.cs", "class F { const int RowsMost = 1; int Most; int AlmostAll() => Utmost(AtMost); }",
                "services/B.cs", "record KnownFund; record KeptDays; class KeepFundsConsumer;",
                "contracts/Isf.Contracts/A.cs", "record Heard;")),
            "A.cs:1: Pump", "A.cs:1: HearAsync", "C.cs:1: Tally", "C.cs:1: Lay", "C.cs:1: Taken",
            "F.cs:1: RowsMost", "B.cs:1: KnownFund", "B.cs:1: KeepFundsConsumer");
}
