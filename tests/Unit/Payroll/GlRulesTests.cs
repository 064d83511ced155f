using FsCheck;
using FsCheck.Fluent;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.GeneralLedger;
using Guerdon.Payroll.Settings;

namespace Guerdon.Unit.Payroll;

/// <summary>Which accounts of the general ledger a transfer debits and credits, read as bookkeeping.</summary>
public class GlRulesTests
{
    private const AccountKind Elsewhere = 0; // in the other wallet

    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly WalletId
        Pool = new(new Guid(1, 0, 0, new byte[8])), Ada = new(new Guid(2, 0, 0, new byte[8]));
    private static readonly string Cashable = GlRows.Convertible[0];

    private static readonly GlAccounts Names = new()
    {
        Issued = "Issued", Pools = "Pools", Unvested = "Unvested", Held = "Held", Spent = "Spent", Expired = "Expired",
        Converted = "Converted", Clearing = "Clearing", ComputeCost = "Compute", CompensationCost = "Cost",
        AccruedLiability = "Owed", PayrollPayable = "Payable",
    };

    private static GlRow Row(
        TransferKind kind, AccountKind from, AccountKind to, long milli = 1_000, string tax = "work_compute",
        Asset asset = Asset.Compute, long used = 0, GlHeld held = default, GlPayout? payout = null) => new(
        At, Ada, 1, new(new Guid(9, 0, 0, new byte[8])), kind, asset, 1, milli, from, to, Pool, tax, "", used, held,
        payout);

    private static string Book(
        GlRow row, long rate = 1_000_000_000, LiabilityRate? owed = null, LiabilityRate? undone = null) =>
        string.Join(", ", GlRules.Of(row, Names, rate, owed, undone)
            .Select(p => $"{p.Account} {p.Commodity} {p.Amount}"));

    [Theory]
    [InlineData(TransferKind.Grant, Elsewhere, AccountKind.Available, "Held CTOK 1000, Pools CTOK -1000")]
    [InlineData(TransferKind.Award, Elsewhere, AccountKind.Unvested, "Unvested CTOK 1000, Pools CTOK -1000")]
    [InlineData(TransferKind.Vest, AccountKind.Unvested, AccountKind.Available, "Held CTOK 1000, Unvested CTOK -1000")]
    [InlineData(TransferKind.Draw, AccountKind.Available, AccountKind.Escrow, "")] // both are held
    [InlineData(TransferKind.Settle, AccountKind.Escrow, AccountKind.Spent, "Spent CTOK 1000, Held CTOK -1000")]
    [InlineData(TransferKind.Expire, AccountKind.Available, AccountKind.Expired, "Expired CTOK 1000, Held CTOK -1000")]
    [InlineData(TransferKind.Lock, AccountKind.Available, AccountKind.Locked, "")]
    [InlineData(
        TransferKind.Convert, AccountKind.Locked, AccountKind.Converted, "Converted CTOK 1000, Held CTOK -1000")]
    [InlineData(TransferKind.Revoke, AccountKind.Available, Elsewhere, "Pools CTOK 1000, Held CTOK -1000")]
    public void Of_ComputeMoves_BetweenItsAccounts(TransferKind kind, AccountKind from, AccountKind to, string booked)
    {
        Assert.Equal(booked, Book(Row(kind, from, to)));
        Assert.Equal(
            booked.Replace("CTOK", "RTOK", StringComparison.Ordinal), Book(Row(kind, from, to, asset: Asset.Reward)));
    }

    [Fact]
    public void Of_Fund_IsFromWhatWasIssuedOrFromPoolToPool()
    {
        var fund = Row(TransferKind.Fund, AccountKind.Available, AccountKind.Available);
        var issued = fund with { Wallet = WalletId.Treasury, Other = Pool };
        Assert.Equal("Pools CTOK 1000, Issued CTOK -1000", Book(issued));
        var returned = fund with { Wallet = Pool, Other = WalletId.Treasury };
        Assert.Equal("Issued CTOK 1000, Pools CTOK -1000", Book(returned));
        Assert.Equal("", Book(fund with { Wallet = Pool, Other = Ada }));
    }

    [Fact]
    public void Of_ComputeThatIsUsed_IsACost() => Assert.Equal(
        "Spent CTOK 1000, Held CTOK -1000, Compute USD 500, Clearing USD -500",
        Book(Row(TransferKind.Settle, AccountKind.Escrow, AccountKind.Spent, used: 500)));

