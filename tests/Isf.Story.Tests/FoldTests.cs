using FsCheck;
using FsCheck.Fluent;
using Isf.Client;
using Isf.Story.Tests.Telling;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Story.Tests;

/// <summary>An independent fold of a story's journals agrees with the balance endpoint, on both axes.</summary>
public sealed class FoldTests
{
    [Fact]
    public async Task A_balance_is_the_sum_of_the_journals_around_every_date_and_at_every_position() =>
        await StoryResult.RunAsync("one-funds-eight-weeks", "memory", async (_, office) =>
        {
            await AgreeEverywhereAsync(office, "F-1", journals => new(journals, "person", "council"));
            await AgreeEverywhereAsync(office, "F-2", journals => new(journals, "council", "person"));
        });

    private static async Task AgreeEverywhereAsync(
        Office office, string fund, Func<IReadOnlyList<ListJournalsItem>, Fold> foldOf)
    {
        var journals = await office.ListAsync<ListJournalsItem>($"/v1/funds/{fund}/journals");
        var fold = foldOf(journals);
        var days = journals.Select(journal => journal.EffectiveOn).Distinct().ToList();
        // Compares every date, the day before it and the day after it, as known at the end.
        foreach (var day in days.SelectMany(day => new[] { day.PlusDays(-1), day, day.PlusDays(1) }).Distinct())
            await AgreeAsync(office, fund, fold, day, journals.Count);
        // Compares every position, on the date of its journal and on the day before.
        foreach (var position in Enumerable.Range(1, journals.Count))
        {
            var day = journals[position - 1].EffectiveOn;
            await AgreeAsync(office, fund, fold, day, position);
            await AgreeAsync(office, fund, fold, day.PlusDays(-1), position);
        }
        // Compares any date at any position, however far apart the two are.
        foreach (var (on, position) in AnyOf(days, journals.Count).Sample(100))
            await AgreeAsync(office, fund, fold, on, position);
        await AgreeAtMomentsAsync(office, fund, fold, journals);
    }

    private static Gen<(LocalDate On, long Position)> AnyOf(IReadOnlyList<LocalDate> days, int positions) =>
        from day in Gen.Elements(days.ToArray())
        from shift in Gen.Choose(-1, 1)
        from position in Gen.Choose(1, positions)
        select (day.PlusDays(shift), (long)position);

    /// <summary>
    /// The balance as known at the instant of a journal equals the balance at the journal's position. As known just
    /// before that instant, it equals the balance at the position before.
    /// </summary>
    private static async Task AgreeAtMomentsAsync(
        Office office, string fund, Fold fold, IReadOnlyList<ListJournalsItem> journals)
    {
        var last = new LocalDate(2026, 12, 31);
        for (var i = 1; i < journals.Count; i += 7)
        {
            var at = journals[i].RecordedAt;
            foreach (var (moment, position) in new[] { (at, i + 1), (at - Duration.FromTicks(10), i) })
            {
                var knownAt = InstantPattern.ExtendedIso.Format(moment);
                var path = $"/v1/funds/{fund}/balance?effectiveOn=2026-12-31&knownAt={knownAt}";
                Agree(fold, last, position, (await office.GetAsync(path)).Expect(200));
            }
        }
    }

    private static async Task AgreeAsync(Office office, string fund, Fold fold, LocalDate on, long position)
    {
        var day = LocalDatePattern.Iso.Format(on);
        var response = await office.GetAsync($"/v1/funds/{fund}/balance?effectiveOn={day}&position={position}");
        Agree(fold, on, position, response.Expect(200));
    }

    private static void Agree(Fold fold, LocalDate on, long position, Response response) => Assert.Equal(
        $"{on} at {position}: {string.Join(", ", fold.At(on, position))}",
        $"{on} at {position}: {string.Join(", ", fold.Of(response.Json))}");
}
