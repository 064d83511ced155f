using Guerdon.Pricing.Costing;
using Guerdon.Pricing.Proposals;

namespace Guerdon.Unit.Pricing;

/// <summary>Every reason to look again at a price, at its bound and one nano-USD beyond.</summary>
public class OutlierRulesTests
{
    private const long Dollar = 1_000_000_000;

    // Three of openai's, of which the middle costs 2 and 8 USD, and one of another's.
    private static readonly Price[] Book =
    [
        Row("a", 1 * Dollar, 4 * Dollar), Row("b", 2 * Dollar, 8 * Dollar), Row("c", 3 * Dollar, 9 * Dollar),
        Row("d", 1 * Dollar, 1 * Dollar) with { Provider = "xai" },
    ];

    private static Price Row(string model, long input, long output) =>
        CostTests.PriceOf(new Rates(input, input / 10, input, input, output)) with
        { Model = model, Provider = "openai" };

    private static string Check(Price price, Price? was = null, Price? standard = null, Price[]? book = null) =>
        string.Join("; ", OutlierRules.Check(price, was, book ?? Book, standard));

    [Theory] // by the middle of its kind, 50 times
    [InlineData(100 * Dollar, 400 * Dollar, "")]
    [InlineData(100 * Dollar + 1, 400 * Dollar,
        "input at 100.000000001 USD is more than 50 times above the middle of openai's models, 2.00 USD")]
    [InlineData(100 * Dollar, 400 * Dollar + 1,
        "output at 400.000000001 USD is more than 50 times above the middle of openai's models, 8.00 USD")]
    [InlineData(Dollar / 25, Dollar * 4 / 25, "")]
    [InlineData(Dollar / 25 - 1, Dollar * 4 / 25,
        "input at 0.039999999 USD is more than 50 times below the middle of openai's models, 2.00 USD")]
    public void Check_ANewModel_IsComparedWithTheMiddle(long input, long output, string reasons) =>
        Assert.Equal(reasons, Check(Row("new", input, output)));

    [Theory] // fewer than three of the provider's are no middle
    [InlineData(2, "the book's models, 8.00 USD")]
    [InlineData(3, "openai's models, 16.00 USD")]
    public void Check_AProviderOfFewModels_IsComparedWithAll(int own, string middle)
    {
        Price[] book =
        [
            .. Enumerable.Range(0, own).Select(i => Row($"o{i}", 4 * Dollar, 16 * Dollar)),
            .. Enumerable.Range(0, 4).Select(i => Row($"x{i}", 2 * Dollar, 8 * Dollar) with { Provider = "xai" }),
        ];
        Assert.EndsWith(middle, Check(Row("new", 4 * Dollar, 900 * Dollar), book: book), StringComparison.Ordinal);
        // What is free says nothing of what is usual.
        Price[] free = [.. book, Row("f", 0, 0), Row("g", 0, 0), Row("h", 0, 0), Row("i", 0, 0), Row("j", 0, 0)];
        Assert.EndsWith("16.00 USD", Check(Row("new", 4 * Dollar, 900 * Dollar), book: free), StringComparison.Ordinal);
    }

    [Theory] // by itself, as it was: 10 times
    [InlineData(20 * Dollar, 80 * Dollar, "")]
    [InlineData(20 * Dollar, 80 * Dollar + 1, "output goes from 8.00 to 80.000000001 USD, more than 10 times up")]
    [InlineData(2 * Dollar, 20 * Dollar, "")]
    public void Check_AKnownModel_IsComparedWithItself(long input, long output, string reasons) =>
        Assert.Equal(reasons, Check(Row("b", input, output) with { ContextTokens = 1 }, Book[1]));

    [Fact]
    public void Check_ARateThatAppearsOrGoes_IsNoRise()
    {
        var with = Book[1] with { Training = 5 * Dollar };
        Assert.Equal("", Check(with, Book[1]));
        Assert.Equal("", Check(Book[1], with));
        Assert.Equal("", Check(Row("b", 2 * Dollar, 8 * Dollar), Row("b", 0, 8 * Dollar))); // from nothing
        Assert.Equal("training goes from 5.00 USD to nothing", Check(with with { Training = 0 }, with));
        Assert.Equal("training goes from 5.00 to 0.499999999 USD, more than 10 times down",
            Check(with with { Training = Dollar / 2 - 1 }, with));
    }

    [Theory] // by the tier that is usual
    [InlineData(20 * Dollar, 80 * Dollar, "")]
    [InlineData(20 * Dollar + 1, 80 * Dollar,
        "input at 20.000000001 USD is more than 10 times above the standard tier, 2.00 USD")]
    [InlineData(Dollar / 5, Dollar * 4 / 5, "")]
    [InlineData(Dollar / 5, Dollar * 4 / 5 - 1,
        "output at 0.799999999 USD is more than 10 times below the standard tier, 8.00 USD")]
    public void Check_ATier_IsComparedWithTheStandard(long input, long output, string reasons) =>
        Assert.Equal(reasons, Check(Row("b", input, output), standard: Book[1]));

