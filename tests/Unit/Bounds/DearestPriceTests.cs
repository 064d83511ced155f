using Guerdon.Bounds.Plans;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Bounds;

/// <summary>A row for holding that costs as much as the more expensive of two, in everything.</summary>
public class DearestPriceTests
{
    private static readonly Rates Low = new(1, 8, 3, 6, 5), High = new(2, 7, 4, 5, 6), Most = new(2, 8, 4, 6, 6);

    private static readonly Price One = Make.Price() with
    {
        Base = Low with { AudioInput = 5, ImageOutput = 9 },
        PerRequest = new(3),
        Fees = new() { WebSearch = 1, CodeExecution = 7, MapsPrompt = 2, WebFetch = 3 },
    };

    private static readonly Price Other = Make.Price() with
    {
        Base = High with { AudioInput = 4, ImageInput = 6, ImageOutput = 10 },
        PerRequest = new(2),
        Fees = new() { WebSearch = 2, CodeExecution = 6, FileSearch = 4, GroundedPrompt = 5, ImageGeneration = 6 },
    };

    [Fact]
    public void Of_TwoRows_IsTheHigherOfEachFigure()
    {
        var expected = Most with { AudioInput = 5, ImageInput = 6, ImageOutput = 10 };
        foreach (var price in (Price[])[DearestPrice.Of(One, Other), DearestPrice.Of(Other, One)])
        {
            Assert.Equal(expected, price.Base);
            Assert.Equal(new Usd(3), price.PerRequest);
            Assert.Equal(new Fees
            {
                WebSearch = 2, WebFetch = 3, CodeExecution = 7, FileSearch = 4, GroundedPrompt = 5, MapsPrompt = 2,
                ImageGeneration = 6,
            }, price.Fees);
            Assert.Equal((null, null), (price.TierOver, price.Tier));
        }
    }

    [Theory]
    [InlineData(100L, 200L, 100L)]
    [InlineData(200L, 100L, 100L)]
    [InlineData(null, 200L, 200L)]
    [InlineData(200L, null, 200L)]
    public void Of_RowsWithTiers_BeginAtTheLowerThreshold(long? one, long? other, long over)
    {
        var tier = new Rates(20, 20, 20, 20, 20);
        var price = DearestPrice.Of(
            One with { TierOver = one, Tier = one is null ? null : tier },
            Other with { TierOver = other, Tier = other is null ? null : tier });
        Assert.Equal(over, price.TierOver);
        Assert.Equal(20, price.Tier!.Input);
    }
}
