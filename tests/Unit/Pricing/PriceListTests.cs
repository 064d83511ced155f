using System.Text;
using Stipend.Kernel;
using Stipend.Pricing;

namespace Stipend.Unit.Pricing;

public class PriceListTests
{
    private const string Header =
        "model,provider,input,cached_input,cache_write_5m,cache_write_1h,output,"
        + "context_tokens,max_output_tokens,tier_over,"
        + "tier_input,tier_cached_input,tier_cache_write_5m,tier_cache_write_1h,tier_output,"
        + "per_request,source,comment\n";

    private static IReadOnlyList<Price> Read(string rows)
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(Header + rows));
        return PriceList.Read(text, PriceList.EffectiveFrom, TimeProvider.System);
    }

    [Fact]
    public void ReadShipped_List_HasEveryModelOnceAndNoFreeInput()
    {
        var book = PriceList.ReadShipped(TimeProvider.System);

        Assert.Equal(45, book.Count);
        Assert.Equal(45, book.Select(p => p.Model).Distinct().Count());
        Assert.All(book, p => Assert.True(
            p.Base is { Input: > 0, CachedInput: > 0, CacheWrite5m: > 0, CacheWrite1h: > 0 }, p.Model));
        Assert.All(book.Where(p => p.Tier is not null), p => Assert.True(
            p.Tier!.Input > p.Base.Input && p.Tier.CachedInput > 0 && p.Tier.CacheWrite5m >= p.Tier.Input, p.Model));
        Assert.All(book, p => Assert.True(p.MaxOutputTokens <= p.ContextTokens, p.Model));
    }

    [Fact]
    public void ReadShipped_KnownRows_AreExact()
    {
        var book = PriceList.ReadShipped(TimeProvider.System).ToDictionary(p => p.Model);

        Assert.Equal(new Rates(435_000_000, 3_625_000, 435_000_000, 435_000_000, 870_000_000),
            book["deepseek-v4-pro"].Base);
        Assert.Equal(new Rates(20_000_000_000, 2_000_000_000, 25_000_000_000, 25_000_000_000, 75_000_000_000),
            book["gpt-6-astra"].Tier);
        Assert.Equal(200_000_000, book["grok-4-3"].Tier!.CachedInput); // the list's 0 is a doubt, not a price
    }

    [Fact]
    public void Read_Blanks_AreNeverFree()
    {
        var price = Assert.Single(Read("m,p,3,,,,15,1000,,100,7,,,,20,0.01,here,\n"));

        Assert.Equal(new Rates(3_000_000_000, 3_000_000_000, 3_000_000_000, 3_000_000_000, 15_000_000_000), price.Base);
        Assert.Equal(new Rates(7_000_000_000, 7_000_000_000, 7_000_000_000, 7_000_000_000, 20_000_000_000), price.Tier);
        Assert.Equal((1_000, new Usd(10_000_000)), (price.MaxOutputTokens, price.PerRequest));
    }

    [Theory]
    [InlineData("m,p,1e3,,,,15,1000,,,,,,,,,here,", "line 2: input is '1e3'")]
    [InlineData("m,p,-1,,,,15,1000,,,,,,,,,here,", "line 2: input is '-1'")]
    [InlineData("m,p,0.0000000001,,,,15,1000,,,,,,,,,here,", "line 2: input is '0.0000000001'")]
    [InlineData("m,p,1,,,,,1000,,,,,,,,,here,", "line 2: output is blank")]
    [InlineData("m,p,1,,,,1,1000,,5,,,,,1,,here,", "line 2: tier_input is blank")]
    public void Read_WrongCell_NamesLineAndColumn(string row, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(row + "\n")).Message,
            StringComparison.Ordinal);
}
