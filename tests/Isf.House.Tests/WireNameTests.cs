using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The form of messages on the wire is our own. Their names are chosen by hand; they are flat and complete, and have
/// simple types only (design §5, §8.9).
/// </summary>
public sealed partial class WireNameTests
{
    private static readonly HashSet<string> Simple =
    [
        "string", "int", "long", "bool", "decimal", "Guid",
        "LocalDate", "LocalTime", "LocalDateTime", "Instant", "OffsetDateTime", "Period", "Duration",
        "PriceList", // api.md's price list is data without behaviour; it travels as api.md writes it
    ];

    /// <summary>Messages whose names on the wire are not those of their publisher and type.</summary>
    public static IEnumerable<Finding> WrongWireNames(IEnumerable<SourceFile> files)
    {
        foreach (var message in ServiceMap.Of(files).Messages)
        {
            // A publisher with many messages has further files, whose names begin with the publisher's: Funds.cs,
            // FundsMoney.cs.
            if (!Repository.Services.Contains(message.Publisher)
                || !message.File.Stem.StartsWith(message.Publisher, StringComparison.Ordinal))
            {
                yield return message.File.Found(message.Type, $"{message.Name} is not in the file of a publisher");
            }
            foreach (var (attribute, right) in NamesOf(message))
            {
                var written = ServiceMap.AttributeText(message.Type, attribute);
                if (written != right)
                {
                    yield return message.File.Found(
                        message.Type, $"[{attribute}(\"{written}\")] should be \"{right}\"");
                }
            }
        }
    }

    private static (string Attribute, string Right)[] NamesOf(Message message)
    {
        var version = Version().Match(message.Name);
        var name = ServiceMap.Kebab(version.Success ? message.Name[..version.Index] : message.Name);
        var number = version.Success ? version.Groups[1].Value : "1";
        var publisher = message.Publisher.ToLowerInvariant();
        return
        [
            ("MessageUrn", $"isf:{publisher}:{name}:v{number}"), ("EntityName", $"isf.{publisher}.{name}.v{number}"),
        ];
    }

    /// <summary>
    /// Messages without the tenant, properties that are not required, and types that are not allowed on the wire.
    /// </summary>
    public static IEnumerable<Finding> UnfitProperties(IEnumerable<SourceFile> files)
    {
        var contracts = files.Where(ServiceMap.IsContract).ToList();
        var own = contracts.SelectMany(file => file.All<BaseTypeDeclarationSyntax>())
            .Select(type => type.Identifier.Text).ToHashSet();
        return contracts.SelectMany(file => WithoutTenant(file).Concat(UnfitIn(file, own)));
    }

    private static IEnumerable<Finding> WithoutTenant(SourceFile file) =>
        from message in ServiceMap.Of([file]).Messages
        where !message.Type.Members.OfType<PropertyDeclarationSyntax>()
            .Any(property => property.Identifier.Text == "HolderId")
        select file.Found(message.Type, $"{message.Name} has no HolderId: a message names its tenant");

    private static IEnumerable<Finding> UnfitIn(SourceFile file, HashSet<string> own)
    {
        foreach (var property in file.All<PropertyDeclarationSyntax>())
        {
            // The session that publishes a message sets its holder, so only a reader requires the holder.
            var isNeeded = property.Identifier.Text == "HolderId"
                ? property.AttributeLists.ToString().Contains("JsonRequired", StringComparison.Ordinal)
                : property.Modifiers.Any(SyntaxKind.RequiredKeyword);
            if (!isNeeded && property.Type is not NullableTypeSyntax)
                yield return file.Found(property, $"{property.Identifier.Text} is neither required nor nullable");
            if (!IsFit(property.Type, own))
                yield return file.Found(property, $"{property.Type} is not plain: primitives and NodaTime only");
        }

        foreach (var parameter in file.All<ParameterSyntax>().Where(parameter => !IsFit(parameter.Type, own)))
            yield return file.Found(parameter, $"{parameter.Type} is not plain: primitives and NodaTime only");
    }

    private static bool IsFit(TypeSyntax? type, HashSet<string> own) => type switch
    {
        NullableTypeSyntax nullable => IsFit(nullable.ElementType, own),
        GenericNameSyntax { Identifier.Text: "IReadOnlyList" } list => IsFit(list.TypeArgumentList.Arguments[0], own),
        PredefinedTypeSyntax or IdentifierNameSyntax =>
            Simple.Contains(type.ToString()) || own.Contains(type.ToString()),
        _ => false,
    };

    [GeneratedRegex(@"V(\d+)$")]
    private static partial Regex Version();

    [Fact]
    public void A_message_is_named_after_its_publisher_and_type() =>
        Rule.Holds("wire names (design §5)", WrongWireNames(Repository.Files));

    [Fact]
    public void A_message_is_whole_flat_and_of_simple_types() =>
        Rule.Holds("flat required records with HolderId (design §5)", UnfitProperties(Repository.Files));

    [Fact]
    public void A_wrong_name_on_the_wire_is_found() =>
        Rule.Finds(
            WrongWireNames(Rule.Sample("contracts/Isf.Contracts/Funds/Funds.cs", """
                namespace Isf.Contracts.Funds;
                [MessageUrn("isf:funds:fund-opened:v1")] [EntityName("isf.funds.fund-opened.v1")] record FundOpened;
                [MessageUrn("isf:funds:fund-opened:v2")] [EntityName("isf.funds.fund-opened.v2")] record FundOpenedV2;
                [MessageUrn("isf:funds:fund-shut:v1")] [EntityName("isf.funds.fund-closed.v1")] record FundClosed;
                [MessageUrn("isf:ledger:fee-charged:v1")] record FeeCharged;
                """)),
            "\"isf:funds:fund-closed:v1\"", "\"isf:funds:fee-charged:v1\"", "\"isf.funds.fee-charged.v1\"");

    [Fact]
    public void A_message_in_anothers_file_is_found() =>
        Rule.Finds(
            WrongWireNames(Rule.Sample("contracts/Isf.Contracts/Ledger/Ledger.cs", """
                namespace Isf.Contracts.Funds;
                [MessageUrn("isf:funds:fund-opened:v1")] [EntityName("isf.funds.fund-opened.v1")] record FundOpened;
                """)),
            "FundOpened is not in the file of a publisher");

    [Fact]
    public void A_publishers_second_file_passes() =>
        Rule.Finds(WrongWireNames(Rule.Sample("contracts/Isf.Contracts/Funds/FundsMoney.cs", """
            namespace Isf.Contracts.Funds;
            [MessageUrn("isf:funds:fund-opened:v1")] [EntityName("isf.funds.fund-opened.v1")] record FundOpened;
            """)));

    [Fact]
    public void A_missing_tenant_an_optional_value_and_a_domain_type_are_found() =>
        Rule.Finds(
            UnfitProperties(Rule.Sample("contracts/Isf.Contracts/Funds/Funds.cs", """
                namespace Isf.Contracts.Funds;
                [MessageUrn("x")] record A { public required string Id { get; init; } }
                [MessageUrn("y")] record AnyHolder { public string HolderId { get; init; } = ""; }
                [MessageUrn("z")] record OneHolder { [JsonRequired] public string HolderId { get; init; } = ""; }
                record B
                {
                    public int C { get; init; }
                    public int? D { get; init; }
                    public required Fund E { get; init; }
                }
                record F(IReadOnlyList<B> G, Money H);
                """)),
            "A has no HolderId", "HolderId is neither required", "C is neither required nor nullable", "Fund is not",
            "Money is not");
}
