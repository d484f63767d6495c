using Isf.Hosting;
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
            row => (row.IsDBNull(0) ? (Instant?)null : row.GetInstant(0), row.GetLocalDateOrNull(1)),
            new Instant?[] { null, moment }, new LocalDate?[] { null, day });
        Assert.Equal([(null, null), (moment, day)], rows);
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
