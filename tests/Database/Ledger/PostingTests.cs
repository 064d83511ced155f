using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Statements;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Database.Ledger;

public sealed class PostingTests(LedgerBench ledger) : IClassFixture<LedgerBench>
{
    [Fact]
    public async Task Draw_MoreThanThereIs_IsRefusedAndChangesNothing()
    {
        var alice = LedgerBench.Wallet(1);
        await ledger.GrantAsync(alice, 1_000);

        Assert.True((await ledger.PostAsync(LedgerBench.Draw(alice, 600))).Done);
        var refused = await ledger.PostAsync(LedgerBench.Draw(alice, 401));

        Assert.Equal(LedgerRefusals.InsufficientTokens, refused.Refused?.Refusal);
        Assert.Equal(new Balance(new(400), new(600), default, default), await ledger.BalanceAsync(alice));
    }

    [Fact]
    public async Task Draw_UpTo_TakesWhatThereIs()
    {
        var alice = LedgerBench.Wallet(2);
        await ledger.GrantAsync(alice, 1_000);

        var drawn = await ledger.PostAsync(LedgerBench.Draw(alice, 5_000, atLeast: 0));
        var nothing = await ledger.PostAsync(LedgerBench.Draw(alice, 5_000, atLeast: 0));

        Assert.Equal(new Tokens(1_000), drawn.Moved);
        Assert.True(nothing is { Done: true, Moved.Milli: 0 });
    }

    [Fact]
    public async Task Draw_UpToFromAWalletRememberedEmpty_SeesWhatAnotherWriterGranted()
    {
        var alice = LedgerBench.Wallet(15);
        await ledger.GrantAsync(alice, 1_000);
        await using var other = ledger.NewWriter(new LedgerOptions());
        await other.StartAsync(TestContext.Current.CancellationToken);
        Task<Posted> DrawAsync(Transfer draw) => other.PostAsync(draw, TestContext.Current.CancellationToken);

        var all = LedgerBench.Draw(alice, 5_000, atLeast: 0);
        await DrawAsync(all);
        await ledger.GrantAsync(alice, 300);
        var more = await DrawAsync(LedgerBench.Draw(alice, 5_000, atLeast: 0));
        var repeat = await DrawAsync(all);

        Assert.Equal(new Tokens(300), more.Moved);
        Assert.True(repeat is { Replayed: true, Moved.Milli: 1_000 });
        await other.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Post_SameKeyAgain_GivesTheFirstResultEvenWhereTheBalanceWouldNow_Refuse()
    {
        var alice = LedgerBench.Wallet(3);
        await ledger.GrantAsync(alice, 100);
        var draw = LedgerBench.Draw(alice, 100);

        var first = await ledger.PostAsync(draw);
        var second = await ledger.PostAsync(draw);
        var other = await ledger.PostAsync(draw with { Amount = new(99) });

        Assert.True(first is { Done: true, Replayed: false });
        Assert.True(second is { Done: true, Replayed: true } && second.Id == first.Id && second.Moved == first.Moved);
        Assert.Equal(LedgerRefusals.KeyReused, other.Refused?.Refusal);
        Assert.Equal(new Tokens(100), (await ledger.BalanceAsync(alice)).Escrow);
    }

    [Fact]
    public async Task Post_SameKeyAgainWhenItWouldTakeFromAnotherLot_MovesOnce()
    {
        var alice = LedgerBench.Wallet(16);
        await ledger.GrantAsync(alice, 100);
        await ledger.GrantAsync(alice, 100);
        var draw = LedgerBench.Draw(alice, 100);

        var first = await ledger.PostAsync(draw); // all of lot 1
        var second = await ledger.PostAsync(draw);
        var settle = await ledger.PostAsync(LedgerBench.Settle(alice, 1, key: draw.Key)); // into another account

        Assert.True(second is { Done: true, Replayed: true } && second.Id == first.Id);
        Assert.Equal(LedgerRefusals.KeyReused, settle.Refused?.Refusal);
        Assert.Equal(new Balance(new(100), new(100), default, default), await ledger.BalanceAsync(alice));
    }

    [Fact]
    public async Task Post_SameKeyAtOnceFromManyCallers_MovesOnce()
    {
        var alice = LedgerBench.Wallet(4);
        await ledger.GrantAsync(alice, 1_000);
        var draw = LedgerBench.Draw(alice, 10);

        var posted = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ledger.PostAsync(draw)));

