using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;

namespace Guerdon.Unit.Dialects.Holds;

/// <summary>What a body makes a provider read, write or charge beyond its own bytes and its cap.</summary>
public sealed class UnseenCostTests
{
    private const long Window = 200_000;
    private static readonly DateTimeOffset At = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    private const string Tool = """{"name":"read","description":"d","input_schema":{"type":"object"}}""";

    private static long Input(Api api, string body) =>
        CallBounds.Input(Make.Call(api, body), Make.Price("anthropic", window: Window));

    private static string Messages(string content, string more = "") =>
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + content + "]}]" + more + "}";

    [Theory]
    // Each place that names a tool is read as the definition is that it stands for.
    [InlineData("""{"type":"tool_result","content":[{"type":"tool_reference","tool_name":"read"}]}""", 1)]
    [InlineData("""{"type":"tool_result","content":[{"type":"tool_reference","tool_name":"read"},"""
        + """{"type":"tool_reference","tool_name":"read"}]}""", 2)]
    [InlineData("""{"type":"tool_search_tool_result","content":{"type":"tool_search_tool_search_result","""
        + "\"tool_references\":[{\"type\":\"tool_reference\",\"tool_name\":\"read\"}]}}", 1)]
    [InlineData("""{"type":"tool_addition","tool":{"type":"tool_reference","name":"read"}}""", 1)]
    [InlineData("""{"type":"tool_result","content":[{"type":"text","text":"read"}]}""", 0)]
    public void Input_OfReferencesToTools_HasTheirDefinitions(string block, int references)
    {
        var body = Messages(block, $",\"tools\":[{Tool},{{\"name\":\"a\"}}]");
        Assert.Equal(body.Length + 1_024 + references * Tool.Length, Input(Apis.Messages, body));
        // Wherever the tools stand.
        body = $"{{\"tools\":[{Tool}],{Messages(block)[1..]}";
        Assert.Equal(body.Length + 1_024 + references * Tool.Length, Input(Apis.Messages, body));
    }

    [Fact]
    public void Input_OfManyReferences_EndsAtTheWindow()
    {
        const string reference = """{"type":"tool_reference","tool_name":"read"}""";
        var tool = Tool.Replace("\"d\"", $"\"{new string('d', 50_000)}\"", StringComparison.Ordinal);
        var all = string.Join(',', Enumerable.Repeat(reference, 9));
        Assert.Equal(Window, Input(Apis.Messages, Messages(all, $",\"tools\":[{tool}]")));
    }

    [Theory]
    [InlineData("""{"enabled":true}""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""{"enabled":"false"}""", true)]
    [InlineData("""{"enabled":false}""", false)]
    [InlineData("null", false)]
    [InlineData("""[{"type":"char_location","cited_text":"x"}]""", false)] // of an earlier answer
    public void Input_WithCitations_IsTheWindow(string citations, bool isWindow)
    {
        foreach (var block in (string[])["document", "search_result"])
        {
            var body = Messages($$"""{"type":"{{block}}","source":{"type":"text","data":"A. B."},"""
                + $"\"citations\":{citations}}}");
            Assert.Equal(isWindow ? Window : body.Length + 256, Input(Apis.Messages, body));
        }
    }

    [Theory]
    [InlineData("""{"effort":"high"}""", 1_024)]
    [InlineData("""{"format":{"type":"json_schema","schema":{"task_budget":{"type":"string"}}}}""", 1_024)]
    [InlineData("""{"task_budget":null}""", 1_024)]
    [InlineData("null", 256)]
    [InlineData("""{"task_budget":{"type":"tokens","total":64000}}""", null)]
    public void Input_WithAFormOfAnswer_HasTheProvidersWordsForIt(string config, int? words)
    {
        var body = Messages("""{"type":"text","text":"x"}""", $",\"output_config\":{config}");
        Assert.Equal(words is null ? Window : body.Length + words.Value, Input(Apis.Messages, body));
        var other = Messages("""{"type":"text","text":"x"}""",
            $",\"fallbacks\":[{{\"model\":\"o\",\"output_config\":{config}}}]");
        Assert.Equal(words is null ? Window : other.Length + words.Value, Input(Apis.Messages, other));
    }

