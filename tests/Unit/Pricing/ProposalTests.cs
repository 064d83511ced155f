using Guerdon.Pricing.Costing;
using Guerdon.Pricing.Proposals;

namespace Guerdon.Unit.Pricing;

public sealed class ProposalTests
{
    private const long Dollar = 1_000_000_000; // nano-USD per million tokens

    // What a list has against what the book has, and why somebody should look again.
    private static readonly Price[] Book =
    [
        Row("small", 0.5m, 2m), Row("middle", 2m, 8m), Row("large", 10m, 50m), Row("text-embedding-1", 0.02m, 0m),
    ];

    private static Price Row(
        string model, decimal input, decimal output, decimal? cached = null, string provider = "openai") =>
        CostTests.PriceOf(new Rates(
            (long)(input * Dollar), (long)((cached ?? input / 10) * Dollar), (long)(input * Dollar),
            (long)(input * Dollar), (long)(output * Dollar))) with
        { Model = model, Provider = provider };

    private static PriceDiff Diff(params Price[] listed) => PriceDiff.Of(listed, Book);

    private static string Reasons(Price listed) => string.Join("; ", Assert.Single(Diff(listed).Lines).Outliers);

    [Fact]
    public void Of_MediaPrice_IsAChangeAndLookedAt()
    {
        var middle = Row("middle", 2m, 8m);
        var spoken = middle with { Base = middle.Base with { AudioInput = 40 * Dollar, ImageOutput = 0 } };
        var line = Assert.Single(Diff(spoken).Lines);
        Assert.Equal([("audio input", (long?)null, (long?)(40 * Dollar)), ("image output", null, 0)],
            PriceChanges.Between(line.Was, line.Becomes).Select(c => (c.Figure, c.Was, c.Becomes)));

        var perToken = Row("newer", 2m, 8m);
        perToken = perToken with { Base = perToken.Base with { AudioOutput = 2_000_000 * Dollar, ImageOutput = 0 } };
        Assert.Contains("audio output at 2,000,000.00 USD per million looks like a price per million",
            Reasons(perToken), StringComparison.Ordinal);
        Assert.Contains("image output is free", Reasons(perToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("middle", 20, 80, null, "")] // ten times is the most that is ordinary
    [InlineData("middle", 20.1, 8, null, "input goes from 2.00 to 20.10 USD, more than 10 times up")]
    [InlineData("middle", 2, 0.79, null, "output is cheaper than input")]
    [InlineData("middle", 2, 0.79, null, "output goes from 8.00 to 0.79 USD, more than 10 times down")]
    [InlineData("middle", 2, 0, null, "output goes from 8.00 USD to nothing")]
    [InlineData("middle", 2, 8, 2.5, "cached input costs more than input")]
    [InlineData("middle", 2_000_000, 8_000_000, null, "looks like a price per million entered as one per token")]
    [InlineData("middle", 0.000002, 0.000008, null, "looks like a price per token entered as one per million")]
    [InlineData("new", 1, 2, null, "")]
    [InlineData("new", 0.1, 0.4, null, "")]
    [InlineData("new", 100.1, 400, null, "input at 100.10 USD is more than 50 times above the middle of openai's")]
    [InlineData("new", 0.0399, 0.4, null, "input at 0.0399 USD is more than 50 times below the middle")]
    [InlineData("new", 0, 2, null, "input is free")]
    [InlineData("new", 1, 0, null, "output is free")]
    [InlineData("new", 1, 2, 0.0, "cached input is free")]
    [InlineData("new-embedding", 0.1, 0, null, "")]
    [InlineData("new-embedding", 2, 0, null, "more than 50 times above the middle of the book's models, 0.02 USD")]
    public void Check_Price_SaysWhyToLookAgain(
        string model, double input, double output, double? cached, string expected)
    {
        var reasons = Reasons(Row(model, (decimal)input, (decimal)output, (decimal?)cached));
        if (expected.Length == 0) Assert.Equal("", reasons);
        else Assert.Contains(expected, reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ProviderOrLongCalls_SaysWhyToLookAgain()
    {
        Assert.Contains("no other model of the provider 'opanai'", Reasons(Row("new", 1, 2, provider: "opanai")),
            StringComparison.Ordinal);
        Assert.Contains("its provider was 'openai' and becomes 'x'", Reasons(Row("middle", 2, 8, provider: "x")),
            StringComparison.Ordinal);
        var cheaper = Row("middle", 2, 8) with { TierOver = 200_000, Tier = Row("", 1, 9).Base };
        Assert.Contains("a long call is cheaper", Reasons(cheaper), StringComparison.Ordinal);
        var turned = Row("middle", 2, 8) with { TierOver = 200_000, Tier = Row("", 4, 3).Base };
        Assert.Contains("above the threshold output is cheaper than input", Reasons(turned), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_List_TellsNewChangedAndUnchanged()
    {
        var diff = Diff(Row("large", 10, 50) with { Source = "another" }, Row("middle", 2.5m, 8m), Row("new", 1, 2));

        Assert.Equal(1, diff.Unchanged); // who says so is no change
        Assert.Equal(["middle", "new"], diff.Lines.Select(l => l.Becomes.Model));
        Assert.Equal(
            [new("input", "nanosPerMillion", 2 * Dollar, 5 * Dollar / 2, 250_000),
                new("cached input", "nanosPerMillion", Dollar / 5, Dollar / 4, 250_000),
                new("cache write 5m", "nanosPerMillion", 2 * Dollar, 5 * Dollar / 2, 250_000),
                new Change("cache write 1h", "nanosPerMillion", 2 * Dollar, 5 * Dollar / 2, 250_000)],
            PriceChanges.Between(diff.Lines[0].Was, diff.Lines[0].Becomes));
        Assert.All(
            PriceChanges.Between(null, diff.Lines[1].Becomes), c => Assert.Equal((null, null), (c.Was, c.ChangePpm)));
    }

    [Fact]
    public void Of_TierOrWindowOrFee_IsAChange()
    {
        var was = Row("middle", 2, 8);
        var diff = Diff(was with
        {
            TierOver = 200_000,
            Tier = Row("", 4, 16).Base,
            ContextTokens = 2,
            PerRequest = new(7),
        });

        Assert.Equal(
            ["over", "tier input", "tier cached input", "tier cache write 5m", "tier cache write 1h", "tier output",
                "context", "per request"],
            PriceChanges.Between(was, Assert.Single(diff.Lines).Becomes).Select(c => c.Figure));
    }

    [Fact]
    public void Of_DatedName_GetsARowOfItsOwnEvenAtTheUndatedPrice()
    {
        var dated = Row("middle-2026-08-06", 2, 8);
        // Without one its calls would be provisional for good.
        Assert.Equal((1, 0), (Diff(dated).Lines.Count, Diff(dated).Unchanged));
        Assert.Equal(dated, Assert.Single(Diff(dated, Row("middle", 2, 8)).Lines).Becomes);
        // The undated price moves away from it.
        Assert.Equal(["middle", "middle-2026-08-06"],
            Diff(Row("middle", 3, 9), dated).Lines.Select(l => l.Becomes.Model));
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(3, 4, 333_333)]
    [InlineData(3, 5, 666_667)]
    [InlineData(3, 1, -666_667)]
    [InlineData(2_000_000, 2_000_001, 1)] // half a millionth, away from zero
    [InlineData(2_000_000, 1_999_999, -1)]
    [InlineData(1, long.MaxValue, long.MaxValue)]
    public void RisePpm_TwoFigures_IsToTheNearest(long was, long becomes, long ppm) =>
        Assert.Equal(ppm, PriceChanges.RisePpm(was, becomes));
}
