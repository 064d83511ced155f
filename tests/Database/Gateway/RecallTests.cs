using System.Diagnostics;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>Escrow that one node does not use is there for another; a small wallet is not held by one call.</summary>
public sealed class RecallTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Model = "gpt-6-luna";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admit_EscrowIsIdleAtAnotherNode_IsThereWithin250Ms()
    {
        await gateway.ScaleAsync(2);
        var fastest = TimeSpan.MaxValue;
        for (var tries = 0; tries < 5; tries++)
        {
            // All of the wallet goes to the first node, which then uses little of it.
            var (key, wallet) = await gateway.KeyOfAsync(await HoldAsync(Body(4_000)));
            using var first = await gateway.PostAsync("/v1/chat/completions", key, Body(4_000), node: 0);
            Assert.Equal(200, (int)first.StatusCode);

            var watch = Stopwatch.StartNew();
            using var second = await gateway.PostAsync("/v1/chat/completions", key, Body(3_000), node: 1);
            if (watch.Elapsed < fastest) fastest = watch.Elapsed;
            Assert.Equal(200, (int)second.StatusCode);
            Assert.False(second.Headers.Contains("x-guerdon-capped-to"));
            Assert.Equal(2, (await gateway.RecordsAsync(wallet, 2)).Count);
        }

        Assert.True(fastest < TimeSpan.FromMilliseconds(250), $"{fastest.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task Draw_PurseWasClosedMeanwhile_GoesHome()
    {
        var (_, wallet) = await gateway.KeyAsync(1_000);
        var escrow = new NodeEscrow(wallet, gateway.Services.GetRequiredService<NodeLease>().Holder);
        Assert.True(escrow.TryClose(long.MaxValue)); // by the loop, between a call's look at it and its draw

        Assert.True(await gateway.Services.GetRequiredService<EscrowDraws>()
            .TryDrawAsync(escrow, new Tokens(400_000), Ct));

        Assert.Equal(Tokens.Zero, escrow.Free);
        Assert.Equal(Tokens.Zero, (await gateway.SettledBalanceAsync(wallet)).Escrow);
    }

    [Fact]
    public async Task Uncapped_WalletIsSmall_LeavesRoomForOthersAndLearns()
    {
        await gateway.ScaleAsync(1); // what one node has just learned, another learns when it is booked
        // Enough for the model's longest answer once, not four times.
        var (key, wallet) = await gateway.KeyOfAsync(await HoldAsync(Uncapped(10), cap: null));
        var slow = gateway.PostAsync("/v1/chat/completions", key, Uncapped(10, latency: 4_000));
        await gateway.OpenedAsync(wallet, slow);
        using var beside = await gateway.PostAsync("/v1/chat/completions", key, Uncapped(10));
        using var first = await slow;
        Assert.Equal((200, 200), ((int)first.StatusCode, (int)beside.StatusCode));
        Assert.Equal("4096", Assert.Single(beside.Headers.GetValues("x-guerdon-capped-to")));

        // An answer that runs into its cap makes the next one's twice as long.
        using var cut = await gateway.PostAsync("/v1/chat/completions", key, Uncapped(6_000));
        await cut.Content.ReadAsStringAsync(Ct);
        using var longer = await gateway.PostAsync("/v1/chat/completions", key, Uncapped(6_000));
        Assert.Equal("8192", Assert.Single(longer.Headers.GetValues("x-guerdon-capped-to")));
        await longer.Content.ReadAsStringAsync(Ct);

        var records = await gateway.RecordsAsync(wallet, 4);
        Assert.Equal([10, 10, 4_096, 6_000], records.Select(r => r.Output));
    }

    [Fact]
    public async Task Uncapped_WalletIsLarge_IsNotCapped()
    {
        var (key, _) = await gateway.KeyOfAsync(new((await HoldAsync(Uncapped(10), cap: null)).Milli * 5));

        using var answer = await gateway.PostAsync("/v1/chat/completions", key, Uncapped(10));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("x-guerdon-capped-to"));
    }

    private static string Body(int cap) => $$"""
        {"model":"{{Model}}","max_tokens":{{cap}},"messages":[{"role":"user","content":"Explain. [tokens=20]"}]}
        """;

    private static string Uncapped(int tokens, int latency = 0) => $$"""
        {"model":"{{Model}}","messages":[{"role":"user","content":"Say it. [tokens={{tokens}}; latency={{latency}}]"}]}
        """;

    private async Task<Tokens> HoldAsync(string body, int? cap = 4_000)
    {
        const int template = 256; // CallBounds adds it to the body's bytes
        var book = new PriceBook(gateway.Db);
        await book.ReloadAsync(Ct);
        var now = TimeProvider.System.GetUtcNow();
        var price = book.Find(Model, now)!;
        return Cost.AtMost(
            price, body.Length + template, cap ?? price.MaxOutputTokens, book.TokenValueAt(now)).Charge;
    }
}
