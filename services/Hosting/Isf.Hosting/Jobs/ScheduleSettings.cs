using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Jobs;

/// <summary>
/// A holder's own setting of a schedule and the installation's setting, one of which applies to the holder.
/// </summary>
/// <param name="Own">The holder's own setting; null if there is none.</param>
/// <param name="Changes">How often the holder has changed its own setting, removals included.</param>
/// <param name="OfAll">The installation's setting, which applies if the holder has none.</param>
/// <param name="ChangesOfAll">How often the installation's setting was changed; the release's default is its first
/// version.</param>
internal sealed record HeldSetting(Schedules.Setting? Own, int Changes, Schedules.Setting OfAll, int ChangesOfAll)
{
    /// <summary>
    /// SQL: the columns that <see cref="At"/> reads, in its order, from the aliases o (the holder's own setting), c
    /// (the number of its changes) and s (the installation's setting).
    /// </summary>
    public const string Columns = "o.cron, o.zone, o.enabled, c.changes, s.cron, s.zone, s.enabled, s.version";

    /// <summary>The setting that applies to the holder's runs.</summary>
    public Schedules.Setting InForce => Own ?? OfAll;

    /// <summary>The level of the setting in force, in api.md's words: holder or installation.</summary>
    public string Source => Own is null ? "installation" : "holder";

    /// <summary>The version of the installation's setting.</summary>
    public int VersionOfAll => ChangesOfAll + 1;

    /// <summary>
    /// The ETag of the setting in force. An installation's setting has an ETag that begins with i, because its
    /// versions are numbered separately from the holder's changes.
    /// </summary>
    public string Tag => Own is null ? IfMatch.Tag($"i{VersionOfAll}") : IfMatch.Tag(Changes);

    /// <summary>Reads the columns, starting at this index.</summary>
    public static HeldSetting At(NpgsqlDataReader row, ScheduleTerms terms, int from = 0) => new(
        SettingAt(row, from) is { } own ? Schedules.InForce(terms, own) : null,
        row.IsDBNull(from + 3) ? 0 : row.GetInt32(from + 3),
        Schedules.InForce(terms, SettingAt(row, from + 4)), row.IsDBNull(from + 7) ? 0 : row.GetInt32(from + 7));

    private static Schedules.Setting? SettingAt(NpgsqlDataReader row, int from) => row.IsDBNull(from)
        ? null : new(row.GetString(from), row.GetString(from + 1), row.GetBoolean(from + 2));
}

/// <summary>A schedule with the setting in force.</summary>
/// <param name="Name">The name of the schedule.</param>
/// <param name="Service">The service that runs it.</param>
/// <param name="Cron">The times, as cron with seconds.</param>
/// <param name="Zone">The zone of the times.</param>
/// <param name="Enabled">Whether the schedule runs.</param>
/// <param name="Source">Whose setting it is: holder or installation.</param>
/// <param name="NextRunAt">The time of the next run; null if there is none.</param>
public sealed record ScheduleInForce(
    string Name, string Service, string Cron, string Zone, bool Enabled, string Source, Instant? NextRunAt);

/// <summary>
/// Changes the settings of schedules, both a holder's own setting and the installation's, which applies to all holders
/// without one. A change and its author are recorded in one commit; then the change is registered with Hangfire for
/// all hosts.
/// </summary>
internal sealed class ScheduleSettings(Sessions sessions, ServiceMap map, IClock clock, IServiceProvider host)
{
    /// <summary>The holder id for changes of the installation's setting; no token can claim it.</summary>
    public const string Installation = "*";

    /// <summary>
    /// Answers PUT /v1/schedules/{name} with 201 if the holder had no setting of its own, and with 200 for the same
    /// setting or for a change with If-Match.
    /// </summary>
    public async Task<IResult> SetOwnAsync(
        string name, Schedules.Setting requested, Caller caller, ConditionalPut put, HttpContext http)
    {
        var (service, terms) = Schedules.Find(map.Here, name);
        await using var session = sessions.OpenForRequest(service.Name, caller.HolderId, http.RequestAborted);
        return await put.ChangeRowAsync(session, [LockOf(name)], () => LoadAsync(session, terms),
            async (held, ifMatch) =>
            {
                var isNew = held!.Own is null;
                if (held.Own != requested)
                {
                    Check(held, ifMatch);
                    var setting = Schedules.Decide(terms, requested, clock.GetCurrentInstant()).OrRefuse();
                    session.Queue("""
                        insert into holder_schedules (holder_id, schedule, cron, zone, enabled)
                        values ($1, $2, $3, $4, $5) on conflict (holder_id, schedule) do update
                          set cron = excluded.cron, zone = excluded.zone, enabled = excluded.enabled
                        """, session.HolderId, name, setting.Cron, setting.Zone, setting.Enabled);
                    held = Note(session, name, caller, held, held with { Own = setting, Changes = held.Changes + 1 });
                    await session.SaveChangesAsync();
                }
                return await ShowAsync(http, isNew ? 201 : 200, service, terms, held, session);
            });
    }