    // A lot of 4,000 milli-tokens worth 8,000 nano-USD.
    private static GlHeld Held(long before, long after) => new(before, after, "USD", 8_000, 4_000);

    [Fact]
    public void Of_WhatCanBecomePay_IsOwedOnceItVests()
    {
        var vest = Row(
            TransferKind.Vest, AccountKind.Unvested, AccountKind.Available, tax: Cashable, held: Held(1_000, 2_000),
            used: 77);
        const string tokens = "Held CTOK 1000, Unvested CTOK -1000, ";
        Assert.Equal(tokens + "Cost USD 2000, Owed USD -2000", Book(vest));
        Assert.Equal(tokens + "Cost USD 5000, Owed USD -5000", Book(vest, owed: new LiabilityRate(5, 1)));
        Assert.Equal(tokens[..^2], Book(vest with { Held = default })); // no lot, nothing owed
    }

    [Fact]
    public void Of_AConversion_MakesWhatIsOwedPayable()
    {
        var payout = new GlPayout(300, "USD", 1_000, 0, At); // 3 USD for all of it
        var convert = Row(
            TransferKind.Convert, AccountKind.Locked, AccountKind.Converted, tax: Cashable, held: Held(2_000, 1_000),
            payout: payout);
        const string tokens = "Converted CTOK 1000, Held CTOK -1000, ";
        Assert.Equal(tokens + "Cost USD 2999998000, Owed USD 2000, Payable USD -3000000000", Book(convert));
        Assert.Equal(
            tokens + "Cost USD 5999998000, Owed USD 2000, Payable USD -6000000000", Book(convert, 2_000_000_000));
        // No money: payroll is told what was owed, and the cost stays.
        Assert.Equal(tokens + "Owed USD 2000, Payable USD -2000", Book(convert with { Payout = null }));

        var back = Row(
            TransferKind.Reconvert, AccountKind.Converted, AccountKind.Available, tax: Cashable,
            held: Held(1_000, 2_000), payout: payout);
        const string returned = "Held CTOK 1000, Converted CTOK -1000, ";
        Assert.Equal(returned + "Cost USD -2999998000, Owed USD -2000, Payable USD 3000000000", Book(back));
        var undone = back with { Payout = null, Undone = (Held(2_000, 1_000), At) };
        Assert.Equal(
            returned + "Cost USD -3000, Owed USD -2000, Payable USD 5000",
            Book(undone, undone: new LiabilityRate(5, 1)));
    }

    [Fact]
    public void Remeasured_ANewRate_IsCostAndOwed() => Assert.Equal(
        [new("Cost", "USD", 7), new GlPosting("Owed", "USD", -7)], GlRules.Remeasured(7, Names));

    [Theory]
    [InlineData(1, 0, 1)] // two thirds of a nano-USD and more: to the nearest
    [InlineData(1, 1, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(3, 0, 2)]
    public void Payout_Parts_AddUpToTheWhole(long milli, long before, long nanos) => Assert.Equal(
        nanos, new GlPayout(2, "USD", 3, before, At).NanosOf(milli, 100));

    [Fact]
    public void Of_AnyMove_IsBalancedInEachCommodity() => Prop.ForAll(
        (from kind in Gen.OneOf(
             Gen.Elements(Enum.GetValues<TransferKind>()),
             Gen.Elements(TransferKind.Convert, TransferKind.Reconvert))
         from accounts in Gen.Elements(Enum.GetValues<AccountKind>()).Two()
         from n in Gen.Choose(0, 1_000_000).ArrayOf(6)
         from tax in Gen.Elements(Cashable, "work_compute")
             // The conversion is of this lot's tokens, of n[5] before them, and of one more.
         let payout = kind is TransferKind.Convert or TransferKind.Reconvert
             ? new GlPayout(n[4], "USD", n[0] + n[5] + 1, n[5], At) : null
         select Row(
             kind, accounts.Item1, accounts.Item2, n[0], tax, used: n[1], held: Held(n[2], n[3]), payout: payout))
        .ToArbitrary(),
        row => GlRules.Of(row, Names, 900_000_000, new LiabilityRate(3, 7), null).GroupBy(p => p.Commodity)
            .All(commodity => commodity.Sum(p => p.Amount) == 0)).QuickCheckThrowOnFailure();
}
