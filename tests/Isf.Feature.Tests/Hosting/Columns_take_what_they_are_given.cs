using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Hosting;

public sealed class Columns_take_what_they_are_given(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    [Fact]
    public async Task Moments_and_days_with_an_empty_place_in_front()
    {
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("funds", "sunrise");
        var moment = Instant.FromUtc(2026, 4, 6, 9, 0);
        var day = new LocalDate(2026, 4, 6);
        var rows = await session.RowsAsync(
            "select m, d from unnest($1::timestamptz[], $2::date[]) r(m, d)",
            row => (row.GetFieldValue<Instant?>(0), row.GetFieldValue<LocalDate?>(1)),
            new Instant?[] { null, moment }, new LocalDate?[] { null, day });
        Assert.Equal([(null, null), (moment, day)], rows);
    }

    [Fact]
    public async Task In_a_statement_that_goes_with_the_commit_too()
    {
        var owner = shared.Host.Owner;
        await using var table = owner.CreateCommand(
            "create table funds.given (d date, w timestamp, m timestamptz); grant all on funds.given to isf_funds");
        await table.ExecuteNonQueryAsync();
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("funds", "sunrise");
        var (day, wall) = (new LocalDate(2026, 4, 6), new LocalDateTime(2026, 4, 6, 10, 0));
        var instant = Instant.FromUtc(2026, 4, 6, 9, 0);
        // A timestamp column stores nothing finer than a microsecond.
        var moment = instant + Duration.FromNanoseconds(999);
        session.Queue("insert into given select $1, unnest($2::timestamp[]), $3",
            day, new LocalDateTime?[] { null, wall }, moment);
        session.Queue("insert into given select unnest($1::date[]), $2, unnest($3::timestamptz[])",
            new LocalDate?[] { null, day }, wall, new[] { moment, moment });
        await session.SaveChangesAsync();
        (LocalDate?, LocalDateTime?, Instant)[] rows =
            [(day, null, instant), (day, wall, instant), (null, wall, instant), (day, wall, instant)];
        Assert.Equal(rows, await session.RowsAsync("select d, w, m from given", row => (
            row.GetFieldValue<LocalDate?>(0), row.GetFieldValue<LocalDateTime?>(1), row.GetFieldValue<Instant>(2))));
    }

    [Fact]
    public async Task An_array_given_alone_is_one_value()
    {
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("funds", "sunrise");
        string[] ids = ["a", "b"];
        var rows = await session.RowsAsync("select unnest($1::text[])", row => row.GetString(0), ids);
        Assert.Equal(ids, rows);
    }

    private static readonly TableColumns<Outing> Columns = TableColumns<Outing>.ByName
        .WithPart(outing => outing.Back).Named(outing => outing.Back!.Hour, "back_at")
        .StoredAs(outing => outing.Route, route => string.Join(' ', route), text => text.Split(' '))
        .Without(outing => outing.Forecast);

    private static readonly Outing[] Outings =
    [
        new("O-1", Landscape.OpenHill, London.At(Instant.FromUtc(2026, 7, 6, 9, 0)), Money.OfPence(250))
        {
            Guests = ["Ann", "Bo"], Route = ["gate", "ridge"], Back = new(14, "tired"),
        },
        new("O-2", Landscape.Sea, null, Money.Zero) { Guests = [], Route = ["beach"] },
    ];

    [Fact]
    public async Task A_record_is_stored_and_read_by_the_names_of_its_properties()
    {
        var owner = shared.Host.Owner;
        await using var table = owner.CreateCommand("""
            create table funds.outing (outing_id text, landscape text, began timestamptz, cost bigint, guests jsonb,
              route text, back_at int, mood text);
            grant all on funds.outing to isf_funds
            """);
        await table.ExecuteNonQueryAsync();
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("funds", "sunrise");
        var rows = Columns.Without(outing => outing.Back)
            .Of([.. Outings.Select(outing => outing with { Forecast = "sun" })]);
        session.Queue(rows.InsertInto("outing"), rows.Values);
        session.Queue("update outing set back_at = 14, mood = 'tired' where outing_id = 'O-1'");
        await session.SaveChangesAsync();
        var read = await session.RowsAsync(Columns, $"select {Columns.Names} from outing order by outing_id");
        Assert.Equivalent(Outings, read, strict: true);
    }

    [Fact]
    public async Task A_row_belongs_to_the_holder_of_the_session_that_writes_it()
    {
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("statements", "moonrise");
        session.Queue("insert into pages (statement_id, format, bytes) values ('S-9', 'json', '')");
        await session.SaveChangesAsync();
        Assert.Equal("moonrise", await shared.Host.ValueAsync<string>(
            "select holder_id from statements.pages where statement_id = 'S-9'"));
    }

    private enum Landscape
    {
        OpenHill = 1,
        Sea,
    }

    private sealed record Outing(string OutingId, Landscape Landscape, OffsetDateTime? Began, Money Cost)
    {
        public required IReadOnlyList<string> Guests { get; init; }
        public required string[] Route { get; init; }
        public Return? Back { get; init; }
        public string? Forecast { get; init; }
        public bool IsFree => Cost == Money.Zero;
    }

    private sealed record Return(int Hour, string Mood);
}
