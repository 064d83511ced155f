using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Unit.Dialects;
using Guerdon.Unit.Dialects.Holds;

namespace Guerdon.Unit.Gateway.Holds;

/// <summary>The rule of docs/holds.md: for every body that the reader lets pass, hold ≥ cost.</summary>
public sealed class HoldTests
{
    private const int Cases = 40_000;
    private const long TokenValueNanos = 1_000;
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    private static readonly Fees AllFees = new()
    {
        WebSearch = 10_000_000, WebFetch = 0, CodeExecution = 30_000_000, FileSearch = 2_500_000,
        GroundedPrompt = 35_000_000, MapsPrompt = 25_000_000, ImageGeneration = 40_000_000,
    };

    internal static readonly PriceBook Book = new(new PriceSnapshot(
    [
        Row("claude-haiku-4-5", "anthropic", 1, 5, 200_000, 64_000),
        Row("claude-opus-5-5", "anthropic", 4, 20, 1_000_000, 128_000),
        Row("claude-fable-5-1", "anthropic", 10, 50, 1_000_000, 128_000),
        Row("claude-fable-5-1", "anthropic", 30, 150, 1_000_000, 128_000) with { ServiceTier = ServiceTier.Fast },
        Row("claude-haiku-4-5", "anthropic", 2, 9, 200_000, 64_000) with { ServiceTier = ServiceTier.Priority },
        Row("gpt-6-sol", "openai", 2, 10, 1_050_000, 128_000) with { TierOver = 272_000, Tier = Rated(4, 15) },
        Row("gpt-6-sol", "openai", 5, 25, 1_050_000, 128_000) with
        {
            ServiceTier = ServiceTier.Priority, TierOver = 272_000, Tier = Rated(10, 40),
        },
        Row("gpt-6-sol", "openai", 1, 5, 1_050_000, 128_000) with { ServiceTier = ServiceTier.Flex },
        Row("gpt-5-mini", "openai", 1, 2, 400_000, 128_000),
        Row("qwen-plus", "alibaba", 1, 4, 131_072, 16_384), Row("qwen3.8-max", "alibaba", 2, 6, 1_000_000, 131_072),
        Row("gemini-2.5-pro", "google-ai-studio", 1, 10, 1_048_576, 65_536) with
        {
            TierOver = 200_000, Tier = Rated(3, 15),
        },
    ], [new TokenWorth(DateTimeOffset.UnixEpoch, TokenValueNanos)]));

    private static readonly ReadingRules Rules = new(name => Book.Find(name, Now) is not null, []);
    private static readonly Biller Biller = new((model, tier) => Book.Find(model, tier, Now)?.Price);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Hold_OfWhateverPasses_CoversTheDearestAnswer(int seed)
    {
        int passed = 0, repeated = 0, ran = 0;
        for (var i = 0; i < Cases / 3; i++)
        {
            var random = new Random(seed * 1_000_003 + i);
            var (api, model, tree) = new GeneratedBodies(random).Next();
            var writer = new OddWriter(random) { RepeatsIn = random.Next(4) == 0 ? 12 : 0 };
            var body = writer.Write(tree);
            var admitted = Admit(api, model, body, random, out _);
            if (writer.HasRepeated)
            {
                Assert.True(admitted is null, $"seed {seed}, case {i}: a repeated member passed: {body}");
                repeated++;
                continue;
            }

            if (admitted is not { } call) continue;
            passed++;
            ran += call.Tools;
            var cost = Biller.Dearest(model, call.Forwarded, api == Apis.GenerateContent);
            var due = (cost + 1_000 * TokenValueNanos - 1) / (1_000 * TokenValueNanos);
            Assert.True(call.Held.Milli >= due,
                $"seed {seed}, case {i}: held {call.Held.Milli}, due {due}: {Short(call.Forwarded)}");
        }

        // Neither side of the rule may become vacuous.
        Assert.True(passed > 3_000 && repeated > 500 && ran > 1_000, $"{passed} passed, {repeated}, {ran} tools");
    }

