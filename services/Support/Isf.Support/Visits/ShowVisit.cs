using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Checks;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Visits;

/// <summary>Shows a visit in its latest version, and the planned care that it fulfils.</summary>
public static class ShowVisit
{
    /// <summary>Why a visit is not shown.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such visit.")] UnknownVisit = 1,
    }

    /// <summary>A visit in its latest version, and the planned care that it fulfils.</summary>
    public sealed record Response
    {
        /// <summary>The id of the visit.</summary>
        public required string VisitId { get; init; }

        /// <summary>The number of the version, from 1; each correction adds one.</summary>
        public required int Version { get; init; }

        /// <summary>The fund that pays for it.</summary>
        public required string FundId { get; init; }

        /// <summary>The line of the fund's plan to which it belongs.</summary>
        public required string LineId { get; init; }

        /// <summary>The allocation that pays for it.</summary>
        public required string AllocationId { get; init; }

        /// <summary>The kind of support.</summary>
        public required string Service { get; init; }

        /// <summary>The name that the visits of carers who came together share; null if it has none.</summary>
        public required string? VisitGroup { get; init; }

        /// <summary>The worker; null if none was named.</summary>
        public required string? WorkerId { get; init; }

        /// <summary>The day in London on which it counts.</summary>
        public required LocalDate CareOn { get; init; }

        /// <summary>When it was to begin; null if it was not said.</summary>
        public required OffsetDateTime? PlannedStart { get; init; }

        /// <summary>How long it was to last; null if it was not said.</summary>
        public required int? PlannedMinutes { get; init; }

        /// <summary>When it began; null if it was not said.</summary>
        public required OffsetDateTime? Start { get; init; }

        /// <summary>When it ended; null if it was not said.</summary>
        public required OffsetDateTime? End { get; init; }

        /// <summary>The number of carers at a time.</summary>
        public required int Carers { get; init; }

        /// <summary>What became of it.</summary>
        public required VisitOutcome Outcome { get; init; }

        /// <summary>How many hours before its start it was cancelled; null if it was not said.</summary>
        public required decimal? NoticeHours { get; init; }

        /// <summary>The miles driven; null if none were.</summary>
        public required decimal? Miles { get; init; }

        /// <summary>The number of items bought; null if none were.</summary>
        public required decimal? Quantity { get; init; }

        /// <summary>The times at which the worker was woken in a sleep-in night; null if there were none.</summary>
        public required IReadOnlyList<Disturbed>? Disturbances { get; init; }

        /// <summary>A note; null if there is none.</summary>
        public required string? Note { get; init; }

        /// <summary>Where the care was given; null if it was not said.</summary>
        public required string? Place { get; init; }

        /// <summary>How start and end were recorded: app, call, tag, timesheet or manual; null if not said.</summary>
        public required string? Captured { get; init; }

        /// <summary>The planned carer-minutes that it fulfils.</summary>
        public required long AnswersMinutes { get; init; }

        /// <summary>The carer-minutes given beyond the plan.</summary>
        public required long ExtraMinutes { get; init; }

        /// <summary>The planned carer-minutes that are charged although they were not given.</summary>
        public required long ChargedNotGivenMinutes { get; init; }

        /// <summary>Whether it is charged although it was not given.</summary>
        public required bool ChargedNotGiven { get; init; }

        /// <summary>The person's own minutes: two carers for 45 minutes count as 45.</summary>
        public required long PersonMinutes { get; init; }

        /// <summary>The start of the planned visit that it fulfils; null if it fulfils none.</summary>
        public required OffsetDateTime? AnswersPlannedStart { get; init; }

        /// <summary>The Monday of the week whose minutes it uses; null if it uses none.</summary>
        public required LocalDate? AnswersWeek { get; init; }

        /// <summary>Whether care was given that fulfils no planned care.</summary>
        public required bool IsUnplanned { get; init; }

        /// <summary>Whether its allocation does not cover its day, so that no promise pays for it.</summary>
        public required bool NotCovered { get; init; }

        /// <summary>
        /// Whether somebody authorised care outside the plan or outside its allocation's days; null if nobody was asked
        /// or nobody has answered.
        /// </summary>
        public required bool? Authorised { get; init; }
    }

    /// <summary>Shows a visit in its latest version, and the planned care that it fulfils.</summary>
    /// <param name="id">The id of the visit.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string id, HttpContext http, Session session, Caller caller)
    {
        var visit = (await new VisitTable(session).ByIdAsync([id])).SingleOrDefault();
        // A missing visit and another person's visit get the same answer, so that nobody learns whose it is.
        if (visit is null || await ShowPlans.VisibleAsync(session, visit.Record.FundId, caller) is null)
        {
            throw ProblemException.For(Refusal.UnknownVisit,
                $"No visit {id} is known here, or it is not yours to see.");
        }
        var authorised = await AuthorisedAsync(session, [visit]);
        return IdempotentPut.Show(
            http, visit.Version, ToJson(visit, authorised.TryGetValue(id, out var answer) ? answer : null));
    }

    /// <summary>
    /// Tells, by visit id, whether somebody authorised care outside a plan or outside its allocation's days. Visits
    /// whose flag has no such answer yet are omitted.
    /// </summary>
    internal static async Task<Dictionary<string, bool>> AuthorisedAsync(
        Session session, IReadOnlyCollection<Visit> visits)
    {
        var flagged = visits.Where(visit => CareChecks.AuthorisedBy(visit) is not null).ToDictionary(visit =>
            FlagTable.IdOf(session, CareFlag.KeyOf(CareChecks.AuthorisedBy(visit)!.Value, visit.Record.VisitId)));
        return (await FlagTable.FindAsync(session, [.. flagged.Keys]))
            .Where(flag => flag.Resolution?.Code is "authorised" or "not-authorised")
            .ToDictionary(flag => flagged[flag.Id].Record.VisitId, flag => flag.Resolution!.Code == "authorised",
                StringComparer.Ordinal);
    }

    /// <summary>A visit as answered.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="authorised">The answer to its flag; null if it has no flag, or its flag has no answer.</param>
    internal static Response ToJson(Visit visit, bool? authorised = null)
    {
        var (record, fulfilment) = (visit.Record, visit.Fulfilment);
        return new Response
        {
            VisitId = record.VisitId,
            Version = visit.Version,
            FundId = record.FundId,
            LineId = record.LineId,
            AllocationId = visit.AllocationId,
            Service = visit.Service,
            VisitGroup = record.VisitGroup,
            WorkerId = record.WorkerId,
            CareOn = visit.CareOn,
            PlannedStart = record.PlannedStart,
            PlannedMinutes = record.PlannedMinutes,
            Start = record.Start,
            End = record.End,
            Carers = record.Carers,
            Outcome = record.Outcome,
            NoticeHours = record.NoticeHours,
            Miles = record.Miles,
            Quantity = record.Quantity,
            Disturbances = record.Disturbances,
            Note = record.Note,
            Place = record.Place,
            Captured = record.Captured,
            AnswersMinutes = fulfilment.Fulfilled.Count,
            ExtraMinutes = fulfilment.Extra.Count,
            ChargedNotGivenMinutes = fulfilment.Charged.Count,
            ChargedNotGiven = fulfilment.IsCharged,
            PersonMinutes =
                visit.PersonMinutes?.Count ?? (fulfilment.Fulfilled.Count + fulfilment.Extra.Count) / record.Carers,
            AnswersPlannedStart = fulfilment.Occurrence is { } wall ? PlannedTimes.MomentOf(wall) : null,
            AnswersWeek = fulfilment.Week,
            IsUnplanned = visit.IsUnplanned,
            NotCovered = visit.NotCovered,
            Authorised = authorised,
        };
    }
}
