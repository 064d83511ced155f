using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Audit;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

/// <summary>A wallet of a grant and a draw, and everything that somebody could have changed in it.</summary>
public class WalletCheckTests
{
    private static readonly DateTime At = new(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Wallet = Guid.Parse("00000000-0000-7000-8000-0000000000a1");
    private static readonly Guid Holder = Guid.Parse("00000000-0000-7000-8000-000000000002");
    private static readonly LotTerms Terms = new("work_compute", "plan a v1, allowance, 2026-11", null);

    private static readonly PositionKey Available = new(Asset.Compute, AccountKind.Available, default, 1);
    private static readonly PositionKey Escrow = new(Asset.Compute, AccountKind.Escrow, Holder, 1);

    private static Entry Grant(Guid? source = null) => new()
    {
        Wallet = Wallet, Seq = 1, Transfer = Guid.Empty, Kind = TransferKind.Grant, Asset = Asset.Compute, From = 0,
        To = AccountKind.Available, Lot = 1, AmountMilli = 1_000, Key = "grant:a", Content = [1], At = At,
        SourceId = source,
    };

    private static Entry Draw() => Grant() with
    {
        Seq = 2,
        Kind = TransferKind.Draw,
        From = AccountKind.Available,
        To = AccountKind.Escrow,
        Holder = Holder,
        AmountMilli = 400,
        Key = "draw:a",
        At = At.AddSeconds(1),
    };

    private static StoredLot Lot() => new(Terms, 1_000, Asset.Compute, At);

    private static Entry Hashed(byte[] previous, Entry entry, LotTerms? terms = null) =>
        entry with { Hash = ChainHash.OfEntry(previous, entry, terms) };

    /// <summary>The two entries as they were written; then what a test makes of them.</summary>
    private sealed record Books(Entry First, Entry Second)
    {
        public StoredLot? Opened { get; init; } = Lot();
        public ChainEnd? Head { get; init; } = new(Second.Seq, Second.Hash, Second.At);
        public IReadOnlyList<StoredPosition> Positions { get; init; } = [new(Available, 600), new(Escrow, 400)];
        public int? Stray { get; init; }

        public static Books Of(Entry first, Entry second)
        {
            var one = Hashed(ChainHash.Genesis, first, Terms);
            return new(one, Hashed(one.Hash, second));
        }
    }

    private static string Check(Books books, Guid? wallet = null)
    {
        var check = new WalletCheck(wallet ?? Wallet);
        if (books.Head is { } head) check.AddHead(new StoredHead(null, head));
        if (books.Stray is { } lot) check.AddHead(new StoredHead(lot, default));
        check.AddEntry(new StoredEntry(books.First, books.Opened));
        check.AddEntry(new StoredEntry(books.Second, null));
        foreach (var position in books.Positions) check.AddPosition(position);
        return string.Join('\n', check.Finish().Select(
            f => $"{f.Table}: {f.Row} {f.Problem}"
                .Replace($"wallet_id={wallet ?? Wallet}", "", StringComparison.Ordinal)
                .Replace(": , ", ": ", StringComparison.Ordinal).Replace(":  ", ": ", StringComparison.Ordinal)));
    }

    private static readonly Books Good = Books.Of(Grant(), Draw());

    public static TheoryData<string, object> Changed()
    {
        var (source, head) = (Guid.NewGuid(), Good.Head!.Value);
        return new()
        {
            { "", Good },
            { "", Books.Of(Grant(source), Draw()) },
            { "ledger.wallet: it is missing, but has 2 entries", Good with { Head = null } },
            { "ledger.wallet: it counts 3 entries, there are 2", Good with { Head = head with { Seq = 3 } } },
            { "ledger.wallet: its head is not its last entry's hash",
                Good with { Head = head with { Hash = Good.First.Hash } } },
            { "ledger.wallet: its time is not its last entry's", Good with { Head = head with { At = At } } },
            { "ledger.lot: lot=9 no entry opened this lot", Good with { Stray = 9 } },
            { "ledger.position: asset=1, account=1, holder=00000000-0000-0000-0000-000000000000, lot=1 "
                + "it holds 601 milli-tokens, its entries add up to 600",
                Good with { Positions = [new(Available, 601), new(Escrow, 400)] } },
            { $"ledger.position: asset=1, account=2, holder={Holder}, lot=1 it is missing; its entries add up to "
                + "400 milli-tokens", Good with { Positions = [new(Available, 600)] } },
            { "ledger.position: asset=1, account=1, holder=00000000-0000-0000-0000-000000000000, lot=2 "
                + "it holds 5 milli-tokens, its entries add up to 0",
                Good with { Positions = [.. Good.Positions, new(Available with { Lot = 2 }, 5)] } },
            { "ledger.entry: seq=2 it is dated before the entry it follows",
                Books.Of(Grant(), Draw() with { At = At.AddTicks(-10) }) },
            { "", Books.Of(Grant(), Draw() with { At = At }) },
            { "ledger.entry: seq=3 entry 2 should come before it and is missing",
                Books.Of(Grant(), Draw() with { Seq = 3 }) },
            { "ledger.lot: lot=1 it was granted 1000 milli-tokens",
                Good with { Opened = Lot() with { GrantedMilli = 1 } } },
            { "ledger.lot: lot=1 its asset is not its grant's",
                Good with { Opened = Lot() with { Asset = Asset.Reward } } },
            { "ledger.lot: lot=1 its time is not its grant's",
                Good with { Opened = Lot() with { GrantedAt = At.AddTicks(10) } } },
            { "ledger.entry: seq=1 its hash does not match its content and the terms of lot 1",
                Good with { Opened = Lot() with { Terms = Terms with { TaxClass = "taxable_compute" } } } },
            { "ledger.lot: lot=1 it is missing, or not of entry 1, which opened it\n"
                + "ledger.entry: seq=1 its hash does not match its content after the entry before it",
                Good with { Opened = null } },
            { "ledger.entry: seq=2 its hash does not match its content after the entry before it",
                Good with { Second = Good.Second with { Key = "draw:b" } } },
            { "ledger.entry: seq=1 its source is not the one that its key names",
                Good with { First = Good.First with { SourceId = source } } },
        };
    }

    [Theory]
    [MemberData(nameof(Changed))]
    public void Finish_OfWhatSomebodyChanged_NamesIt(string findings, object books) =>
        Assert.Equal(findings, Check((Books)books));

    [Fact]
    public void AddEntry_OfASourceNotedLater_MatchesItsKey()
    {
        var source = Guid.NewGuid();
        var first = Hashed(ChainHash.Genesis, Grant() with { Key = $"correction:{source:N}" }, Terms);
        var books = new Books(first with { SourceId = source }, Hashed(first.Hash, Draw()));
        Assert.Equal("", Check(books));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void AddEntry_MoreThanThereIs_FallsBelowZero(long milli, bool isFound)
    {
        var books = Books.Of(Grant(), Draw() with { AmountMilli = milli }) with
        {
            Positions = [new(Available, 1_000 - milli), new(Escrow, milli)],
        };
        Assert.Equal(isFound ? "ledger.entry: seq=2 Available of lot 1 falls below zero, to -1 milli-tokens" : "",
            Check(books));
        Assert.Equal("", Check(books, WalletId.Treasury.Value)); // it grants what it never had
    }

    [Fact]
    public void AddEntry_WhatEntersAnotherWallet_OpensNoLotHere()
    {
        // From 0, but of no lot: nothing of it is told apart.
        var first = Hashed(ChainHash.Genesis, Grant() with { Lot = 0 });
        var second = Hashed(first.Hash, Draw() with { Lot = 0, To = 0 });
        var left = new StoredPosition(Available with { Lot = 0 }, 600);
        Assert.Equal("", Check(new Books(first, second) { Opened = null, Positions = [left] }));
    }
}
