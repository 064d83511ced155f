using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Unit.Ledger;

/// <summary>The writer's callers: what they wait for, and what they hear once it stops.</summary>
public sealed class LedgerWriterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Transfer Fund(string key, long milli = 5) => new()
    {
        Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Book.Pool, Amount = new(milli), Key = key,
    };

    [Fact]
    public async Task Post_Transfers_AreAnsweredInTheirOrder()
    {
        await using var server = new FakePostgres(_ => null);
        await using var db = NpgsqlDataSource.Create(server.ConnectionString);
        await using var writer = Writer(db, lanes: 3);
        await writer.StartAsync(Ct);

        var posted = await writer.PostAsync(Fund("a"), Ct);
        Assert.Equal((5, true, false), (posted.Moved.Milli, posted.Done, posted.Replayed));
        var inOrder = await writer.PostAsync([Fund("b", 7), Fund("c", 3), Fund("d", 9)], null, Ct);
        Assert.Equal([7, 3, 9], inOrder.Select(p => p.Moved.Milli));
        var grant = Book.Grant(Book.Ada, 1, "none", null) with { Wallet = Book.Bo }; // who has nothing to grant from
        var linked = await writer.PostAsync([Fund("e"), grant], null, Ct);
        Assert.Equal(
            [LedgerRefusals.LinkedRefused, LedgerRefusals.InsufficientTokens],
            linked.Select(p => p.Refused?.Refusal));
        Assert.Empty(await writer.PostAsync([], null, Ct));
    }

    [Fact]
    public async Task Post_OnePayer_IsOnOneLaneAndSoOnOneConnection()
    {
        await using var server = new FakePostgres(_ => null);
        await using var db = NpgsqlDataSource.Create(server.ConnectionString);
        await using var writer = Writer(db, lanes: 8);
        await writer.StartAsync(Ct);
        for (var i = 0; i < 10; i++) await writer.PostAsync(Fund($"{i}"), Ct);

        Assert.Single(server.Ran, sql => sql.Contains("enable_seqscan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WritesWhatIsQueued_AndTakesNothingMore()
    {
        await using var server = new FakePostgres(_ => null);
        await using var db = NpgsqlDataSource.Create(server.ConnectionString);
        await using var writer = Writer(db, lanes: 2);
        var waiting = Enumerable.Range(0, 20).Select(i => writer.PostAsync(Fund($"{i}"), Ct)).ToArray();
        await writer.StartAsync(Ct);
        await writer.StopAsync(Ct);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30), Ct), post => Assert.True(post.Done));
        await Assert.ThrowsAsync<OperationCanceledException>(() => writer.PostAsync(Fund("late"), Ct));
        await writer.DisposeAsync();
        await writer.DisposeAsync(); // safe to repeat
    }

    private static LedgerWriter Writer(NpgsqlDataSource db, int lanes) => new(
        db, Options.Create(new LedgerOptions { Lanes = lanes }), TimeProvider.System,
        NullLogger<LedgerWriter>.Instance);
}
