using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Guerdon.Metering;

namespace Guerdon.Chaos;

/// <summary>Many callers at once, who take failures as they come and remember which of their requests were
/// answered.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Callers = 32;
    private static readonly int[] Expected = [200, 402, 429, 503];

    private readonly HttpClient _http;
    private readonly IReadOnlyList<string> _keys;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private int _failures;

    public Load(Uri gateway, IReadOnlyList<string> keys, int seed)
    {
        _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        _keys = keys;
        _running = Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAsync(new Random(
            seed + i)))));
    }

    /// <summary>Requests whose whole answer, a 200, arrived.</summary>
    public ConcurrentBag<RequestId> Answered { get; } = [];

    /// <summary>How many answers of each status came.</summary>
    public ConcurrentDictionary<int, int> Statuses { get; } = [];

    /// <summary>Statuses that no disaster explains, with their bodies.</summary>
    public ConcurrentBag<string> Unexpected { get; } = [];

    public override string ToString() =>
        $"{Answered.Count} answered, {_failures} broken off; "
        + string.Join(", ", Statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"));

    /// <summary>Waits until the gateway answers again.</summary>
    // What was in flight before the disaster may still be answered; a caller's worth each is not counted.
    public async Task AssertServesAgainAsync(GatewayProcess gateway, TimeSpan within)
    {
        var since = Stopwatch.StartNew();
        var before = Answered.Count;
        var again = await Scene.WithinAsync(
            within, 1, () => Task.FromResult(Answered.Count > before + Callers + 8 ? 1L : 0L));
        Assert.True(again == 1, $"It did not serve again within {within}: {this}\n{gateway.LastWords}");
        TestContext.Current.TestOutputHelper?.WriteLine($"Served again after {since.ElapsedMilliseconds} ms.");
    }

    /// <summary>No new requests; what is in flight ends.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        TestContext.Current.TestOutputHelper?.WriteLine(ToString());
    }

    private async Task CallAsync(Random random)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await CallOnceAsync(random);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                Interlocked.Increment(ref _failures);
                await Task.Delay(50);
            }
        }
    }

    private async Task CallOnceAsync(Random random)
    {
        var stream = random.Next(2) == 0;
        var directives = $"latency={random.Next(300)}; chunk-delay={random.Next(8)}; tokens={random.Next(20, 200)}";
        var body = $$"""
            {"model":"gpt-6-luna","max_tokens":{{random.Next(200, 2_000)}},"stream":{{(stream ? "true" : "false")}},
             "messages":[{"role":"user","content":"Explain. [{{directives}}]"}]}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys[random.Next(_keys.Count)]);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var text = await answer.Content.ReadAsStringAsync();
        var status = (int)answer.StatusCode;
        Statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        if (!Expected.Contains(status)) Unexpected.Add($"{status} {text}");
        if (status != 200)
        {
            await Task.Delay(100); // a client that is refused does not hammer
            return;
        }

        var isWhole = !stream || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        if (!isWhole) Unexpected.Add($"A stream ended without its end: {text[^Math.Min(text.Length, 200)..]}");
        if (!RequestId.TryParse(answer.Headers.GetValues("x-guerdon-request-id").Single(), out var id))
            Unexpected.Add("An answer had no request id.");
        Answered.Add(id);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _http.Dispose();
        _stopping.Dispose();
    }
}