    [Theory]
    [InlineData("Embeddings", """{"model":"m","input":["a","b"],"input_type":"query"}""", 3 * 32)]
    [InlineData("Embeddings", """{"model":"m","input":"a","input_type":"query"}""", 32)]
    [InlineData("Embeddings", """{"model":"m","input":["a","b"],"input_type":null}""", 0)]
    [InlineData("Chat", """{"model":"m","messages":[],"prompt_mode":"reasoning"}""", 1_024)]
    [InlineData("Chat", """{"model":"m","messages":[],"safe_prompt":false}""", 256)]
    public void Input_WithWordsOfTheProviders_HasThem(ApiName api, string body, long words) =>
        Assert.Equal(body.Length + words, Input(api, body));

    [Theory]
    [InlineData("""{"data":"AAAA","format":"wav"}""", false)]
    [InlineData("""{"data":"AA\/A","format":"mp3"}""", false)]
    [InlineData("""{"data":"https://x/a.wav","format":"wav"}""", true)]
    [InlineData("""{"data":"https\u003a//x/a.wav"}""", true)]
    [InlineData("""{"data":"AAAA","format":"flac"}""", true)] // an hour of silence is next to nothing in it
    [InlineData("""{"url":"//x"}""", true)]
    [InlineData("\"https://x/a.mp3\"", true)]
    [InlineData("\"AAAA\"", false)]
    public void Input_OfASoundElsewhere_IsTheWindow(string sound, bool isWindow)
    {
        var body = Messages($$"""{"type":"input_audio","input_audio":{{sound}}}""");
        Assert.Equal(isWindow ? Window : body.Length + 256, Input(Apis.Chat, body));
    }

    [Theory]
    // Beside a cap of 100 for each of two answers; the window is 200,000.
    [InlineData("qwen3.8-max", "", 0)] // takes max_completion_tokens, which has thoughts in it
    [InlineData("qwen-plus", "", 2 * Window)]
    [InlineData("qwen3-max", ",\"thinking_budget\":null", 2 * Window)]
    [InlineData("qwen3-235b-a22b", ",\"thinking_budget\":500", 2 * 500)]
    [InlineData("qwen-plus", ",\"enable_thinking\":false", 0)]
    [InlineData("qwen-plus", ",\"enable_thinking\":true,\"thinking_budget\":7", 2 * 7)]
    [InlineData("qwen-plus", ",\"enable_thinking\":false,\"chat_template_kwargs\":{\"enable_thinking\":true}",
        2 * Window)]
    [InlineData("qwen3-30b-a3b-thinking-2507", ",\"enable_thinking\":false", 2 * Window)]
    [InlineData("qwq-plus", ",\"thinking_budget\":500", 2 * Window)]
    [InlineData("deepseek-r1", ",\"enable_thinking\":false,\"thinking_budget\":1", 2 * Window)]
    [InlineData("qwen3-coder-plus", "", 0)]
    [InlineData("qwen2.5-72b-instruct", "", 0)]
    public void BesideCap_OfAlibabasModels_IsWhatTheyMayThink(string model, string more, long beside)
    {
        var call = Make.Call(Apis.Chat, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":100,\"n\":2" + more + "}");
        Assert.Equal(beside, CallBounds.BesideCap(call, Make.Price("alibaba", model, Window)));
        Assert.Equal(0, CallBounds.BesideCap(call, Make.Price("openai", model, Window)));
        Assert.Equal(beside == 2 * Window ? $"held_thinking={Window}" : null, LoweredOf(call, model));
    }

    [Theory]
    [InlineData("qwen3.8-max", "", Window)]
    [InlineData("qwen3.8-max", ",\"thinking\":{\"type\":\"disabled\"}", 0)]
    [InlineData("qwen3.8-max", ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":30}", 30)]
    public void BesideCap_AtAlibabasEndpointInAnthropicsForm_IsWhatTheyMayThink(string model, string more, long beside)
    {
        var call = Make.Call(Apis.Messages, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":100" + more + "}");
        Assert.Equal(beside, CallBounds.BesideCap(call, Make.Price("alibaba", model, Window)));
        Assert.Equal(0, CallBounds.BesideCap(call, Make.Price("anthropic", model, Window)));
    }

    private static string? LoweredOf(in CallFacts call, string model) => PlanEdits.Of(
        new CallPlan(call, [new(model, Make.Price("alibaba", model, Window), default)], []), CallPlan.NoCeiling, false)
        .Lowered;

