using System.Net;
using Guerdon.Grants.Expiry;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Guerdon.Database.Grants;

/// <summary>Notices of more than is written at once: a thousand at a time, and none is lost where one thousand cannot
/// be written.</summary>
public sealed class ExpiryNoticesTests : IAsyncLifetime
{
    private const int Lots = 2_300, OfATransfer = 100;

    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public async Task Notices_WritingFailsAfterTheFirstThousand_TheRestIsWrittenByTheNextRun()
    {
        await ExpiringAsync();
        await _company.Database.OwnerDb.CreateCommand("""
            create function public.disk_full() returns trigger language plpgsql as $$
            begin
                if (select count(*) from compensation.notice) >= 1000 then
                    raise exception 'the disk is full' using errcode = 'disk_full';
                end if;
                return null;
            end $$;
            create trigger disk_full before insert on compensation.notice
                for each statement execute function public.disk_full();
            """).ExecuteNonQueryAsync(Company.Ct);
        var fault = await Assert.ThrowsAsync<PostgresException>(JobAsync);
        Assert.Equal(PostgresErrorCodes.DiskFull, fault.SqlState);
        Assert.Equal(1_000, await NoticesAsync());

        await _company.Database.OwnerDb.CreateCommand("drop trigger disk_full on compensation.notice")
            .ExecuteNonQueryAsync(Company.Ct);
        Assert.Equal(Lots - 1_000, await JobAsync());
        Assert.Equal(Lots, await NoticesAsync());
        Assert.Equal(Lots, await _company.ScalarAsync(
            "select count(distinct subject) from compensation.notice where kind = 'expiry_week'"));
        Assert.Equal(0, await JobAsync());
    }

    // Lots of one person that expire in five days.
    private async Task ExpiringAsync()
    {
        const string Email = "ada@example.com";
        Assert.Equal(
            HttpStatusCode.OK,
            (await _company.ImportAsync(
                Company.Row(Email, "Eng,Engineer,L5,US,C,2024-01-15,,100000,120000,USD,"))).Status);
        var wallet = new WalletId((await _company.Get<PeopleDirectory>().FindAsync(Email, Company.Ct))!.Id.Value);
        var pool = new WalletId(Guid.CreateVersion7());
        var until = _company.Clock.Now.AddDays(5);
        await PostAsync([new()
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(Lots * 1_000), Key = "fund",
        }]);
        for (var from = 0; from < Lots; from += OfATransfer)
            await PostAsync(
            [
                .. Enumerable.Range(from, OfATransfer).Select(i => new Transfer
                {
                    Kind = TransferKind.Grant, Wallet = pool, To = wallet, Amount = new(1_000), Key = $"grant:{i}",
                    NewLot = new("work_compute", "a test", until),
                }),
            ]);
    }

    private async Task PostAsync(IReadOnlyList<Transfer> transfers) => Assert.All(
        await _company.Get<LedgerWriter>().PostAsync(transfers, null, Company.Ct),
        posted => Assert.True(posted.Done, $"{posted.Refused}"));

    private async Task<int> JobAsync() =>
        await _company.Get<IEnumerable<IHostedService>>().OfType<ExpiryNotices>().Single().RunAsync(Company.Ct);

    private Task<long> NoticesAsync() => _company.ScalarAsync("select count(*) from compensation.notice");
}
