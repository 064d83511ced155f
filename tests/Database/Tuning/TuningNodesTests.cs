using Guerdon.Database.Gateway;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Tuning;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Tuning;

/// <summary>Jobs outlive their nodes, and are settled once whoever does it.</summary>
public sealed class TuningNodesTests : IAsyncLifetime
{
    private readonly TuningServer _server = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TuningEscrow Books(int node) => _server.Gateway.Nodes.ElementAt(node).GetRequiredService<TuningEscrow>();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    [Fact]
    public async Task Node_StoppedAfterTheHold_LeavesAJobThatAnotherReleases()
    {
        var (key, wallet) = await _server.Gateway.KeyAsync(10_000);
        var job = Job(wallet, await _server.FileAsync(key), dueIn: TimeSpan.Zero);
        Assert.Equal(default, await Books(1).HoldAsync(job, Ct));
        await _server.Gateway.StopNodeAsync(1);

        var ended = await _server.EndedAsync(wallet);
        Assert.Equal((null, 0L), (ended.Upstream_Id, ended.Charged_Milli));
        Assert.Equal(10_000_000, (await _server.BalanceAsync(wallet)).Available.Milli);
        Assert.Equal((short)Outcome.Withdrawn, Assert.Single(await _server.Gateway.RecordsAsync(wallet)).Outcome);
        await _server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Node_StoppedWhileItRuns_LeavesAJobThatAnotherSettles()
    {
        var (key, wallet) = await _server.Gateway.KeyAsync(10_000);
        var (status, _) = await _server.CreateAsync(key, await _server.FileAsync(key), node: 1);
        Assert.Equal(200, status);
        await _server.Gateway.StopNodeAsync(1);
        Assert.Equal(2_400_000, (await _server.BalanceAsync(wallet)).Escrow.Milli);

        _server.Clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(600_000, (await _server.EndedAsync(wallet)).Charged_Milli);
        Assert.Equal(9_400_000, (await _server.BalanceAsync(wallet)).Available.Milli);
        await _server.AssertVerifiedAsync();
    }

    [Theory]
    [InlineData(200, 600_000)]
    [InlineData(0, 0)]
    [InlineData(5_000, 10_000_000)] // more than it held: the rest is drawn once, too
    public async Task Settling_ByAllAtOnceAndAgain_HappensOnce(long trained, long charged)
    {
        var (key, wallet) = await _server.Gateway.KeyAsync(10_000);
        var job = Job(wallet, await _server.FileAsync(key), dueIn: TimeSpan.FromHours(1));
        Assert.Equal(default, await Books(0).HoldAsync(job, Ct));
        var end = new TuningEnd(trained, false, Outcome.Answered, 200);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Books(i % 2).EndAsync(job, end, Ct)));
        await Books(1).EndAsync(job, end with { Trained = 7 }, Ct);

        Assert.Equal(charged, (await _server.EndedAsync(wallet)).Charged_Milli);
        var balance = await _server.BalanceAsync(wallet);
        Assert.Equal((10_000_000 - charged, 0, charged),
            (balance.Available.Milli, balance.Escrow.Milli, balance.Spent.Milli));
        Assert.Single(await _server.Gateway.RecordsAsync(wallet));
        await _server.AssertVerifiedAsync();
    }

    private TuningJob Job(WalletId wallet, string file, TimeSpan dueIn)
    {
        var now = Books(0).Now();
        var book = _server.Gateway.Services.GetRequiredService<PriceBook>();
        return new()
        {
            Wallet = wallet, Id = Id.New<TuningId>(TimeProvider.System), KeyId = new(Guid.CreateVersion7()),
            Provider = "openai", FileId = file, Model = TuningServer.Model,
            PriceId = book.Find(TuningServer.Model, now)!.Id, TokenValueNanos = book.TokenValueAt(now), Epochs = 2,
            BoundTokens = 800, Held = new Tokens(2_400_000), CreatedAt = now, NextCheckAt = now + dueIn,
        };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
