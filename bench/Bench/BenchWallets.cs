using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Bench;

/// <summary>Wallets with money and a key each.</summary>
internal static class BenchWallets
{
    public static async Task<IReadOnlyList<string>> FundAsync(NpgsqlDataSource db, int count)
    {
        await using var ledger = new LedgerWriter(db,
            Microsoft.Extensions.Options.Options.Create(new LedgerOptions()), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        await ledger.StartAsync(default);
        var (issue, keys) = (new CreateKey.IssueKey(db, TimeProvider.System), new List<string>());
        var pool = new WalletId(new Guid(7, 9, 7, [0x80, 0, 0, 0, 0, 0, 0, 7]));
        for (var i = 0; i < count; i++)
        {
            var (wallet, amount) = (new WalletId(new Guid(i + 1, 9, 9, [0x80, 0, 0, 0, 0, 0, 0, 9])), new Tokens(1_000_000_000_000));
            await ledger.PostAsync(
            [
                new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = amount, Key = $"fund:{i}" },
                new() { Kind = TransferKind.Grant, Wallet = pool, To = wallet, Amount = amount, Key = $"grant:{i}", NewLot = new("work_compute", "bench", null) },
            ], null, default);
            keys.Add((await issue.RunAsync(wallet, new(null, "bench", null, null, null), default)).Key);
        }

        await ledger.StopAsync(default);
        return keys;
    }
}
