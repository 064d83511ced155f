using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Pricing;

public class CostTests
{
    private const long Million = 1_000_000;

    private static readonly Rates Sonnet =
        new(3_000_000_000, 300_000_000, 3_750_000_000, 6_000_000_000, 15_000_000_000);

    internal static Price PriceOf(Rates rates, long? tierOver = null, Rates? tier = null, long perRequest = 0) => new(
        Guid.Empty, "m", "p", DateTimeOffset.UnixEpoch, rates, tierOver, tier, 1_000_000, 64_000, new Usd(perRequest),
        "test");

    [Theory]
    [InlineData(1_000_000, 0, 0, 0, 0, 3_000_000_000)] // a million tokens cost the list price exactly
    [InlineData(0, 1_000_000, 0, 0, 0, 300_000_000)]
    [InlineData(0, 0, 1_000_000, 0, 0, 3_750_000_000)]
    [InlineData(0, 0, 0, 1_000_000, 0, 6_000_000_000)]
    [InlineData(0, 0, 0, 0, 1_000_000, 15_000_000_000)]
    [InlineData(1, 1, 1, 1, 1, 28_050)]
    public void Of_EachClass_CostsItsOwnRate(long input, long cached, long w5, long w1, long output, long nanos) =>
        Assert.Equal(new Usd(nanos),
            Cost.Of(PriceOf(Sonnet), new Usage(input, cached, w5, w1, output, 0), 1_000).Money);

    [Theory]
    [InlineData(0, 3_000_000_000, 0, 0)]
    [InlineData(1_000_000, 3_000_000_000, 3_000_000_000, 3_000_000_000)] // 3 USD, at a dollar a million tokens
    [InlineData(1, 1, 1, 1)] // rounded up
    [InlineData(26_843_545_600, 25_000_000_000, 671_088_640_000_000, 671_088_640_000_000)] // 512 MB, 50 times
    public void OfTraining_Tokens_CostTheTrainingRate(long trained, long rate, long nanos, long milli) =>
        Assert.Equal(new Costing(new Usd(nanos), new Tokens(milli)),
            Cost.OfTraining(PriceOf(Sonnet, perRequest: 9) with { Training = rate }, trained, 1_000));

    // The fee is for the call, whatever its tokens cost: here one token is a nano-USD.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_000, 0, 1_000)]
    [InlineData(1_000, 7, 1_007)]
    [InlineData(0, 7, 7)]
    public void Of_FeePerRequest_IsOnTopOfTheTokens(long fee, long tokens, long nanos)
    {
        var price = PriceOf(new Rates(Million, Million, Million, Million, Million), perRequest: fee);
        Assert.Equal(nanos, Cost.Of(price, new Usage(tokens, 0, 0, 0, 0, 0), 1_000).Money.Nanos);
        Assert.Equal(nanos, Cost.Of(price, new Usage(0, 0, 0, 0, tokens, 0), 1_000).Money.Nanos);
        Assert.Equal(nanos, Cost.AtMost(price, tokens, 0, 1_000).Money.Nanos);
        var part = CostPart.OfTokens(price, new Usage(tokens, 0, 0, 0, 0, 0));
        Assert.Equal(nanos, Cost.Of([part], 1_000).Money.Nanos);
        Assert.Equal(2 * nanos, Cost.Of([part, part], 1_000).Money.Nanos); // two requests
        Assert.Equal(nanos, Cost.OfFemto(Cost.FemtoOf(part), 1_000).Money.Nanos);
        CostBound[] bounds = [CostBound.OfTokens(price, tokens, 0), CostBound.OfTokens(price, 0, tokens)];
        Assert.Equal(2 * nanos, Cost.AtMost(bounds, 1_000).Money.Nanos);
    }

    [Theory]
    [InlineData(999, -1)] // not even the fee
    [InlineData(1_000, 0)]
    [InlineData(1_007, 7)]
    public void AffordableOutput_FeePerRequest_IsPaidFirst(long fundsMilli, long output)
    {
        var price = PriceOf(new Rates(Million, Million, Million, Million, Million), perRequest: 1_000);
        Assert.Equal(output, Cost.AffordableOutput(price, 0, new Tokens(fundsMilli), 1_000));
        Assert.Equal(Math.Max(-1, output - 3), Cost.AffordableOutput(price, 3, new Tokens(fundsMilli), 1_000));
    }