    /// <summary>Answers DELETE /v1/schedules/{name}, after which the installation's setting applies again.</summary>
    public async Task<IResult> ResetAsync(string name, Caller caller, HttpContext http)
    {
        var (service, terms) = Schedules.Find(map.Here, name);
        await using var session = sessions.OpenForRequest(service.Name, caller.HolderId, http.RequestAborted);
        await session.LockAsync(LockOf(name));
        var held = (await LoadAsync(session, terms))!;
        if (held.Own is not null)
        {
            if (IfMatch.Read(http.Request.Headers.IfMatch) is { } ifMatch)
                Check(held, ifMatch);
            session.Queue("delete from holder_schedules where holder_id = $1 and schedule = $2",
                session.HolderId, name);
            held = Note(session, name, caller, held, held with { Own = null, Changes = held.Changes + 1 });
            await session.SaveChangesAsync();
        }
        return await ShowAsync(http, 200, service, terms, held, session);
    }

    /// <summary>
    /// Answers PUT /v1/operator/schedules/{name}. Every change has to name the version that the operator saw
    /// (If-Match).
    /// </summary>
    public async Task<IResult> SetOfAllAsync(
        string name, Schedules.Setting requested, Caller caller, ConditionalPut put, HttpContext http)
    {
        var (service, terms) = Schedules.Find(map.Here, name);
        await using var session = sessions.OpenForRequest(service.Name, Installation, http.RequestAborted);
        return await put.ChangeRowAsync(session, [LockOf(name)], () => LoadAsync(session, terms),
            async (held, ifMatch) =>
            {
                if (held!.OfAll != requested)
                {
                    if (ifMatch is null)
                        throw IfMatchNeeded();
                    if (!ifMatch.Matches(held.VersionOfAll))
                        throw PutResponse.MovedOn(held.VersionOfAll);
                    var setting = Schedules.Decide(terms, requested, clock.GetCurrentInstant()).OrRefuse();
                    var next = held with { OfAll = setting, ChangesOfAll = held.ChangesOfAll + 1 };
                    session.Queue("""
                        insert into schedules (schedule, cron, zone, enabled, version) values ($1, $2, $3, $4, $5)
                        on conflict (schedule) do update set cron = excluded.cron, zone = excluded.zone,
                          enabled = excluded.enabled, version = excluded.version
                        """, name, setting.Cron, setting.Zone, setting.Enabled, next.ChangesOfAll);
                    held = Note(session, name, caller, held, next);
                    await session.SaveChangesAsync();
                }
                await PlaceAsync(service, name, null);
                http.Response.Headers.ETag = IfMatch.Tag(held.VersionOfAll);
                return Results.Json(ToJson(service, terms, held, clock.GetCurrentInstant()), IsfJson.Options);
            });
    }

    /// <summary>The JSON that shows a schedule's setting in force and its next run.</summary>
    public static ScheduleInForce ToJson(Service service, ScheduleTerms terms, HeldSetting held, Instant now) =>
        new(terms.Name, service.Name, held.InForce.Cron, held.InForce.Zone, held.InForce.Enabled, held.Source,
            NextOf(held.InForce, now));

    /// <summary>The time of the next run; null if the schedule is disabled or has no later time.</summary>
    public static Instant? NextOf(Schedules.Setting setting, Instant now) =>
        setting.Enabled ? Schedules.NextAfter(setting, now) : null;

    private static string LockOf(string name) => "schedule/" + name;

    private static void Check(HeldSetting held, IfMatch? ifMatch)
    {
        if (ifMatch is null && held.Own is not null)
            throw IfMatchNeeded();
        if (ifMatch?.Matches(held.Tag) == false)
            throw held.Own is null ? PutResponse.NothingThere() : PutResponse.MovedOn(held.Changes);
    }

    private static ProblemException IfMatchNeeded() => ProblemException.For(
        Schedules.Refusal.IfMatchNeeded, "Read it, and send your change with its ETag in If-Match.");

    private async Task<IResult> ShowAsync(HttpContext http, int status, Service service, ScheduleTerms terms,
        HeldSetting held, Session session)
    {
        await PlaceAsync(service, terms.Name, session.HolderId);
        http.Response.Headers.ETag = held.Tag;
        return Results.Json(
            ToJson(service, terms, held, clock.GetCurrentInstant()), IsfJson.Options, statusCode: status);
    }

    // The setting is registered after an unchanged PUT too, because another host may have saved it and stopped before
    // it was registered.
    private Task PlaceAsync(Service service, string name, string? holderId) =>
        host.GetRequiredKeyedService<ScheduleClock>(service.Name).PlaceAsync(name, holderId);

    private static async Task<HeldSetting?> LoadAsync(Session session, ScheduleTerms terms) =>
        (await session.RowsAsync($"""
            select {HeldSetting.Columns} from (select $2::text as name) n
            left join holder_schedules o on o.holder_id = $1 and o.schedule = n.name
            left join schedules s on s.schedule = n.name
            left join lateral (select max(version) as changes from schedule_changes
              where holder_id = $1 and schedule = n.name) c on true
            """, row => HeldSetting.At(row, terms), session.HolderId, terms.Name)).Single();

    private HeldSetting Note(Session session, string name, Caller caller, HeldSetting was, HeldSetting became)
    {
        static object Of(HeldSetting held) => new
        {
            held.InForce.Cron, held.InForce.Zone, held.InForce.Enabled, held.Source,
        };
        session.Queue("""
            insert into schedule_changes (holder_id, schedule, version, changed_by, changed_at, was, became)
            values ($1, $2, $3, $4, $5, $6, $7)
            """, session.HolderId, name, session.HolderId == Installation ? became.ChangesOfAll : became.Changes,
            caller.User, clock.GetCurrentInstant(), Json.From(Of(was)), Json.From(Of(became)));
        return became;
    }
}
