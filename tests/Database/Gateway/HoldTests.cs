using System.Text;
using System.Text.Json;
using Dapper;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Stops;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Gateway;

/// <summary>The rule of docs/holds.md end to end: what goes out is bounded, what breaks the bound is stopped.</summary>
public sealed class HoldTests : IAsyncLifetime
{
    private const string Messages = "/v1/messages";
    private const string Stops = "/api/v1/gateway-stops";
    private const string Search = "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]";

    private static readonly byte[] Short = Encoding.UTF8.GetBytes(
        """{"type":"message","model":"claude-haiku-4-5","content":[],"usage":{"input_tokens":10,"output_tokens":5}}""");

    // A hundred times the cap.
    private static readonly byte[] Broken = Encoding.UTF8.GetBytes("""
        {"type":"message","model":"claude-haiku-4-5","content":[],"usage":{"input_tokens":10,"output_tokens":4000}}
        """);

    private readonly GatewayServer _gateway = new();
    private readonly RawProvider _raw = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway.Settings["Gateway:Providers:anthropic:BaseUrl"] = _raw.Address;
        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct);
        await _gateway.InitializeAsync();
    }

    [Theory]
    [InlineData("\"fallbacks\":[{\"model\":\"claude-fable-5-1\"}]", "'fallbacks[0].model'")]
    [InlineData("\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"advisor\",\"model\":\"claude-fable-5-1\"}]",
        "'tools[0].model'")]
    public async Task Model_DeniedByPolicy_IsRefusedWhereverItIsNamed(string member, string path)
    {
        var (status, _) = await _gateway.AskAsync(
            HttpMethod.Post, "/api/v1/gateway-policy", "models: {deny: [claude-fable*]}");
        Assert.Equal(200, status);
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);

        using var answer = await _gateway.PostAsync(Messages, key, Body(member));

        Assert.Equal(403, (int)answer.StatusCode);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        Assert.Equal("gateway.model_not_approved", error.GetProperty("code").GetString());
        Assert.Contains(path, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
        Assert.Equal("", _raw.Received);
    }

    [Theory]
    // As many as the policy lets it, whatever the wallet has: fewer would hold no less, since Anthropic's turns go on.
    [InlineData(100_000_000)]
    [InlineData(4_100_000)]
    public async Task Search_Unbounded_GoesOutBounded(long tokens)
    {
        var (key, _) = await _gateway.KeyAsync(tokens);

        using var answer = await _gateway.PostAsync(Messages, key, Body(Search));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("\"max_uses\":5,", _raw.Received, StringComparison.Ordinal);
        Assert.Equal("web_search.max_uses=5", answer.Headers.GetValues("x-guerdon-lowered").Single());
    }

    [Fact]
    public async Task Search_ThatTheWalletDoesNotCover_IsRefusedWithWhatItNeeds()
    {
        var (key, _) = await _gateway.KeyAsync(3_000_000);

        using var answer = await _gateway.PostAsync(Messages, key, Body(Search));

        Assert.Equal(402, (int)answer.StatusCode);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        // Ten turns of 200,000 tokens at 2 USD a million, five fees, and the body.
        Assert.StartsWith("claude-haiku-4-5 needs at least 4,05", error.GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("", _raw.Received);
    }

    [Fact]
    public async Task Cost_BeyondItsHold_IsSaidAndListedWhereTheWalletCoversIt()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        _raw.Answer = (to, ct) => AnswerAsync(to, Broken, ct);

        await AssertSaidAsync(key);

        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct); // another broken one would be a stop of its own
        await UntilAsync(0, key, 200);
        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, Stops);
        Assert.Equal("settled", list.GetProperty("stops")[0].GetProperty("clearedBy").GetString());
        Assert.Equal(20_010_000, (await _gateway.RecordsAsync(wallet))[0].Charged_Milli);
    }

    [Fact]
    public async Task Cost_BeyondItsHold_StopsAWalletThatDoesNotCoverItUntilItIsCleared()
    {
        await _gateway.ScaleAsync(2);
        var (key, wallet) = await _gateway.KeyAsync(10_000);
        var (other, _) = await _gateway.KeyAsync(10_000);
        _raw.Answer = (to, ct) => AnswerAsync(to, Broken, ct);

        var held = await AssertSaidAsync(key);

        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct);
        await AssertStoppedAsync(key, node: 0);
        using (var fine = await _gateway.PostAsync(Messages, other, Body(null), node: 0))
            Assert.Equal(200, (int)fine.StatusCode); // nobody else is
        await UntilAsync(1, key, 402, "gateway.wallet_stopped"); // the other node has heard

        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, Stops);
        var stop = Assert.Single(list.GetProperty("stops").EnumerateArray());
        Assert.Equal((wallet.ToString(), 20_010_000, (long)(held * 1_000)), (stop.GetProperty("wallet").GetString(),
            stop.GetProperty("costMilli").GetInt64(), stop.GetProperty("heldMilli").GetInt64()));
        Assert.Equal(10_000_000, (await _gateway.RecordsAsync(wallet)).Single().Charged_Milli); // all that it had

        Assert.Equal(403, (await _gateway.AskAsync(HttpMethod.Post, $"{Stops}/{wallet}/clear", "{}",
            Guid.CreateVersion7().ToString())).Status);
        var (unnamed, problem) = await _gateway.AskAsync(HttpMethod.Post, $"{Stops}/{wallet}/clear", "{}");
        Assert.Equal((422, "gateway.stops_not_named"), (unnamed, problem.GetProperty("title").GetString()));
        var request = stop.GetProperty("request").GetString();
        var (_, another) = await ClearAsync($"req_{Guid.CreateVersion7():N}"); // what nobody looked at stops it still
        Assert.Equal((0, request), (another.GetProperty("cleared").GetInt64(),
            Assert.Single(another.GetProperty("left").EnumerateArray()).GetString()));
        var (status, cleared) = await ClearAsync(request!);
        Assert.Equal((200, 1L, 0), (status, cleared.GetProperty("cleared").GetInt64(),
            cleared.GetProperty("left").GetArrayLength()));
        for (var node = 0; node < 2; node++) await UntilAsync(node, key, 402, "gateway.wallet_exhausted");
        await _gateway.KeyToAsync(wallet, new(10_000_000));
        await UntilAsync(0, key, 200);
        (_, cleared) = await ClearAsync(request!);
        Assert.Equal(0, cleared.GetProperty("cleared").GetInt64()); // a repeat changes nothing

        Task<(int Status, JsonElement Body)> ClearAsync(string call) => _gateway.AskAsync(
            HttpMethod.Post, $"{Stops}/{wallet}/clear", $$"""{"requests":["{{call}}"]}""");
    }

    // As kill -9 leaves it between the two: the call is booked in whole, and its stop stands.
    [Theory]
    [InlineData(20_000_000, true)]
    [InlineData(10_000, false)] // the wallet did not cover it
    public async Task Stop_WhoseNodeDiedBeforeItWasCleared_IsClearedByTheNextIfItIsPaid(long tokens, bool isPaid)
    {
        var (key, wallet) = await _gateway.KeyAsync(tokens);
        _raw.Answer = (to, ct) => AnswerAsync(to, Broken, ct);
        await AssertSaidAsync(key);
        await _gateway.RecordsAsync(wallet);
        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct);
        if (isPaid) await UntilAsync(0, key, 200);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "update gateway.wallet_stop set cleared_at = null, cleared_by = null where wallet_id = @wallet",
            new { wallet = wallet.Value });

        await _gateway.ScaleAsync(2); // a node starts

        Assert.Equal(isPaid ? "settled" : null, await connection.ExecuteScalarAsync<string>(
            "select cleared_by from gateway.wallet_stop where wallet_id = @wallet", new { wallet = wallet.Value }));
        using var answer = await _gateway.PostAsync(Messages, key, Body(null), node: 1);
        Assert.Equal(isPaid ? 200 : 402, (int)answer.StatusCode);
    }

    // As kill -9 leaves it between the stop and the booking of its call.
    [Theory]
    [InlineData(50_000_000, 20_010_000, true)]
    [InlineData(10_000_000, 10_000_000, false)]
    public async Task Stop_WhoseCallWasNotBooked_IsBookedByTheNextAtItsCost(long granted, long charged, bool isPaid)
    {
        var (key, wallet) = await _gateway.KeyOfAsync(new(granted));
        var (dead, at) = (new HolderId(Guid.CreateVersion7()), TimeProvider.System.UtcMicros().AddSeconds(-5));
        var (lost, other) = (new RequestId(Guid.CreateVersion7()), new RequestId(Guid.CreateVersion7()));
        var drawn = await _gateway.Services.GetRequiredService<LedgerWriter>().PostAsync(new Transfer
        {
            Kind = TransferKind.Draw, Wallet = wallet, Holder = dead, Amount = new(1_000_000), Key = "d",
        }, Ct);
        Assert.True(drawn.Done, $"{drawn.Refused}");
        var journal = _gateway.Services.GetRequiredService<RequestJournal>();
        foreach (var (id, held) in ((RequestId, long)[])[(lost, 400_000), (other, 300_000)])
            await journal.OpenAsync(new(wallet, id, at, dead, Guid.Empty, "claude-haiku-4-5", new(held)));
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("""
            insert into gateway.wallet_stop (request_id, wallet_id, model, held_milli, cost_milli, stopped_at)
            values (@lost, @wallet, 'claude-haiku-4-5', 400000, 20010000, now());
            insert into gateway.node (holder, started_at, lease_until, oldest_open)
            values (@dead, now() - interval '1 hour', now() - interval '1 second', @at - interval '1 minute')
            """, new { lost = lost.Value, wallet = wallet.Value, dead = dead.Value, at });

        await _gateway.Services.GetRequiredService<Reclaim>().RunAsync(new(Guid.CreateVersion7()), Ct);

        var booked = (await connection.QueryAsync<(Guid, long, long, long, short)>("""
            select request_id, cost_milli, cost_nanos, charged_milli, outcome from metering.request
             where wallet_id = @wallet
            """, new { wallet = wallet.Value })).ToDictionary(row => new RequestId(row.Item1));
        Assert.Equal((lost.Value, 20_010_000, 20_010_000, charged - (isPaid ? 0 : 300_000), (short)6), booked[lost]);
        Assert.Equal((other.Value, 300_000, 300_000, 300_000, (short)6), booked[other]); // others' holds come first
        Assert.Equal(0, (await _gateway.SettledBalanceAsync(wallet)).Escrow.Milli);
        await _gateway.Services.GetRequiredService<WalletStops>().ReloadAsync(Ct);
        using var answer = await _gateway.PostAsync(Messages, key, Body(null), node: 0);
        Assert.Equal(isPaid ? 200 : 402, (int)answer.StatusCode);
        await foreach (var finding in VerifyBudgets.RunAsync(_gateway.Db, Ct)) Assert.Fail($"{finding}");
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");

        await using var owner = await _gateway.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync(
            "alter table gateway.wallet_stop disable trigger user; delete from gateway.wallet_stop");
        var found = new List<string>();
        await foreach (var finding in VerifyBudgets.RunAsync(_gateway.Db, Ct)) found.Add($"{finding}");
        Assert.Contains("no stop says why", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfTheAdministratorsOwnWallet_IsAnothersToClear()
    {
        var (key, wallet) = await _gateway.KeyAsync(10_000);
        _raw.Answer = (to, ct) => AnswerAsync(to, Broken, ct);
        await AssertSaidAsync(key);
        await _gateway.RecordsAsync(wallet);
        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, Stops);
        var request = list.GetProperty("stops")[0].GetProperty("request").GetString();
        var known = (AdminCount)_gateway.Services.GetRequiredService<IDeciders>();
        known.Known["second@example.com"] = wallet.Value; // another account of the same person's

        foreach (var own in (string[])[$"admin:ann@example.com:prs_{wallet.Value:N}", "admin:second@example.com"])
            Assert.Equal((403, "gateway.own_stop"), await ClearAsync(own, alone: false));
        known.Count = 1;
        Assert.Equal((403, "gateway.own_stop"), await ClearAsync("admin:second@example.com", alone: true));
        _gateway.Services.GetRequiredService<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        Assert.Equal((403, "gateway.own_stop"), await ClearAsync("admin:second@example.com", alone: false));
        known.Count = 2;
        Assert.Equal((403, "gateway.own_stop"), await ClearAsync("admin:second@example.com", alone: true));
        await AssertStoppedAsync(key, node: 0);
        known.Count = 1;
        Assert.Equal(200, (await ClearAsync("admin:second@example.com", alone: true)).Status);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        var cleared = await connection.QuerySingleAsync<(string, Guid, bool)>(
            "select cleared_by, cleared_by_person, cleared_alone from gateway.wallet_stop");
        Assert.Equal(("second@example.com", wallet.Value, true), cleared);

        async Task<(int Status, string? Code)> ClearAsync(string caller, bool alone)
        {
            var (status, said) = await _gateway.AskAsync(HttpMethod.Post, $"{Stops}/{wallet}/clear",
                $$"""{"requests":["{{request}}"],"alone":{{(alone ? "true" : "false")}}}""", caller);
            return (status, status == 200 ? null : said.GetProperty("title").GetString());
        }
    }

    [Fact]
    public async Task Cost_BeyondItsHold_IsSettledThoughItsStopCouldNotBeWrittenAtOnce()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        _raw.Answer = (to, ct) => AnswerAsync(to, Broken, ct);
        await using var connection = await _gateway.OwnerDb.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("alter table gateway.wallet_stop rename to wallet_stop_away");

        await AssertSaidAsync(key);
        Assert.Equal(20_010_000, (await _gateway.RecordsAsync(wallet))[0].Charged_Milli);
        await connection.ExecuteAsync("alter table gateway.wallet_stop_away rename to wallet_stop");

        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct);
        await UntilAsync(0, key, 200); // and nobody had to clear it
        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, Stops);
        Assert.Equal("settled", list.GetProperty("stops")[0].GetProperty("clearedBy").GetString());
    }

    [Fact]
    public async Task Costs_BeyondTheHoldsOfCallsThatEndAtOnce_AreAllChargedInWhole()
    {
        const int calls = 40;
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        var (came, all) = (0, new TaskCompletionSource());
        _raw.Answer = async (to, ct) =>
        {
            if (Interlocked.Increment(ref came) == calls) all.SetResult();
            await all.Task.WaitAsync(ct);
            await AnswerAsync(to, Broken, ct);
        };

        await Task.WhenAll(Enumerable.Range(0, calls).Select(async _ =>
        {
            using var answer = await _gateway.PostAsync(Messages, key, Body(null), node: 0);
            Assert.Equal(200, (int)answer.StatusCode);
        }));

        var records = await _gateway.RecordsAsync(wallet, calls);
        Assert.Equal(Enumerable.Repeat(20_010_000L, calls), records.Select(record => record.Charged_Milli));
        _raw.Answer = (to, ct) => AnswerAsync(to, Short, ct);
        await UntilAsync(0, key, 200);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("context-1m-2025-08-07", false)]
    public async Task Window_ThatAHeaderAsksFor_IsHeld(string? beta, bool isBeyond)
    {
        // 700,000 tokens of input, where the row has a window of 200,000.
        var answer = Encoding.UTF8.GetString(Short).Replace(":10,", ":700000,", StringComparison.Ordinal);
        _raw.Answer = (to, ct) => AnswerAsync(to, Encoding.UTF8.GetBytes(answer), ct);
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.NodeAddress(0), Messages))
        {
            Content = new StringContent(
                Body(null).Replace("Hi", new string('x', 710_000), StringComparison.Ordinal), Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Add("x-api-key", key);
        if (beta is not null) request.Headers.Add("anthropic-beta", ["files-api-2025-04-14", beta]);

        using var said = await _gateway.Http.SendAsync(request, Ct);

        Assert.Equal(200, (int)said.StatusCode);
        Assert.Equal("700025.000", said.Headers.GetValues("x-guerdon-charge").Single());
        Assert.Equal(isBeyond, said.Headers.Contains("x-guerdon-beyond-hold"));
    }

    // 10 in at 1 and 4,000 out at 5 USD a million; held were the body's bytes and 40 tokens out.
    private async Task<decimal> AssertSaidAsync(string key)
    {
        using var beyond = await _gateway.PostAsync(Messages, key, Body(null), node: 0);
        Assert.Equal(200, (int)beyond.StatusCode);
        Assert.Equal("0.020010", beyond.Headers.GetValues("x-guerdon-cost-usd").Single());
        Assert.Equal("20010.000", beyond.Headers.GetValues("x-guerdon-charge").Single());
        var held = decimal.Parse(beyond.Headers.GetValues("x-guerdon-beyond-hold").Single(),
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(held, 1, 20_009);
        return held;
    }

    private async Task AssertStoppedAsync(string key, int node)
    {
        using var stopped = await _gateway.PostAsync(Messages, key, Body(null), node: node);
        Assert.Equal(402, (int)stopped.StatusCode);
        var error = JsonElement.Parse(await stopped.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        Assert.Equal("gateway.wallet_stopped", error.GetProperty("code").GetString());
        Assert.Contains("cost 20,010", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task UntilAsync(int node, string key, int status, string code = "")
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await _gateway.PostAsync(Messages, key, Body(null), node: node);
            var text = await answer.Content.ReadAsStringAsync(Ct);
            if ((int)answer.StatusCode == status && text.Contains(code, StringComparison.Ordinal)) return;
            Assert.True(tries < 200, $"it is still {(int)answer.StatusCode}: {text}");
            await Task.Delay(50, Ct);
        }
    }

    private static string Body(string? more) =>
        """{"model":"claude-haiku-4-5","max_tokens":40,"messages":[{"role":"user","content":"Hi"}]"""
        + (more is null ? "}" : $",{more}}}");

    private static async Task AnswerAsync(System.Net.Sockets.NetworkStream to, byte[] body, CancellationToken ct)
    {
        await to.WriteAsync(RawProvider.Head(body.Length), ct);
        await to.WriteAsync(body, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _raw.DisposeAsync();
    }
}