    [Theory]
    [InlineData("gpt-4o-search-preview", "", "0.0262")] // 0.025 for the search beside 0.0002 and 0.001
    [InlineData("gpt-4o-search-preview", """,{"type":"url_citation"},{"type":"url_citation"}""", "0.0262")]
    [InlineData("gpt-4o", "", null)]
    public void Answer_OfAModelMadeToSearch_IsChargedItsSearchWithOrWithoutCitations(
        string model, string citations, string? usd)
    {
        var row = Make.Price(model: model) with { Fees = new Fees { WebSearch = 25_000_000 } };
        var body = Make.Utf8("{\"model\":\"" + model + "\",\"choices\":[{\"message\":{\"annotations\":[{\"type\":\"x\"}"
            + citations + """]}}],"usage":{"prompt_tokens":100,"completion_tokens":100}}""");
        Assert.Equal(usd, PricedAs(row, Apis.Chat, "{\"model\":\"" + model + "\",\"messages\":[]}", body));
        // What was refused, or said nothing, is not charged at all.
        Assert.Null(PricedAs(row, Apis.Chat, "{\"model\":\"" + model + "\",\"messages\":[]}",
            Make.Utf8("""{"error":{"message":"no"}}""")));
    }

    [Theory]
    // Code that sifts what a search found is Anthropic's own; code that was asked for has its container's fee.
    [InlineData("", "0.0112")]
    [InlineData(""",{"type":"code_execution_20260521","name":"code_execution"}""", "0.0612")]
    public void Answer_WithCodeOfASearchsOwn_IsNotChargedForIt(string tool, string usd)
    {
        var row = Make.Price("anthropic", "claude-m") with
        {
            Fees = new Fees { WebSearch = 10_000_000, CodeExecution = 50_000_000 },
        };
        var asked = """{"model":"claude-m","max_tokens":9,"messages":[],"tools":[{"type":"web_search_20260318","""
            + $"\"name\":\"web_search\"}}{tool}]}}";
        var body = Make.Utf8("""
            {"model":"claude-m","content":[{"type":"server_tool_use","name":"code_execution"}],
             "usage":{"input_tokens":100,"output_tokens":100,"server_tool_use":{"web_search_requests":1}}}
            """);
        Assert.Equal(usd, PricedAs(row, Apis.Messages, asked, body));
    }

    private static string? PricedAs(Price row, Api api, string asked, byte[] answer)
    {
        var book = new PriceBook(new PriceSnapshot([row], [new TokenWorth(DateTimeOffset.UnixEpoch, 1_000)]));
        var facts = Make.Call(api, asked);
        var key = new ApiKey { Id = default, Wallet = default, Models = null };
        var planned = new ModelRules(book, At, key, null, Make.Utf8(asked)).Plan(facts, row);
        Assert.True(planned.Is(out var plan, out var refused), refused?.Detail);
        var call = new PlannedCall(key, row, 1_000, row.Model, 1_000, 1_000, 16, null, IsZeroRated: false, plan);
        var reading = default(UsageReading);
        AnswerReader.ReadBody(api.Dialect, answer, ref reading);
        var measured = reading.IsFree ? default
            : UsageRules.Final(api.Dialect, reading, new EstimateBasis(1_000, 0, 1_000, 1_000));
        return AnswerPricing.Of(book, call, At, reading, measured)?.Cost.Money.ToString();
    }

    [Theory]
    [InlineData("sonar-deep-research", "gateway.unbounded")]
    [InlineData("groq/compound-mini", "gateway.unbounded")]
    [InlineData("grok-4.20-multi-agent", "gateway.unbounded")]
    [InlineData("sonar-pro", null)]
    public void Plan_OfAModelThatSearchesAsItSeesFit_IsRefused(string model, string? code)
    {
        var row = Make.Price("perplexity", model) with { Fees = new Fees { WebSearch = 25_000_000 } };
        var book = new PriceBook(new PriceSnapshot([row], [new TokenWorth(DateTimeOffset.UnixEpoch, 1_000)]));
        var key = new ApiKey { Id = default, Wallet = default, Models = null };
        var body = "{\"model\":\"" + model + "\",\"messages\":[]}";
        var rules = new ModelRules(book, At, key, null, Make.Utf8(body));
        Assert.Equal(code, rules.Plan(Make.Call(Apis.Chat, body), row).Refused?.Refusal.Code);
    }

