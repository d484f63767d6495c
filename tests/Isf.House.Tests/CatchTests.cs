using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A number or a day out of range is refused at the interface (AcceptedDays, DayBounds). Product code does not catch an
/// overflow instead, because half of the work is done by then.
/// </summary>
public sealed class CatchTests
{
    private static readonly string[] TooLate = ["OverflowException", "ArgumentOutOfRangeException"];

    /// <summary>Finds places that catch an overflow, by its type or by a filter.</summary>
    public static IEnumerable<Finding> CaughtTooLate(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts"))
        from clause in file.All<CatchClauseSyntax>()
        from name in TooLate
        where $"{clause.Declaration} {clause.Filter}".Contains(name, StringComparison.Ordinal)
        select file.Found(clause, $"catches {name}: refuse what is out of range where it comes in");

    [Fact]
    public void Nothing_out_of_range_is_caught_late() =>
        Rule.Holds("out of range is refused on the way in", CaughtTooLate(Repository.Files));

    [Fact]
    public void A_late_catch_is_found() => Rule.Finds(
        CaughtTooLate(Rule.Sample("services/A.cs", """
            class A
            {
                void B()
                {
                    try { C(); } catch (OverflowException) { }
                    try { C(); } catch (Exception e) when (e is ArgumentOutOfRangeException) { }
                    try { C(); } catch (IOException) { }
                }
            }
            """)),
        "A.cs:5", "A.cs:6");
}
