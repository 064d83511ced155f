using System.Net;
using Guerdon.Identity.Audit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Calls without a key that is good are among the acts: of each path of the gateway, a flood as one row, and
/// without what was sent for a key.</summary>
public sealed class KeyActTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Wrong = "sk-guerdon-and-a-secret-of-somebody-else-that-is-no-key-here";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Gateway => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Where(one => one.Metadata.Any(mark => mark.GetType().Name == "ShortCircuitMetadata"));

    // Which of them take a key is not listed: they are those that refuse one.
    [Fact]
    public async Task Endpoints_ThatRefuseAKey_AreEachAmongTheActs()
    {
        using var stranger = running.Client(Wrong);
        var refused = new HashSet<string>();
        foreach (var endpoint in Gateway)
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"])
            {
                if (method is "CONNECT" or "OPTIONS") continue;
                var path = endpoint.RoutePattern.RawText == "/v1beta/models/{call}"
                    ? "/v1beta/models/gemini-2.5-flash:generateContent"
                    : EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await stranger.SendAsync(request, Ct);
                if (answer.StatusCode == HttpStatusCode.Unauthorized)
                    refused.Add($"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}");
            }

            await FlushAsync(); // before there are so many that they are counted by where they come from alone
        }

        Assert.True(refused.Count >= 10, $"Only {string.Join(", ", refused)} refused the key.");
        var noted = (string)await running.ValueAsync("""
            select coalesce(string_agg(distinct endpoint, E'\n'), '') from host.act
             where kind = 'refused' and status = 401 and who = '' and means = 'nobody' and address <> ''
            """);
        Assert.Equal("", string.Join(", ", refused.Except(noted.Split('\n'))));
        Assert.Equal(0, await running.NumberAsync(
            "select count(*) from host.act where to_jsonb(act)::text like '%secret%'"));
    }

    [Fact]
    public async Task Flood_IsOneRow_AndAGoodKeyIsNone()
    {
        await FlushAsync();
        var before = await CountAsync();
        using var stranger = running.Client(Wrong);
        for (var tries = 0; tries < 300; tries++)
            using (var answer = await stranger.GetAsync(new Uri("/v1/models", UriKind.Relative), Ct))
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        for (var tries = 0; tries < 20; tries++)
            using (var answer = await running.Caller.GetAsync(new Uri("/v1/models", UriKind.Relative), Ct))
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await FlushAsync();
        var after = await CountAsync();
        Assert.Equal(300, after.Times - before.Times);
        Assert.InRange(after.Rows - before.Rows, 1, 2); // two where a minute ended meanwhile
    }

    private async Task<(long Rows, long Times)> CountAsync()
    {
        const string of = "from host.act where endpoint = 'GET /v1/models' and kind = 'refused'";
        return (await running.NumberAsync($"select count(*) {of}"),
            await running.NumberAsync($"select coalesce(sum(times), 0)::bigint {of}"));
    }

    private Task<int> FlushAsync() => running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
}
