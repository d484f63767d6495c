using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The order of members: fields and constants, then constructors, then the rest in the order in which it is read. A
/// nested type may be anywhere, because a feature begins with its request (design §8.14).
/// </summary>
public sealed class MemberOrderTests
{
    /// <summary>Fields behind a constructor or another member, and constructors behind another member.</summary>
    public static IEnumerable<Finding> OutOfOrder(IEnumerable<SourceFile> files)
    {
        var types =
            from file in files
            where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts"))
            from type in file.All<TypeDeclarationSyntax>()
            select (file, type);
        foreach (var (file, type) in types)
        {
            var reached = 0;
            foreach (var member in type.Members.Where(member => member is not BaseTypeDeclarationSyntax))
            {
                var rank = RankOf(member);
                if (rank < reached)
                    yield return file.Found(member, "fields come first, then constructors: move it up");
                reached = Math.Max(reached, rank);
            }
        }
    }

    private static int RankOf(MemberDeclarationSyntax member) =>
        member switch { FieldDeclarationSyntax => 0, ConstructorDeclarationSyntax => 1, _ => 2 };

    [Fact]
    public void Fields_come_first_and_constructors_next() =>
        Rule.Holds("order of members (design §8.14)", OutOfOrder(Repository.Files));

    [Fact]
    public void A_field_behind_a_method_is_found() =>
        Rule.Finds(
            OutOfOrder(Rule.Sample("services/A.cs", """
                class A
                {
                    record Request;
                    const int One = 1;
                    A() { }
                    int two;
                    void M() { }
                    A(int x) { }
                    record Last;
                }
                """)),
            "A.cs:6", "A.cs:8");
}
