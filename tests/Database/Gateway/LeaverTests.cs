using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Audit;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>Keys of people who have left: from the end of their last day they open nothing, on any node.</summary>
public sealed class LeaverTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";

    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":50,"messages":[{"role":"user","content":"Explain. [tokens=20]"}]}""";

    private readonly MovedClock _clock = new();
    private readonly GatewayServer _gateway;
    private int _people;

    public LeaverTests()
    {
        _gateway = new GatewayServer { Clock = _clock };
        // What is idle stays for as long as no test waits: what is returned sooner is since its owner left.
        _gateway.Settings["Gateway:Admission:ReturnAfter"] = "00:00:40";
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    public ValueTask InitializeAsync() => _gateway.InitializeAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task LeftOn_ImportedAsYesterday_KeysRefuseOnEveryNodeAndEscrowGoesHomeAtOnce()
    {
        await _gateway.ScaleAsync(2);
        var (email, key, wallet) = await HireAsync(null);
        foreach (var node in new[] { 0, 1 }) Assert.Equal("200", await CallAsync(key, node));
        Assert.True(await EscrowAsync(wallet) > 0);

        await ImportAsync(email, Today.AddDays(-8));

        var calls = 2;
        foreach (var node in new[] { 0, 1 })
            await Eventually(TimeSpan.FromSeconds(3) + GatewayServer.Busy, async () =>
            {
                var outcome = await CallAsync(key, node);
                if (outcome == "200") calls++;
                return outcome == "gateway.owner_left";
            });
        await Eventually(TimeSpan.FromSeconds(3) + GatewayServer.Busy, async () => await EscrowAsync(wallet) == 0);
        Assert.Equal(calls, (await _gateway.RecordsAsync(wallet, calls)).Count);
        using var refused = await _gateway.PostAsync(Chat, key, Body);
        Assert.Contains(
            $"last day of whoever this key belongs to was {Today.AddDays(-8):yyyy-MM-dd} (UTC)",
            await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        await ImportAsync(email, null); // the date was wrong
        await Eventually(TimeSpan.FromSeconds(3) + GatewayServer.Busy, async () => await CallAsync(key, 0) == "200");
    }

    [Fact]
    public async Task LeftOn_ImportedWhileACallIsUnderWay_TheRestGoesHomeWhenItEnds()
    {
        var (email, key, wallet) = await HireAsync(null);
        var slow = _gateway.PostAsync(Chat, key, Body, "latency=1500");
        await _gateway.OpenedAsync(wallet, slow, 1);

        await ImportAsync(email, Today.AddDays(-1));

        using var answer = await slow;
        Assert.Equal(200, (int)answer.StatusCode);
        await Eventually(TimeSpan.FromSeconds(3) + GatewayServer.Busy, async () => await EscrowAsync(wallet) == 0);
        Assert.True(Assert.Single(await _gateway.RecordsAsync(wallet)).Charged_Milli > 0);
    }

    [Fact]
    public async Task LastDay_EndsWhileTheKeyIsInMemory_CallUnderWayIsChargedAndTheNextRefused()
    {
        await _gateway.ScaleAsync(2);
        _clock.Ahead = Today.AddDays(1).ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc) - _clock.GetUtcNow();
        var last = Today;
        var (_, key, wallet) = await HireAsync(last);
        foreach (var node in new[] { 0, 1 }) Assert.Equal("200", await CallAsync(key, node));
        var queries = Queries();
        var slow = _gateway.PostAsync(Chat, key, Body, "latency=1500", node: 0);
        await _gateway.OpenedAsync(wallet, slow, 3);

        _clock.Ahead += AccessEnd.After(last) - _clock.GetUtcNow(); // the very first moment after
        var refused = new[] { await CallAsync(key, 0), await CallAsync(key, 1) };
        using var answer = await slow;

        Assert.Equal(["gateway.owner_left", "gateway.owner_left"], refused);
        Assert.Equal(200, (int)answer.StatusCode);
        var records = await _gateway.RecordsAsync(wallet, 3);
        Assert.Equal(3, records.Count);
        Assert.All(records, record => Assert.True(record.Charged_Milli > 0));
        await Eventually(TimeSpan.FromSeconds(10) + GatewayServer.Busy, async () => await EscrowAsync(wallet) == 0);
        Assert.InRange(Queries() - queries, 0, 2); // keys are read again in turn, never for a refusal
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail(finding.ToString());
    }

    [Fact]
    public async Task LastDay_IsAhead_KeysWorkAndAreMadeUntilThen()
    {
        var (email, key, wallet) = await HireAsync(Today.AddDays(1));
        Assert.Equal("200", await CallAsync(key, 0));
        Assert.Equal(201, await MakeKeyAsync(wallet, $"{new PersonId(wallet.Value)}"));
        Assert.Equal(404, await MakeKeyAsync(wallet, "admin")); // nobody makes a key that spends another's tokens

        await ImportAsync(email, Today);
        await Task.Delay(300, Ct);
        Assert.Equal("200", await CallAsync(key, 0)); // the day itself
        Assert.Equal(201, await MakeKeyAsync(wallet, $"{new PersonId(wallet.Value)}"));

        await ImportAsync(email, Today.AddDays(-1));
        Assert.Equal(409, await MakeKeyAsync(wallet, $"{new PersonId(wallet.Value)}"));
    }

    [Fact]
    public async Task Share_OfALeaversKey_GoesBackToItsBudget()
    {
        var (email, _, wallet) = await HireAsync(null);
        var made = await _gateway.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            wallet, new(null, "tight", null, 5_000_000, null), Ct);
        Assert.Equal("200", await CallAsync(made.Key, 0));
        Assert.True(await ShareAsync(made.Id) > 0);

        await ImportAsync(email, Today.AddDays(-1));

        await Eventually(TimeSpan.FromSeconds(3) + GatewayServer.Busy, async () => await ShareAsync(made.Id) == 0);
        var charged = Assert.Single(await _gateway.RecordsAsync(wallet)).Charged_Milli;
        Assert.Equal(charged, await NumberAsync(
            "select taken_milli from gateway.key_budget where key_id = @id", made.Id.Value));
    }

    private long Queries() => _gateway.Nodes.Sum(node => node.GetRequiredService<KeyRing>().Load.Queries);

    private async Task<(string Email, string Key, WalletId Wallet)> HireAsync(DateOnly? leftOn)
    {
        var email = $"leaver{++_people}@example.com";
        await ImportAsync(email, leftOn);
        var person = (await new PeopleDirectory(_gateway.Db).FindAsync(email, Ct))!;
        var wallet = new WalletId(person.Id.Value);
        return (email, await _gateway.KeyToAsync(wallet, new Tokens(100_000_000)), wallet);
    }

    private async Task ImportAsync(string email, DateOnly? leftOn)
    {
        var csv = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
            + $"{email},Lee Ver,Ops,Engineer,L4,US,CC,2020-01-01,"
            + $"{leftOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)},1,1,USD\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var reply = await ImportPeople.RunAsync(stream, false, _gateway.Db, _clock, Ct);
        Assert.Empty(reply.Errors);
    }

    private async Task<string> CallAsync(string key, int node)
    {
        using var answer = await _gateway.PostAsync(Chat, key, Body, node: node);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        return answer.IsSuccessStatusCode
            ? "200" : JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString()!;
    }

    private async Task<int> MakeKeyAsync(WalletId wallet, string caller)
    {
        var body = $$"""{"person":"{{new PersonId(wallet.Value)}}","name":"more"}""";
        return (await _gateway.AskAsync(HttpMethod.Post, "/api/v1/keys", body, caller)).Status;
    }

    private Task<long> EscrowAsync(WalletId wallet) => NumberAsync(
        "select coalesce(sum(escrow_milli), 0)::bigint from ledger.v_balance where wallet_id = @id", wallet.Value);

    private Task<long> ShareAsync(KeyId key) => NumberAsync(
        "select coalesce(sum(share_milli), 0)::bigint from gateway.key_share where key_id = @id", key.Value);

    private async Task<long> NumberAsync(string sql, Guid id)
    {
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, new { id });
    }

    private static async Task Eventually(TimeSpan within, Func<Task<bool>> isSo)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(50, Ct))
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < within, $"not within {within}");
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
