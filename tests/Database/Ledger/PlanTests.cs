using System.Text.RegularExpressions;
using Dapper;
using Guerdon.Tests;

namespace Guerdon.Database.Ledger;

/// <summary>
/// How PostgreSQL runs the statements that all others wait for: a statement that knows the wallet looks into one
/// partition of the entries, and a code that is named is found by the index as its number is.
/// </summary>
public sealed partial class PlanTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Wallet = "'01900000-0000-7000-8000-000000000001'";

    // As on a lane's connection, and for a table with rows: PostgreSQL reads a small one as a whole.
    private const string AsInALane = """
        set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;
        set enable_mergejoin = off; set jit = off;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Ledger/Transfers/LoadKeys.sql", $"array[{Wallet}]::uuid[], array['k']")]
    [InlineData("Ledger/Accounts/BalanceAt.sql", $"{Wallet}::uuid, 1::int2, now()")]
    [InlineData("Ledger/Statements/Lines.sql", $"{Wallet}::uuid, 1::int2, '{{1,2}}'::int2[], now(), now(), 'UTC'")]
    [InlineData("Ledger/Statements/Balance.sql", $"{Wallet}::uuid, 1::int2, '{{1,2}}'::int2[], now()")]
    public async Task Statement_OfOneWallet_ReadsOnePartition(string file, string values)
    {
        var plan = await PlanAsync(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "src", file), Ct), values);

        var partitions = plan.Where(line => line.Contains(" on entry_", StringComparison.Ordinal)
            && !line.Contains("(never executed)", StringComparison.Ordinal)
            && !line.Contains("Bitmap Index Scan", StringComparison.Ordinal)).ToList();
        Assert.True(partitions.Count == 1, string.Join('\n', plan));
        Assert.Contains(partitions, line => line.Contains("Index", StringComparison.Ordinal)
            || line.Contains("Bitmap", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("select * from ledger.v_escrow where holder = $1 and asset = ledger.asset_compute()", Wallet,
        "position_escrow")]
    [InlineData("select * from metering.request where state = metering.state_estimated() and started_at > $1", "now()",
        "request_default_started_at_idx")]
    [InlineData("select * from ledger.position where wallet_id = $1 and asset = ledger.asset_compute() "
        + "and account = ledger.account_available()", Wallet, "position_pkey")]
    public async Task Statement_WithNamedCodes_UsesTheIndex(string sql, string values, string index)
    {
        var plan = await PlanAsync(sql, values);

        Assert.True(plan.Any(line => line.Contains(index, StringComparison.Ordinal)), string.Join('\n', plan));
        Assert.DoesNotContain(plan, line => line.Contains("asset_compute", StringComparison.Ordinal)
            || line.Contains("account_", StringComparison.Ordinal)
            || line.Contains("state_estimated", StringComparison.Ordinal));
    }

    private const string Some = $"array[{Wallet}]::uuid[], array[{Wallet}]::uuid[]";
    private const string Counts = "array[1]::bigint[], array[1]::bigint[]";

    [Theory]
    [InlineData("Metering/Requests/AddToBatches.sql", $"{Some}, array[now()], {Counts}", "unsettled_pkey")]
    [InlineData("Metering/Settlement/ReadBatches.sql", Some, "unsettled_pkey")]
    [InlineData("Metering/Settlement/DropBatches.sql", Some, "unsettled_pkey")]
    [InlineData("Metering/Settlement/CloseOfWallets.sql", $"array[{Wallet}]::uuid[], null", "unsettled_pkey")]
    [InlineData("Metering/Settlement/CloseDue.sql", $"{Wallet}, now(), now(), now(), {Wallet}, {Wallet}, 256",
        "unsettled_due")]
    public async Task Statement_OfSettlement_FindsItsBatchesAndRowsByIndex(string file, string values, string index)
    {
        var plan = await PlanAsync(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "src", file), Ct), values);

        Assert.True(plan.Any(line => line.Contains(index, StringComparison.Ordinal)), string.Join('\n', plan));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Posting_FindsARepeat_InThePartitionsOfItsWallets()
    {
        var plan = await PlanAsync("""
            select 1 from unnest($1::uuid[], $2::text[], $3::int2[]) as x (wallet_id, key, from_account)
              join ledger.entry e on e.wallet_id = x.wallet_id and e.key = x.key
             where x.from_account <> ledger.account_elsewhere() and e.from_account <> ledger.account_elsewhere()
            """, $"array[{Wallet}]::uuid[], array['k'], array[1::int2]");

        Assert.Equal(15, plan.Count(line => line.Contains("(never executed)", StringComparison.Ordinal)));
    }

    private async Task<List<string>> PlanAsync(string sql, string values)
    {
        await using var connection = await database.OwnerDb.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(AsInALane);
        await connection.ExecuteAsync($"prepare planned as {Numbered(sql)}");
        return [.. await connection.QueryAsync<string>(
            $"explain (analyze, costs off, timing off, summary off) execute planned({values})")];
    }

    // @name as $1 and so on, in the order of their first use.
    private static string Numbered(string sql)
    {
        var names = new List<string>();
        return Parameter().Replace(sql.TrimEnd().TrimEnd(';'), match =>
        {
            if (!names.Contains(match.Value)) names.Add(match.Value);
            return $"${names.IndexOf(match.Value) + 1}";
        });
    }

    [GeneratedRegex("@[a-z]\\w*")]
    private static partial Regex Parameter();
}
