using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Files;

/// <summary>Shows the known profiles of exports, one or all.</summary>
public static class ShowVisitFileProfiles
{
    /// <summary>Why a profile is not shown.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such profile.")] UnknownProfile = 1,
    }

    /// <summary>Shows a profile of how one program writes its exports.</summary>
    /// <param name="id">The id of the profile.</param>
    public static async Task<ShowResult<VisitFileProfile>> GetAsync(string id, HttpContext http, Session session)
    {
        return await session.LoadAsync<VisitFileProfile>(id) is { } profile
            ? IdempotentPut.Show(http, session.VersionOf<VisitFileProfile>(id), profile)
            : throw ProblemException.For(Refusal.UnknownProfile, $"No profile {id} is kept here.");
    }

    /// <summary>Lists the profiles in order of id.</summary>
    public static async Task<ItemPage<VisitFileProfile>> ListAsync(Page page, Session session)
    {
        await page.CheckAfterAsync(async id => await session.LoadAsync<VisitFileProfile>(id) is not null);
        var profiles = await session.Query<VisitFileProfile>().After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of(profiles, page.Limit, profile => profile.Id);
    }
}
