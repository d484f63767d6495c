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

    /// <summary>The request body: a profile.</summary>
    public sealed record Request
    {
        public required string Format { get; init; }
        public string? Description { get; init; }
        public string? Separator { get; init; }
        public string? Encoding { get; init; }
        public string? Dates { get; init; }
        public string? Times { get; init; }
        public string? Durations { get; init; }
        public required Dictionary<string, FieldRule> Fields { get; init; }
    }

    /// <summary>The profile, or its first fault.</summary>
    public static Decision<VisitFileProfile, Refusal> Decide(VisitFileProfile profile) =>
        ProfileCheck.Fault(profile) is not { } fault ? profile
            : (Refusal.CannotWork, $"Look at {fault.Pointer}: {fault.Detail}",
                new[] { fault with { Code = ProblemException.CodeOf(Refusal.CannotWork) } });

    /// <summary>PUT /v1/visit-file-profiles/{id}</summary>
    public static Task<IResult> PutAsync(string id, JsonBody<Request> body, ConditionalPut put, Session session)
    {
        var sent = Decide(ProfileOf(id, body.Value)).OrRefuse();
        return put.UpsertAsync<VisitFileProfile, Refusal>(session, id, [],
            same: sent.SameAs,
            decide: (_, _) => Task.FromResult<Decision<VisitFileProfile, Refusal>>(sent),
            publish: (_, _) => { },
            show: ShowVisitFileProfiles.ToJson);
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
