using System.Text.RegularExpressions;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Migrations are numbered SQL files without gaps, in Migrations beside their service (design §6).</summary>
public sealed partial class MigrationTests
{
    /// <summary>
    /// SQL files whose names are not numbered 0001_name.sql, 0002_name.sql … without gaps; Hosting's numbers begin at
    /// 0000.
    /// </summary>
    public static IEnumerable<Finding> BadNumbers(IEnumerable<string> paths)
    {
        var folders = paths.Where(path => path.EndsWith(".sql", StringComparison.Ordinal))
            .Where(path => path.StartsWith("services/", StringComparison.Ordinal))
            .GroupBy(path => path[..path.LastIndexOf('/')]);
        foreach (var folder in folders)
        {
            var next = folder.Key.StartsWith("services/Hosting/", StringComparison.Ordinal) ? 0 : 1;
            foreach (var path in folder.Order(StringComparer.Ordinal))
            {
                var name = Numbered().Match(path[(folder.Key.Length + 1)..]);
                if (!name.Success)
                    yield return new Finding(path, 1, "a migration is named NNNN_name.sql, small letters and _");
                else if (name.Groups[1].Value != $"{next:0000}")
                    yield return new Finding(path, 1, $"the next migration here is {next:0000}");
                else
                    next++;
            }
        }
    }

    /// <summary>SQL of a service outside its Migrations folder.</summary>
    public static IEnumerable<Finding> Strays(IEnumerable<string> paths) =>
        from path in paths
        where path.EndsWith(".sql", StringComparison.Ordinal) && path.StartsWith("services/", StringComparison.Ordinal)
        where !path.StartsWith("services/Hosting/", StringComparison.Ordinal)
            && !path.Contains("/Migrations/", StringComparison.Ordinal)
        select new Finding(path, 1, "a service's SQL lies in its Migrations folder");

    [GeneratedRegex(@"^(\d{4})_[a-z]+(?:_[a-z]+)*\.sql$")]
    private static partial Regex Numbered();

    [Fact]
    public void Migrations_are_numbered_without_gaps() =>
        Rule.Holds("migrations are NNNN_name.sql without gaps (design §6)", BadNumbers(Repository.Paths));

    [Fact]
    public void Migrations_lie_in_their_folder() =>
        Rule.Holds("SQL lies in Migrations (design §3)", Strays(Repository.Paths));

    [Fact]
    public void A_gap_a_double_and_an_unnumbered_migration_are_found() =>
        Rule.Finds(
            BadNumbers(
            [
                "services/A/P/0001_a.sql", "services/A/P/0002_b_c.sql", "services/B/P/0001_a.sql",
                "services/B/P/0003_b.sql", "services/C/P/0001_a.sql", "services/C/P/0001_b.sql",
                "services/D/P/funds.sql", "services/E/P/0002_a.sql",
                "services/Hosting/F/0000_floor.sql", "services/G/P/0000_a.sql", "ops/sample/any.sql",
            ]),
            "B/P/0003_b.sql:1: the next migration here is 0002", "C/P/0001_b.sql",
            "D/P/funds.sql:1: a migration is named",
            "E/P/0002_a.sql:1: the next migration here is 0001", "G/P/0000_a.sql");

    [Fact]
    public void A_stray_migration_is_found() =>
        Rule.Finds(
            Strays(["services/A/Isf.A/0001_a.sql", "services/A/Isf.A/Migrations/0001_a.sql"]),
            "services/A/Isf.A/0001_a.sql");
}
