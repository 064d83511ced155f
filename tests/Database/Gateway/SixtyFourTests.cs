using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Gateway;

/// <summary>
/// 64 callers at once on a wallet that affords ten of their requests, at one node and at four. None is refused for good
/// that the wallet could still pay for, and the wallet never pays more than it has.
/// </summary>
public sealed class SixtyFourTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Model = "gpt-6-luna";
    private const int Callers = 64;
    private const int Cap = 2_000;
    private const int TemplateTokens = 256; // CallBounds adds them to the body's bytes
    private const int LeastCap = 16;        // CallBounds.OutputFloor
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task CostIsTheHold_TenAreAnsweredWholeAndTheRestOfTheTokensIsUsedUp(int nodes)
    {
        await gateway.ScaleAsync(nodes);
        var run = await RunAsync(Cap);

        // With several nodes a call may end its wait with what its own node has by then: a shorter answer.
        Assert.InRange(run.Answers.Count(a => a is { Status: 200, IsCapped: false }), nodes == 1 ? 10 : 7, 10);
        Assert.Contains(run.Answers, a => a.Status == 402);
        Assert.True(run.Left < run.Least, $"{run.Left} are left, though {run.Least} are enough for a request.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task CostIsFarBelowTheHold_AllAreAnswered(int nodes)
    {
        await gateway.ScaleAsync(nodes);
        var run = await RunAsync(tokens: 20);

        Assert.All(run.Answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(Callers, run.Answers.Count);
    }

    private sealed record Answer(int Status, bool IsCapped);

    private sealed record Run(IReadOnlyCollection<Answer> Answers, Tokens Left, Tokens Least);

    private async Task<Run> RunAsync(int tokens)
    {
        var body = $$"""
            {"model":"{{Model}}","max_tokens":{{Cap}},
             "messages":[{"role":"user","content":"Explain. [tokens={{tokens}}; latency=150]"}]}
            """;
        var (hold, least) = await BoundsAsync(body);
        var granted = new Tokens(hold.Milli * 10);
        var (key, wallet) = await gateway.KeyOfAsync(granted);

        var answers = new ConcurrentBag<Answer>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(key, wallet, body, least, answers)));

        var answered = answers.Count(a => a.Status == 200);
        var records = await gateway.RecordsAsync(wallet, answered);
        var balance = await gateway.BookedBalanceAsync(wallet);
        Assert.Equal(answered, records.Count);
        Assert.Equal(balance.Spent.Milli, records.Sum(r => r.Charged_Milli));
        Assert.Equal(granted, balance.Own + balance.Spent);
        Assert.True(Math.Min(balance.Available.Milli, balance.Escrow.Milli) >= 0, balance.ToString());
        return new(answers, balance.Own, least);
    }

    // As an SDK does: again after Retry-After, until it is answered or refused for good.
    private async Task CallAsync(
        string key, WalletId wallet, string body, Tokens least, ConcurrentBag<Answer> answers)
    {
        var deadline = TimeProvider.System.GetUtcNow() + GiveUpAfter;
        while (true)
        {
            using var answer = await gateway.PostAsync("/v1/chat/completions", key, body);
            var text = await answer.Content.ReadAsStringAsync(Ct);
            if ((int)answer.StatusCode == 429 && TimeProvider.System.GetUtcNow() < deadline)
            {
                Assert.NotNull(answer.Headers.RetryAfter?.Delta);
                await Task.Delay(answer.Headers.RetryAfter.Delta.Value, Ct);
                continue;
            }

            Assert.True((int)answer.StatusCode is 200 or 402, $"{answer.StatusCode}: {text}");
            if ((int)answer.StatusCode == 402)
            {
                // Nothing is granted meanwhile, so what is the owner's now was at least as much when it was refused.
                var balance = await gateway.BookedBalanceAsync(wallet);
                Assert.True(balance.Own < least, $"Refused for good with {balance.Own} of {least} tokens: {text}");
            }

            answers.Add(new((int)answer.StatusCode, answer.Headers.Contains("x-guerdon-capped-to")));
            return;
        }
    }

    private async Task<(Tokens Hold, Tokens Least)> BoundsAsync(string body)
    {
        var book = new PriceBook(gateway.Db);
        await book.ReloadAsync(Ct);
        var now = TimeProvider.System.GetUtcNow();
        var (price, value) = (book.Find(Model, now)!, book.TokenValueAt(now));
        var input = body.Length + TemplateTokens;
        return (Cost.AtMost(price, input, Cap, value).Charge, Cost.AtMost(price, input, LeastCap, value).Charge);
    }
}