    [Theory]
    [InlineData("anthropic", null)]
    [InlineData("alibaba", "gateway.unbounded")]
    [InlineData("zai", "gateway.unbounded")]
    public void Plan_OfAnthropicsToolsAtOthersWhoSpeakItsDialect_IsRefused(string provider, string? code)
    {
        foreach (var more in (string[])["\"tools\":[{\"type\":\"web_search_20250305\",\"max_uses\":1}]",
            "\"tools\":[{\"type\":\"tool_search_tool_bm25_20251119\"}]",
            "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://x\"}]"])
        {
            var row = Make.Price(provider, "m") with { Fees = new Fees { WebSearch = 10_000_000 } };
            var book = new PriceBook(new PriceSnapshot([row], [new TokenWorth(DateTimeOffset.UnixEpoch, 1_000)]));
            var key = new ApiKey { Id = default, Wallet = default, Models = null };
            var body = "{\"model\":\"m\",\"messages\":[]," + more + "}";
            var rules = new ModelRules(book, At, key, null, Make.Utf8(body));
            Assert.Equal(code, rules.Plan(Make.Call(Apis.Messages, body), row).Refused?.Refusal.Code);
        }
    }

    [Theory]
    [InlineData("""{"search_type":"pro"}""", true)]
    [InlineData("""{"search_type":"auto"}""", true)]
    [InlineData("""{"search_type":"fast","search_context_size":"high"}""", false)]
    [InlineData("""{"search_type":null}""", false)]
    public void Search_InSeveralSteps_IsRefused(string options, bool isRefused)
    {
        var body = "{\"model\":\"m\",\"messages\":[],\"web_search_options\":" + options + "}";
        if (isRefused) Assert.Equal("gateway.unpriced", Make.Refused(Apis.Chat, body).Refusal.Code);
        else Assert.Single(Make.Call(Apis.Chat, body).Hosted!);
    }

    [Fact]
    public void Document_ReadAtAPriceForEachPage_IsRefused()
    {
        var refused = Make.Refused(Apis.Chat,
            Messages("""{"type":"document_url","document_url":"https://x/a.pdf"}"""));
        Assert.Equal("gateway.unpriced", refused.Refusal.Code);
        Assert.StartsWith("'messages[0].content[0].type'", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"size\":\"1024x1024\",\"quality\":\"high\",\"partial_images\":0,\"input_fidelity\":\"low\"", null)]
    [InlineData("\"size\":\"3840x2160\"", "'tools[0].size'")]
    [InlineData("\"partial_images\":3", "'tools[0].partial_images'")]
    [InlineData("\"input_fidelity\":\"high\"", "'tools[0].input_fidelity'")]
    public void Picture_BeyondItsFee_IsRefused(string member, string? path)
    {
        var body = "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"image_generation\"," + member + "}]}";
        if (path is null) Assert.Single(Make.Call(Apis.Responses, body).Hosted!);
        else Assert.StartsWith(path, Make.Refused(Apis.Responses, body).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"responseModalities\":[\"IMAGE\"],", true)]
    [InlineData("", true)]
    [InlineData("\"responseModalities\":[\"TEXT\"],", false)]
    public void Output_OfGeminisPictures_IsTheModelsMostWhateverTheCap(string modalities, bool isMost)
    {
        var body = Make.Utf8("{\"contents\":[],\"generationConfig\":{" + modalities + "\"maxOutputTokens\":20}}");
        var result = GeminiReader.Read(Apis.GenerateContent, "g", body, ReadingRules.None);
        Assert.True(result.Is(out var call, out var refused), refused?.Detail);
        var words = Make.Price("google-ai-studio", "g", most: 32_768);
        var price = words with { Base = words.Base with { ImageOutput = 30_000_000_000 } };
        var expected = isMost ? (32_768L, 32_768L) : (20L, 16L);
        Assert.Equal(expected, (CallBounds.Output(call, price), CallBounds.OutputFloor(call, price)));
        Assert.Equal((20L, 16L), (CallBounds.Output(call, words), CallBounds.OutputFloor(call, words)));
        Assert.Null(CallBounds.CapToSend(call, price, CallBounds.Output(call, price)));
    }
}