    [Theory]
    [InlineData(1, 11, 2)]
    [InlineData(1, 10, 0)]
    [InlineData(0, 11, 0)] // what is free is no part of anything
    [InlineData(11, 0, 0)]
    public void Check_ATierOfTinyRates_IsComparedAllTheSame(long own, long usual, int reasons)
    {
        var (price, standard) = (Row("b", own, own), Row("b", usual, usual));
        var said = OutlierRules.Check(price, price, Book, standard);
        Assert.Equal(reasons, said.Count(why => why.Contains("standard tier", StringComparison.Ordinal)));
    }

    [Theory] // a price in the wrong unit
    [InlineData(999_999_999_999, null)]
    [InlineData(1_000_000_000_000, "per million entered as one per token")]
    [InlineData(100_000, null)]
    [InlineData(99_999, "per token entered as one per million")]
    [InlineData(1, "per token entered as one per million")]
    public void Check_AUnit_IsSuspectedFarFromAllPrices(long rate, string? says)
    {
        var reasons = OutlierRules.Check(Book[1] with { Training = rate }, null, Book);
        if (says is null) Assert.Empty(reasons);
        else Assert.Contains(says, Assert.Single(reasons), StringComparison.Ordinal);
        Assert.All(reasons, reason => Assert.StartsWith("training at ", reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(999_999_999, "")]
    [InlineData(1_000_000_000, "web search fee at 1.00 USD a use looks like a fee per thousand entered as one")]
    public void Check_AFee_IsSuspectedFromADollar(long fee, string reasons) =>
        Assert.Equal(reasons, Check(Book[1] with { Fees = new() { WebSearch = fee } }));

    public static TheoryData<string, Rates, Rates?> Orders()
    {
        var plain = new Rates(200, 20, 200, 200, 800);
        return new()
        {
            { "", plain, null },
            { "", plain with { Output = 200 }, null },
            { "output is cheaper than input", plain with { Output = 199 }, null },
            { "", plain with { CachedInput = 200 }, null },
            { "cached input costs more than input", plain with { CachedInput = 201 }, null },
            { "input is free; cached input costs more than input", plain with { Input = 0 }, null },
            { "output is free", plain with { Output = 0 }, null },
            { "cached input is free", plain with { CachedInput = 0 }, null },
            { "cache writes are free", plain with { CacheWrite5m = 0 }, null },
            { "audio input is free", plain with { AudioInput = 0 }, null },
            { "", plain, plain },
            { "a long call is cheaper a token than a short one", plain, plain with { Input = 199 } },
            { "a long call is cheaper a token than a short one", plain, plain with { Output = 799 } },
            { "above the threshold cached input costs more than input", plain, plain with { CachedInput = 201 } },
            {
                "a long call is cheaper a token than a short one; above the threshold output is cheaper than input",
                plain, plain with { Output = 199 }
            },
        };
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Check_RatesAmongThemselves_KeepTheirOrder(string reasons, Rates rates, Rates? tier)
    {
        Rates InMillions(Rates r) => new(r.Input * Dollar / 100, r.CachedInput * Dollar / 100,
            r.CacheWrite5m * Dollar / 100, r.CacheWrite1h * Dollar / 100, r.Output * Dollar / 100)
        {
            AudioInput = r.AudioInput,
        };
        var price = CostTests.PriceOf(InMillions(rates), 200_000, tier is null ? null : InMillions(tier)) with
        {
            Model = "new",
            Provider = "openai",
        };
        Assert.Equal(Sorted(reasons.Split("; ")), Sorted(Check(price).Split("; ")));

        static IEnumerable<string> Sorted(string[] all) => all.Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("text-Embedding-3", "")] // they have no output to pay for
    [InlineData("text-3", "output is free")]
    public void Check_AnEmbedding_HasNoOutput(string model, string reasons) =>
        Assert.Equal(reasons, Check(Row(model, 2 * Dollar, 0)));

    [Fact]
    public void Check_AProvider_IsOfTheBookAndStaysTheSame()
    {
        var strange = Row("b", 2 * Dollar, 8 * Dollar) with { Provider = "opanai" };
        Assert.Equal("the book has no other model of the provider 'opanai'; its provider was 'openai' and becomes "
            + "'opanai'", Check(strange, Book[1]));
        Assert.Equal("", Check(strange, book: [])); // an empty book says nothing of anybody
    }
}
