using System.Net;
using System.Text;
using Isf.Hosting.Http;

namespace Isf.Tests.Hosting;

public sealed class Bad_bodies_are_refused_with_their_place(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private readonly TestHost host = shared.Host;

    public static TheoryData<string, int, string, string> Bodies => new()
    {
        { """{"name":"A","nation":"england","format":"plain","language":"en","nickname":"B"}""",
            400, "unknown-field", "/nickname" },
        { """{"name":"A","name":"B","nation":"england","format":"plain","language":"en"}""",
            400, "repeated-field", "/name" },
        { """{"name":7,"nation":"england","format":"plain","language":"en"}""", 400, "wrong-type", "/name" },
        { """{"name":"A","nation":1,"format":"plain","language":"en"}""", 400, "wrong-type", "/nation" },
        { """{"name":"A","nation":"narnia","format":"plain","language":"en"}""", 400, "wrong-type", "/nation" },
        { """{"name":"A","nation":"england,scotland","format":"plain","language":"en"}""",
            400, "wrong-type", "/nation" },
        { """{"name":"A","nation":"england","format":"plain","language":"en","dateOfBirth":"2026-02-30"}""",
            400, "wrong-type", "/dateOfBirth" },
        { """{"nation":"england","format":"plain","language":"en"}""", 400, "missing-field", "/name" },
        { """{"name":null,"nation":"england","format":"plain","language":"en"}""", 400, "wrong-type", "/name" },
        { """{"name":"A",""", 400, "not-json", "" },
        { "", 400, "not-json", "" },
        { "[]", 400, "wrong-type", "" },
        { "null", 400, "malformed", "" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_cannot_be_used(string body, int status, string code, string pointer)
    {
        var response = await SendAsync(body);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.Equal((status, code), ((int)response.StatusCode, (string)problem["code"]!));
        if (pointer.Length > 0)
            Assert.Equal(pointer, (string)problem["errors"]![0]!["pointer"]!);
        Assert.DoesNotContain("System.", problem.ToJsonString());
        Assert.DoesNotContain("Isf.", problem.ToJsonString());
    }

    [Fact]
    public async Task A_body_ten_thousand_deep_is_refused()
    {
        var response = await SendAsync("{\"name\":" + new string('[', 10_000) + new string(']', 10_000) + "}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("too-deep", await response.CodeAsync());
    }

    [Fact]
    public async Task A_body_of_a_hundred_megabytes_is_refused_as_too_large()
    {
        using var content = new StreamContent(new ManyBytes(100_000_000));
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/people/P-1") { Content = content };
        content.Headers.ContentLength = 100_000_000;
        request.Headers.ExpectContinue = true;
        var response = await host.As(Role.HolderAdmin).SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("too-large", await response.CodeAsync());
    }

    [Fact]
    public async Task A_body_that_is_not_named_JSON_is_refused()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");
        var response = await host.As(Role.HolderAdmin).PutAsync("/v1/people/P-1", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/people/a%20b")]
    [InlineData("/v1/people/caf%C3%A9")]
    [InlineData("/v1/people/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task An_id_outside_the_alphabet_is_refused(string path)
    {
        var response = await host.As(Role.HolderAdmin).PutAsync(path, Sample.Person);
        Assert.Equal("bad-id", await response.CodeAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.As(Role.HolderAdmin).PutAsync("/v1/people/P-1", content);
    }

    /// <summary>A stream of many bytes that are not held in memory.</summary>
    private sealed class ManyBytes(long length) : Stream
    {
        private long read;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var next = (int)Math.Min(count, length - read);
            buffer.AsSpan(offset, next).Fill((byte)' ');
            read += next;
            return next;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
