using Guerdon.Metering.TokenValue;
using Guerdon.Pricing.Costing;
using Guerdon.Pricing.TokenValue;
using Guerdon.Unit.Pricing;

namespace Guerdon.Unit.Metering;

public sealed class BasketTests
{
    [Fact]
    public void Of_Media_AreRowsOfTheirOwnAtTheirPriceOrTexts()
    {
        var old = CostTests.PriceOf(new Rates(3, 1, 1, 1, 15));
        var current = CostTests.PriceOf(new Rates(4, 1, 1, 1, 16) { AudioInput = 40, ImageOutput = 30 });
        var used = new Usage(100, 0, 0, 0, 50, 0) { AudioInput = 40, ImageOutput = 10 };
        var basket = Basket.Of([new("m", IsLong: false, used, Requests: 1)], _ => old, _ => current);

        Assert.Equal(
            [
                new BasketRow("m", "input", 60, 3, 4), new BasketRow("m", "output", 40, 15, 16),
                new BasketRow("m", "audio input", 40, 3, 40), new BasketRow("m", "image output", 10, 15, 30),
            ],
            basket.Rows);
    }
}
