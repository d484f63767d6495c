using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Units are types; money is whole pence (design §8.3). Measures, Contracts and the domains contain no float, double
/// or bare decimal; a decimal may only have a name that the interface (api.md) defines as a decimal quantity.
/// </summary>
public sealed class MoneyTests
{
    /// <summary>The names that api.md defines as “decimals of at most 2 places”, none of them money.</summary>
    private static readonly Dictionary<string, string> DecimalQuantities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["noticeHours"] = "api.md, visits and quotes: hours of notice, at most 2 places",
        ["miles"] = "api.md, visits and quotes: miles driven, at most 2 places",
        ["quantity"] = "api.md, visits, quotes and invoices: items bought, at most 2 places",
    };

    /// <summary>Members that hold such a decimal quantity under another name, with the reason.</summary>
    private static readonly Dictionary<string, string> DecimalMembers = new()
    {
        ["VisitsCsv.Amount"] = "reads noticeHours, miles and quantity from a file's columns",
    };

    /// <summary>Every floating-point or bare decimal number where a unit type belongs.</summary>
    public static IEnumerable<Finding> BareNumbers(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && HoldsUnits(file)
        from node in file.All<ExpressionSyntax>()
        let number = NumberAt(node)
        where number is not null && !(number == "decimal" && (IsDecimalQuantity(node) || IsInDecimalMember(node)))
        select file.Found(node, $"{number}: money is Money, time is Minutes, a price is Rate (Isf.Measures)");

    /// <summary>
    /// Methods of Funds' and Support's domains that take or return money or minutes as a bare long. Only records that
    /// are stored or sent hold such a number.
    /// </summary>
    public static IEnumerable<Finding> BareSignatures(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services/Funds/Isf.Funds.Domain")
            || file.IsUnder("services/Support/Isf.Support.Domain"))
        from signature in file.All<ParameterSyntax>()
            .Where(parameter => parameter.Parent?.Parent is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(parameter => (Node: (SyntaxNode)parameter, parameter.Type, Name: parameter.Identifier.Text))
            .Concat(file.All<MethodDeclarationSyntax>()
                .Select(method => (Node: (SyntaxNode)method, Type: (TypeSyntax?)method.ReturnType,
                    Name: method.Identifier.Text)))
        where signature.Type?.ToString() is "long" or "long?" && NamesUnit(signature.Name)
        select file.Found(signature.Node, $"{signature.Name} is a bare long: use Money or Minutes (Isf.Measures)");

    private static bool NamesUnit(string name) => name.Contains("pence", StringComparison.OrdinalIgnoreCase)
        || name.Contains("minutes", StringComparison.OrdinalIgnoreCase);

    private static bool HoldsUnits(SourceFile file) => file.IsUnder("contracts")
        || (file.IsUnder("services") && file.Path.Contains(".Domain/", StringComparison.Ordinal));

    private static string? NumberAt(ExpressionSyntax node) => node switch
    {
        PredefinedTypeSyntax type => type.Keyword.Kind() switch
        {
            SyntaxKind.FloatKeyword => "float",
            SyntaxKind.DoubleKeyword => "double",
            SyntaxKind.DecimalKeyword => "decimal",
            _ => null,
        },
        LiteralExpressionSyntax { Token.Value: float or double } => "floating literal",
        LiteralExpressionSyntax { Token.Value: decimal } => "decimal",
        IdentifierNameSyntax { Identifier.Text: "Single" or "Double" or "Half" } name when IsType(name) => "floating",
        IdentifierNameSyntax { Identifier.Text: "Decimal" } name when IsType(name) => "decimal",
        _ => null,
    };

    // The name means the type Half in System.Half, in Half.Parse, and where a type is written. A property may have it
    // too.
    private static bool IsType(IdentifierNameSyntax name) =>
        name.Parent is QualifiedNameSyntax
            or VariableDeclarationSyntax or ParameterSyntax or CastExpressionSyntax or TypeArgumentListSyntax
        || (name.Parent is MemberAccessExpressionSyntax access
            && (access.Expression == name || access.Expression.ToString() == "System"));

    private static bool IsDecimalQuantity(SyntaxNode node) =>
        node.Ancestors().Select(DeclaredName).FirstOrDefault(name => name is not null) is { } name
        && DecimalQuantities.ContainsKey(name);

    private static bool IsInDecimalMember(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Parent: TypeDeclarationSyntax type } method
        && DecimalMembers.ContainsKey($"{type.Identifier.Text}.{method.Identifier.Text}");

    private static string? DeclaredName(SyntaxNode node) => node switch
    {
        ParameterSyntax parameter => parameter.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        VariableDeclaratorSyntax variable => variable.Identifier.Text,
        VariableDeclarationSyntax variables => variables.Variables[0].Identifier.Text,
        BaseMethodDeclarationSyntax or TypeDeclarationSyntax => "",
        _ => null,
    };

    [Fact]
    public void Units_are_types_and_never_floating_or_bare_decimal() =>
        Rule.Holds("units are types (design §8.3)", BareNumbers(Repository.Files));

    [Theory]
    [InlineData("decimal Pence { get; }")]
    [InlineData("decimal? Pence { get; }")]
    [InlineData("IReadOnlyList<double> Pence { get; }")]
    [InlineData("float Pence;")]
    [InlineData("int Of(int a) => (int)(a * 1.5);")]
    [InlineData("int Of(int a) { var b = 2m; return 1; }")]
    [InlineData("decimal Of(int quantity) => quantity;")]
    [InlineData("System.Half a;")]
    [InlineData("int Of(string a) => (int)Decimal.Parse(a);")]
    public void A_bare_number_is_found(string member) =>
        Assert.NotEmpty(BareNumbers(Rule.Sample(
            "services/Funds/Isf.Funds.Domain/A.cs", $"record A {{ {member} }}")));

    [Theory]
    [InlineData("decimal? Miles { get; }")]
    [InlineData("decimal Quantity { get; } = 1.25m;")]
    [InlineData("int Of(decimal? noticeHours) => 1;")]
    [InlineData("Money Half { get; } = Half;")]
    [InlineData("long Pence { get; } = 150;")]
    public void Whole_units_and_the_interfaces_decimal_quantities_pass(string member) =>
        Rule.Finds(BareNumbers(Rule.Sample("contracts/Isf.Contracts/A.cs", $"record A {{ {member} }}")));

    [Fact]
    public void Rules_take_and_return_units() =>
        Rule.Holds("units are types (design §8.3)", BareSignatures(Repository.Files));

    [Theory]
    [InlineData("record A(long Pence) { public long? WeeklyMinutes { get; init; } }", 0)]
    [InlineData("class A { Money Sum(long count) => new(count); }", 0)]
    [InlineData("class A { long PenceOf(int a) => a; }", 1)]
    [InlineData("class A { bool Is(long? minutes) => minutes > 0; }", 1)]
    [InlineData("class A { void B() { void Add(long weeklyMinutes) { } } }", 1)]
    public void A_bare_long_in_a_signature_is_found(string text, int found) => Assert.Equal(
        found, BareSignatures(Rule.Sample("services/Support/Isf.Support.Domain/A.cs", text)).Count());

    [Fact]
    public void A_decimal_outside_the_members_that_may_is_found() =>
        Rule.Finds(
            BareNumbers(Rule.Sample(
                "services/Support/Isf.Support.Domain/VisitsCsv.cs",
                """
                class VisitsCsv { bool Amount(string a) => decimal.TryParse(a, out var b);
                bool Other(decimal a) => true; }
                """)),
            "VisitsCsv.cs:2");

    [Fact]
    public void Code_that_holds_no_units_is_left_alone() =>
        Rule.Finds(BareNumbers(Rule.Sample("services/Hosting/Isf.Hosting/A.cs", "record A { double Seconds; }")));
}
