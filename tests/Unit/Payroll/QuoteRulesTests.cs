using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Payroll;

public class QuoteRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly ConversionTerms Terms =
        ConversionTermsFile.Read(ConversionTermsFileTests.Good, book: null).Terms!;

    private static readonly QuoteMoment Moment = new(
        Terms, Now, QuoteRules.WindowOn(Terms, new DateOnly(2026, 11, 21)).ValueOrDefault,
        new RateBook(TokenNanos: 1_000, Payroll: null));

    private static readonly Person Ada = PersonTests.Ada; // L5, US, USD

    private static Lot Lot(int number, long milli, string taxClass = "convertible_cash", int? days = null) => new(
        number, new(milli), new(milli), default, default, default, default, default, default, taxClass, "a test",
        days is { } d ? Now.AddDays(d) : null, Now);

    private static Result<Quote> For(
        Wish wish, IReadOnlyList<Lot> lots, ConvertedSoFar? sofar = null, Person? person = null) =>
        QuoteRules.For(Moment, person ?? Ada, lots, sofar ?? new(0, 0, 0), wish);

    private static Wish Cash(long milli, int? lot = null) => new(PayForm.Cash, milli, lot);

    [Fact]
    public void For_TwoLots_TakesWholeCentsFromTheFirstFirst()
    {
        var result = For(Cash(1_234_567), [Lot(1, 1_000_000, days: 3), Lot(2, 1_000_000)]);

        Assert.True(result.Is(out var quote, out _));
        Assert.Equal((123, 1_230_000, "1.23 USD"), (quote.Units, quote.AmountMilli, quote.Pays));
        Assert.Equal([new(1, 1_000_000), new LotPart(2, 230_000)], quote.Lots);
    }

    // 250,000 tokens at a millionth of a dollar are 25 cents; at a thousandth for each they bring 250 dollars.
    [Fact]
    public void For_AnyQuote_SaysWhatGoesInAndWhatComesOut()
    {
        var quote = For(Cash(1_230_000), [Lot(1, 1_230_000)]).ValueOrDefault;

        Assert.Equal((1_230_000L, 1_230_000_000L), (quote!.WorthNanos, quote.PaysNanos));
    }

    [Fact]
    public void For_ACurrencyOrDayOfUnstatedWorth_SaysThatNobodyStatedIt()
    {
        var inEuro = For(Cash(1_000_000), [Lot(1, 1_000_000)], person: Ada with { Currency = "EUR" });
        var days = For(new Wish(PayForm.TimeOff, 250_000_000, null), [Lot(1, 250_000_000, "convertible_time_off")]);

        Assert.Equal((1_000_000L, null), (inEuro.ValueOrDefault!.WorthNanos, inEuro.ValueOrDefault.PaysNanos));
        Assert.Equal((250_000_000L, null), (days.ValueOrDefault!.WorthNanos, days.ValueOrDefault.PaysNanos));
    }

    [Theory]
    [InlineData(10_000, null, 0, 0, null)]
    [InlineData(9_999, null, 0, 0, "compensation.too_little")] // no whole cent
    [InlineData(10_001, 2, 0, 0, "compensation.class_crossed")]
    [InlineData(10_001, 9, 0, 0, "ledger.lot_not_found")]
    [InlineData(9_000_000, null, 0, 0, "compensation.not_enough_reward")]
    [InlineData(5_000_000, null, 0, 0, null)]
    [InlineData(5_010_000, null, 0, 0, "compensation.over_cap")]
    [InlineData(5_009_999, null, 0, 0, null)] // what makes whole cents is within the cap
    [InlineData(1_000_000, null, 4_000_000, 4_000_000, null)]
    [InlineData(1_000_000, null, 4_000_001, 4_000_001, "compensation.over_cap")]
    [InlineData(1_000_000, null, 0, 7_000_500, null)]
    [InlineData(1_000_000, null, 0, 7_000_501, "compensation.over_cap")]
    public void For_CashTable(long milli, int? lot, long inWindow, long inYear, string? code)
    {
        var result = For(
            Cash(milli, lot), [Lot(1, 8_000_000), Lot(2, 8_000_000, "convertible_time_off"), Lot(3, 10, days: -1)],
            new(inWindow, inYear, 0));

        Assert.Equal(code, result.Refused?.Refusal.Code);
        Assert.Equal(code is null, result.ValueOrDefault is not null);
    }

    [Fact]
    public void For_AnotherClass_IsNamedAndNeverTaken()
    {
        var no = For(Cash(5_000_000), [Lot(1, 1_000_000), Lot(2, 8_000_000, "convertible_equity")]).Refused;

        Assert.Equal(
            "5,000 tokens are asked for, and 1,000 of class convertible_cash are free. "
            + "Tokens of class convertible_equity do not become cash.", no!.Detail);
    }

    [Fact]
    public void For_WhoMay_FollowsLevelCountryCurrencyAndEmployment()
    {
        Lot[] lots =
        [
            Lot(1, 900_000_000, "convertible_time_off"), Lot(2, 9_000_000), Lot(3, 900_000, "convertible_equity"),
        ];
        Assert.Null(For(new(PayForm.TimeOff, 2_500_000, null), lots).Refused);
        Assert.Equal("compensation.not_eligible",
            For(new(PayForm.TimeOff, 2_500_000, null), lots, person: Ada with { Level = "L4" }).Refused!.Refusal.Code);
        Assert.Equal("compensation.not_eligible", For(new(PayForm.Equity, 100_000, null), lots).Refused!.Refusal.Code);
        Assert.Null(For(new(PayForm.Equity, 100_000, null), lots, person: Ada with { Country = "DE" }).Refused);
        Assert.Equal("compensation.no_rate",
            For(Cash(100_000), lots, person: Ada with { Currency = "JPY" }).Refused!.Refusal.Code);
        Assert.Equal("compensation.not_eligible",
            For(Cash(100_000), lots, person: Ada with { LeftOn = new DateOnly(2026, 11, 20) }).Refused!.Refusal.Code);
        Assert.Null(For(Cash(100_000), lots, person: Ada with { LeftOn = new DateOnly(2026, 11, 21) }).Refused);
        Assert.Equal("compensation.not_eligible",
            For(Cash(100_000), lots, person: Ada with { IsBot = true }).Refused!.Refusal.Code);
        Assert.Equal("compensation.form_not_offered",
            QuoteRules.For(
                Moment with { Terms = Terms with { Forms = [] } }, Ada, lots, new(0, 0, 0), Cash(1))
                .Refused!.Refusal.Code);
    }

    private static readonly Arbitrary<(long[] Lots, long Asked, long Used)> Cases =
        Gen.Choose(1, 3_000_000).Select(n => (long)n).ListOf(4).Zip(Gen.Choose(1, 12_000_000).Two())
            .Select(c => (c.Item1.ToArray(), (long)c.Item2.Item1, (long)c.Item2.Item2)).ToArbitrary();

    [Fact]
    public void For_AnyWish_TakesWhatItSaysFromLotsThatMayAndKeepsTheCaps() => Prop.ForAll(Cases, c =>
    {
        Lot[] lots =
        [
            .. c.Lots.Select((milli, i) => Lot(i + 1, milli, i % 2 == 0 ? "convertible_cash" : "convertible_equity")),
        ];
        if (!For(Cash(c.Asked), lots, new(c.Used, c.Used, 0)).Is(out var quote, out _)) return true;
        return quote.Lots.Sum(l => l.AmountMilli) == quote.AmountMilli && quote.AmountMilli <= c.Asked
            && quote.Lots.All(l => l.Lot % 2 == 1 && l.AmountMilli <= lots[l.Lot - 1].Available.Milli)
            && c.Used + quote.AmountMilli <= 5_000_000
            && (Int128)quote.Units * 10_000 <= quote.AmountMilli;
    }).QuickCheckThrowOnFailure();
}
