using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

public sealed class GroupPlanTests
{
    // Ada has lot 1 of 600, which expires in February, lot 2 of 300 in January and lot 3 of 100 in December.
    //
    //   what happens      moves   available          escrow             spent         expired
    private static readonly (TransferKind Kind, long Milli, string Available, string Escrow, string Spent)[] Accounts =
    [
        (TransferKind.Draw, 350, "2:50 1:600", "3:100 2:250", ""),        // what expires first is set aside first
        (TransferKind.Settle, 120, "2:50 1:600", "2:230", "3:100 2:20"),  // and spent first
        (TransferKind.Return, 30, "2:80 1:600", "2:200", "3:100 2:20"),
        (TransferKind.Draw, 200, "1:480", "2:280 1:120", "3:100 2:20"),
        (TransferKind.Return, 150, "2:30 1:600", "2:250", "3:100 2:20"),  // what expires last is returned first
        (TransferKind.Settle, 250, "2:30 1:600", "", "3:100 2:270"),
        (TransferKind.Spend, 31, "1:599", "", "3:100 2:300 1:1"),         // usage that was measured elsewhere
    ];

    [Fact]
    public void Post_InTurn_TakesLotsInSpendingOrder()
    {
        var book = Book.With(600, 300, 100);
        foreach (var (kind, milli, available, escrow, spent) in Accounts)
        {
            Assert.True(book.Post(book.Move(kind, milli)).Done);
            Assert.Equal((available, escrow, spent),
                (book.Holds(AccountKind.Available), book.Holds(AccountKind.Escrow, Book.Node),
                    book.Holds(AccountKind.Spent)));
        }
    }

    [Fact]
    public void PostLinked_SomeOfThemPostedBefore_IsRefusedWhole()
    {
        var book = Book.With(600);
        var (first, second) = (book.Move(TransferKind.Draw, 10), book.Move(TransferKind.Draw, 20));
        Assert.True(book.Post(first).Done);
        Assert.Equal(LedgerRefusals.KeyReused, book.PostLinked(first, second)[^1].Refused?.Refusal);
        Assert.Equal("1:590", book.Holds(AccountKind.Available));
        Assert.All(book.PostLinked(first), posted => Assert.True(posted.Replayed)); // all of them, as ever
        Assert.True(book.Post(second).Done);
    }

    [Fact]
    public void PostLinked_TheLastIsRefused_LeavesNothingOfTheOthers()
    {
        var book = Book.With(600);
        var (entries, lots) = (book.Plan.Entries.Count, book.Plan.Lots.Count);
        var refused = book.PostLinked(Book.Grant(Book.Ada, 5, "one more", null), book.Move(TransferKind.Draw, 9_999));
        Assert.NotNull(refused[^1].Refused);
        Assert.Equal((entries, lots, "1:600"),
            (book.Plan.Entries.Count, book.Plan.Lots.Count, book.Holds(AccountKind.Available)));
        Assert.True(book.Post(Book.Grant(Book.Ada, 5, "one more", null)).Done); // its key is free
        Assert.Equal(lots + 1, book.Plan.Lots.Count);
    }

    // A grant of 100 that vests, is asked to be converted and is paid out.
    //
    //   what happens             available  unvested  locked  converted
    private static readonly (TransferKind Kind, long Milli, string Available, string Unvested, string Locked,
        string Converted)[] Vesting =
    [
        (TransferKind.Vest, 60, "1:60", "1:40", "", ""),
        (TransferKind.Lock, 50, "1:10", "1:40", "1:50", ""),
        (TransferKind.Unlock, 20, "1:30", "1:40", "1:30", ""),
        (TransferKind.Convert, 30, "1:30", "1:40", "", "1:30"),
        (TransferKind.Forfeit, 15, "1:30", "1:25", "", "1:30"),
        (TransferKind.Reconvert, 10, "1:40", "1:25", "", "1:20"),
        (TransferKind.Revoke, 5, "1:35", "1:25", "", "1:20"),
    ];

    [Fact]
    public void Post_OfAGrantThatVests_MovesItFromAccountToAccount()
    {
        var book = Book.With();
        var award = book.Post(Book.Grant(Book.Ada, 100, "award", null) with { Kind = TransferKind.Award });
        Assert.Equal(("", "1:100"), (book.Holds(AccountKind.Available), book.Holds(AccountKind.Unvested)));
        foreach (var (kind, milli, available, unvested, locked, converted) in Vesting)
        {
            var posted = book.Post(book.Move(kind, milli) with
            {
                Lot = 1,
                Corrects = award.Id,
                To = Route.Of(kind)!.Value.TwoWallets ? Book.Pool : null,
            });
            Assert.True(posted.Done, posted.Refused?.ToString());
            Assert.Equal((available, unvested, locked, converted),
                (book.Holds(AccountKind.Available), book.Holds(AccountKind.Unvested),
                    book.Holds(AccountKind.Locked), book.Holds(AccountKind.Converted)));
        }

        Assert.Equal(1_000_000 - 100 + 15 + 5, book.Plan.State(Book.Pool).AvailableAt(Asset.Compute, default).Milli);
    }

