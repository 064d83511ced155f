using System.Text;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Pricing.PriceImports;

namespace Guerdon.Unit.Pricing;

public class PriceListTests
{
    private const string Header =
        "model,provider,input,cached_input,cache_write_5m,cache_write_1h,output,"
        + "context_tokens,max_output_tokens,tier_over,"
        + "tier_input,tier_cached_input,tier_cache_write_5m,tier_cache_write_1h,tier_output,"
        + "per_request,source,comment\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<Listing> ReadAsync(string rows, string header = Header, Price? book = null)
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(header + rows));
        return await CsvPrices.ReadAsync(text, "csv test", (model, tier) => book?.Model == model
            && book.ServiceTier == tier ? book : null, Ct);
    }

    // A file from before there were fees must not take away what tools cost: they would be refused from then on.
    [Theory]
    [InlineData("", "", 10_000_000L, 2_500_000L)]
    [InlineData(",web_search", ",0.02", 20_000_000L, 2_500_000L)]
    [InlineData(",web_search", ",", null, 2_500_000L)]
    public async Task Read_FeeColumns_ThatAreNotThereLeaveFeesAsTheyAre(
        string column, string cell, long? search, long? files)
    {
        var book = (await ReadAsync("a,openai,1,2,1000\n", "model,provider,input,output,context_tokens\n")).Prices[0]
            with
        { Fees = new Fees { WebSearch = 10_000_000, FileSearch = 2_500_000 } };

        var list = await ReadAsync(
            $"a,openai,3,4,1000{cell}\nb,openai,3,4,1000{cell}\n",
            $"model,provider,input,output,context_tokens{column}\n", book);

        Assert.Equal((search, files), (list.Prices[0].Fees.WebSearch, list.Prices[0].Fees.FileSearch));
        Assert.Null(list.Prices[1].Fees.FileSearch);
    }

    [Fact]
    public async Task ReadShipped_List_HasEveryModelOnceAndNoFreeInput()
    {
        var book = await PriceList.ReadShippedAsync(TimeProvider.System, Ct);

        Assert.Equal(45, book.Count);
        Assert.Equal(45, book.Select(p => p.Model).Distinct().Count());
        Assert.All(book, p => Assert.True(
            p.Base is { Input: > 0, CachedInput: > 0, CacheWrite5m: > 0, CacheWrite1h: > 0 }, p.Model));
        Assert.All(book.Where(p => p.Tier is not null), p => Assert.True(
            p.Tier!.Input > p.Base.Input && p.Tier.CachedInput > 0 && p.Tier.CacheWrite5m >= p.Tier.Input, p.Model));
        Assert.All(book, p => Assert.True(p.MaxOutputTokens <= p.ContextTokens, p.Model));
    }

    [Fact]
    public async Task Read_TrainingRate_IsExactOrNone()
    {
        var list = await ReadAsync(
            "a,openai,1,2,1000,3\nb,openai,1,2,1000,\nc,openai,1,2,1000,-1\n",
            "model,provider,input,output,context_tokens,training\n");
        Assert.Equal([3_000_000_000, null], list.Prices.Select(p => p.Training));
        Assert.Equal((4, "training"), (Assert.Single(list.Errors).Line, list.Errors[0].Column));
    }

    [Fact]
    public async Task ReadShipped_Fees_AreThoseOfTheProviders()
    {
        var book = (await PriceList.ReadShippedAsync(TimeProvider.System, Ct)).ToDictionary(p => p.Model);

        Assert.Equal(new Fees { WebSearch = 10_000_000, WebFetch = 0 }, book["claude-haiku-4-5"].Fees);
        Assert.Equal((10_000_000, 2_500_000), (book["gpt-5"].Fees.WebSearch, book["gpt-5"].Fees.FileSearch));
        Assert.Equal(35_000_000, book["gemini-2.5-pro"].Fees.GroundedPrompt);
        Assert.Equal(Fees.None, book["text-embedding-3-small"].Fees);
    }

    [Fact]
    public async Task Read_TiersAndFees_AreRowsOfTheirOwn()
    {
        const string header = "model,provider,input,output,context_tokens,service_tier,web_search\n";
        var list = await ReadAsync("a,openai,1,2,1000,,0.01\na,openai,2,4,1000,Priority,0.01\n", header);
        Assert.Equal([ServiceTier.Standard, ServiceTier.Priority], list.Prices.Select(p => p.ServiceTier));
        Assert.All(list.Prices, p => Assert.Equal(10_000_000, p.Fees.WebSearch));

        var bad = await ReadAsync("a,openai,1,2,1000,soon,-1\n", header);
        Assert.Equal(["service_tier", "web_search"], bad.Errors.Select(e => e.Column));
    }

    [Fact]
    public async Task ReadShipped_KnownRows_AreExact()
    {
        var book = (await PriceList.ReadShippedAsync(TimeProvider.System, Ct)).ToDictionary(p => p.Model);

        Assert.Equal(new Rates(435_000_000, 3_625_000, 435_000_000, 435_000_000, 870_000_000),
            book["deepseek-v4-pro"].Base);
        Assert.Equal(new Rates(20_000_000_000, 2_000_000_000, 25_000_000_000, 25_000_000_000, 75_000_000_000),
            book["gpt-6-astra"].Tier);
        Assert.Equal(200_000_000, book["grok-4-3"].Tier!.CachedInput); // the list's 0 is a doubt, not a price
    }

    [Fact]
    public async Task Read_Blanks_AreNeverFree()
    {
        var list = await ReadAsync("m,p,3,,,,15,1000,,100,7,,,,20,0.01,here,\n");
        var price = Assert.Single(list.Prices);

        Assert.Equal(new Rates(3_000_000_000, 3_000_000_000, 3_000_000_000, 3_000_000_000, 15_000_000_000), price.Base);
        Assert.Equal(new Rates(7_000_000_000, 7_000_000_000, 7_000_000_000, 7_000_000_000, 20_000_000_000), price.Tier);
        Assert.Equal((1_000, new Usd(10_000_000)), (price.MaxOutputTokens, price.PerRequest));
    }

    [Fact]
    public async Task Read_OnlyTheColumnsThatMustBe_IsAList()
    {
        var list = await ReadAsync("15,3,1000,p,m\n", "output,input,context_tokens,provider,model\n");
        var price = Assert.Single(list.Prices);

        Assert.Equal(("m", "p", "csv test", 1_000), (price.Model, price.Provider, price.Source, price.ContextTokens));
        Assert.Equal(3_000_000_000, price.Base.CacheWrite1h);
    }

    [Fact]
    public async Task Read_Media_HavePricesOfTheirOwnOrNone()
    {
        const string header = "model,provider,input,output,context_tokens,audio_input,image_output\n";
        var list = await ReadAsync("a,p,3,15,1000,40,\nb,p,3,15,1000,,30\nc,p,3,15,1000,x,-1\n", header);

        Assert.Equal([(40_000_000_000, (long?)null), (null, 30_000_000_000)],
            list.Prices.Select(p => (p.Base.AudioInput, p.Base.ImageOutput)));
        Assert.Equal([Media.AudioInput, Media.ImageOutput], list.Prices.Select(p => p.Base.Priced));
        Assert.Equal([(4, "audio_input"), (4, "image_output")], list.Errors.Select(e => (e.Line, e.Column)));
    }

    [Theory]
    [InlineData("m,p,1e3,,,,15,1000,,,,,,,,,here,", 2, "input", "is '1e3', not a decimal")]
    [InlineData("m,p,-1,,,,15,1000,,,,,,,,,here,", 2, "input", "is '-1', not")]
    [InlineData("m,p,0.0000000001,,,,15,1000,,,,,,,,,here,", 2, "input", "at most 9 decimals")]
    [InlineData("m,p,1,,,,,1000,,,,,,,,,here,", 2, "output", "is blank.")]
    [InlineData("m,p,1,,,,1,,,,,,,,,,here,", 2, "context_tokens", "is blank.")]
    [InlineData("m,p,1,,,,1,0,,,,,,,,,here,", 2, "context_tokens", "is '0'")]
    [InlineData("m,p,1,,,,1,1000,,5,,,,,1,,here,", 2, "tier_input", "is blank.")]
    [InlineData("a model,p,1,,,,1,1000,,,,,,,,,here,", 2, "model", "without spaces")]
    [InlineData("m,p,1", 2, null, "3 fields, the header 18")]
    [InlineData("m,p,1,,,,1,1000,,,,,,,,,,\nm,p,2,,,,2,1000,,,,,,,,,,", 3, "m", "twice")]
    public async Task Read_WrongCell_NamesLineAndColumn(string rows, int line, string? column, string reason)
    {
        var error = Assert.Single((await ReadAsync(rows + "\n")).Errors);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ManyWrongCells_AreAllCollected() => Assert.Equal(
        [(2, "input"), (2, "output"), (4, "provider")],
        (await ReadAsync("a,p,x,,,,y,1000,,,,,,,,,,\nb,p,1,,,,1,1000,,,,,,,,,,\nc,,1,,,,1,1000,,,,,,,,,,\n")).Errors
            .Select(e => (e.Line, e.Column)));

    [Theory]
    [InlineData("model,provider,input,output\n", "context_tokens")]
    [InlineData("model,provider,input,output,context_tokens,price\n", "price")]
    [InlineData("model,model,provider,input,output,context_tokens\n", "model")]
    public async Task Read_WrongHeader_NamesTheColumn(string header, string column) =>
        Assert.Equal((1, column), (await ReadAsync("", header)).Errors.Select(e => (e.Line, e.Column)).Single());
}
