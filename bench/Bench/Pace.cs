using System.Diagnostics;
using System.Net;
using System.Text;

namespace Guerdon.Bench;

/// <summary>An open-loop load: requests leave by the clock, and each one's first byte is timed from when it was due.</summary>
internal static class Pace
{
    public static async Task<(double P50, double P99)> RunAsync(
        string url, IReadOnlyList<string> keys, string text, int perSecond, int seconds)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false, ActivityHeadersPropagator = null };
        using var invoker = new HttpMessageInvoker(handler);
        var target = new Uri($"{url}/v1/chat/completions");
        var body = Encoding.UTF8.GetBytes(text);
        await OneAsync(0);

        var times = new List<Task<double>>();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * seconds;)
        {
            var due = Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond;
            for (; i < due && i < perSecond * seconds; i++) times.Add(OneAsync(i));
            await Task.Delay(1);
        }

        var sorted = (await Task.WhenAll(times)).Skip(times.Count / 4).Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);

        async Task<double> OneAsync(int i)
        {
            var start = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {keys[i % keys.Count]}");
            using var answer = await invoker.SendAsync(request, default);
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{url}: {answer.StatusCode}");
            await answer.Content.CopyToAsync(Stream.Null);
            return first;
        }
    }
}
