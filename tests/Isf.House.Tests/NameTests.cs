using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Names are the office's words, and a feature is found by its name (design §8.1, §8.11).</summary>
public sealed partial class NameTests
{
    private static readonly HashSet<string> Banned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities",
        "Base", "Common", "Shared", "Dto", "Dtos", "Impl",
    };

    private static readonly HashSet<string> Handlers =
    [
        "HandleAsync", "ShowAsync", "ListAsync", "GetAsync", "PutAsync", "PostAsync", "DeleteAsync", "Handle",
    ];

    /// <summary>Finds types, namespaces and files with a meaningless word in their name.</summary>
    public static IEnumerable<Finding> EmptyWords(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp))
        {
            foreach (var word in BannedIn(file.Stem))
                yield return file.Found(1, $"the file's name holds “{word}”: say what it is about");
            foreach (var type in file.All<MemberDeclarationSyntax>())
            {
                foreach (var word in BannedIn(NameOf(type)))
                    yield return file.Found(type, $"{NameOf(type)} holds “{word}”: say what it is about");
            }
        }
    }

    /// <summary>
    /// Feature files without the class after which they are named, and files with a second static class.
    /// </summary>
    public static IEnumerable<Finding> MisnamedFeatures(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(IsFeature))
        {
            var statics = TopLevelTypes(file).OfType<ClassDeclarationSyntax>()
                .Where(type => type.Modifiers.Any(SyntaxKind.StaticKeyword)).ToList();
            if (Head(file) is null)
                yield return file.Found(1, $"no static class {file.Stem}: a feature's file has the feature's name");
            foreach (var other in statics.Where(type => type.Identifier.Text != file.Stem))
                yield return file.Found(other.Identifier, $"{other.Identifier.Text} is a second feature: own file");
        }
    }

    /// <summary>A Decide that is not a pure static function (design §8.2).</summary>
    public static IEnumerable<Finding> ImpureDecisions(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from method in file.All<MethodDeclarationSyntax>()
        where method.Identifier.Text == "Decide"
        where !method.Modifiers.Any(SyntaxKind.StaticKeyword)
            || method.Modifiers.Any(SyntaxKind.AsyncKeyword)
            || method.ReturnType.ToString().Contains("Task", StringComparison.Ordinal)
            || method.ParameterList.Parameters.Any(
                parameter => parameter.Type?.ToString() is "IClock" or "CancellationToken")
        select file.Found(method.Identifier, "Decide is static, without async and without a clock: all are arguments");

    /// <summary>
    /// The class after which a feature's file is named: a static class or a consumer; null if the file has neither.
    /// </summary>
    public static ClassDeclarationSyntax? Head(SourceFile file)
    {
        var classes = TopLevelTypes(file).OfType<ClassDeclarationSyntax>().ToList();
        return classes.FirstOrDefault(type =>
                type.Modifiers.Any(SyntaxKind.StaticKeyword) && type.Identifier.Text == file.Stem)
            ?? classes.FirstOrDefault(type => type.Identifier.Text == $"{file.Stem}Consumer");
    }

    /// <summary>
    /// Whether a file is a feature of a service: in a subject's folder, and with a route, refusals or a consumer.
    /// </summary>
    public static bool IsFeature(SourceFile file) => SubjectPath().IsMatch(file.Path)
        && (TopLevelTypes(file).Any(type => type.Identifier.Text.EndsWith("Consumer", StringComparison.Ordinal))
            || file.All<EnumDeclarationSyntax>().Any(type => type.Identifier.Text == "Refusal")
            || file.All<MethodDeclarationSyntax>().Any(method => Handlers.Contains(method.Identifier.Text)));

    /// <summary>The types of a file that are not nested.</summary>
    public static IEnumerable<BaseTypeDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.All<BaseTypeDeclarationSyntax>().Where(type => type.Parent is not BaseTypeDeclarationSyntax);

    // “Shared Lives” is a kind of care, so these two words stay together.
    private static IEnumerable<string> BannedIn(string name) =>
        Word().Matches(name.Replace("SharedLives", "", StringComparison.Ordinal))
            .Select(match => match.Value).Where(Banned.Contains);

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        _ => "",
    };

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("^services/(?!Host)[^/]+/Isf\\.[A-Za-z]+/[A-Za-z]+/[^/]+\\.cs$")]
    private static partial Regex SubjectPath();

    [Fact]
    public void No_name_holds_a_word_that_says_nothing() => Rule.Holds("banned words", EmptyWords(Repository.Files));

    [Fact]
    public void A_word_that_says_nothing_is_found_and_longer_words_are_not() =>
        Rule.Finds(
            EmptyWords(Rule.Sample(
                "a/FundHelper.cs",
                "namespace Isf.Common; class FundDto; enum SharedLivesKind { A } class DatabaseLine;",
                "a/Implied.cs",
                "record Commonly; class Basement; delegate int RateUtil(); struct VisitDTO;")),
            "a/FundHelper.cs:1: the file's name", "“Common”", "FundDto", "RateUtil", "VisitDTO");

    [Fact]
    public void A_feature_file_has_the_name_of_its_static_class() =>
        Rule.Holds("one feature, one file", MisnamedFeatures(Repository.Files));

    [Fact]
    public void A_feature_under_another_name_is_found() =>
        Rule.Finds(
            MisnamedFeatures(Rule.Sample(
                "services/Funds/Isf.Funds/Funds/OpenFund.cs",
                "static class OpenFund { static class Inner {} enum Refusal {} }",
                "services/Funds/Isf.Funds/Copies/CopyFunds.cs", "class CopyFundsConsumer {}",
                "services/Funds/Isf.Funds/Funds/CloseFund.cs",
                "public static class Close { void HandleAsync() {} } class CloseFund {}",
                "services/Funds/Isf.Funds/Funds/FundTable.cs", "static class Other {}")),
            "CloseFund.cs:1: no static class CloseFund", "Close is a second feature");

    [Fact]
    public void Decide_is_pure() => Rule.Holds("Decide is pure", ImpureDecisions(Repository.Files));

    [Fact]
    public void A_Decide_with_a_clock_or_a_task_is_found() =>
        Rule.Finds(
            ImpureDecisions(Rule.Sample(
                "services/F/a.cs", "class A { static int Decide(int a) => a; }",
                "services/F/b.cs", "class A { int Decide(int a) => a; }",
                "services/F/c.cs", "class A { static Task<int> Decide(int a) => a; }",
                "services/F/d.cs", "class A { static int Decide(IClock clock) => 1; }")),
            "b.cs:1", "c.cs:1", "d.cs:1");
}
