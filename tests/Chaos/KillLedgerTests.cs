using System.Collections.Concurrent;
using Dapper;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Chaos;

/// <summary>kill -9 of PostgreSQL under the ledger's writer: what was acknowledged is there, once.</summary>
[Collection(Alone.Name)]
public sealed class KillLedgerTests
{
    private const int Posters = 64;
    private const int Wallets = 12;
    private const int Rounds = 3;

    private readonly ConcurrentDictionary<string, (Transfer Transfer, Posted Posted)> _acknowledged = [];
    private int _unknown;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledWhilePosting_WhatWasAcknowledgedIsThereOnce()
    {
        var (random, seed) = Chance.New();
        await using var scene = await Scene.SetAsync();
        await using var pool = scene.NewPool();
        await using var ledger = Scene.NewWriter(pool);
        await ledger.StartAsync(Ct);
        var wallets = Enumerable.Range(0, Wallets).Select(_ => new WalletId(Guid.CreateVersion7())).ToList();
        foreach (var wallet in wallets) await scene.GrantAsync(ledger, wallet, new(1_000_000_000));

        using var stopping = new CancellationTokenSource();
        var posters = Enumerable.Range(0, Posters).Select(i => Task.Run(() =>
            PostAsync(ledger, wallets[i % Wallets], i, new Random(seed + i), stopping.Token))).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await random.WaitAsync(300, 1_500);
            await scene.Cluster.KillAsync();
            await random.WaitAsync(0, 1_000);
            await scene.Cluster.RestartAsync();
        }

        await random.WaitAsync(300, 1_000);
        await stopping.CancelAsync();
        await Task.WhenAll(posters);
        await ledger.StopAsync(Ct);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_acknowledged.Count} acknowledged, {_unknown} unknown.");

        Assert.True(_acknowledged.Count > 1_000, $"Only {_acknowledged.Count} were posted.");
        Assert.Empty(await WrongAsync(scene.Db));
        await scene.AssertSoundAsync();
    }

    // Draws, and settles or returns a part of what it drew; some are sent twice, as a caller does who lost the answer.
    private async Task PostAsync(LedgerWriter ledger, WalletId wallet, int poster, Random random,
        CancellationToken stop)
    {
        var holder = new HolderId(new Guid(poster + 1, 2, 7, [0, 0, 0, 0, 0, 0, 0, 2]));
        long drawn = 0;
        for (var count = 0; !stop.IsCancellationRequested; count++)
        {
            var kind = drawn < 100 ? TransferKind.Draw
                : random.Next(3) == 0 ? TransferKind.Return : TransferKind.Settle;
            var transfer = new Transfer
            {
                Kind = kind, Wallet = wallet, Holder = holder, Key = $"chaos:{poster}:{count}",
                Amount = new(kind == TransferKind.Draw ? random.Next(100, 1_000) : random.Next(1, 100)),
            };
            if (!await SendAsync(ledger, transfer)) return;
            if (random.Next(8) == 0 && !await SendAsync(ledger, transfer)) return;
            drawn += kind == TransferKind.Draw ? transfer.Amount.Milli : -transfer.Amount.Milli;
        }
    }

    private async Task<bool> SendAsync(LedgerWriter ledger, Transfer transfer)
    {
        try
        {
            var posted = await ledger.PostAsync(transfer, Ct);
            Assert.True(posted.Done, posted.Refused?.ToString());
            var first = _acknowledged.GetOrAdd(transfer.Key, (transfer, posted)).Posted;
            Assert.Equal((first.Id, first.Moved), (posted.Id, posted.Moved));
            return true;
        }
        catch (NpgsqlException)
        {
            Interlocked.Increment(ref _unknown);
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> WrongAsync(NpgsqlDataSource db)
    {
        const string sql = """
            select key, count(distinct transfer_id)::int, sum(amount_milli)::bigint
              from ledger.v_entry where key like 'chaos:%' group by wallet_id, key
            """;
        await using var connection = await db.OpenConnectionAsync(Ct);
        var rows = await connection.QueryAsync<(string Key, int Transfers, long Moved)>(sql);
        var booked = rows.ToLookup(r => r.Key, r => (r.Transfers, r.Moved));
        return [.. _acknowledged.Values
            .Where(a => !booked[a.Transfer.Key].SequenceEqual([(1, a.Transfer.Amount.Milli)]))
            .Select(a => $"{a.Transfer.Key}: {a.Posted} is {string.Join(" and ", booked[a.Transfer.Key])}")];
    }
}