    [Theory]
    [InlineData(TransferKind.Vest, 101)] // of 100 unvested
    [InlineData(TransferKind.Forfeit, 101)]
    [InlineData(TransferKind.Draw, 1)] // nothing has vested
    [InlineData(TransferKind.Lock, 1)]
    [InlineData(TransferKind.Convert, 1)]
    public void Post_MoreThanHasVested_IsRefused(TransferKind kind, long milli)
    {
        var book = Book.With();
        book.Post(Book.Grant(Book.Ada, 100, "award", null) with { Kind = TransferKind.Award });
        var posted = book.Post(book.Move(kind, milli) with
        {
            Lot = Route.Of(kind)!.Value.UsesEscrow ? null : 1,
            To = Route.Of(kind)!.Value.TwoWallets ? Book.Pool : null,
        });

        Assert.Equal(LedgerRefusals.InsufficientTokens, posted.Refused?.Refusal);
        Assert.Equal("1:100", book.Holds(AccountKind.Unvested));
    }

    [Theory]
    [InlineData(TransferKind.Draw, 1_001)] // of 1,000 available
    [InlineData(TransferKind.Spend, 1_001)]
    [InlineData(TransferKind.Settle, 1)] // of nothing in escrow
    [InlineData(TransferKind.Return, 1)]
    public void Post_MoreThanThereIs_IsRefusedAndMovesNothing(TransferKind kind, long milli)
    {
        var book = Book.With(1_000);
        var entries = book.Plan.Entries.Count;

        Assert.Equal(LedgerRefusals.InsufficientTokens, book.Post(book.Move(kind, milli)).Refused?.Refusal);

        Assert.Equal(entries, book.Plan.Entries.Count);
        Assert.Equal("1:1000", book.Holds(AccountKind.Available));
    }

    [Fact]
    public void Settle_FromAnothersEscrow_IsRefused()
    {
        var book = Book.With(1_000);
        book.Post(book.Move(TransferKind.Draw, 1_000, Book.Node));

        var theirs = book.Post(book.Move(TransferKind.Settle, 1, Book.OtherNode));

        Assert.Equal(LedgerRefusals.InsufficientTokens, theirs.Refused?.Refusal);
        Assert.Equal("1:1000", book.Holds(AccountKind.Escrow, Book.Node));
    }

    [Theory]
    [InlineData(5_000, 0, 1_000L)]
    [InlineData(5_000, 1_000, 1_000L)]
    [InlineData(400, 100, 400L)]
    [InlineData(5_000, 1_001, null)]
    public void Draw_UpTo_TakesWhatThereIs(long amount, long atLeast, long? moved)
    {
        var book = Book.With(1_000);
        var posted = book.Post(book.Move(TransferKind.Draw, amount) with { AtLeast = new(atLeast) });
        Assert.Equal(moved, posted.Done ? posted.Moved.Milli : null);
    }

    [Fact]
    public void Draw_PastALotsDate_LeavesItButEscrowOfItMayStillBeSpent()
    {
        var book = Book.With(600, 400); // lot 2 expires in a month, lot 1 in two
        book.Post(book.Move(TransferKind.Draw, 100));
        book.Now = Book.Start.AddMonths(1);

        Assert.False(book.Post(book.Move(TransferKind.Draw, 601)).Done);
        Assert.Equal(new Tokens(0), book.Post(book.Move(TransferKind.Draw, 600)).AvailableAfter);
        Assert.True(book.Post(book.Move(TransferKind.Settle, 700)).Done);
        Assert.Equal("2:100 1:600", book.Holds(AccountKind.Spent));

        Assert.True(book.Post(book.Move(TransferKind.Expire, 300) with { Lot = 2 }).Done);
        Assert.Equal("2:300", book.Holds(AccountKind.Expired));
    }

    [Fact]
    public void Expire_BeforeItsDate_IsRefused()
    {
        var book = Book.With(1_000);
        var early = book.Post(book.Move(TransferKind.Expire, 1_000) with { Lot = 1 });
        Assert.Equal(LedgerRefusals.LotNotExpired, early.Refused?.Refusal);
    }

