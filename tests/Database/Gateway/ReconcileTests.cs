using System.Globalization;
using System.Text.Json;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;

namespace Guerdon.Database.Gateway;

/// <summary>A call whose provider gave no usage, from the caller to the correction.</summary>
public sealed class ReconcileTests : IAsyncLifetime
{
    private const string Path = "/api/v1/reconciliation";
    private const string Chat =
        """{"model":"gpt-6-luna","max_tokens":400,"messages":[{"role":"user","content":"Explain the plan."}]}""";

    private readonly GatewayServer _gateway = new();
    private readonly AheadClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _gateway.Clock = _clock;
        return _gateway.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<JsonElement> PostAsync(string path, string body, string caller = "admin")
    {
        var (status, reply) = await _gateway.AskAsync(HttpMethod.Post, Path + path, body, caller);
        Assert.True(status == 200, $"{status} {reply}");
        return reply;
    }

    [Fact]
    public async Task Call_WithoutUsage_IsChargedWhatTheProviderReports()
    {
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);
        using (var answer = await _gateway.PostAsync("/v1/chat/completions", key, Chat, "no-usage"))
            await answer.Content.ReadAsStringAsync(Ct);
        var booked = Assert.Single(await _gateway.RecordsAsync(wallet));
        Assert.Equal((short)RecordState.Estimated, booked.State);
        var before = await _gateway.SettledBalanceAsync(wallet);

        // Two days in one bucket: the call may be made at midnight.
        var today = _clock.GetUtcNow().UtcDateTime.Date;
        var starts = new DateTimeOffset(today.AddDays(-1), TimeSpan.Zero).ToUnixTimeSeconds();
        var (input, output) = (booked.Input + 3, Math.Max(1, booked.Output - 2));
        var report = string.Create(CultureInfo.InvariantCulture, $$"""
            {"object": "page", "data": [{"object": "bucket", "start_time": {{starts}},
              "end_time": {{starts + 3 * 86_400}}, "results": [
              {"object": "organization.usage.completions.result", "input_tokens": {{input}},
               "output_tokens": {{output}}, "num_model_requests": 1, "model": "gpt-6-luna"}]}]}
            """);
        _clock.Ahead = TimeSpan.FromDays(3);
        await PostAsync("/reports", report);
        var preview = await PostAsync("/preview", """{"provider": "openai"}""");
        await PostAsync($"/{preview.GetProperty("id").GetString()}/apply", "{}", "admin:approver");

        var due = _gateway.ChargeMilli("gpt-6-luna", new() { Input = input, Output = output });
        await using var command = _gateway.Db.CreateCommand(
            "select available_milli + escrow_milli, spent_milli from ledger.v_balance where wallet_id = $1");
        command.Parameters.Add(new() { Value = wallet.Value });
        await using var row = await command.ExecuteReaderAsync(Ct);
        Assert.True(await row.ReadAsync(Ct));
        Assert.Equal((1_000_000_000 - due, due), (row.GetInt64(0), row.GetInt64(1)));
        Assert.NotEqual(before.Spent.Milli, due);
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
