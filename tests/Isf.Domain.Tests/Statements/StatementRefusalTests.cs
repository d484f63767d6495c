using Isf.Statements.Forecasts;
using Isf.Statements.Statements;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>Each refusal of the Statements service, with a case on each side of its limit.</summary>
public sealed class StatementRefusalTests
{
    private static readonly LocalDate Today = new(2026, 6, 1);

    [Theory]
    [InlineData("2026-05-04", "2026-05-31", null, null)]
    [InlineData("2026-05-04", "2026-05-03", null, IssueStatement.Refusal.EndsBeforeItStarts)]
    [InlineData("2026-05-04", "2026-05-04", null, null)]
    [InlineData("2026-05-04", "2026-06-01", null, IssueStatement.Refusal.ToIsNotPast)]
    [InlineData("2026-05-04", "2026-05-31", "2026-05-03", null)]
    [InlineData("2026-05-05", "2026-05-31", "2026-05-03", IssueStatement.Refusal.NotTheDayAfterTheLast)]
    [InlineData("2026-05-03", "2026-05-31", "2026-05-03", IssueStatement.Refusal.NotTheDayAfterTheLast)]
    public void A_period(string from, string to, string? lastTo, IssueStatement.Refusal? why) =>
        Assert.Equal(why, IssueStatement.Decide(
            new() { From = Day(from), To = Day(to) }, lastTo is null ? null : Day(lastTo), Today).Refusal);

    [Theory]
    [InlineData("2026-05-03", "60", "5", null)]
    [InlineData(null, null, null, null)]
    [InlineData("3 May", null, null, ShowForecast.Refusal.BadEffectiveOn)]
    [InlineData(null, "-100000", null, null)]
    [InlineData(null, "100001", null, ShowForecast.Refusal.BadExtraWeeklyMinutes)]
    [InlineData(null, "1.5", null, ShowForecast.Refusal.BadExtraWeeklyMinutes)]
    [InlineData(null, null, "-100", null)]
    [InlineData(null, null, "-101", ShowForecast.Refusal.BadRatePercent)]
    [InlineData(null, null, "1001", ShowForecast.Refusal.BadRatePercent)]
    public void A_look_ahead(string? on, string? minutes, string? percent, ShowForecast.Refusal? why) =>
        Assert.Equal(why, ShowForecast.Decide(on, minutes, percent, Today).Refusal);

    [Theory]
    [InlineData("html", "plain", "en", null, null)]
    [InlineData(null, null, null, "text/html;q=0.9, application/json;q=0.1", null)]
    [InlineData("pdf", null, null, null, ShowStatement.Refusal.UnknownFormat)]
    [InlineData(null, null, null, "image/png", ShowStatement.Refusal.NoFormatYouTake)]
    [InlineData("html", "easy-read", null, null, ShowStatement.Refusal.UnknownStyle)]
    [InlineData("html", null, "cy", null, ShowStatement.Refusal.UnknownLanguage)]
    public void A_way_of_showing(
        string? format, string? style, string? language, string? accept, ShowStatement.Refusal? why) =>
        Assert.Equal(why, ShowStatement.Decide(format, style, language, accept).Refusal);

    private static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
