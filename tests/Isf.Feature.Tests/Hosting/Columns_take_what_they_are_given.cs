using Isf.Hosting.Data;
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
        await using var owner = Databases.Open(shared.Host.Database);
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
}