    [Fact]
    public void Of_TokenValueBelowOne_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Cost.Of(PriceOf(Sonnet), default(Usage), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cost.Of([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cost.OfTraining(PriceOf(Sonnet), 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cost.OfTraining(PriceOf(Sonnet), -1, 1));
    }

    [Fact]
    public void OfTraining_WithoutARate_IsAMistake() =>
        Assert.Throws<InvalidOperationException>(() => Cost.OfTraining(PriceOf(Sonnet), 1, 1_000));

    [Fact]
    public void Of_Parts_AreRoundedUpOnceTogether()
    {
        var price = PriceOf(new Rates(1, 1, 1, 1, 1)) with { Fees = new Fees { WebSearch = 10_000_000 } };
        var tokens = CostPart.OfTokens(price, new Usage(300_000, 0, 0, 0, 0, 0)); // 0.3 nano-USD
        Assert.Equal(1, Cost.Of([tokens, tokens, tokens], 1_000).Money.Nanos);
        Assert.Equal(
            new Costing(new Usd(30_000_001), new Tokens(30_000_001)),
            Cost.Of([tokens, CostPart.OfUses(price, HostedTool.WebSearch, 3)], 1_000));
        Assert.Equal(0, Cost.Of([CostPart.OfUses(price, HostedTool.FileSearch, 3)], 1_000).Money.Nanos);
        Assert.Throws<InvalidOperationException>(() => CostBound.OfUses(price, HostedTool.FileSearch, 3));
    }

    [Fact]
    public void Of_UnderOneNano_RoundsUpToOne()
    {
        var price = PriceOf(new Rates(1, 1, 1, 1, 1)); // a millionth of a nano-dollar a token
        Assert.Equal(new Costing(new Usd(1), new Tokens(1)), Cost.Of(price, new Usage(1, 0, 0, 0, 0, 0), 1_000));
    }

    [Fact]
    public void Of_InputPastTheThreshold_WholeCallIsAtTheTier()
    {
        var price = PriceOf(Sonnet, tierOver: 200_000, tier: new Rates(6_000_000_000, 0, 0, 0, 0));
        Assert.Equal(600_000_000, Cost.Of(price, new Usage(200_000, 0, 0, 0, 0, 0), 1_000).Money.Nanos);
        Assert.Equal(1_200_006_000, Cost.Of(price, new Usage(200_001, 0, 0, 0, 0, 0), 1_000).Money.Nanos);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 3_000_000_000 + 15_000_000_000)] // text alone
    [InlineData(1_000_000, 0, 0, 0, 55_000_000_000)] // audio at its own price, not beside text's
    [InlineData(0, 1_000_000, 0, 0, 3_000_000_000 + 15_000_000_000)] // pictures have none: as text
    [InlineData(0, 0, 1_000_000, 0, 3_000_000_000 + 80_000_000_000)]
    [InlineData(0, 0, 0, 1_000_000, 3_000_000_000 + 30_000_000_000)]
    [InlineData(250_000, 250_000, 250_000, 250_000, 47_250_000_000)]
    public void Of_Media_CostTheirOwnRateOrText(
        long audioIn, long imageIn, long audioOut, long imageOut, long nanos)
    {
        var rates = Sonnet with
        {
            AudioInput = 40_000_000_000,
            AudioOutput = 80_000_000_000,
            ImageOutput = 30_000_000_000,
        };
        var usage = new Usage(1_000_000, 0, 0, 0, 1_000_000, 0)
        {
            AudioInput = audioIn, ImageInput = imageIn, AudioOutput = audioOut, ImageOutput = imageOut,
        };
        Assert.Equal(nanos, Cost.Of(PriceOf(rates), usage, 1_000).Money.Nanos);
    }

    [Fact]
    public void Of_MediaPastTheThreshold_StayAtTheirOwnRate()
    {
        var price = PriceOf(
            Sonnet with { AudioInput = 5_000_000_000 }, tierOver: 10, tier: new Rates(6_000_000_000, 0, 0, 0, 0));
        var usage = new Usage(1_000_000, 0, 0, 0, 0, 0) { AudioInput = 400_000, ImageInput = 100_000 };
        Assert.Equal(5_600_000_000, Cost.Of(price, usage, 1_000).Money.Nanos);
    }

    [Fact]
    public void AtMost_MediaThatTheCallCannotUse_IsWhatTextCosts()
    {
        var plain = PriceOf(Sonnet);
        var rich = PriceOf(Sonnet with { AudioInput = 40_000_000_000, ImageOutput = 99_000_000_000 });
        var text = Cost.AtMost(plain, 100, 100, 1_000);
        Assert.Equal(text, Cost.AtMost(rich, 100, 100, 1_000));
        Assert.Equal(text, Cost.AtMost(rich, 100, 100, 1_000, Media.ImageInput | Media.AudioOutput));
        Assert.True(Cost.AtMost(rich, 100, 100, 1_000, Media.AudioInput).Money > text.Money);
    }

    // Prices, usage and token values of the sizes the book and the gateway have.
    private sealed record Call(Price Price, Usage Usage, long TokenValue, long Slack, long Funds, Media Media);

    private static readonly Gen<long> Rate = Gen.Frequency(
        (1, Gen.Constant(0L)), (6, Gen.Choose(1, 150_000).Select(n => n * 500_003L)),
        (1, Gen.Choose(1, 9).Select(n => (long)n)));

    private static readonly Gen<long?> OwnRate =
        Gen.Frequency((1, Gen.Constant((long?)null)), (2, Rate.Select(rate => (long?)(rate * 8))));

    private static readonly Gen<Rates> AnyRates =
        from r in Rate.ArrayOf(5)
        from own in OwnRate.ArrayOf(4)
        select new Rates(r[0], r[1], r[2], r[3], r[4])
        {
            AudioInput = own[0], ImageInput = own[1], AudioOutput = own[2], ImageOutput = own[3],
        };

    private static readonly Gen<long> Count = Gen.Frequency(
        (1, Gen.Constant(0L)), (4, Gen.Choose(1, 2_000).Select(n => (long)n)),
        (4, Gen.Choose(1, 2_000_000).Select(n => (long)n)));

    private static readonly Arbitrary<Call> Calls = (
        from rates in AnyRates
        from tier in AnyRates
        from tiered in Gen.Elements(true, false)
        from fee in Count
        from n in Count.ArrayOf(5)
        from value in Gen.Choose(1, 50_000)
        from slack in Count
        from over in Gen.OneOf(Gen.Choose(1, 400_000), Gen.Constant((int)n[..4].Sum() + 1)) // and just past this call
        from funds in Gen.Choose(0, int.MaxValue)
        from media in Gen.Choose(0, 15).Select(m => (Media)m)
        from parts in Gen.Choose(0, 500).ArrayOf(4)
        select new Call(
            PriceOf(rates, tiered ? over : null, tiered ? tier : null, fee), UsageOf(n, media, parts), value, slack,
            funds * 1_009L, media)).ToArbitrary();

    // With a part, in thousandths of the whole, of each kind of media that the call may use.
    private static Usage UsageOf(long[] n, Media media, int[] parts)
    {
        long Part(Media kind, int index, long whole) => (media & kind) == 0 ? 0 : whole * parts[index] / 1_000;
        return new Usage(n[0], n[1], n[2], n[3], n[4], 0)
        {
            AudioInput = Part(Media.AudioInput, 0, n[0]), ImageInput = Part(Media.ImageInput, 1, n[0]),
            AudioOutput = Part(Media.AudioOutput, 2, n[4]), ImageOutput = Part(Media.ImageOutput, 3, n[4]),
        };
    }

    [Fact]
    public void Of_SplitCall_IsNeverCheaperAndGainsAtMostOne() => Prop.ForAll(Calls, call =>
    {
        var price = call.Price with { TierOver = null, Tier = null, PerRequest = Usd.Zero };
        var (a, b) = (call.Usage, new Usage(call.Slack, 0, 0, 0, call.Slack, 0));
        var both = a with { Input = a.Input + b.Input, Output = a.Output + b.Output };
        var (x, y, z) = (Of(price, a, call), Of(price, b, call), Of(price, both, call));
        return x.Money.Nanos + y.Money.Nanos - z.Money.Nanos is 0 or 1
            && x.Charge.Milli + y.Charge.Milli - z.Charge.Milli is 0 or 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AtMost_AnyUsageWithinTheBounds_CostsNoMore() => Prop.ForAll(Calls, call =>
    {
        var most = Cost.AtMost(
            call.Price, call.Usage.TotalInput + call.Slack, call.Usage.Output + call.Slack, call.TokenValue,
            call.Media);
        var actual = Of(call.Price, call.Usage, call);
        return actual.Money <= most.Money && actual.Charge <= most.Charge;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AffordableOutput_ItsAnswer_FitsTheFundsAndOneMoreTokenDoesNot() => Prop.ForAll(Calls, call =>
    {
        var bound = call.Usage.TotalInput;
        var funds = new Tokens(call.Funds);
        var output = Cost.AffordableOutput(call.Price, bound, funds, call.TokenValue, call.Media);
        if (output < 0) return Charge(bound, 0, call) > funds;
        if (output == long.MaxValue) return Charge(bound, 1_000_000_000, call) <= funds;

        return Charge(bound, output, call) <= funds && Charge(bound, output + 1, call) > funds;
    }).QuickCheckThrowOnFailure();

    private static Costing Of(Price price, Usage usage, Call call) => Cost.Of(price, usage, call.TokenValue);

    private static Tokens Charge(long input, long output, Call call) =>
        Cost.AtMost(call.Price, input, output, call.TokenValue, call.Media).Charge;
}