        Assert.Single(posted, p => !p.Replayed);
        Assert.Single(posted.Select(p => p.Id).Distinct());
        Assert.Equal(new Tokens(10), (await ledger.BalanceAsync(alice)).Escrow);
    }

    [Fact]
    public async Task Linked_OneRefused_NonePosts()
    {
        var (alice, bob) = (LedgerBench.Wallet(5), LedgerBench.Wallet(6));
        await ledger.GrantAsync(alice, 100);
        await ledger.GrantAsync(bob, 10);

        var posted = await ledger.Writer.PostAsync(
            [LedgerBench.Draw(alice, 100), LedgerBench.Draw(bob, 11)], null, TestContext.Current.CancellationToken);

        Assert.Equal(LedgerRefusals.LinkedRefused, posted[0].Refused?.Refusal);
        Assert.Equal(LedgerRefusals.InsufficientTokens, posted[1].Refused?.Refusal);
        Assert.Equal(new Tokens(100), (await ledger.BalanceAsync(alice)).Available);
        Assert.Empty(await ledger.VerifyAsync());
    }

    [Fact]
    public async Task Linked_WithFailingCommand_NonePostsAndNeighboursAreSpared()
    {
        var (alice, bob) = (LedgerBench.Wallet(7), LedgerBench.Wallet(8));
        await ledger.GrantAsync(alice, 100);
        await ledger.GrantAsync(bob, 100);
        Func<NpgsqlBatchCommand> broken = () => new NpgsqlBatchCommand("select 1 / 0");

        var failing = ledger.Writer.PostAsync(
            [LedgerBench.Draw(alice, 50)], new() { Commands = [broken] }, TestContext.Current.CancellationToken);
        var fine = ledger.PostAsync(LedgerBench.Draw(bob, 50));

        await Assert.ThrowsAsync<PostgresException>(() => failing);
        Assert.True((await fine).Done);
        Assert.Equal(new Tokens(100), (await ledger.BalanceAsync(alice)).Available);
        Assert.True((await ledger.PostAsync(LedgerBench.Draw(alice, 50))).Done);
        Assert.Empty(await ledger.VerifyAsync());
    }

    [Fact]
    public async Task Spend_TakesWhatExpiresFirst_ReturnGivesBackWhatExpiresLast()
    {
        var alice = LedgerBench.Wallet(9);
        var now = TimeProvider.System.GetUtcNow();
        await ledger.GrantAsync(alice, 100);                  // lot 1, never expires
        await ledger.GrantAsync(alice, 100, now.AddDays(60)); // lot 2
        await ledger.GrantAsync(alice, 100, now.AddDays(30)); // lot 3: first
        await ledger.PostAsync(LedgerBench.Draw(alice, 250));
        await ledger.PostAsync(LedgerBench.Settle(alice, 120));
        await ledger.PostAsync(LedgerBench.Return(alice, 60));

        var lots = await WalletLots.OfAsync(ledger.Db, alice, Asset.Compute, TestContext.Current.CancellationToken);

        Assert.Equal([3, 2, 1], lots.Select(l => l.Number));
        Assert.Equal(
            [(0, 0, 100), (10, 70, 20), (100, 0, 0)],
            lots.Select(l => ((int)l.Available.Milli, (int)l.Escrow.Milli, (int)l.Spent.Milli)));
        Assert.All(lots, l => Assert.Equal(l.Granted, l.Available + l.Escrow + l.Spent + l.Expired));
    }

    [Fact]
    public async Task Draw_FromAnExpiredLot_IsRefusedBeforeItsExpiryIsBooked()
    {
        var alice = LedgerBench.Wallet(10);
        await ledger.GrantAsync(alice, 100, TimeProvider.System.GetUtcNow().AddMilliseconds(50));
        await Task.Delay(80, TestContext.Current.CancellationToken);

        var refused = await ledger.PostAsync(LedgerBench.Draw(alice, 1));
        var expire = new Transfer
        {
            Kind = TransferKind.Expire, Wallet = alice, Lot = 1, Amount = new(100),
            Key = LedgerBench.Key()
        };
        var expired = await ledger.PostAsync(expire);

        Assert.Equal(LedgerRefusals.InsufficientTokens, refused.Refused?.Refusal);
        Assert.True(expired.Done, expired.Refused?.ToString());
        Assert.Equal(new Balance(default, default, default, new(100)), await ledger.BalanceAsync(alice));
    }

    [Fact]
    public async Task Balance_AtAnInstant_IsWhatItWas()
    {
        var alice = LedgerBench.Wallet(11);
        await ledger.GrantAsync(alice, 100);
        await Task.Delay(5, TestContext.Current.CancellationToken);
        var between = TimeProvider.System.GetUtcNow();
        await Task.Delay(5, TestContext.Current.CancellationToken);
        await ledger.PostAsync(LedgerBench.Draw(alice, 30));

        Assert.Equal(new Tokens(100), (await ledger.BalanceAsync(alice, between)).Available);
        Assert.Equal(new Tokens(70), (await ledger.BalanceAsync(alice)).Available);
    }

    [Fact]
    public async Task Statement_OfAPeriod_ReAddsAndLeavesOutMovesWithinIt()
    {
        var alice = LedgerBench.Wallet(12);
        var from = TimeProvider.System.GetUtcNow();
        await ledger.GrantAsync(alice, 1_000);
        await ledger.PostAsync(LedgerBench.Draw(alice, 500));
        await ledger.PostAsync(LedgerBench.Settle(alice, 120));
        await ledger.PostAsync(LedgerBench.Return(alice, 380));

        var statement = await WalletStatements.ForAsync(
            ledger.Db, new(alice, Asset.Compute, WalletStatements.Own, from, from.AddHours(1)),
            TestContext.Current.CancellationToken);

        Assert.Equal([(TransferKind.Grant, 1_000L), (TransferKind.Settle, -120L)],
            statement.Lines.Select(l => (l.Kind, l.Amount.Milli)));
        Assert.Equal((0L, 880L), (statement.Opening.Milli, statement.Closing.Milli));
    }

    [Fact]
    public async Task Grant_ThatVestsAndIsConverted_KeepsEveryLotWhole()
    {
        var alice = LedgerBench.Wallet(45);
        var (pool, lot) = (LedgerBench.Wallet(46), new LotTerms("convertible_cash", "plan test", null));
        Transfer Move(TransferKind kind, long milli) => new()
        {
            Kind = kind, Wallet = alice, Asset = Asset.Reward, Amount = new(milli), Lot = 1, Key = LedgerBench.Key(),
            To = kind == TransferKind.Forfeit ? pool : null,
        };
        await ledger.PostAsync(new Transfer
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool,
            Asset = Asset.Reward, Amount = new(100), Key = LedgerBench.Key()
        });
        var award = await ledger.PostAsync(new Transfer
        {
            Kind = TransferKind.Award, Wallet = pool, To = alice,
            Asset = Asset.Reward, Amount = new(100), NewLot = lot, Key = LedgerBench.Key()
        });
        Assert.True(award.Done, award.Refused?.ToString());
        foreach (var (kind, milli) in new[]
        {
            (TransferKind.Vest, 60L), (TransferKind.Lock, 50), (TransferKind.Unlock, 20), (TransferKind.Convert, 25),
            (TransferKind.Forfeit, 30),
        })
        {
            var posted = await ledger.PostAsync(Move(kind, milli));
            Assert.True(posted.Done, posted.Refused?.ToString());
        }

        var balance = await Balances.AtAsync(
            ledger.Db, alice, Asset.Reward, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        var whole = Assert.Single(
            await WalletLots.OfAsync(ledger.Db, alice, Asset.Reward, TestContext.Current.CancellationToken));
        Assert.Equal(new Balance(new(30), default, default, default, new(10), new(5), new(25)), balance);
        Assert.Equal((30, 10, 5, 25, 30), ((int)whole.Available.Milli, (int)whole.Unvested.Milli,
            (int)whole.Locked.Milli, (int)whole.Converted.Milli, (int)whole.Revoked.Milli));
        Assert.Empty(await ledger.VerifyAsync());
    }

    [Theory]
    [InlineData(0, "The amount must be at least 1")]
    [InlineData(-5, "The amount must be at least 1")]
    public async Task Post_Malformed_IsRefusedWithTheReason(long milli, string reason)
    {
        var refused = await ledger.PostAsync(LedgerBench.Draw(LedgerBench.Wallet(13), milli));

        Assert.Equal(LedgerRefusals.InvalidTransfer, refused.Refused?.Refusal);
        Assert.Contains(reason, refused.Refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_TwoOnOneWallet_NeverOverdrawIt()
    {
        var alice = LedgerBench.Wallet(14);
        await ledger.GrantAsync(alice, 1_000);
        await using var other = ledger.NewWriter(new LedgerOptions { Lanes = 3 });
        await other.StartAsync(TestContext.Current.CancellationToken);

        var draws = await Task.WhenAll(Enumerable.Range(0, 400).Select(i =>
            (i % 2 == 0 ? ledger.Writer : other)
                .PostAsync(LedgerBench.Draw(alice, 10), TestContext.Current.CancellationToken)));

        Assert.Equal(100, draws.Count(d => d.Done));
        Assert.Equal(new Balance(default, new(1_000), default, default), await ledger.BalanceAsync(alice));
        Assert.Empty(await ledger.VerifyAsync());
        await other.StopAsync(TestContext.Current.CancellationToken);
    }
}
