using System.Text.Json;
using Isf.Hosting.Serialization;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Contracts.Tests;

/// <summary>
/// Days and moments in JSON are read and written by a fast path in most cases and by NodaTime's patterns in all
/// others, with the same results.
/// </summary>
public sealed class DaysAndMomentsTests
{
    private static readonly OffsetDateTimePattern Offsets = OffsetDateTimePattern.Rfc3339;

    [Fact]
    public void Whatever_the_value_it_is_written_and_read_as_the_pattern_has_it()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var day = new LocalDate(random.Next(1, 9999), 1, 1).PlusDays(random.Next(365));
            var fraction = random.Next(4) == 0 ? random.Next(1_000_000_000) : 0;
            var time = LocalTime.FromNanosecondsSinceMidnight(
                (random.NextInt64(86_400) * 1_000_000_000L) + fraction);
            var offset = Offset.FromSeconds(60 * random.Next(-18 * 60, 18 * 60) * random.Next(2));
            var moment = new OffsetDateTime(day.At(time), offset);
            Same(day, LocalDatePattern.Iso);
            Same(moment.ToInstant(), InstantPattern.ExtendedIso);
            Same(moment, Offsets);
        }
    }

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-01")]
    [InlineData("2026-01-32")]
    [InlineData("2026-1-01")]
    [InlineData("2026/01/01")]
    [InlineData("20260101")]
    [InlineData("2026-01-0x")]
    [InlineData("２026-01-01")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T08:60:00Z")]
    [InlineData("2026-01-01T08:00:60Z")]
    [InlineData("2026-01-01 08:00:00Z")]
    [InlineData("2026-01-01T08:00:00")]
    [InlineData("2026-01-01T08:00:00z")]
    [InlineData("2026-01-01T08:00:00+0100")]
    [InlineData("2026-01-01T08:00:00+19:00")]
    [InlineData("2026-01-01T08:00:00+18:30")]
    [InlineData("2026-01-01T08:00:00+01:60")]
    [InlineData("2026-01-01T08:00:00+00:00")]
    [InlineData("2026-01-01T08:00:00-00:00")]
    [InlineData("0000-01-01")]
    [InlineData("-0044-03-15")]
    [InlineData("-0044-03-15T08:00:00Z")]
    [InlineData("-001-01-01")]
    [InlineData("")]
    public void What_the_pattern_refuses_is_refused_and_what_it_takes_is_taken(string text)
    {
        Alike(text, LocalDatePattern.Iso);
        Alike(text, InstantPattern.ExtendedIso);
        Alike(text, Offsets);
    }

    [Fact]
    public void A_form_with_a_letter_changed_is_read_as_the_pattern_reads_it()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var letters = "2026-03-30T06:01:00+01:00"[..(random.Next(3) switch { 0 => 10, 1 => 19, _ => 25 })]
                .ToCharArray();
            letters[random.Next(letters.Length)] = "0123456789-:TZ+ ./"[random.Next(18)];
            var text = new string(letters) + (letters.Length == 19 ? "Z" : "");
            Alike(text, LocalDatePattern.Iso);
            Alike(text, InstantPattern.ExtendedIso);
            Alike(text, Offsets);
        }
    }

    private static void Same<T>(T value, IPattern<T> pattern)
    {
        var json = JsonSerializer.Serialize(pattern.Format(value), IsfJson.Options);
        Assert.Equal(json, IsfJson.Write(value));
        Assert.Equal(value, IsfJson.Read<T>(json));
    }

    private static void Alike<T>(string text, IPattern<T> pattern)
    {
        var parsed = pattern.Parse(text);
        T? read = default;
        var refused = Record.Exception(() => read = IsfJson.Read<T>(JsonSerializer.Serialize(text)));
        // The pattern also accepts years before 1. JSON does not, because no database here stores them.
        var isAccepted = parsed.Success && !text.StartsWith("0000", StringComparison.Ordinal) && text[0] != '-';
        Assert.True(isAccepted == refused is null, $"{typeof(T).Name} {text}: {refused?.Message}");
        if (isAccepted)
            Assert.Equal(parsed.Value, read);
    }
}
