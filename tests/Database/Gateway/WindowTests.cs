using System.Text;
using Dapper;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.People.Employees;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>What was charged and is not booked yet: seen at once, and never lost, returned or spent again.</summary>
public sealed class WindowTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";

    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":50,"messages":[{"role":"user","content":"Explain. [tokens=20]"}]}""";

    private readonly GatewayServer _gateway = new() { Clock = new EarlyInAQuarter() };

    // What is idle stays, so that only a window's end, a stop or a reader books.
    public WindowTests() => _gateway.Settings["Gateway:Admission:ReturnAfter"] = "00:05:00";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _gateway.InitializeAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Wallet_ReadWithinTheWindow_HasWhatWasChargedInBalanceAndLots()
    {
        var (email, key, wallet) = await HireAsync();
        for (var calls = 1; calls <= 3; calls++)
        {
            using (var answer = await _gateway.PostAsync(Chat, key, Body)) Assert.Equal(200, (int)answer.StatusCode);
            var charged = (await _gateway.RecordsAsync(wallet, calls)).Sum(record => record.Charged_Milli);
            Assert.True(await UnsettledAsync(wallet) > 0);

            var (_, overview) = await _gateway.AskAsync(HttpMethod.Get, "/api/v1/overview");
            Assert.Equal(charged, overview.GetProperty("spentMilli").GetInt64());
            var (status, reply) = await _gateway.AskAsync(HttpMethod.Get, $"/api/v1/wallets/{email}");
            Assert.Equal(200, status);
            Assert.Equal(charged, reply.GetProperty("balance").GetProperty("spentMilli").GetInt64());
            Assert.Equal(charged, reply.GetProperty("lots")[0].GetProperty("spentMilli").GetInt64());
            Assert.Equal(0, await UnsettledAsync(wallet));
        }

        await AssertSoundAsync();
    }

    [Fact]
    public async Task Wallet_ReadRightAfterACall_HasWhatItWasCharged()
    {
        var (email, key, wallet) = await HireAsync();
        for (var calls = 1; calls <= 5; calls++)
        {
            using (var answer = await _gateway.PostAsync(Chat, key, Body)) Assert.Equal(200, (int)answer.StatusCode);
            var asked = TimeProvider.System.GetTimestamp();
            var (_, reply) = await _gateway.AskAsync(HttpMethod.Get, $"/api/v1/wallets/{email}");
            var took = TimeProvider.System.GetElapsedTime(asked);

            var charged = (await _gateway.RecordsAsync(wallet, calls)).Sum(record => record.Charged_Milli);
            var spent = reply.GetProperty("balance").GetProperty("spentMilli").GetInt64();
            // On a machine that has no time to write it, the wallet is shown as it was.
            if (took < RequestJournal.WriteWithin) Assert.Equal(charged, spent);
            else Assert.InRange(spent, 0, charged);
        }

        var begun = TimeProvider.System.GetTimestamp();
        await Get<RequestJournal>().WrittenAsync(wallet, Ct); // nothing waits, so neither does this
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds, 0, 100);
    }

    [Fact]
    public async Task Wallet_EmptiedByACall_IsExhaustedAtOnce()
    {
        var (rich, first) = await _gateway.KeyAsync(1_000_000);
        using (var answer = await _gateway.PostAsync(Chat, rich, Body)) Assert.Equal(200, (int)answer.StatusCode);
        var cost = (await _gateway.RecordsAsync(first)).Single().Charged_Milli;
        var (key, _) = await _gateway.KeyOfAsync(new(6 * cost));

        for (int calls = 0, waits = 0; ; calls++)
        {
            using var answer = await _gateway.PostAsync(Chat, key, Body);
            if (answer.IsSuccessStatusCode) continue;
            Assert.True(calls > 0, "nothing was spent");
            var why = await answer.Content.ReadAsStringAsync(Ct);
            // An answer may be read a moment before what it held is given back.
            if (why.Contains("gateway.wallet_in_flight", StringComparison.Ordinal) && waits++ < 50)
            {
                await Task.Delay(20, Ct);
                continue;
            }

            Assert.True((int)answer.StatusCode == 402, $"{answer.StatusCode}: {why}");
            return;
        }
    }

    [Fact]
    public async Task Reclaim_DeadNodeWithMoreBatchesThanOnePage_BooksEachOnceAndReturnsTheRest()
    {
        const int Wallets = 300;
        var dead = new HolderId(Guid.CreateVersion7());
        var (ledger, journal) = (Get<LedgerWriter>(), Get<RequestJournal>());
        var wallets = new List<WalletId>();
        var at = TimeProvider.System.UtcMicros().AddSeconds(-5);
        for (var i = 0; i < Wallets; i++)
        {
            var wallet = await GrantAsync();
            wallets.Add(wallet);
            var drawn = await ledger.PostAsync(new Transfer
            { Kind = TransferKind.Draw, Wallet = wallet, Holder = dead, Amount = new(1_000), Key = "d" }, Ct);
            Assert.True(drawn.Done, $"{drawn.Refused}");
        }

        var openings = wallets.Select(wallet => new Opening(
            wallet, new(Guid.CreateVersion7()), at, dead, Guid.Empty, "claude-haiku-4-5", new(400))).ToList();
        await Task.WhenAll(openings.Select(journal.OpenAsync));
        foreach (var opening in openings) journal.Close(Closed(opening, 150));
        await journal.DrainAsync();
        var lost = new Opening(
            wallets[0], new(Guid.CreateVersion7()), at, dead, Guid.Empty, "claude-haiku-4-5", new(300));
        await journal.OpenAsync(lost);
        await LapseAsync(dead);

        // Others settle some of it at the same moment: a reader, and the node itself, which was only thought dead.
        await Task.WhenAll(
            Get<Reclaim>().RunAsync(new(Guid.CreateVersion7()), Ct), Get<Settlements>().AllAsync(dead, Ct),
            Get<Settlements>().OfWalletsAsync([.. wallets.Take(20)], null, Ct));

        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        await EscrowBecomesAsync(dead, 0); // the gateway's own loop may have been at it already
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from metering.unsettled"));
        Assert.Equal((300 * 150) + 300, await connection.ExecuteScalarAsync<long>(
            "select sum(spent_milli)::bigint from ledger.v_balance where wallet_id = any (@ids)",
            new { ids = wallets.Select(w => w.Value).ToArray() }));
        await AssertSoundAsync();

        // The dead comes back: it may not renew its lease, and what it still closes is charged from what is there.
        journal.Close(Closed(lost, 250));
        var late = new Opening(
            wallets[1], new(Guid.CreateVersion7()), at, dead, Guid.Empty, "claude-haiku-4-5", new(300));
        await journal.OpenAsync(late);
        journal.Close(Closed(late, 50));
        await journal.DrainAsync();
        Assert.Equal(200, await connection.ExecuteScalarAsync<long>(
            "select sum(spent_milli)::bigint from ledger.v_balance where wallet_id = @id",
            new { id = wallets[1].Value }));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Reclaim_BatchThatCannotBeBooked_KeepsItsEscrowAndNoOtherNodeWaiting()
    {
        var (first, second) = (new HolderId(Guid.CreateVersion7()), new HolderId(Guid.CreateVersion7()));
        var (ledger, journal) = (Get<LedgerWriter>(), Get<RequestJournal>());
        var at = TimeProvider.System.UtcMicros().AddSeconds(-5);
        foreach (var holder in (HolderId[])[first, second])
        {
            var wallet = await GrantAsync();
            await ledger.PostAsync(new Transfer
            { Kind = TransferKind.Draw, Wallet = wallet, Holder = holder, Amount = new(1_000), Key = "d" }, Ct);
            var opening = new Opening(
                wallet, new(Guid.CreateVersion7()), at, holder, Guid.Empty, "claude-haiku-4-5", new(400));
            await journal.OpenAsync(opening);
            journal.Close(Closed(opening, 150));
        }

        await journal.DrainAsync();
        await using var owner = await _gateway.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync(
            "update metering.unsettled set requests = 2 where holder = @first", new { first = first.Value });
        await LapseAsync(first);
        await LapseAsync(second);

        await Get<Reclaim>().RunAsync(new(Guid.CreateVersion7()), Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        await EscrowBecomesAsync(first, 150); // what covers it stays
        await EscrowBecomesAsync(second, 0);
        await owner.ExecuteAsync(
            "update metering.unsettled set requests = 1 where holder = @first", new { first = first.Value });
        await Get<Reclaim>().RunAsync(new(Guid.CreateVersion7()), Ct);
        await EscrowBecomesAsync(first, 0);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Renew_HolderThatWasClosed_IsRefused()
    {
        var node = Get<NodeLease>();
        Assert.True(await node.RenewAsync(DateTime.UnixEpoch, Ct));
        await Get<Settlements>().CloseHolderAsync(node.Holder, Ct);
        Assert.False(await node.RenewAsync(DateTime.UnixEpoch, Ct));
    }

    // So that no test meets the end of a quarter of an hour, at which everything is booked.
    private sealed class EarlyInAQuarter : TimeProvider
    {
        private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

        private readonly TimeSpan _ahead =
            TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(System.GetUtcNow().UtcTicks % Quarter.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
    }

    private static RequestRecord Closed(Opening o, long chargedMilli) => new()
    {
        Wallet = o.Wallet, Id = o.Id, StartedAt = o.StartedAt, EndedAt = o.StartedAt.AddSeconds(1),
        Source = Source.Gateway, Holder = o.Holder, KeyId = o.KeyId, Model = o.Model, Provider = "nobody",
        TokenValueNanos = 1_000, Usage = new(10, 0, 0, 0, 5, 0), Cost = new(new(chargedMilli), new(chargedMilli)),
        Charged = new(chargedMilli), Held = o.Held, State = RecordState.Estimated, Outcome = Outcome.Answered,
        HttpStatus = 200,
    };

    private T Get<T>() where T : notnull => _gateway.Services.GetRequiredService<T>();

    private async Task<WalletId> GrantAsync() => (await _gateway.KeyOfAsync(new(1_000_000))).Wallet;

    private async Task LapseAsync(HolderId holder)
    {
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("""
            insert into gateway.node (holder, started_at, lease_until, oldest_open)
            values (@holder, now() - interval '1 hour', now() - interval '1 second', now() - interval '1 hour')
            """, new { holder = holder.Value });
    }

    private async Task EscrowBecomesAsync(HolderId holder, long milli)
    {
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(100, Ct))
        {
            var now = await connection.ExecuteScalarAsync<long>(
                "select coalesce(sum(amount_milli), 0)::bigint from ledger.v_escrow where holder = @holder",
                new { holder = holder.Value });
            if (now == milli) return;
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < 2 * GatewayServer.Busy, $"{now} are in escrow");
        }
    }

    private async Task<long> UnsettledAsync(WalletId wallet)
    {
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(
            "select coalesce(sum(charged_milli), 0)::bigint from metering.v_unsettled where wallet_id = @id",
            new { id = wallet.Value });
    }

    private async Task AssertSoundAsync()
    {
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    private async Task<(string Email, string Key, WalletId Wallet)> HireAsync()
    {
        const string Email = "windows@example.com";
        var csv = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
            + $"{Email},Win Dow,Ops,Engineer,L4,US,CC,2020-01-01,,1,1,USD\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var imported = await ImportPeople.RunAsync(stream, false, _gateway.Db, TimeProvider.System, Ct);
        Assert.Empty(imported.Errors);
        var person = (await new PeopleDirectory(_gateway.Db).FindAsync(Email, Ct))!;
        var wallet = new WalletId(person.Id.Value);
        return (Email, await _gateway.KeyToAsync(wallet, new Tokens(100_000_000)), wallet);
    }
}
