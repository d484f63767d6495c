using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Messaging;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Hosting;

public sealed class CopyComparisonTests
{
    private static readonly Instant Monday = Instant.FromUtc(2026, 5, 4, 0, 0);
    private static readonly Instant Tuesday = Monday + Duration.FromDays(1);
    private static readonly CopySource Budgets = new("budget", "");
    private static readonly CopySource People = new("person", "", OfNoFund: true);

    [Fact]
    public void A_copy_of_the_same_content_agrees_whatever_the_order_of_its_keys() => Assert.Empty(
        Compare(Stated("""{"from":"2026-04-06","to":null,"share":{"a":1,"b":2}}"""),
            Copy("""{"share":{"b":2,"a":1},"to":null}""")));

    [Theory]
    [InlineData("""{"to":null}""")]
    [InlineData("""{"to":"2026-05-04"}""")]
    public void A_field_of_the_same_version_that_holds_something_else_is_named(string copied) => Assert.Equal(
        ["to"], Compare(Stated("""{"from":"2026-04-06","to":"2026-05-03"}"""), Copy(copied))
            .Select(difference => difference.Field));

    [Fact]
    public void A_field_that_is_empty_at_its_owner_and_not_in_the_copy_is_named() => Assert.Equal(
        ["to"], Compare(Stated("""{"to":null}"""), Copy("""{"to":"2026-05-03"}"""))
            .Select(difference => difference.Field));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_copy_of_another_version_differs_as_a_whole(int version) => Assert.Equal(
        [new CopyDifference("F-1", "budget", "B-1", "version", 2, version)],
        Compare(Stated("""{"to":null}"""), Copy("""{"to":"2026-05-03"}""", version)));

    [Fact]
    public void A_copy_that_is_not_there_is_behind() => Assert.Equal(
        [new CopyDifference("F-1", "budget", "B-1", "version", 2, 0)],
        CopyComparison.Compare(Stated("""{"to":null}"""), [Budgets], []));

    [Fact]
    public void A_copy_of_what_its_owner_does_not_have_is_ahead() => Assert.Equal(
        [new CopyDifference("F-1", "budget", "B-2", "version", 0, 2)],
        Compare(Stated("""{"to":null}"""), Copy("""{"to":null}"""), Copy("""{"to":null}""") with { Id = "B-2" }));

    [Fact]
    public void A_field_that_its_owner_does_not_state_is_a_fault_of_the_program() =>
        Assert.Throws<KeyNotFoundException>(() => Compare(Stated("""{"to":null}"""), Copy("""{"too":null}""")));

    [Theory]
    // Columns: field, fund, the versions stated and copied tonight, the versions stated and copied the night before,
    // and whether the difference is certain.
    [InlineData("to", "F-1", 2, 2, null, null, true)]
    [InlineData("version", "F-1", 2, 1, null, null, true)] // no message of the fund is on its way
    [InlineData("version", null, 2, 1, null, null, false)]
    [InlineData("version", null, 2, 1, 2, 1, true)]
    [InlineData("version", null, 3, 2, 2, 1, false)] // the copy has reached last night's statement
    [InlineData("version", "F-1", 2, 3, null, null, false)]
    [InlineData("version", "F-1", 2, 3, 2, 3, true)]
    [InlineData("version", "F-1", 3, 4, 2, 3, false)] // the owner has reached last night's copy
    public void Behind_or_ahead_is_certain_when_time_proves_it(
        string field, string? fund, int stated, int copied, int? statedBefore, int? copiedBefore, bool certain)
    {
        var now = new CopyDifference(fund, "budget", "B-1", field, stated, copied);
        var earlier = statedBefore is null ? null : new CopyComparison.Earlier(
            now with { StatedVersion = statedBefore.Value, CopyVersion = copiedBefore!.Value }, Monday, false);
        Assert.Equal(certain, CopyComparison.IsCertain(now, Tuesday, earlier));
        Assert.Equal(certain && earlier is null, CopyComparison.IsCertain(now, Monday, earlier));
    }

    [Fact]
    public void A_document_of_no_fund_is_compared_by_its_id() => Assert.Equal(
        [new CopyDifference(null, "person", "P-1", "name", 1, 1)],
        CopyComparison.Compare(
            new(Monday, [], [new("person", ["name"])],
                [FieldHashes.State(null, "person", "P-1", 1, Fields("""{"name":"Ada"}"""))]),
            [People], [new(People, null, "P-1", 1, FieldHashes.Of(Fields("""{"name":"Eve"}""")))]));

    private static IReadOnlyList<CopyDifference> Compare(StatedDocuments stated, params CopiedDocument[] copies) =>
        CopyComparison.Compare(stated, [Budgets], copies);

    private static StatedDocuments Stated(string fields) => new(
        Monday, ["F-1"], [new DocumentFields("budget", [.. Fields(fields).Select(field => field.Key)])],
        [FieldHashes.State("F-1", "budget", "B-1", 2, Fields(fields))]);

    private static CopiedDocument Copy(string fields, int version = 2) =>
        new(Budgets, "F-1", "B-1", version, FieldHashes.Of(Fields(fields)));

    private static JsonObject Fields(string json) => JsonNode.Parse(json)!.AsObject();
}
