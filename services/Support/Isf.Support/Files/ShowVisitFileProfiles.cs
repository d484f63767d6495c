using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Files;

/// <summary>Shows the known profiles of exports, one or all.</summary>
public static class ShowVisitFileProfiles
{
    /// <summary>A profile as returned: only the fields that were sent.</summary>
    public static object ToJson(VisitFileProfile profile) =>
        profile;

    /// <summary>GET /v1/visit-file-profiles/{id}</summary>
    public static async Task<IResult> GetAsync(string id, HttpContext http, Session session)
    {
        return await session.LoadAsync<VisitFileProfile>(id) is { } profile
            ? IdempotentPut.Show(http, session.VersionOf<VisitFileProfile>(id), ToJson(profile))
            : throw new ProblemException(404, "unknown-profile", "There is no such profile.",
                $"No profile {id} is kept here.");
    }

    /// <summary>GET /v1/visit-file-profiles</summary>
    public static async Task<IResult> ListAsync(Page page, Session session)
    {
        await page.CheckAfterAsync(async id => await session.LoadAsync<VisitFileProfile>(id) is not null);
        var profiles = await session.Query<VisitFileProfile>().After(page.After).Take(page.Limit + 1).ToListAsync();
        return Results.Json(Page.Of([.. profiles.Select(ToJson)], page.Limit, _ => profiles[page.Limit - 1].Id),
            IsfJson.Options);
    }
}
