using Dapper;
using Guerdon.Ledger.Audit;

namespace Guerdon.Database.Ledger;

public sealed class VerifyTests
{
    [Theory]
    [InlineData("update ledger.entry set amount_milli = amount_milli + 1 where wallet_id = @w and seq = 2",
        "ledger.entry", "seq=2")]
    [InlineData("update ledger.entry set key = 'x' where wallet_id = @w and seq = 2", "ledger.entry", "seq=2")]
    [InlineData("update ledger.entry set content = '\\x00' where wallet_id = @w and seq = 2", "ledger.entry", "seq=2")]
    [InlineData("update ledger.entry set at = at + interval '1 microsecond' where wallet_id = @w and seq = 2",
        "ledger.entry", "seq=2")]
    [InlineData("update ledger.entry set link_id = gen_random_uuid() where wallet_id = @w and seq = 2", "ledger.entry",
        "seq=2")]
    [InlineData("update ledger.entry set lot = 2 where wallet_id = @w and seq = 3", "ledger.entry", "seq=3")]
    [InlineData("update ledger.entry set source_id = gen_random_uuid() where wallet_id = @w and seq = 3",
        "ledger.entry", "seq=3")]
    [InlineData("update ledger.entry set source_id = null where wallet_id = @w and seq = 3", "ledger.entry", "seq=3")]
    [InlineData("update ledger.entry set source_id = gen_random_uuid() where wallet_id = @w and seq = 2",
        "ledger.entry", "seq=2")]
    [InlineData("delete from ledger.entry where wallet_id = @w and seq = 2", "ledger.entry", "seq=3")]
    [InlineData("delete from ledger.entry where wallet_id = @w and seq = 4", "ledger.wallet", "")]
    [InlineData("update ledger.wallet set seq = seq - 1 where wallet_id = @w", "ledger.wallet", "")]
    [InlineData("update ledger.wallet set head = sha256('x') where wallet_id = @w", "ledger.wallet", "")]
    [InlineData("update ledger.wallet set at = at + interval '1 second' where wallet_id = @w", "ledger.wallet", "")]
    [InlineData("delete from ledger.wallet where wallet_id = @w", "ledger.wallet", "")]
    [InlineData("update ledger.position set amount_milli = amount_milli + 1 where wallet_id = @w and account = 1",
        "ledger.position", "account=1")]
    [InlineData("delete from ledger.position where wallet_id = @w and account = 2", "ledger.position", "account=2")]
    [InlineData("update ledger.lot set expires_at = now() where wallet_id = @w", "ledger.entry", "seq=1")]
    [InlineData("update ledger.lot set tax_class = 'cash' where wallet_id = @w", "ledger.entry", "seq=1")]
    [InlineData("update ledger.lot set granted_milli = granted_milli + 1 where wallet_id = @w", "ledger.lot", "lot=1")]
    [InlineData("update ledger.lot set granted_at = now() where wallet_id = @w", "ledger.lot", "lot=1")]
    [InlineData("delete from ledger.lot where wallet_id = @w", "ledger.lot", "lot=1")]
    [InlineData("update ledger.seal set root = sha256('x') where @w is not null", "ledger.seal", "day=")]
    [InlineData("update ledger.seal set sealed_at = sealed_at + interval '1 second' where @w is not null",
        "ledger.seal", "day=")]
    public async Task Verify_OneRowChangedDirectly_IsFoundAndNamed(string change, string table, string row)
    {
        await using var ledger = new LedgerBench { Clock = new Yesterday() };
        await ledger.InitializeAsync();
        var alice = LedgerBench.Wallet(1);
        await ledger.GrantAsync(alice, 1_000);
        await ledger.PostAsync(LedgerBench.Draw(alice, 300));
        await ledger.PostAsync(LedgerBench.Settle(alice, 100) with { SourceId = Guid.NewGuid() });
        await ledger.PostAsync(LedgerBench.Return(alice, 50));
        await SealAsync(ledger);
        Assert.Empty(await ledger.VerifyAsync());

        await using var outside = await ledger.Database.OpenOutsideAsync();
        Assert.Equal(1, await outside.ExecuteAsync(change, new { w = alice.Value }));

        var findings = await ledger.VerifyAsync();
        Assert.Contains(findings, f => f.Table == table && f.Row.Contains(row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Seal_TheSameDayTwice_SealsItOnceAndNothingIsBookedIntoIt()
    {
        await using var ledger = new LedgerBench { Clock = new Yesterday() };
        await ledger.InitializeAsync();
        var alice = LedgerBench.Wallet(1);
        await ledger.GrantAsync(alice, 1_000);

        Assert.Equal(1, await SealAsync(ledger));
        Assert.Equal(0, await SealAsync(ledger));
        var late = await ledger.PostAsync(LedgerBench.Draw(alice, 10));

        Assert.True(late.Done);
        await using var connection = await ledger.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.True(await connection.ExecuteScalarAsync<bool>(
            "select max(at) >= (select max(day) + 1 from ledger.seal) from ledger.entry where wallet_id = @w",
            new { w = alice.Value }));
        Assert.Empty(await ledger.VerifyAsync());
    }

    // As in a company whose clock is turned.
    [Fact]
    public async Task Seal_ClockAheadOfTheDatabases_WaitsForTheDaysEnd()
    {
        await using var ledger = new LedgerBench { Clock = new Later() };
        await ledger.InitializeAsync();
        await ledger.GrantAsync(LedgerBench.Wallet(1), 1_000);

        Assert.Equal(0, await Seals.SealAsync(
            ledger.Db, new Later(2), TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Empty(await ledger.VerifyAsync());
    }

    private sealed class Later(int days = 0) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddYears(2).AddDays(days);
    }

    // The day on which the books were written; the database seals none that has not ended.
    private static Task<int> SealAsync(LedgerBench ledger) => Seals.SealAsync(
        ledger.Db, TimeProvider.System, TimeSpan.Zero, TestContext.Current.CancellationToken);

    private sealed class Yesterday : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(-1);
    }
}
