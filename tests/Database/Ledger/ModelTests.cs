using System.Collections.Concurrent;
using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Database.Ledger;

/// <summary>The ledger against a model that is simple enough to be believed, and against its own invariants in a
/// storm.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private readonly LedgerBench _ledger = new(); // for each test: one's clock would run ahead of the other's
    private const int Steps = 400;
    private static int _wallets = 5_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _ledger.InitializeAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task RandomTransfers_ByTwoWritersInTurn_DoWhatTheModelDoes(int seed)
    {
        var clock = new SetClock(TimeProvider.System.GetUtcNow());
        await using var one = _ledger.NewWriter(new LedgerOptions(), clock);
        await using var other = _ledger.NewWriter(new LedgerOptions { Lanes = 1 }, clock);
        await Task.WhenAll(one.StartAsync(Ct), other.StartAsync(Ct));
        var (model, random, seen) = (new LedgerModel(), new Random(seed), new Seen());
        WalletId[] own = [.. Enumerable.Range(0, 3).Select(_ => NewWallet())];
        foreach (var wallet in own) await GrantAsync(one, model, wallet, 500, null);

        for (var step = 0; step < Steps; step++)
        {
            clock.Now += TimeSpan.FromMinutes(random.Next(3));
            var writer = random.Next(2) == 0 ? one : other; // each remembers what the other has since changed
            if (random.Next(12) == 0)
            {
                DateTimeOffset? expiry = random.Next(4) == 0 ? null : clock.Now.AddMinutes(random.Next(1, 120));
                await GrantAsync(writer, model, own[random.Next(3)], random.Next(1, 800), expiry);
                continue;
            }

            var transfer = random.Next(6) == 0 && seen.Any(random) is { } again
                ? again with
                {
                    Amount = again.Amount + new Tokens(random.Next(4) == 0
                    ? 1 : 0)
                } // or another of its key
                : Draft(random, own[random.Next(3)], model);
            var expected = model.Post(transfer, clock.Now);
            var posted = await writer.PostAsync(transfer, Ct);

            Assert.True(
                expected == new LedgerModel.Expectation(posted.Refused?.Refusal, posted.Moved.Milli,
                    posted.AvailableAfter.Milli, posted.Replayed),
                $"Seed {seed}, step {step}, {transfer}: the model says {expected}, the ledger {posted}.");
            seen.Note(transfer, expected);
            if (step % 40 == 0) await AssertSameAsync(model, transfer.Wallet);
        }

        foreach (var wallet in model.Wallets) await AssertSameAsync(model, wallet);
        Assert.Empty(await _ledger.VerifyAsync());
        Assert.True(seen.IsVaried, $"Too tame to show anything: {seen}");
        await Task.WhenAll(one.StopAsync(Ct), other.StopAsync(Ct));
    }

    [Fact]
    public async Task RandomTransfers_OfManyAtOnceByTwoWriters_KeepEveryInvariant()
    {
        const int Granted = 20_000;
        await using var other = _ledger.NewWriter(new LedgerOptions { Lanes = 3 });
        await other.StartAsync(Ct);
        WalletId[] own = [.. Enumerable.Range(0, 3).Select(_ => NewWallet())];
        foreach (var wallet in own)
            for (var lot = 0; lot < 4; lot++)
                await _ledger.GrantAsync(wallet, Granted / 4, TimeProvider.System.GetUtcNow().AddDays(30 - lot));

        var moved = new ConcurrentDictionary<(WalletId, TransferKind), long>();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < 60; i++)
            {
                var transfer = Storm(random, own[random.Next(3)]);
                var posted = await (random.Next(2) == 0 ? _ledger.Writer : other).PostAsync(transfer, Ct);
                Assert.True(posted.AvailableAfter.Milli >= 0);
                moved.AddOrUpdate((transfer.Wallet, transfer.Kind), posted.Moved.Milli, (_, sum) =>
                    sum + posted.Moved.Milli);
            }
        })));

        foreach (var wallet in own)
        {
            long Of(TransferKind kind) => moved.GetValueOrDefault((wallet, kind));
            var (draw, settle, back, spend) =
                (Of(TransferKind.Draw), Of(TransferKind.Settle), Of(TransferKind.Return), Of(TransferKind.Spend));
            Assert.Equal(
                new Balance(new(Granted - draw - spend + back), new(draw - settle - back), new(settle + spend),
                    default),
                await _ledger.BalanceAsync(wallet));
        }

        var lots = (await Task.WhenAll(own.Select(w => WalletLots.OfAsync(_ledger.Db, w, Asset.Compute, Ct))))
            .SelectMany(l => l);
        Assert.All(lots, lot =>
        {
            Assert.True(Math.Min(Math.Min(lot.Available.Milli, lot.Escrow.Milli), lot.Spent.Milli) >= 0,
                lot.ToString());
            Assert.Equal(lot.Granted, lot.Available + lot.Escrow + lot.Spent);
        });
        Assert.Empty(await _ledger.VerifyAsync());
        await other.StopAsync(Ct);
    }

    private static WalletId NewWallet() => LedgerBench.Wallet(Interlocked.Increment(ref _wallets));

    private static async Task GrantAsync(
        LedgerWriter writer, LedgerModel model, WalletId wallet, long amount, DateTimeOffset? expiresAt)
    {
        var key = LedgerBench.Key("model-grant");
        var posted = await writer.PostAsync(
        [
            new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = LedgerBench.Pool, Amount = new(amount),
                Key = key + ":fund",
            },
            new()
            {
                Kind = TransferKind.Grant, Wallet = LedgerBench.Pool, To = wallet, Amount = new(amount), Key = key,
                NewLot = new("work_compute", "a test", expiresAt),
            },
        ], null, Ct);
        Assert.All(posted, p => Assert.True(p.Done, p.Refused?.ToString()));
        model.Grant(wallet, amount, expiresAt);
    }

    private static Transfer Draft(Random random, WalletId wallet, LedgerModel model)
    {
        var kind = random.Next(20) switch
        {
            < 6 => TransferKind.Draw,
            < 10 => TransferKind.Settle,
            < 13 => TransferKind.Return,
            < 16 => TransferKind.Spend,
            < 18 => TransferKind.Refund,
            _ => TransferKind.Expire,
        };
        var amount = random.Next(1, 400);
        return new Transfer
        {
            Kind = kind, Wallet = wallet, Amount = new(amount), Key = LedgerBench.Key("model"),
            AtLeast = random.Next(3) switch { 0 => null, 1 => Tokens.Zero, _ => new(random.Next(amount + 1)) },
            Holder = kind is TransferKind.Draw or TransferKind.Settle or TransferKind.Return
                ? LedgerBench.Holder(random.Next(1, 3)) : null,
            Lot = kind == TransferKind.Expire || (kind == TransferKind.Refund && random.Next(2) == 0)
                ? random.Next(1, model.LotsOf(wallet).Count + 1) : null,
            Corrects = kind == TransferKind.Refund ? new TransferId(new Guid(1, 3, 7, new byte[8])) : null,
        };
    }

    private static Transfer Storm(Random random, WalletId wallet)
    {
        var kind = (TransferKind[])[TransferKind.Draw, TransferKind.Draw, TransferKind.Settle, TransferKind.Return,
            TransferKind.Spend];
        var chosen = kind[random.Next(kind.Length)];
        return new Transfer
        {
            Kind = chosen, Wallet = wallet, Amount = new(random.Next(1, 900)), Key = LedgerBench.Key("storm"),
            AtLeast = random.Next(2) == 0 ? Tokens.Zero : null,
            Holder = chosen == TransferKind.Spend ? null : LedgerBench.Holder(random.Next(1, 4)),
        };
    }

    private async Task AssertSameAsync(LedgerModel model, WalletId wallet)
    {
        var expected = model.LotsOf(wallet);
        var actual = await WalletLots.OfAsync(_ledger.Db, wallet, Asset.Compute, Ct);
        Assert.Equal(
            expected.Select(l => (l.Number, l.Granted, l.Available, l.Escrow.Values.Sum(), l.Spent, l.Expired)),
            actual.Select(l => (l.Number, l.Granted.Milli, l.Available.Milli, l.Escrow.Milli, l.Spent.Milli,
                l.Expired.Milli)));

        await using var connection = await _ledger.Db.OpenConnectionAsync(Ct);
        var holders = await connection.QueryAsync<(Guid Holder, long Amount)>(
            "select holder, amount_milli from ledger.v_escrow "
            + "where wallet_id = @id and amount_milli <> 0 order by holder",
            new { id = wallet.Value });
        Assert.Equal(
            expected.SelectMany(l => l.Escrow).GroupBy(e => e.Key.Value, e => e.Value).Select(g => (g.Key, g.Sum()))
                .Where(e => e.Item2 != 0).OrderBy(e => e.Key),
            holders.OrderBy(h => h.Holder));
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        // Whole microseconds, as the ledger books them.
        public DateTimeOffset Now { get; set; } = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>What a run has met, so that it can be repeated, and be seen to have met enough.</summary>
    private sealed class Seen
    {
        private readonly List<Transfer> _transfers = [];
        private readonly Dictionary<string, int> _counts = [];

        public bool IsVaried => _counts.Count >= 12;

        public Transfer? Any(Random random) => _transfers.Count == 0 ? null : _transfers[random.Next(_transfers.Count)];

        public void Note(Transfer transfer, LedgerModel.Expectation result)
        {
            _transfers.Add(transfer);
            var what = result.Refused?.Code ?? (result.Replayed ? "repeat" : result.Moved > 0 ? "moved" : "nothing");
            _counts[$"{transfer.Kind} {what}"] = _counts.GetValueOrDefault($"{transfer.Kind} {what}") + 1;
        }

        public override string ToString() => string.Join(", ", _counts.OrderBy(c => c.Key, StringComparer.Ordinal));
    }
}
