using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Dialects.Holds;

/// <summary>Chat's models that search without being asked.</summary>
public sealed class SearchModelTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    private static readonly PriceBook Book = new(new PriceSnapshot(
        [
            Row("gpt-4o-search-preview", 50_000_000), Row("gpt-5-search-api", 10_000_000), Row("gpt-4o", 25_000_000),
            Row("sonar-pro", 14_000_000), Row("gpt-4o-mini-search-preview", null),
        ], [new TokenWorth(DateTimeOffset.UnixEpoch, 1_000)]));

    private static Price Row(string model, long? search) => Make.Price(model: model) with
    {
        Fees = new Fees { WebSearch = search },
    };

    private static (long Held, Refused? Refused) Hold(string model, string more = "", Policy? policy = null)
    {
        var body = Make.Utf8($$"""{"messages":[],"max_tokens":16,"model":"{{model}}"{{more}}}""");
        var result = CallReader.Read(Apis.Chat, body, ReadingRules.None);
        Assert.True(result.Is(out var facts, out var refused), refused?.Detail);
        var key = new ApiKey { Id = default, Wallet = default, Models = null };
        var rules = new ModelRules(Book, Now, key, policy, body);
        rules.Plan(facts, rules.Find(facts).ValueOrDefault!).Is(out var plan, out refused);
        return (plan?.AtMost(16, CallPlan.NoCeiling, 1_000).Charge.Milli ?? 0, refused);
    }

    [Theory]
    [InlineData("gpt-4o-search-preview", 50_000_000)]
    [InlineData("gpt-4o-search-preview-2025-03-11", 50_000_000)]
    [InlineData("gpt-5-search-api", 10_000_000)]
    [InlineData("sonar-pro", 14_000_000)]
    public void Hold_OfAModelMadeToSearch_HasTheFeeWhetherAskedOrNot(string model, long fee)
    {
        var (held, refused) = Hold(model);
        Assert.True(refused is null, refused?.Detail);
        // What it reads at the window and in a second turn, its cap, and the search.
        Assert.InRange(held, fee, long.MaxValue);
        // One that only may search is held at it where it is asked to, and as much as these then.
        Assert.InRange(Hold("gpt-4o").Held, 1, 4_000_000);
        Assert.InRange(Hold("gpt-4o", ",\"web_search_options\":{}").Held, 25_000_000, long.MaxValue);
    }

    [Fact]
    public void Plan_OfAModelMadeToSearchWithoutAFee_IsRefused()
    {
        var (_, refused) = Hold("gpt-4o-mini-search-preview");
        Assert.Equal("gateway.unpriced", refused?.Refusal.Code);
        Assert.StartsWith("'model' is the tool 'web_search'", refused?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfAModelMadeToSearchWherePolicyLetsNoneSearch_IsRefused()
    {
        var none = new Policy
        {
            HostedTools = new Dictionary<string, ToolLimit> { ["web_search"] = ToolLimit.Refused },
        };
        Assert.Equal("gateway.tool_not_approved", Hold("sonar-pro", policy: none).Refused?.Refusal.Code);
        Assert.Null(Hold("gpt-4o", policy: none).Refused);
    }
}
