using Guerdon.Grants.Expiry;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Database.Grants;

public sealed class ExpireLotsTests(Company company) : IClassFixture<Company>
{
    private static readonly DateTimeOffset End = new(2027, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private ExpireLots Job => company.Get<IEnumerable<IHostedService>>().OfType<ExpireLots>().Single();

    [Fact]
    public async Task Run_PastTheDate_ExpiresWhatIsLeftAndLaterWhatComesHome()
    {
        var (pool, ada, node) =
            (new WalletId(Guid.NewGuid()), new WalletId(Guid.NewGuid()), new HolderId(Guid.NewGuid()));
        var ledger = company.Get<LedgerWriter>();
        async Task PostAsync(Transfer transfer) => Assert.True((await ledger.PostAsync(transfer, Company.Ct)).Done);
        async Task<(long Available, long Escrow, long Expired)> LotAsync()
        {
            var lot = Assert.Single(await WalletLots.OfAsync(company.Db, ada, Asset.Compute, Company.Ct));
            return (lot.Available.Milli, lot.Escrow.Milli, lot.Expired.Milli);
        }

        await PostAsync(
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(100), Key = "f" });
        await PostAsync(new()
        {
            Kind = TransferKind.Grant, Wallet = pool, To = ada, Amount = new(100), Key = "g",
            NewLot = new LotTerms("work_compute", "a test", End),
        });
        await PostAsync(new() { Kind = TransferKind.Draw, Wallet = ada, Holder = node, Amount = new(30), Key = "d" });

        company.Clock.Now = End.AddTicks(-10);
        Assert.Equal(0, await Job.RunAsync(Company.Ct));
        company.Clock.Now = End;
        Assert.Equal(1, await Job.RunAsync(Company.Ct));
        Assert.Equal((0, 30, 70), await LotAsync());
        Assert.Equal(0, await Job.RunAsync(Company.Ct)); // nothing is left

        await PostAsync(new() { Kind = TransferKind.Return, Wallet = ada, Holder = node, Amount = new(20), Key = "r" });
        Assert.Equal(1, await Job.RunAsync(Company.Ct));
        Assert.Equal((0, 10, 90), await LotAsync());

        // The attempt that made the first expiry, come late: it is a repeat and moves nothing.
        var late =
            await ledger.PostAsync(new ExpireLots.DueLot(ada.Value, 1, Asset.Compute, 100, 0).Transfer(), Company.Ct);
        Assert.True(late.Replayed);
        Assert.Equal((0, 10, 90), await LotAsync());
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Run_WhileAnotherNodeRuns_LeavesItToThat()
    {
        await using var other = await company.Db.OpenConnectionAsync(Company.Ct);
        async Task LockAsync(string function)
        {
            await using var command = new Npgsql.NpgsqlCommand(
                $"select {function}(hashtextextended('compensation.ExpireLots', 0))", other);
            await command.ExecuteNonQueryAsync(Company.Ct);
        }

        await LockAsync("pg_advisory_lock");
        Assert.Equal(0, await Job.RunAsync(Company.Ct));
        await LockAsync("pg_advisory_unlock");
    }
}
