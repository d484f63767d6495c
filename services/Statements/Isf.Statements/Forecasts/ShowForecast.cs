using System.ComponentModel.DataAnnotations;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Statements.Access;
using Isf.Statements.Domain;
using Isf.Statements.Rendering;
using NodaTime;

namespace Isf.Statements.Forecasts;

/// <summary>
/// Forecasts how long the money lasts from today, or from a given day, at the pace of the last 4 weeks. The request
/// may add minutes a week, or a percentage to every price. Source: api.md, Statements; design §4.
/// </summary>
public static class ShowForecast
{
    /// <summary>Why a forecast is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(400, "The day is not a date.")]
        BadEffectiveOn = 1,

        [Problem(400, "The extra minutes cannot be used.")]
        BadExtraWeeklyMinutes = 2,

        [Problem(400, "The percentage cannot be used.")]
        BadRatePercent = 3,

        [Problem(422, "The fund is closed.")]
        FundClosed = 4,
    }

    /// <summary>
    /// The question: the day from which to forecast, the extra minutes a week and the percentage added to every price.
    /// </summary>
    public sealed record Question(LocalDate EffectiveOn, int ExtraWeeklyMinutes, int RatePercent);

    /// <summary>The forecast of the money until the end of the budget or of its year.</summary>
    public sealed record Response
    {
        /// <summary>The fund.</summary>
        public required string FundId { get; init; }
        /// <summary>The day from which the forecast looks ahead.</summary>
        public required LocalDate EffectiveOn { get; init; }
        /// <summary>The number of journals that it counts.</summary>
        public required long Position { get; init; }
        /// <summary>The money held on that day.</summary>
        public required long HeldPence { get; init; }
        /// <summary>The part of it that is not kept for something else.</summary>
        public required long FreeToUsePence { get; init; }
        /// <summary>What the budget brings in a week.</summary>
        public required long WeeklyBudgetPence { get; init; }
        /// <summary>What is spent in a week, at the pace assumed.</summary>
        public required long WeeklyOutPence { get; init; }
        /// <summary>Whether the money lasts until the end.</summary>
        public required bool OnTrack { get; init; }
        /// <summary>The day on which it runs out; null if it lasts.</summary>
        public required LocalDate? RunsOutOn { get; init; }
        /// <summary>The last day of the forecast; null without a budget.</summary>
        public required LocalDate? EndsOn { get; init; }
        /// <summary>The money left at the end; below zero if it does not last.</summary>
        public required long LeftAtEndPence { get; init; }
    }

    /// <summary>The question from the query string, or the refusal.</summary>
    public static Decision<Question, Refusal> Decide(
        string? effectiveOn, string? extraWeeklyMinutes, string? ratePercent, LocalDate today)
    {
        var day = today;
        if (!string.IsNullOrEmpty(effectiveOn))
        {
            if (London.Day(effectiveOn) is not { } requestedDay)
                return (Refusal.BadEffectiveOn, "?effectiveOn= is a date such as 2026-05-03.");
            day = requestedDay;
        }
        if (Whole(extraWeeklyMinutes) is not { } minutes || minutes is < -100_000 or > 100_000)
        {
            return (Refusal.BadExtraWeeklyMinutes,
                "?extraWeeklyMinutes= is a whole number from -100000 to 100000, below zero for fewer.");
        }
        if (Whole(ratePercent) is not { } percent || percent is < -100 or > 1000)
        {
            return (Refusal.BadRatePercent,
                "?ratePercent= is a whole number from -100 to 1000: 5 makes every price 5 % dearer.");
        }
        return new Question(day, minutes, percent);
    }

    /// <summary>
    /// The question, or a refusal if the fund has closed or will close by the requested day, because a closed fund
    /// spends nothing more.
    /// </summary>
    public static Decision<Question, Refusal> OfFund(Question question, Closure? closure, Instant now)
    {
        return closure is not null && (closure.IsClosedAt(now) || closure.On <= question.EffectiveOn)
            ? (Refusal.FundClosed, $"Its last day is {PlainWords.Day(closure.On)}: nothing is spent from it later.")
            : question;
    }

    /// <summary>The forecast that answers the question.</summary>
    public static Response Look(FundFacts facts, IReadOnlyList<Journal> journals, Question question)
    {
        var day = question.EffectiveOn;
        var (held, free) = StatementBuilder.MoneyAt(facts, journals, day);
        var pace = Forecast.PaceAt(facts, journals.Where(journal => journal.EffectiveOn <= day), day)
            .WithExtraWeekly(new Minutes(question.ExtraWeeklyMinutes), Forecast.PlainRateOn(facts, day))
            .Dearer(question.RatePercent);
        var ahead = Forecast.From(facts, free, pace, day);
        return new Response
        {
            FundId = facts.Fund.FundId,
            EffectiveOn = day,
            Position = journals.Count,
            HeldPence = held.Pence,
            FreeToUsePence = free.Pence,
            WeeklyBudgetPence = ahead.WeeklyBudget.Pence,
            WeeklyOutPence = ahead.WeeklyOut.Pence,
            OnTrack = ahead.OnTrack,
            RunsOutOn = ahead.RunsOutOn,
            EndsOn = ahead.EndsOn,
            LeftAtEndPence = ahead.LeftAtEnd.Pence,
        };
    }

    /// <summary>Forecasts how long the money lasts at the pace of the last 4 weeks.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="effectiveOn">The day from which to forecast; today by default.</param>
    /// <param name="extraWeeklyMinutes">Minutes of care a week to add to the pace, below zero for fewer.</param>
    /// <param name="ratePercent">A percentage to add to every price.</param>
    public static async Task<Response> GetAsync(
        string fundId, Caller caller, Session session, IClock clock, string? effectiveOn = null,
        [Range(-100_000, 100_000)] string? extraWeeklyMinutes = null, [Range(-100, 1000)] string? ratePercent = null)
    {
        var question = Decide(effectiveOn, extraWeeklyMinutes, ratePercent, London.Today(clock)).OrRefuse();
        var fund = await StatementAccess.FundAsync(session, caller, fundId, clock);
        var (facts, journals) = await StatementAccess.AllAsync(session, fund);
        OfFund(question, facts.Closure, clock.GetCurrentInstant()).OrRefuse();
        return Look(facts, journals, question);
    }

    private static int? Whole(string? text) => string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign,
            System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
