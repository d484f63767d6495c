using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The header Isf-Fact names a fact only after the fact is on record, because callers then ask about it. Few files set
/// it.
/// </summary>
public sealed class FactTests
{
    /// <summary>The files that may set the header, because they set it after the fact is stored.</summary>
    private static readonly HashSet<string> MaySetHeader =
    [
        "services/Hosting/Isf.Hosting/Http/AfterFact.cs", "services/Hosting/Isf.Hosting/Jobs/ScheduleRoutes.cs",
    ];

    /// <summary>Files that set the header Isf-Fact on their own.</summary>
    public static IEnumerable<Finding> OwnHeaders(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && !MaySetHeader.Contains(file.Path)
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        where line.text.Contains("Headers[\"Isf-Fact\"]", StringComparison.Ordinal)
        select file.Found(line.number, "say await session.NameFactAsync(http), after the commit");

    [Fact]
    public void A_fact_is_named_in_one_place() => Rule.Holds("Isf-Fact is named once", OwnHeaders(Repository.Files));

    [Fact]
    public void A_feature_that_names_its_fact_by_itself_is_found() =>
        Rule.Finds(
            OwnHeaders(Rule.Sample("services/A/Isf.A/F.cs", "http.Response.Headers[\"Isf-Fact\"] = fact;")),
            "services/A/Isf.A/F.cs:1");
}
