using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Files;

/// <summary>
/// Saves a profile of how one program writes its exports, so that its files are read without new code. The profile
/// names the source of each field, the meaning of the program's words, and the format of dates and times. A change
/// applies to files stored after it.
/// </summary>
public static class SetVisitFileProfile
{
    /// <summary>Why a profile is refused.</summary>
    public enum Refusal
    {
        [Problem(422, "The profile cannot work.")] CannotWork = 1,
    }

    /// <summary>How one program writes its exports.</summary>
    public sealed record Request
    {
        /// <summary>The format that the file's rows are converted to: visits-csv, abacus-csv or actuals-csv.</summary>
        public required string Format { get; init; }

        /// <summary>A description that helps people choose the profile, in at most 500 characters.</summary>
        public string? Description { get; init; }

        /// <summary>Comma, semicolon, tab, bar or another sign; left out, it is detected from the header.</summary>
        public string? Separator { get; init; }

        /// <summary>The encoding of the text; left out, it is detected from the bytes.</summary>
        public string? Encoding { get; init; }

        /// <summary>The form of dates, such as dd/mm/yyyy; left out, it is detected from the file.</summary>
        public string? Dates { get; init; }

        /// <summary>The form of times, such as hhmm; left out, hh:mm and hh:mm:ss are accepted.</summary>
        public string? Times { get; init; }

        /// <summary>The unit of a duration that is a bare number: minutes (by default) or hours.</summary>
        public string? Durations { get; init; }

        /// <summary>The source of each field's value, by the field's name.</summary>
        public required Dictionary<string, FieldRule> Fields { get; init; }
    }

    /// <summary>The profile, or its first fault.</summary>
    public static Decision<VisitFileProfile, Refusal> Decide(VisitFileProfile profile) =>
        ProfileCheck.Fault(profile) is not { } fault ? profile
            : (Refusal.CannotWork, $"Look at {fault.Pointer}: {fault.Detail}",
                new[] { fault with { Code = ProblemException.CodeOf(Refusal.CannotWork) } });

    /// <summary>Saves a profile of how one program writes its exports, or changes it.</summary>
    /// <param name="id">The id of the profile, which the caller chooses.</param>
    public static Task<IResult> PutAsync(string id, JsonBody<Request> body, ConditionalPut put, Session session)
    {
        var sent = Decide(ProfileOf(id, body.Value)).OrRefuse();
        return put.UpsertAsync<VisitFileProfile, Refusal>(session, id, [],
            same: sent.SameAs,
            decide: (_, _) => Task.FromResult<Decision<VisitFileProfile, Refusal>>(sent),
            publish: (_, _) => { },
            show: profile => profile);
    }

    private static VisitFileProfile ProfileOf(string id, Request request) => new()
    {
        Id = id,
        Format = request.Format,
        Description = request.Description,
        Separator = request.Separator,
        Encoding = request.Encoding,
        Dates = request.Dates,
        Times = request.Times,
        Durations = request.Durations,
        Fields = request.Fields,
    };
}
