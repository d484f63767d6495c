using Isf.Hosting.Http;

namespace Isf.Tests.Ledger;

/// <summary>A question that cannot be meant is refused, on each route that takes it.</summary>
public sealed class Questions_about_the_books_are_read_strictly(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    [Theory]
    [InlineData("journals?position=two", 400, "bad-position")]
    [InlineData("journals?knownAt=may", 400, "bad-moment")]
    [InlineData("journals?from=may", 400, "bad-date")]
    [InlineData("journals?from=2026-05-02&to=2026-05-01", 400, "bad-range")]
    [InlineData("journals?position=999", 422, "position-not-reached")]
    [InlineData("integrity?position=two", 400, "bad-position")]
    [InlineData("integrity?knownAt=may", 400, "bad-moment")]
    [InlineData("integrity?position=999", 422, "position-not-reached")]
    [InlineData("hours?position=two", 400, "bad-position")]
    [InlineData("hours?knownAt=may", 400, "bad-moment")]
    [InlineData("hours?from=may", 400, "bad-date")]
    [InlineData("hours?from=2026-05-02&to=2026-05-01", 400, "bad-range")]
    [InlineData("hours?position=999", 422, "position-not-reached")]
    public async Task With_the_code_of_what_is_wrong(string question, int status, string code)
    {
        await shared.Host.UntilIdleAsync();
        var response = await shared.Host.As(Role.HolderFinance).GetAsync("/v1/funds/F-1/" + question);
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Hours_are_there_as_csv()
    {
        await shared.Host.UntilIdleAsync();
        var response = await shared.Host.As(Role.HolderFinance).GetAsync("/v1/funds/F-1/hours?format=csv");
        Assert.Equal("text/csv", (await response.NeedsAsync(200)).Content.Headers.ContentType!.MediaType);
    }
}
