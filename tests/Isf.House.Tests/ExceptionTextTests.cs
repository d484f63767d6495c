using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Errors are told apart by their type, their code or their place, never by the words of a library. The words are in
/// English, change with a version, and promise nothing (BodyCheck checks a body itself for that reason).
/// </summary>
public sealed class ExceptionTextTests
{
    private static readonly string[] Comparisons =
        ["Contains", "StartsWith", "EndsWith", "IndexOf", "Equals", "Split", "IsMatch", "Match"];

    /// <summary>Finds places that compare or search the text of an exception.</summary>
    public static IEnumerable<Finding> ComparedTexts(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts"))
        let exceptions = ExceptionsIn(file)
        from text in file.All<MemberAccessExpressionSyntax>()
        where text.Name.Identifier.Text == "Message" && IsOfException(text.Expression, exceptions) && IsCompared(text)
        select file.Found(text, $"{text} is compared: tell errors apart by type, code or place");

    // The names under which the file's code knows exceptions.
    private static HashSet<string> ExceptionsIn(SourceFile file) =>
    [
        .. file.All<CatchDeclarationSyntax>().Select(caught => caught.Identifier.Text),
        .. file.All<ParameterSyntax>().Where(parameter => IsException(parameter.Type))
            .Select(parameter => parameter.Identifier.Text),
        .. file.All<DeclarationPatternSyntax>().Where(pattern => IsException(pattern.Type))
            .Select(pattern => pattern.Designation.ToString()),
        .. file.All<VariableDeclarationSyntax>().Where(declared => IsException(declared.Type))
            .SelectMany(declared => declared.Variables.Select(variable => variable.Identifier.Text)),
    ];

    private static bool IsException(TypeSyntax? type) =>
        type?.ToString().TrimEnd('?').EndsWith("Exception", StringComparison.Ordinal) == true;

    private static bool IsOfException(ExpressionSyntax owner, HashSet<string> exceptions) =>
        exceptions.Contains(owner.ToString().TrimEnd('!'))
        || owner.ToString().TrimEnd('!').EndsWith("InnerException", StringComparison.Ordinal);

    private static bool IsCompared(ExpressionSyntax text) => text.Parent switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.Text: var method } => Comparisons.Contains(method),
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } }
            => Comparisons.Contains(called.Name.Identifier.Text),
        BinaryExpressionSyntax both =>
            both.IsKind(SyntaxKind.EqualsExpression) || both.IsKind(SyntaxKind.NotEqualsExpression),
        IsPatternExpressionSyntax or SwitchExpressionSyntax or SwitchStatementSyntax => true,
        _ => false,
    };

    [Fact]
    public void Errors_are_told_apart_by_more_than_their_words() =>
        Rule.Holds("no code depends on the text of an exception", ComparedTexts(Repository.Files));

    [Theory]
    [InlineData("fault.Message.Contains(\"depth\")")]
    [InlineData("fault.Message.StartsWith(\"The JSON\", StringComparison.Ordinal)")]
    [InlineData("fault.InnerException!.Message.EndsWith(\"twice\")")]
    [InlineData("fault.Message == \"timeout\"")]
    [InlineData("fault.Message is \"timeout\"")]
    [InlineData("Regex.IsMatch(fault.Message, \"[0-9]{5}\")")]
    public void A_compared_text_is_found(string condition) => Rule.Finds(
        ComparedTexts(Rule.Sample("services/A.cs",
            $"class A {{ void B() {{ try {{ C(); }} catch (JsonException fault) when ({condition}) {{ }} }} }}")),
        "A.cs:1");

    [Theory]
    [InlineData("Log(fault.Message)")]
    [InlineData("fault.Path == \"$.a\"")]
    [InlineData("entry.Cause.Message == \"visit\"")]
    [InlineData("fault is JsonException")]
    public void A_text_that_is_only_passed_on_is_fine(string condition) => Rule.Finds(
        ComparedTexts(Rule.Sample("services/A.cs",
            $"class A {{ void B() {{ try {{ C(); }} catch (Exception fault) when ({condition}) {{ }} }} }}")));
}
