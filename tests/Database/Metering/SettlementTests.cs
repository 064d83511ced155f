using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Database.Ledger;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Metering.Settlement;

namespace Guerdon.Database.Metering;

/// <summary>
/// Requests are written at once and booked later, once, by whoever comes first; at each moment what is in escrow covers
/// what is free, held, and charged and not booked.
/// </summary>
public sealed class SettlementTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly WalletId Alice = LedgerBench.Wallet(1);
    private static readonly HolderId Holder = LedgerBench.Holder(1);

    private readonly TurnedClock _clock = new() { Now = new(2027, 3, 8, 10, 2, 0, TimeSpan.Zero) };
    private readonly JournalBench _bench;

    public SettlementTests() => _bench = new() { Clock = _clock };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Settlements Settlements => _bench.Settlements;

    public async ValueTask InitializeAsync()
    {
        await _bench.InitializeAsync();
        await _bench.Ledger.GrantAsync(Alice, 1_000_000);
        await _bench.Ledger.PostAsync(LedgerBench.Draw(Alice, 500_000));
    }

    [Fact]
    public async Task Close_SeveralFlushesInAWindow_AreBookedByOneTransferWithTheirEvidence()
    {
        for (var flush = 0; flush < 5; flush++) await CallsAsync(Alice, 3, 70);
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal(
            new Balance(new(500_000), new(500_000), default, default), await _bench.Ledger.BalanceAsync(Alice));
        Assert.Empty(await _bench.VerifyAsync());

        await Settlements.AllAsync(Holder, Ct);

        Assert.Equal((1, 0), await CountAsync());
        Assert.Equal(
            new Balance(new(500_000), new(498_950), new(1_050), default), await _bench.Ledger.BalanceAsync(Alice));
        Assert.Empty(await _bench.VerifyAsync());
    }

    [Fact]
    public async Task Due_BeforeAndAfterAWindow_BooksOnlyWhatHasWaitedForOne()
    {
        await CallsAsync(Alice, 1, 70);
        _clock.Now += TimeSpan.FromSeconds(119);
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal((0, 1), await CountAsync());

        _clock.Now += TimeSpan.FromSeconds(1);
        await CallsAsync(Alice, 1, 70); // the first batch has had its time: another is opened
        Assert.Equal((0, 2), await CountAsync());
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal((1, 1), await CountAsync());
        Assert.Empty(await _bench.VerifyAsync());
    }

    [Fact]
    public async Task Due_LastSecondsOfAQuarter_BooksEverything()
    {
        _clock.Now += TimeSpan.FromMinutes(12);
        await CallsAsync(Alice, 1, 70);
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal((0, 1), await CountAsync());

        _clock.Now += TimeSpan.FromSeconds(57);
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task Due_ClockPutBack_BooksWhatWasOpenedInTheFuture()
    {
        await CallsAsync(Alice, 1, 70);
        _clock.Now += TimeSpan.FromHours(-1);
        await CallsAsync(Alice, 1, 70);
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal((1, 1), await CountAsync());
    }

    [Fact]
    public async Task AnyoneSettles_WhileRequestsComeIn_EachIsBookedOnce()
    {
        var wallets = Enumerable.Range(1, 8).Select(LedgerBench.Wallet).ToList();
        foreach (var wallet in wallets.Skip(1))
        {
            await _bench.Ledger.GrantAsync(wallet, 1_000_000);
            await _bench.Ledger.PostAsync(LedgerBench.Draw(wallet, 500_000));
        }

        using var over = new CancellationTokenSource();
        var settlers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            while (!over.IsCancellationRequested)
            {
                if (i == 0) await Settlements.AllAsync(Holder, Ct);
                else await Settlements.OfWalletsAsync([.. wallets.Where(_ => random.Next(3) == 0)], null, Ct);
            }
        }, Ct)).ToList();
        for (var round = 0; round < 25; round++)
            await Task.WhenAll(wallets.Select(wallet => CallsAsync(wallet, 4, 10)));
        await over.CancelAsync();
        await Task.WhenAll(settlers);
        Assert.Empty(await _bench.VerifyAsync());
        await Settlements.AllAsync(Holder, Ct);

        foreach (var wallet in wallets)
            Assert.Equal(new Balance(new(500_000), new(499_000), new(1_000), default),
                await _bench.Ledger.BalanceAsync(wallet));
        Assert.Equal(0, (await CountAsync()).Waiting);
        Assert.Empty(await _bench.VerifyAsync());
    }

    [Fact]
    public async Task Close_OneBatchWasSettledMeanwhile_LeavesTheOthersOpen()
    {
        var wallets = Enumerable.Range(1, 6).Select(LedgerBench.Wallet).ToList();
        foreach (var wallet in wallets.Skip(1))
        {
            await _bench.Ledger.GrantAsync(wallet, 1_000_000);
            await _bench.Ledger.PostAsync(LedgerBench.Draw(wallet, 500_000));
        }

        await CallsAsync(wallets, 1, 70);
        await Settlements.OfWalletsAsync([Alice], null, Ct);
        await CallsAsync(wallets, 1, 70);

        Assert.Equal((1, 6), await CountAsync());
        await Settlements.AllAsync(Holder, Ct);
        Assert.Equal((7, 0), await CountAsync()); // Alice has two, each other one
        Assert.Empty(await _bench.VerifyAsync());
    }

    [Fact]
    public async Task CloseHolder_ItsNodeWritesOn_IsBookedFromWhatIsThereAndNothingIsLost()
    {
        await CallsAsync(Alice, 1, 70);
        await Settlements.CloseHolderAsync(Holder, Ct);
        await Settlements.AllAsync(Holder, Ct);
        await _bench.Ledger.PostAsync(LedgerBench.Return(Alice, 499_930));

        await CallsAsync(Alice, 2, 70); // a node that was only thought dead

        Assert.Equal(0, (await CountAsync()).Waiting);
        Assert.Equal(new Balance(new(999_790), default, new(210), default), await _bench.Ledger.BalanceAsync(Alice));
        Assert.Empty(await _bench.VerifyAsync());
    }

    [Fact]
    public async Task Settle_BatchThatIsNotItsRows_IsNotBookedAndKeepsNobodyElse()
    {
        var bob = LedgerBench.Wallet(2);
        await _bench.Ledger.GrantAsync(bob, 1_000);
        await _bench.Ledger.PostAsync(LedgerBench.Draw(bob, 500));
        await CallsAsync(Alice, 1, 70);
        await CallsAsync(bob, 1, 70);
        await using var outside = await _bench.Ledger.Database.OpenOutsideAsync();
        await outside.ExecuteAsync(
            "update metering.unsettled set charged_milli = 7 where wallet_id = @w", new { w = Alice.Value });

        _clock.Now += TimeSpan.FromMinutes(10);
        for (var looks = 0; looks < 3; looks++) await Settlements.DueAsync(Holder, Ct);

        Assert.Equal((1, 1), await CountAsync());
        Assert.Equal(new Tokens(70), (await _bench.Ledger.BalanceAsync(bob)).Spent);
        Assert.Equal(1, _bench.Logged.Errors); // named once, not at each look
        Assert.Null(await SettlementAlarm.ReadAsync(_bench.Ledger.Db, _clock.Now, Ct));
        _clock.Now += TimeSpan.FromMinutes(10);
        await Settlements.DueAsync(Holder, Ct);
        Assert.Equal(2, _bench.Logged.Errors);
        Assert.Equal(new SettlementAlarm(1, 7, _clock.Now.AddMinutes(-20)), await SettlementAlarm.ReadAsync(
            _bench.Ledger.Db, _clock.Now, Ct));
        Assert.Contains(
            await _bench.VerifyAsync(), f => f.Problem.Contains("of 7 wait to be booked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settle_EscrowDoesNotCoverIt_StaysAndIsFound()
    {
        await CallsAsync(Alice, 1, 70);
        await _bench.Ledger.PostAsync(LedgerBench.Return(Alice, 499_960)); // as no node would

        await Settlements.AllAsync(Holder, Ct);

        Assert.Equal((0, 1), await CountAsync());
        Assert.Contains(
            await _bench.VerifyAsync(), f => f.Problem.Contains("out of an escrow of 40", StringComparison.Ordinal));
    }

    private Task CallsAsync(WalletId wallet, int calls, long chargedMilli) =>
        CallsAsync([wallet], calls, chargedMilli);

    private async Task CallsAsync(IReadOnlyList<WalletId> wallets, int calls, long chargedMilli)
    {
        var openings = (
            from wallet in wallets
            from _ in Enumerable.Range(0, calls)
            select JournalBench.Open(wallet, 100)).ToList();
        await Task.WhenAll(openings.Select(_bench.Journal.OpenAsync)).WaitAsync(Soon, Ct);
        foreach (var opening in openings) _bench.Journal.Close(JournalBench.Close(opening, chargedMilli));
        await _bench.Journal.DrainAsync().WaitAsync(Soon, Ct);
    }

    private async Task<(int Booked, int Waiting)> CountAsync()
    {
        await using var connection = await _bench.Ledger.Db.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<(int, int)>("""
            select (select count(distinct (wallet_id, key)) from ledger.entry where key like 'flush:%')::int,
                   (select count(*) from metering.unsettled)::int
            """);
    }

    public async ValueTask DisposeAsync() => await _bench.DisposeAsync();
}
