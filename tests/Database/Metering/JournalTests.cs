using Dapper;
using Guerdon.Database.Ledger;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;

namespace Guerdon.Database.Metering;

public sealed class JournalTests(JournalBench bench) : IClassFixture<JournalBench>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Close_ManyOfManyWallets_IsBookedByOneTransferPerWalletWithTheirSum()
    {
        var wallets = Enumerable.Range(100, 20).Select(LedgerBench.Wallet).ToList();
        foreach (var wallet in wallets)
        {
            await bench.Ledger.GrantAsync(wallet, 100_000);
            await bench.Ledger.PostAsync(LedgerBench.Draw(wallet, 50_000));
        }

        var openings = Enumerable.Range(0, 400).Select(i => JournalBench.Open(wallets[i % 20], 100)).ToList();
        await Task.WhenAll(openings.Select(bench.Journal.OpenAsync))
            .WaitAsync(Soon, TestContext.Current.CancellationToken);
        foreach (var opening in openings) bench.Journal.Close(JournalBench.Close(opening, 70));
        await bench.Journal.DrainAsync().WaitAsync(Soon, TestContext.Current.CancellationToken);
        await bench.Settlements.OfWalletsAsync(wallets, null, TestContext.Current.CancellationToken);

        foreach (var wallet in wallets)
            Assert.Equal(new Balance(new(50_000), new(48_600), new(1_400), default),
                await bench.Ledger.BalanceAsync(wallet));
        await using var connection = await bench.Ledger.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(20, await connection.ExecuteScalarAsync<long>(
            "select count(*) from ledger.entry where key like 'flush:%' and wallet_id = any (@ids)",
            new { ids = wallets.Select(w => w.Value).ToArray() }));
        Assert.Empty(await bench.VerifyAsync());
    }

    [Fact]
    public async Task Close_AlreadyClosedByAnother_IsLeftAndItsNeighboursAreBooked()
    {
        var alice = LedgerBench.Wallet(130);
        await bench.Ledger.GrantAsync(alice, 1_000);
        await bench.Ledger.PostAsync(LedgerBench.Draw(alice, 1_000));
        var (one, two) = (JournalBench.Open(alice, 300), JournalBench.Open(alice, 300));
        await Task.WhenAll(bench.Journal.OpenAsync(one), bench.Journal.OpenAsync(two))
            .WaitAsync(Soon, TestContext.Current.CancellationToken);

        await Estimates.BookAsync(
            bench.Ledger.Writer, [one],
            new(new Dictionary<WalletId, Tokens> { [alice] = new(1_000) }, new Dictionary<RequestId, Tokens>()),
            Worth(1_000), TimeProvider.System, TestContext.Current.CancellationToken);
        bench.Journal.Close(JournalBench.Close(one, 50));
        bench.Journal.Close(JournalBench.Close(two, 50));
        await bench.Journal.DrainAsync().WaitAsync(Soon, TestContext.Current.CancellationToken);
        await bench.Settlements.OfWalletsAsync([alice], null, TestContext.Current.CancellationToken);

        Assert.Equal(new Tokens(350), (await bench.Ledger.BalanceAsync(alice)).Spent);
        Assert.Empty(await bench.VerifyAsync());
    }

    private static PriceBook Worth(long nanos) => new(new PriceSnapshot([], [new(DateTimeOffset.UnixEpoch, nanos)]));

    [Fact]
    public async Task Estimates_CallOfADeadNode_CostsInMoneyWhatItsHoldWasWorth()
    {
        var alice = LedgerBench.Wallet(131);
        await bench.Ledger.GrantAsync(alice, 1_000);
        await bench.Ledger.PostAsync(LedgerBench.Draw(alice, 1_000));
        var opening = JournalBench.Open(alice, 301);
        await bench.Journal.OpenAsync(opening).WaitAsync(Soon, TestContext.Current.CancellationToken);

        await Estimates.BookAsync(
            bench.Ledger.Writer, [opening],
            new(new Dictionary<WalletId, Tokens> { [alice] = new(1_000) }, new Dictionary<RequestId, Tokens>()),
            Worth(1_015), TimeProvider.System, TestContext.Current.CancellationToken);

        await using var connection = await bench.Ledger.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal((306, 301, 301, 1_015), await connection.QuerySingleAsync<(long, long, long, long)>("""
            select cost_nanos, cost_milli, charged_milli, token_value_nanos from metering.request
             where wallet_id = @w
            """, new { w = alice.Value })); // 301 thousandths at 1,015 nano-USD are 305.515
        Assert.Equal(306, await connection.ExecuteScalarAsync<long>(
            "select cost_nanos from metering.day_total where wallet_id = @w", new { w = alice.Value }));
        Assert.Empty(await bench.VerifyAsync());
    }

    private const string Less = "charged_milli = charged_milli - 1, cost_milli = cost_milli - 1";

    [Theory]
    [InlineData("update metering.request set model = 'another' where wallet_id = @w", "metering.request")]
    [InlineData($"update metering.request set {Less} where wallet_id = @w", "metering.request")]
    [InlineData("update metering.request set audio_output = 1 where wallet_id = @w", "metering.request")]
    [InlineData("delete from metering.request where wallet_id = @w", "metering.request")]
    [InlineData("update metering.opening_group set held_milli[1] = held_milli[1] + 1 where @w = any (wallet_ids)",
        "metering.opening")]
    [InlineData("delete from metering.opening_group where @w = any (wallet_ids)", "metering.opening")]
    [InlineData("update metering.day_total set output = output + 1 where wallet_id = @w", "metering.day_total")]
    [InlineData($"update metering.request set {Less} where wallet_id = @w", "metering.request", false)]
    [InlineData("delete from metering.request where wallet_id = @w", "metering.request", false)]
    [InlineData("update metering.unsettled set charged_milli = charged_milli - 1 where wallet_id = @w", "", false)]
    [InlineData("update metering.unsettled set requests = requests + 1 where wallet_id = @w", "", false)]
    [InlineData("update metering.unsettled set holder = wallet_id where wallet_id = @w", "", false)]
    [InlineData("update metering.unsettled set holder = (select max(holder::text)::uuid from ledger.position where "
        + "wallet_id = @w and holder <> unsettled.holder) where wallet_id = @w", "", false)]
    [InlineData("update metering.unsettled set first_started_at = now() + interval '1 day' where wallet_id = @w", "",
        false)]
    [InlineData("delete from metering.unsettled where wallet_id = @w", "", false)]
    public async Task Verify_OneRowChangedDirectly_IsFoundAndNamed(string change, string table, bool isBooked = true)
    {
        await using var own = new JournalBench();
        await own.InitializeAsync();
        var alice = LedgerBench.Wallet(1);
        await own.Ledger.GrantAsync(alice, 1_000);
        await own.Ledger.PostAsync(LedgerBench.Draw(alice, 600));
        await own.Ledger.PostAsync(LedgerBench.Draw(alice, 400, holder: 2));
        var opening = JournalBench.Open(alice, 300);
        await own.Journal.OpenAsync(opening);
        own.Journal.Close(JournalBench.Close(opening, 50));
        await own.Journal.DrainAsync();
        if (isBooked) await own.Settlements.OfWalletsAsync([alice], null, TestContext.Current.CancellationToken);
        Assert.Empty(await own.VerifyAsync());

        await using var outside = await own.Ledger.Database.OpenOutsideAsync();
        Assert.Equal(1, await outside.ExecuteAsync(change, new { w = alice.Value }));

        var findings = await own.VerifyAsync();
        Assert.Contains(findings, f => (f.Table == table || f.Row.Contains("settled_by", StringComparison.Ordinal)
                || f.Row.Contains("holder", StringComparison.Ordinal))
            && f.Row.Contains(alice.Value.ToString(), StringComparison.Ordinal));
    }
}