    [Fact]
    public void Post_SameKey_GivesTheFirstResultEvenWhereItWouldNowBeRefused()
    {
        var book = Book.With(1_000);
        var draw = book.Move(TransferKind.Draw, 1_000);

        var first = book.Post(draw);
        var again = book.Post(draw);
        var other = book.Post(draw with { Amount = new(999) });

        Assert.Equal(first with { Replayed = true }, again);
        Assert.Equal(LedgerRefusals.KeyReused, other.Refused?.Refusal);
        Assert.Equal("1:1000", book.Holds(AccountKind.Escrow, Book.Node));
    }

    [Fact]
    public void Post_KeyOfAnEarlierGroup_GivesThatTransfer()
    {
        var draw = new Book().Move(TransferKind.Draw, 50);
        var earlier = new TransferId(Guid.NewGuid());
        var book = new Book(new() { [(Book.Ada, draw.Key)] = new(earlier, ChainHash.OfContent(draw), 50) });

        var posted = book.Post(draw); // of an empty wallet: the key comes before the rules

        Assert.True(posted is { Done: true, Replayed: true, Moved.Milli: 50 } && posted.Id == earlier);
        Assert.Empty(book.Plan.Entries);
    }

    [Fact]
    public void Linked_LastRefused_LeavesNoTrace()
    {
        var book = Book.With(1_000);
        var (entries, positions) = (book.Plan.Entries.Count, book.Plan.Positions().ToArray());

        var posted = book.PostLinked(
            book.Move(TransferKind.Draw, 400), book.Move(TransferKind.Settle, 300), book.Move(TransferKind.Draw, 601));

        Assert.Equal(
            [LedgerRefusals.LinkedRefused, LedgerRefusals.LinkedRefused, LedgerRefusals.InsufficientTokens],
            posted.Select(p => p.Refused?.Refusal));
        Assert.Equal(entries, book.Plan.Entries.Count);
        Assert.Equal(positions, book.Plan.Positions());
    }

    [Fact]
    public void Linked_Posted_ShareALinkAndSeeEachOther()
    {
        var book = Book.With(1_000);
        var posted = book.PostLinked(book.Move(TransferKind.Draw, 400), book.Move(TransferKind.Settle, 400));

        Assert.All(posted, p => Assert.True(p.Done));
        Assert.NotNull(Assert.Single(book.Plan.Entries[^2..].Select(e => e.Link).Distinct()));
    }

    [Fact]
    public void Entries_OfAWallet_AreAChainWhoseTimeNeverRunsBack()
    {
        var book = Book.With(600, 400);
        book.Now = Book.Start.AddHours(-1); // a clock set back
        book.Post(book.Move(TransferKind.Draw, 500));

        foreach (var chain in book.Plan.Entries.GroupBy(e => e.Wallet))
        {
            Assert.Equal(Enumerable.Range(1, chain.Count()), chain.Select(e => (int)e.Seq));
            Assert.Equal(chain.OrderBy(e => e.At).Select(e => e.Seq), chain.Select(e => e.Seq));
            Assert.Equal(chain.Count(), chain.Select(e => Convert.ToHexString(e.Hash)).Distinct().Count());
        }
    }

    [Fact]
    public void Post_IntoASealedDay_IsBookedBehindIt()
    {
        var open = Book.Start.UtcDateTime.AddDays(1).Date;
        var book = new Book(notBefore: DateTime.SpecifyKind(open, DateTimeKind.Utc));
        book.Post(
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Book.Pool, Amount = new(1), Key = "f" });
        Assert.All(book.Plan.Entries, e => Assert.Equal(open, e.At));
    }

    [Fact]
    public void AnyPostings_NothingIsMadeLostOrOwed() => Prop.ForAll(Postings, postings =>
    {
        var book = Book.With(5_000, 3_000, 2_000);
        foreach (var (kind, milli, node) in postings)
            book.Post(book.Move(kind, milli, node ? Book.Node : Book.OtherNode));

        var positions = book.Plan.Positions().ToArray();
        return positions.Where(p => p.Wallet == Book.Ada).Sum(p => p.AmountMilli) == 10_000
            && positions.Sum(p => p.AmountMilli) == 0 // what the treasury owes is what all others have
            && positions.All(p => p.AmountMilli >= 0 || p.Wallet == WalletId.Treasury)
            && positions.Where(p => p.Wallet == Book.Ada).GroupBy(p => p.Key.Lot)
                .All(l => l.Sum(p => p.AmountMilli) == new[] { 5_000, 3_000, 2_000 }[l.Key - 1]);
    }).QuickCheckThrowOnFailure();

    private static readonly Arbitrary<(TransferKind Kind, long Milli, bool Node)[]> Postings = (
        from kind in Gen.Elements(TransferKind.Draw, TransferKind.Draw, TransferKind.Settle, TransferKind.Return,
            TransferKind.Spend)
        from milli in Gen.Choose(1, 2_500)
        from node in Gen.Elements(true, false)
        select (kind, (long)milli, node)).ArrayOf(60).ToArbitrary();
}
