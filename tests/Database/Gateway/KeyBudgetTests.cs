using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>A key's budget is exact over any number of nodes, and no call is refused for what another node does not
/// use.</summary>
public sealed class KeyBudgetTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Model = "gpt-6-luna";
    private const string Exhausted = "gateway.key_budget_exhausted";
    private const string InFlight = "gateway.key_budget_in_flight";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Calls_OnSeveralNodesAtOnce_SpendTheBudgetAndNoMore(int nodes)
    {
        await gateway.ScaleAsync(nodes);
        var budget = new Tokens(3_000_000);
        var (key, id, wallet) = await KeyAsync(budget);
        var codes = new ConcurrentBag<string>();
        const int most = 200; // of which the budget pays for a few: a limit that does not hold is to fail, not to go on

        await Task.WhenAll(Enumerable.Range(0, nodes * 3).Select(async i =>
        {
            for (var calls = 0; calls < most; calls++)
            {
                var code = await CallAsync(key, Body(400, 200), i % nodes);
                codes.Add(code);
                if (code == Exhausted) return;
                if (code != "200") await Task.Delay(100, Ct);
            }
        }));

        Assert.Subset(new HashSet<string>(["200", Exhausted, InFlight]), codes.ToHashSet());
        var records = await gateway.RecordsAsync(wallet, codes.Count(code => code == "200"));
        var charged = records.Sum(r => r.Charged_Milli);
        Assert.InRange(charged, budget.Milli - Hold(Body(400, 200), 400).Milli, budget.Milli);
        Assert.Empty(await VerifyAsync()); // while nodes have some in hand
        Assert.Equal(charged, await TakenAsync(id));
        Assert.Empty(await VerifyAsync());
        Assert.Equal(0, await NumberAsync("select coalesce(sum(share_milli), 0)::bigint from gateway.key_share "
            + "where key_id = @id", id));
    }

    [Fact]
    public async Task Budget_IsIdleAtAnotherNode_IsThere()
    {
        await gateway.ScaleAsync(2);
        for (var tries = 0; tries < 3; tries++)
        {
            // All of it goes to the first node, which then uses little.
            var (key, id, _) = await KeyAsync(Hold(Body(4_000, 20), 4_000));
            Assert.Equal("200", await CallAsync(key, Body(4_000, 20), node: 0));
            Assert.Equal(Hold(Body(4_000, 20), 4_000).Milli, await NumberAsync(TakenSql, id));

            using var second = await gateway.PostAsync("/v1/chat/completions", key, Body(3_000, 20), node: 1);
            Assert.Equal(200, (int)second.StatusCode);
            Assert.False(second.Headers.Contains("x-guerdon-capped-to"));
        }
    }

    [Fact]
    public async Task Budget_IsHeldByACallInFlight_SaysToComeBack()
    {
        await gateway.ScaleAsync(2);
        var (key, _, wallet) = await KeyAsync(Hold(Body(400, 20), 400));
        var slow = CallAsync(key, Body(400, 20, latency: 5_000), node: 0);
        await gateway.OpenedAsync(wallet, slow);

        Assert.Equal(InFlight, await CallAsync(key, Body(400, 20), node: 1));
        Assert.Equal("200", await slow);
        Assert.Equal("200", await CallAsync(key, Body(300, 20), node: 1));
    }

    [Fact]
    public async Task Output_BudgetCoversLess_IsCapped()
    {
        await gateway.ScaleAsync(1);
        var (key, _, wallet) = await KeyAsync(Hold(Body(4_000, 6_000), 900));

        using var answer = await gateway.PostAsync("/v1/chat/completions", key, Body(4_000, 6_000));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("900", Assert.Single(answer.Headers.GetValues("x-guerdon-capped-to")));
        await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(900, Assert.Single(await gateway.RecordsAsync(wallet)).Output);
        Assert.Equal(Exhausted, await CallAsync(key, Body(4_000, 20)));
    }

    [Fact]
    public async Task Budget_IsRaisedAndLowered_HoldsOnEveryNode()
    {
        await gateway.ScaleAsync(2);
        var (key, id, wallet) = await KeyAsync(Hold(Body(400, 20), 400) + Hold(Body(400, 20), 100));
        Assert.Equal("200", await CallAsync(key, Body(400, 20), node: 0));
        Assert.Equal("200", await CallAsync(key, Body(400, 20), node: 1));

        await SetAsync(id, 1); // less than was spent, and each node has some in hand
        Assert.Equal(Exhausted, await CallAsync(key, Body(400, 20), node: 0));
        Assert.Equal(Exhausted, await CallAsync(key, Body(400, 20), node: 1));

        await SetAsync(id, 100_000_000);
        Assert.Equal("200", await CallAsync(key, Body(400, 20), node: 0));
        Assert.Equal("200", await CallAsync(key, Body(400, 20), node: 1));
        Assert.Equal((await gateway.RecordsAsync(wallet, 4)).Sum(r => r.Charged_Milli), await TakenAsync(id));
    }

    [Fact]
    public async Task Node_IsDead_WhatItDidNotSpendComesBackOnce()
    {
        await gateway.ScaleAsync(2);
        var (key, id, wallet) = await KeyAsync(new Tokens(50_000_000));
        Assert.Equal("200", await CallAsync(key, Body(400, 20), node: 0));
        var charged = Assert.Single(await gateway.RecordsAsync(wallet)).Charged_Milli;

        // A node of which only its rows are left: it had told of 100 and had 1,000 in hand, of which it spent nothing.
        var dead = Guid.CreateVersion7();
        await using var connection = await gateway.Db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("""
            insert into gateway.node (holder, started_at, lease_until, oldest_open)
            values (@dead, now() - interval '1 hour', now() - interval '1 minute', now() - interval '1 hour');
            insert into gateway.key_share (key_id, holder, share_milli, told_milli, turn)
            values (@id, @dead, 1000, 100, 7);
            update gateway.key_budget set taken_milli = taken_milli + 1100 where key_id = @id
            """, new { dead, id = id.Value });
        for (var tries = 0; tries < 200 && await NumberAsync(
            "select count(*) from gateway.key_share where key_id = @id and turn = 7", id) > 0; tries++)
            await Task.Delay(100, Ct);

        Assert.Equal(charged, await TakenAsync(id));
    }

    // By whoever has the application's password, so that a key may spend more than its budget.
    [Theory]
    [InlineData("update gateway.key_budget set taken_milli = 0 where key_id = @id",
        "0 milli-tokens of it are taken; nodes have or spent")]
    [InlineData("update gateway.key_budget set taken_milli = taken_milli + 1 where key_id = @id", "are taken")]
    [InlineData("update gateway.key_share set told_milli = told_milli + 1 where key_id = @id", "are taken")]
    [InlineData("update gateway.key_share set share_milli = share_milli * 2 + 1 where key_id = @id", "are taken")]
    [InlineData("delete from gateway.key_budget where key_id = @id", "it is gone, and nodes have or spent")]
    [InlineData("delete from gateway.key_share where key_id = @id", "are taken")]
    public async Task Verify_BudgetChangedByHand_IsFound(string edit, string what)
    {
        await gateway.ScaleAsync(1);
        var (key, id, wallet) = await KeyAsync(new Tokens(50_000_000));
        Assert.Equal("200", await CallAsync(key, Body(400, 20)));
        await gateway.RecordsAsync(wallet);
        Assert.Empty(await VerifyAsync());

        var values = new { id = id.Value };
        await using var owner = await gateway.Database.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync("""
            create temp table budget as select * from gateway.key_budget where key_id = @id;
            create temp table share as select * from gateway.key_share where key_id = @id
            """, values);
        Assert.True(await owner.ExecuteAsync(edit, values) > 0);
        var found = await VerifyAsync();
        await owner.ExecuteAsync("""
            delete from gateway.key_budget where key_id = @id; insert into gateway.key_budget select * from budget;
            delete from gateway.key_share where key_id = @id; insert into gateway.key_share select * from share;
            drop table budget, share
            """, values);
        Assert.Contains($"gateway.key_budget (key_id={id.Value})", Assert.Single(found), StringComparison.Ordinal);
        Assert.Contains(what, found[0], StringComparison.Ordinal);
        Assert.Empty(await VerifyAsync());
    }

    private async Task<List<string>> VerifyAsync()
    {
        var found = new List<string>();
        await foreach (var finding in VerifyBudgets.RunAsync(gateway.Db, Ct)) found.Add($"{finding}");
        return found;
    }

    private const string TakenSql = "select taken_milli from gateway.key_budget where key_id = @id";

    // Once every node has given back what it does not use.
    private async Task<long> TakenAsync(KeyId id)
    {
        foreach (var node in gateway.Nodes)
        {
            var budgets = node.GetRequiredService<KeyBudgets>();
            while (budgets.UnderWay > 0) await Task.Delay(10, Ct);
            await budgets.ReturnIdleAsync(all: true);
        }

        return await NumberAsync(TakenSql, id);
    }

    private async Task<long> NumberAsync(string sql, KeyId id)
    {
        await using var connection = await gateway.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, new { id = id.Value });
    }

    private async Task SetAsync(KeyId id, long milli)
    {
        await using var connection = await gateway.Database.OwnerDb.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "update gateway.key set budget_milli = @milli where key_id = @id", new { id = id.Value, milli });
        foreach (var node in gateway.Nodes) node.GetRequiredService<KeyRing>().Forget(id); // or within half a minute
    }

    private async Task<(string Key, KeyId Id, WalletId Wallet)> KeyAsync(Tokens budget)
    {
        var (_, wallet) = await gateway.KeyAsync(100_000);
        var made = await gateway.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            wallet, new(null, "budget", null, budget.Milli, null), Ct);
        return (made.Key, made.Id, wallet);
    }

    private async Task<string> CallAsync(string key, string body, int node = 0)
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", key, body, node: node);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        return answer.IsSuccessStatusCode
            ? "200"
            : JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString()!;
    }

    private static string Body(int cap, int tokens, int latency = 0) => $$"""
        {"model":"{{Model}}","max_tokens":{{cap}},
         "messages":[{"role":"user","content":"Explain. [tokens={{tokens}}; latency={{latency}}]"}]}
        """;

    private Tokens Hold(string body, int cap)
    {
        const int template = 256; // CallBounds adds it to the body's bytes
        var book = gateway.Services.GetRequiredService<PriceBook>();
        var now = TimeProvider.System.GetUtcNow();
        return Cost.AtMost(book.Find(Model, now)!, body.Length + template, cap, book.TokenValueAt(now)).Charge;
    }
}