    [Fact]
    public void Hold_OfATextBesideAPicture_CoversTheText()
    {
        // As it was found: 616 KB of text that a 1-pixel picture beside it made into a picture's bytes.
        var body = """{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":["""
            + """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"T"}},"""
                .Replace("\"T\"", $"\"{new string('x', 616_000)}\"", StringComparison.Ordinal)
            + """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""";
        var call = Admit(Apis.Messages, "claude-haiku-4-5", body, new Random(1), out var refused);
        Assert.True(call is not null, refused?.Detail);
        // 157,651 tokens is what it cost; the window at the dearest rate is what it may.
        Assert.True(call.Value.Held.Milli >= 157_651_000, $"{call.Value.Held.Milli}");
    }

    [Theory]
    // What passes is written into what goes out.
    [InlineData("""{"type":"web_search_20250305","name":"web_search"}""", """{"max_uses":5,"type":""")]
    [InlineData("""{"type":"web_search_20250305","max_uses":8}""", "\"max_uses\":5}")]
    [InlineData("""{"type":"web_search_20250305","max_uses":null}""", "\"max_uses\":5}")]
    [InlineData("""{"type":"web_search_20250305","max_uses":2}""", "\"max_uses\":2}")]
    [InlineData("""{"type":"advisor_20260301","model":"claude-opus-5-5","max_tokens":900000}""",
        "\"max_tokens\":128000}")]
    public void Uses_OfHostedTools_AreSetOrLowered(string tool, string sent)
    {
        var body = $$"""{"model":"claude-haiku-4-5","max_tokens":9,"messages":[],"tools":[{{tool}}]}""";
        var call = Admit(Apis.Messages, "claude-haiku-4-5", body, null, out var refused);
        Assert.True(call is not null, refused?.Detail);
        Assert.Contains(sent, call.Value.Forwarded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "\"service_tier\":\"default\",\"max_tool_calls\":5,", "max_tool_calls=5")]
    [InlineData(",\"max_tool_calls\":9,\"service_tier\":\"auto\"", "\"max_tool_calls\":5,\"service_tier\":\"default\"",
        "max_tool_calls=5, service_tier=default")]
    [InlineData(
        ",\"max_tool_calls\":3,\"service_tier\":\"flex\"", "\"max_tool_calls\":3,\"service_tier\":\"flex\"", null)]
    public void Body_OfResponses_GoesOutWithBoundedCallsAndANamedTier(string more, string sent, string? lowered)
    {
        var body = $$"""{"model":"gpt-6-sol","input":"x","tools":[{"type":"web_search"}]{{more}}}""";
        var call = Admit(Apis.Responses, "gpt-6-sol", body, null, out var refused);
        Assert.True(call is not null, refused?.Detail);
        Assert.Equal(lowered, call.Value.Lowered);
        foreach (var part in sent.Split(',', StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(part, call.Value.Forwarded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fallbacks", """[{"model":"claude-fable-5-1"}]""", "'fallbacks[0].model'")]
    [InlineData("tools", """[{"type":"advisor_20260301","model":"claude-fable-5-1"}]""", "'tools[0].model'")]
    public void Models_BesideTheAsked_PassTheSamePolicyAndScope(string member, string value, string path)
    {
        var body = $$"""{"model":"claude-haiku-4-5","max_tokens":9,"messages":[],"{{member}}":{{value}}}""";
        var policy = new Policy { Models = new Approval([], ["claude-fable*"]) };
        Assert.Null(Admit(Apis.Messages, "claude-haiku-4-5", body, null, out var refused, policy));
        Assert.Equal("gateway.model_not_approved", refused!.Refusal.Code);
        Assert.Contains(path, refused.Detail, StringComparison.Ordinal);

        Assert.Null(Admit(Apis.Messages, "claude-haiku-4-5", body, null, out refused, scope: ["claude-haiku-4-5"]));
        Assert.Equal("gateway.model_not_allowed", refused!.Refusal.Code);
        Assert.Contains(path, refused.Detail, StringComparison.Ordinal);
    }

    // By its value alone, whatever the member is called.
    [Theory]
    [InlineData("Messages", "\"diagnostics\":{\"via\":[\"claude-fable-5-1\"]}", "'diagnostics.via[0]'")]
    [InlineData("Messages", "\"temperature\":\"claude-f\\u0061ble-5-1\"", "'temperature'")]
    [InlineData("Messages",
        "\"tools\":[{\"type\":\"web_search_20250305\",\"via\":\"claude-fable-5-1\"}]", "'tools[0].via'")]
    [InlineData("Responses", "\"include\":[\"x\",\"gpt-5-mini\"]", "'include[1]'")]
    [InlineData("Chat", "\"web_search_options\":\"gpt-5-mini\"", "'web_search_options'")]
    [InlineData("Chat", "\"web_search_options\":{\"via\":\"gpt-5-mini\"}", "'web_search_options.via'")]
    [InlineData("Responses", "\"reasoning\":{\"judge\":\"gpt-5-mini\"}", "'reasoning.judge'")]
    public void Models_NamedByAnyOtherMember_AreRefusedWithTheirPath(ApiName api, string member, string path)
    {
        var (model, content) = api == Apis.Messages
            ? ("claude-haiku-4-5", "\"max_tokens\":9,\"messages\":[]")
            : ("gpt-6-sol", api == Apis.Chat ? "\"messages\":[]" : "\"input\":\"x\"");
        Assert.Null(Admit(api, model, $$"""{"model":"{{model}}",{{content}},{{member}}}""", null, out var refused));
        Assert.Equal("gateway.model_elsewhere", refused!.Refusal.Code);
        Assert.Contains(path, refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_OfFallbacks_IsTheSumOfAllAttempts()
    {
        // 64 output tokens each, and the input of both at their dearest rates.
        const string one = """{"model":"claude-fable-5-1","max_tokens":64,"messages":[]}""";
        const string two = """{"model":"claude-fable-5-1","max_tokens":64,"messages":[],"""
            + "\"fallbacks\":[{\"model\":\"claude-opus-5-5\"}]}";
        var alone = Admit(Apis.Messages, "claude-fable-5-1", one, null, out _)!.Value.Held.Milli;
        var both = Admit(Apis.Messages, "claude-fable-5-1", two, null, out _)!.Value.Held.Milli;
        var (first, second) = (two.Length + 256, two.Length + 256 + 64);
        Assert.Equal((one.Length + 256) * 20_000 + 64 * 50_000, alone);
        Assert.Equal(first * 20_000 + 64 * 50_000 + second * 8_000 + 64 * 20_000, both);
    }

    [Theory]
    // The first turn reads the body, each of the ten others the window: 200,000 at 2 USD for a million.
    [InlineData(1)]
    [InlineData(5)]
    public void Hold_OfASearch_CoversTheTurnsAfterItsUsesAreSpent(int uses)
    {
        var body = """{"model":"claude-haiku-4-5","max_tokens":64,"messages":[],"tools":["""
            + $$"""{"type":"web_search_20250305","name":"web_search","max_uses":{{uses}}}]}""";
        var call = Admit(Apis.Messages, "claude-haiku-4-5", body, null, out _)!.Value;
        var (first, fees) = (body.Length + 1_024, uses * 10_000_000L);
        Assert.Equal((first + 10 * 200_000) * 2_000L + 11 * 64 * 5_000 + fees, call.Held.Milli);
        Assert.Null(call.Lowered);
    }

    [Fact]
    public void Uses_ThatWouldSaveNothingButTheirFees_AreNotTakenAway()
    {
        // Five searches or one: Anthropic ends neither before its own turns are over.
        Assert.Null(Plan("""{"type":"web_search_20250305"}""").Lower(CallPlan.NoCeiling));
        Assert.Equal(2, Plan("""{"type":"advisor_20260301","model":"claude-opus-5-5"}""").Lower(CallPlan.NoCeiling));
        var stated = new Policy
        {
            HostedTools = new Dictionary<string, ToolLimit> { ["web_search"] = new(40, 20_000, true) },
        };
        Assert.Equal(20, Plan("""{"type":"web_search_20250305"}""", stated).Lower(CallPlan.NoCeiling));

        static CallPlan Plan(string tool, Policy? policy = null)
        {
            var body = $$"""{"model":"claude-haiku-4-5","max_tokens":9,"messages":[],"tools":[{{tool}}]}""";
            Assert.True(CallReader.Read(Apis.Messages, Make.Utf8(body), Rules).Is(out var facts, out _));
            var key = new ApiKey { Id = default, Wallet = default, Models = null };
            var rules = new ModelRules(Book, Now, key, policy, Make.Utf8(body));
            return rules.Plan(facts, rules.Find(facts).ValueOrDefault!).ValueOrDefault!;
        }
    }

    [Fact]
    public void Hold_OfAFallbackWithALargerCap_CoversWhatItReadsAgain()
    {
        // Eleven turns (a tool that the provider runs), each of which reads the 60,000 tokens of all before it again.
        var body = """{"model":"claude-haiku-4-5","max_tokens":64,"messages":[],"""
            + "\"fallbacks\":[{\"model\":\"claude-opus-5-5\",\"max_tokens\":60000}],"
            + "\"tools\":[{\"type\":\"tool_search_tool_regex_20251119\",\"name\":\"tool_search_tool_regex\"}]}";
        var held = Admit(Apis.Messages, "claude-haiku-4-5", body, null, out _)!.Value.Held.Milli;
        Assert.InRange(held, 55 * 60_000L * 8_000 + 11 * 60_000L * 20_000, long.MaxValue);
    }

    [Fact]
    public void Hold_OfSeveralFallbacks_CoversWhatTheOnesBeforeWrote()
    {
        const string opus = """{"model":"claude-opus-5-5"}""";
        string Body(string more) => """{"model":"claude-haiku-4-5","max_tokens":5000,"messages":[],"fallbacks":["""
            + $"{opus},{opus}{more}]}}";
        var two = Admit(Apis.Messages, "claude-haiku-4-5", Body(""), null, out _)!.Value.Held.Milli;
        var three = Admit(Apis.Messages, "claude-haiku-4-5", Body($",{opus}"), null, out _)!.Value.Held.Milli;
        // The last reads what three others wrote, and writes as much as they.
        Assert.InRange(three - two, 3 * 5_000 * 8_000 + 5_000 * 20_000, long.MaxValue);
    }

    [Theory]
    [InlineData("", 200_000)]
    [InlineData(",\"betas\":[\"context-1m-2025-08-07\"]", 1_000_000)]
    public void Hold_OfALongerWindowThatABetaAsksFor_DoesNotEndAtTheRows(string more, long window)
    {
        var text = new string('x', 1_200_000);
        var body = $$"""{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"{{text}}"}]"""
            + more + "}";
        var held = Admit(Apis.Messages, "claude-haiku-4-5", body, null, out _)!.Value.Held.Milli;
        Assert.Equal(window * 2_000 + 64 * 5_000, held);
    }

    [Theory]
    [InlineData("flex", "Messages", "gateway.unpriced")]
    [InlineData("flex", "Responses", null)]
    [InlineData("priority", "Responses", null)]
    public void Tier_WithoutARow_IsRefused(string tier, ApiName api, string? code)
    {
        var (model, input) = api == Apis.Messages
            ? ("claude-haiku-4-5", "\"messages\":[]")
            : ("gpt-6-sol", "\"input\":\"x\"");
        Admit(api, model, $$"""{"model":"{{model}}",{{input}},"service_tier":"{{tier}}"}""", null, out var refused);
        Assert.Equal(code, refused?.Refusal.Code);
    }

    [Fact]
    public void Tools_ByPolicy_AreLimitedOrRefused()
    {
        const string body = """{"model":"claude-haiku-4-5","max_tokens":9,"messages":[],"""
            + "\"tools\":[{\"type\":\"web_search_20250305\"}]}";
        var few = new Policy { HostedTools = Limits(new ToolLimit(1, 20_000, true)) };
        var call = Admit(Apis.Messages, "claude-haiku-4-5", body, null, out _, few)!.Value;
        Assert.Contains("\"max_uses\":1,", call.Forwarded, StringComparison.Ordinal);
        Assert.Equal("web_search.max_uses=1", call.Lowered);
        Assert.InRange(call.Held.Milli, 1, 500_000_000); // at the window its eleven turns would be 4,000,000,000

        Assert.Null(Admit(Apis.Messages, "claude-haiku-4-5", body, null, out var refused,
            new Policy { HostedTools = Limits(ToolLimit.Refused) }));
        Assert.Equal("gateway.tool_not_approved", refused!.Refusal.Code);
        Assert.Contains("'tools[0].type'", refused.Detail, StringComparison.Ordinal);

        static Dictionary<string, ToolLimit> Limits(ToolLimit limit) => new() { ["web_search"] = limit };
    }

    /// <param name="Held">For what goes out.</param>
    /// <param name="Forwarded">What goes out.</param>
    /// <param name="Lowered">What the caller is told of it.</param>
    /// <param name="Tools">Tools that the provider runs.</param>
    private readonly record struct Passed(Tokens Held, string Forwarded, string? Lowered, int Tools);

    // As the gateway does: read, look up, plan, hold, splice; with some of the cap and of the uses where random.
    private static Passed? Admit(Api api, string model, string body, Random? random, out Refused? refused,
        Policy? policy = null, string[]? scope = null)
    {
        var bytes = Make.Utf8(body);
        if (!api.Dialect.ReadCall(api, model, bytes, Rules).Is(out var facts, out refused)) return null;

        var key = new ApiKey { Id = default, Wallet = default, Models = scope?.ToHashSet(StringComparer.Ordinal) };
        var rules = new ModelRules(Book, Now, key, policy, bytes);
        if (!rules.Find(facts).Is(out var price, out refused)) return null;
        if (!rules.Plan(facts, price).Is(out var plan, out refused)) return null;

        var output = CallBounds.Output(facts, price);
        var call = new PlannedCall(key, price, TokenValueNanos, model, CallBounds.Input(facts, price), output,
            CallBounds.OutputFloor(facts, price), facts.CapAsked, false, plan);
        while (random?.Next(3) == 0 && call.WithFewerUses() is { } less) call = less;
        var cap = random?.Next(2) == 0 ? Math.Max(call.OutputFloor, output / 2) : output;
        var held = call.WorstCase(cap);
        Assert.InRange(call.Affordable(held), Math.Min(cap, output), long.MaxValue); // what is held pays for its cap
        var (edits, lowered) = PlanEdits.Of(plan, call.Ceiling, rules.SetsTier(plan));
        var sent = Make.Apply(body, BodySplice.Plan(facts, CallBounds.CapToSend(facts, price, cap), planned: edits));
        return new Passed(held, sent, lowered, plan.Tools.Count);
    }

    private static string Short(string body) => body.Length < 4_000 ? body : body[..4_000] + "…";

    private static Price Row(string model, string provider, long input, long output, long window, long most) =>
        new(Guid.Empty, model, provider, DateTimeOffset.UnixEpoch, Rated(input, output), null, null, window, most,
            Usd.Zero, "test")
        {
            Fees = AllFees,
        };

    private static Rates Rated(long input, long output) => new(
        input * 1_000_000_000, input * 100_000_000, input * 1_250_000_000, input * 2_000_000_000,
        output * 1_000_000_000);
}
