using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Audit;
using Guerdon.Ledger.Transfers;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Ledger;

/// <summary>A database of its own, a running writer, and the words the ledger's tests are told in.</summary>
public sealed class LedgerBench : IAsyncLifetime
{
    public static readonly WalletId Pool = Wallet(1_000_000);
    private static int _keys;

    private TestDatabase _database = null!;

    /// <summary>The writer's; the machine's where there is none.</summary>
    public TimeProvider? Clock { get; init; }

    public NpgsqlDataSource Db => _database.Db;
    public TestDatabase Database => _database;
    public LedgerWriter Writer { get; private set; } = null!;

    public static WalletId Wallet(int number) => new(new Guid(number, 1, 7, [0, 0, 0, 0, 0, 0, 0, 1]));
    public static HolderId Holder(int number) => new(new Guid(number, 2, 7, [0, 0, 0, 0, 0, 0, 0, 2]));
    public static string Key(string of = "key") => $"{of}:{Interlocked.Increment(ref _keys)}";

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Writer = NewWriter(new LedgerOptions(), Clock);
        await Writer.StartAsync(default);
    }

    public LedgerWriter NewWriter(LedgerOptions options, TimeProvider? clock = null) => new(
        Db, Options.Create(options), clock ?? TimeProvider.System, NullLogger<LedgerWriter>.Instance);

    public Task<Posted> PostAsync(Transfer transfer) =>
        Writer.PostAsync(transfer, TestContext.Current.CancellationToken);

    public async Task<Posted> GrantAsync(WalletId to, long milli, DateTimeOffset? expires = null, string? key = null)
    {
        var name = key ?? Key("grant");
        var posted = await Writer.PostAsync(
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = new(milli),
                Key = name + ":fund" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = to, Amount = new(milli), Key = name,
                NewLot = new("work_compute", "a test", expires),
            },
        ], null, TestContext.Current.CancellationToken);
        return posted[1];
    }

    public static Transfer Draw(WalletId wallet, long milli, int holder = 1, long? atLeast = null,
        string? key = null) => new()
        {
            Kind = TransferKind.Draw, Wallet = wallet, Holder = Holder(holder), Amount = new(milli),
            Key = key ?? Key("draw"),
            AtLeast = atLeast is { } least ? new(least) : null,
        };

    public static Transfer Settle(WalletId wallet, long milli, int holder = 1, string? key = null) => new()
    {
        Kind = TransferKind.Settle, Wallet = wallet, Holder = Holder(holder), Amount = new(milli),
        Key = key ?? Key("settle"),
    };

    public static Transfer Return(WalletId wallet, long milli, int holder = 1, string? key = null) => new()
    {
        Kind = TransferKind.Return, Wallet = wallet, Holder = Holder(holder), Amount = new(milli),
        Key = key ?? Key("return"),
    };

    public async Task<Balance> BalanceAsync(WalletId wallet, DateTimeOffset? at = null) => await Balances.AtAsync(
        Db, wallet, Asset.Compute, at ?? TimeProvider.System.GetUtcNow().AddMinutes(1),
        TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<Finding>> VerifyAsync()
    {
        var found = new List<Finding>();
        await foreach (var finding in LedgerVerify.RunAsync(Db, null, TestContext.Current.CancellationToken))
            found.Add(finding);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(default);
        await Writer.DisposeAsync();
        await _database.DisposeAsync();
    }
}
