using System.Net;
using System.Text.Json;
using Guerdon.Web.Wallets;

namespace Guerdon.Database.Host;

/// <summary>Streams that keep pages current: a person has some of them, and never takes those of others.</summary>
public sealed class LiveStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_BeyondOnePersonsMost_AreRefusedUntilOneEnds()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var (own, other) = (await SessionAsync(client, RealApp.Admin), await SessionAsync(client, RealApp.Other));
        var open = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < LiveStreams.MostOfOne; i++)
            {
                open.Add(await AskAsync(client, own));
                Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
            }

            using (var refused = await AskAsync(client, own))
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
                Assert.Equal(LiveStreams.RetryAfter, refused.Headers.RetryAfter!.Delta);
                var problem = JsonElement.Parse(await refused.Content.ReadAsStringAsync(Ct));
                Assert.Equal("web.live_streams", problem.GetProperty("title").GetString());
                Assert.Contains("12", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }

            open.Add(await AskAsync(client, other));
            Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);

            open[0].Dispose(); // a page is closed
            await OpensAsync(client, own, open);
        }
        finally
        {
            foreach (var one in open) one.Dispose();
        }
    }

    [Fact]
    public void Streams_OfAll_EndAtTheServersMost()
    {
        var streams = new LiveStreams(most: 3);
        var people = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToList();
        for (var i = 0; i < 3; i++) Assert.Null(streams.TryOpen(people[i]));

        var no = streams.TryOpen(people[3]);
        Assert.Equal(("web.live_streams", 429), (no!.Refusal.Code, no.Refusal.Status));
        Assert.Contains("This server has 3 open", no.Detail, StringComparison.Ordinal);

        streams.Close(people[0]);
        Assert.Null(streams.TryOpen(people[3]));
        Assert.NotNull(streams.TryOpen(people[0]));
    }

    // The server hears within a moment that the page is gone.
    private static async Task OpensAsync(HttpClient client, string session, List<HttpResponseMessage> open)
    {
        for (var tries = 0; ; tries++)
        {
            var again = await AskAsync(client, session);
            open.Add(again);
            if (again.StatusCode == HttpStatusCode.OK) return;
            Assert.True(tries < 100, "A stream that ended still counts.");
            await Task.Delay(100, Ct);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string session)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri("/live/wallets/wal_00000000000070008000000000000001", UriKind.Relative));
        request.Headers.Add("Cookie", session);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    private static async Task<string> SessionAsync(HttpClient client, string email)
    {
        using var answer = await RealApp.SignInAsync(client, email, RealApp.Password);
        return RealApp.Cookie(answer, "guerdon")!;
    }
}
