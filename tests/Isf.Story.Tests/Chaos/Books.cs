using Isf.Client;
using Isf.Story.Tests.Telling;
using NodaTime;
using NodaTime.Text;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// Reads the books of an installation, without anything that depends on the order of arrival (positions, instants,
/// hashes). It reads every journal with its cause and moves, and every balance and every hour at every date.
/// </summary>
internal static class Books
{
    public static async Task<string> ReadAsync(Office office, LocalDate first, LocalDate last, params string[] funds)
    {
        var lines = new List<string>();
        foreach (var fund in funds)
        {
            var journals = await office.ListAsync<ListJournalsItem>($"/v1/funds/{fund}/journals");
            lines.AddRange(journals.Select(journal => $"{fund} {Journal(journal)}").Order(StringComparer.Ordinal));
            for (var day = first; day <= last; day = day.PlusDays(1))
            {
                var on = LocalDatePattern.Iso.Format(day);
                var balance = (await office.GetAsync($"/v1/funds/{fund}/balance?effectiveOn={on}")).Expect(200).Json;
                lines.AddRange(new[] { "money", "promise", "time" }
                    .Select(book => $"{fund} {on} {book} {balance[book]!.ToJsonString()}"));
            }
        }
        return string.Join('\n', lines);
    }

    private static string Journal(ListJournalsItem journal)
    {
        var moves = journal.Moves.Select(move => $"{move}").Order(StringComparer.Ordinal);
        return $"{journal.EffectiveOn} {journal.CareOn} {journal.Kind} {journal.JournalId} "
            + $"{journal.Cause} {journal.Reverses} {string.Join(' ', moves)}";
    }
}
