using Dapper;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Audit;
using Guerdon.Pricing.Book;
using Guerdon.Sandbox;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Chaos;

/// <summary>What a disaster strikes: a PostgreSQL of its own, a sandbox, funded wallets; and the checks
/// afterwards.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly WalletId Pool = new(new Guid("00000000-0000-7000-8000-00000000beef"));
    private readonly WebApplication _sandbox;
    private int _grants;

    private Scene(TestCluster cluster, NpgsqlDataSource db, WebApplication sandbox) =>
        (Cluster, Db, _sandbox) = (cluster, db, sandbox);

    public TestCluster Cluster { get; }

    /// <summary>For checks: without a pool, whose connections would die with the server.</summary>
    public NpgsqlDataSource Db { get; }

    public string SandboxAddress => _sandbox.Urls.Single();

    public string ConnectionString => Cluster.Private.ConnectionString();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="home">Where PostgreSQL keeps its data, if not where the tests usually do.</param>
    public static async Task<Scene> SetAsync(string? home = null)
    {
        var cluster = await TestCluster.StartAsync(home);
        var server = new NpgsqlConnectionStringBuilder(cluster.Private.ConnectionString()) { Pooling = false };
        var db = DatabaseSetup.Pool(server, new DatabaseOptions());
        await cluster.Private.MigrateAsync(Ct);
        await SeedBook.RunAsync(db, TimeProvider.System, Ct);
        var sandbox = SandboxModule.Create(new SandboxOptions(), "http://127.0.0.1:0");
        await sandbox.StartAsync(Ct);
        return new Scene(cluster, db, sandbox);
    }

    /// <summary>As production makes it: pooled, and its lanes on connections of their own.</summary>
    public static LedgerWriter NewWriter(NpgsqlDataSource db) =>
        new(db, Options.Create(new LedgerOptions()), TimeProvider.System, NullLogger<LedgerWriter>.Instance);

    public NpgsqlDataSource NewPool() =>
        DatabaseSetup.Pool(new NpgsqlConnectionStringBuilder(ConnectionString), new DatabaseOptions());

    /// <summary>A new wallet with this many whole tokens, and a key to it.</summary>
    public async Task<(WalletId Wallet, string Key)> FundAsync(LedgerWriter ledger, long tokens)
    {
        var wallet = new WalletId(Guid.CreateVersion7());
        await GrantAsync(ledger, wallet, new(tokens * 1_000));
        var made = await new CreateKey.IssueKey(Db, TimeProvider.System).RunAsync(
            wallet, new(null, "chaos", null, null, null), Ct);
        return (wallet, made.Key);
    }

    public async Task GrantAsync(LedgerWriter ledger, WalletId wallet, Tokens amount)
    {
        var key = $"grant:{++_grants}";
        var posted = await ledger.PostAsync(
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = amount,
                Key = key + ":fund" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = wallet, Amount = amount, Key = key,
                NewLot = new("work_compute", "a test", null),
            },
        ], null, Ct);
        Assert.All(posted, p => Assert.True(p.Done, p.Refused?.ToString()));
    }

    /// <summary>Keys to several rich wallets and to a few that will run dry.</summary>
    public async Task<IReadOnlyList<string>> FundManyAsync()
    {
        await using var ledger = NewWriter(Db);
        await ledger.StartAsync(Ct);
        var keys = new List<string>();
        foreach (var tokens in (long[])[50_000_000, 50_000_000, 50_000_000, 50_000_000, 100_000, 2_000, 1_000])
            keys.Add((await FundAsync(ledger, tokens)).Key);
        await ledger.StopAsync(Ct);
        return keys;
    }

    /// <summary>Escrow of every node but the last to have started, in milli-tokens.</summary>
    public Task<long> EscrowOfTheDeadAsync() => NumberAsync("""
        select coalesce(sum(amount_milli), 0)::bigint from ledger.v_escrow
         where holder <> (select holder from gateway.node order by started_at desc limit 1)
        """);

    /// <summary>Escrow of everybody, in milli-tokens.</summary>
    public Task<long> EscrowAsync() =>
        NumberAsync("select coalesce(sum(amount_milli), 0)::bigint from ledger.v_escrow");

    /// <summary>Those of these requests that the journal has not got.</summary>
    public async Task<IReadOnlyList<Guid>> UnbookedAsync(IEnumerable<RequestId> answered)
    {
        const string sql = """
            select id from unnest(@ids) as id where not exists (select from metering.request r where r.request_id = id)
            """;
        await using var connection = await Db.OpenConnectionAsync(Ct);
        return [.. await connection.QueryAsync<Guid>(sql, new { ids = answered.Select(id => id.Value).ToArray() })];
    }

    /// <summary>Everything recomputed: nothing may be found. And nobody but the treasury owes anything.</summary>
    public async Task AssertSoundAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in VerifyEverything.RunAsync(Db, null, Ct)) findings.Add(finding);
        await foreach (var finding in VerifyBudgets.RunAsync(Db, Ct)) findings.Add(finding);
        Assert.Empty(findings);
        Assert.Equal(0, await NumberAsync($"""
            select count(*) from ledger.v_balance
             where wallet_id <> '{WalletId.Treasury.Value}'
               and least(available_milli, escrow_milli, spent_milli, expired_milli) < 0
            """));
    }

    public async Task<long> NumberAsync(string sql)
    {
        await using var connection = await Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    /// <summary>Waits until a number is what it should be.</summary>
    /// <returns>What it is at the end: the expected value, or after the limit what it was then.</returns>
    public static async Task<long> WithinAsync(TimeSpan limit, long expected, Func<Task<long>> read)
    {
        var deadline = TimeProvider.System.GetUtcNow() + limit;
        while (true)
        {
            var value = await read();
            if (value == expected || TimeProvider.System.GetUtcNow() > deadline) return value;
            await Task.Delay(50, Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        await Db.DisposeAsync();
    }
}
