using System.Net;
using System.Text.Json;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>What an answer says of a wallet is one truth: its balance is the sum of its lots.</summary>
public sealed class WalletAnswerTests : IAsyncLifetime
{
    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private readonly Company _company = new();

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await _company.ImportAsync(Company.Row("ada@example.com"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.RunAsync("plan", "2026-11")).Status);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public async Task Wallet_ReadWhileTokensMove_HasTheBalanceOfItsLots()
    {
        var ada = (await _company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct))!;
        var wallet = new WalletId(ada.Id.Value);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Company.Ct);
        var moving = Task.Run(() => MoveAsync(wallet, enough.Token), Company.Ct);

        var (apart, moved) = (new List<(long, long)>(), new HashSet<long>());
        for (var i = 0; i < 300; i++)
        {
            var (_, reply) = await _company.GetAsync("/api/v1/wallets/ada@example.com");
            var balance = Milli(reply.GetProperty("balance"));
            var lots = reply.GetProperty("lots").EnumerateArray().Sum(Milli);
            moved.Add(balance);
            if (balance != lots) apart.Add((balance, lots));
        }

        await enough.CancelAsync();
        await moving;
        Assert.Empty(apart);
        Assert.True(moved.Count > 10, $"only {moved.Count}"); // or it was read at rest
    }

    private async Task MoveAsync(WalletId wallet, CancellationToken ct)
    {
        var (ledger, holder) = (_company.Get<LedgerWriter>(), new HolderId(Guid.CreateVersion7()));
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            var posted = await ledger.PostAsync(new Transfer
            {
                Kind = TransferKind.Draw, Wallet = wallet, Holder = holder, Amount = new(1_000 + i), Key = $"d{i}",
            }, Company.Ct);
            Assert.True(posted.Done, $"{posted.Refused}");
        }
    }

    private static long Milli(JsonElement of) => of.GetProperty("availableMilli").GetInt64();
}
