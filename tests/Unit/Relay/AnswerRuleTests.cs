using System.Buffers;
using System.Globalization;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>
/// The rule: an answer that used another model, tier, tool, kind of iteration or count than the price covers is never
/// settled unmarked. Walked over generated answers, whole and streamed.
/// </summary>
public sealed class AnswerRuleTests
{
    private const int Rounds = 400;
    private static readonly DateTimeOffset At = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);

    private static readonly Price Asked = PriceOf("asked-model", 1_000_000_000, 5_000_000_000);
    private static readonly Price Other = PriceOf("other-model", 10_000_000_000, 50_000_000_000);
    private static readonly Price Flex = Asked with
    {
        Id = Guid.NewGuid(),
        ServiceTier = ServiceTier.Flex,
        Base = new(500_000_000, 1, 1, 1, 2_500_000_000),
    };

    private static readonly PriceBook Book = new(new PriceSnapshot(
        [Asked, Other, Flex], [new(DateTimeOffset.UnixEpoch, 1_000)]));

    private static Price PriceOf(string model, long input, long output) => new(
        Guid.NewGuid(), model, "anthropic", DateTimeOffset.UnixEpoch,
        new Rates(input, input / 10, input * 5 / 4, input * 2, output), null, null, 1_000_000, 64_000, Usd.Zero, "test")
    {
        Fees = new Fees { WebSearch = 10_000_000, WebFetch = 0 },
    };

    private static PricedAnswer? Price(Dialect dialect, string body, string model = "asked-model")
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(dialect, Make.Utf8(body), ref reading);
        return Price(dialect, reading, model);
    }

    private static PricedAnswer? Price(Dialect dialect, in UsageReading reading, string model = "asked-model")
    {
        var plan = new CallPlan(new CallFacts { Api = dialect.Apis[0] }, [new(model, Asked, default)], []);
        var call = new PlannedCall(null!, Asked, 1_000, model, 1_000_000, 64_000, 16, null, IsZeroRated: false, plan);
        return AnswerPricing.Of(Book, call, At, reading, UsageRules.Final(dialect, reading, Basis));
    }

    private static string CostOf(PricedAnswer? priced) => priced!.Cost.Money.ToString();

    // An answer of 1,000 and 100 tokens: 0.0015.
    private static string Anthropic(string more, string model = "asked-model") =>
        "{\"model\":\"" + model + "\",\"usage\":{\"input_tokens\":1000,\"output_tokens\":100," + more + "}}";

    private static string OpenAi(string more, string beside = "", string model = "asked-model") =>
        "{\"model\":\"" + model + "\"," + beside + "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100,"
        + more + "}}";

    [Theory]
    [InlineData("asked-model", "\"service_tier\":\"standard\",\"speed\":\"standard\",\"inference_geo\":\"global\"")]
    [InlineData("asked-model", """ "server_tool_use":{"web_search_requests":0,"web_fetch_requests":0} """)]
    [InlineData("asked-model", """ "iterations":null """)]
    [InlineData("asked-model-20260801", """ "iterations":[] """)]
    public void Of_OrdinaryAnswer_IsTheCallsOwnPrice(string model, string more) => Assert.True(
        Price(Spoken.Anthropic, Anthropic(more, model)) is null or { Parts.Count: 0, IsDoubtful: false });

    [Theory]
    // totals are the answer's alone: 0.0015; each iteration at its own model's price
    [InlineData("0.199", "compaction//180000/3500", "message//1000/100")]
    [InlineData("1.98594", "advisor_message/other-model/159419/7805")]
    [InlineData("0.014", "message/other-model/1000/50", "fallback_message//1000/100")]
    [InlineData("0.0015", "message//600/40", "message//400/60")]
    public void Of_Iterations_AreEachAtTheirModelsPrice(string usd, params string[] iterations)
    {
        var all = string.Join(',', iterations.Select(i => i.Split('/')).Select(i => "{\"type\":\"" + i[0] + "\","
            + (i[1].Length > 0 ? "\"model\":\"" + i[1] + "\"," : "")
            + "\"input_tokens\":" + i[2] + ",\"output_tokens\":" + i[3] + "}"));
        var priced = Price(Spoken.Anthropic, Anthropic($"\"iterations\":[{all}]"));
        Assert.Equal(usd, CostOf(priced));
        Assert.False(priced!.IsDoubtful);
    }

    [Fact]
    public void Of_Searches_CostTheirFeeBesideTheTokens()
    {
        var priced = Price(Spoken.Anthropic, Anthropic(
            """ "server_tool_use":{"web_search_requests":3,"web_fetch_requests":2} """));
        Assert.Equal("0.0315", CostOf(priced));
        Assert.False(priced!.IsDoubtful);
        Assert.Equal(
            [HostedTool.WebSearch, HostedTool.WebFetch], priced.Parts.Select(p => p.Tool).OfType<HostedTool>());
    }

    [Fact]
    public void ReadBody_ChunksOfGeminiInAnArray_CountsTheLastTotals()
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(Spoken.Gemini, Make.Utf8("""
            [{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1}},
             {"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":40}}]
            """), ref reading);
        Assert.Equal((9, 40, true), (reading.Input, reading.Output, reading.HasOutput));
    }

    [Theory]
    [InlineData("\"3\"", true)]
    [InlineData("9000000000000", true)] // absurd, and not none
    [InlineData("3.0", false)]
    [InlineData("null", false)]
    [InlineData("-1", false)]
    public void Of_SearchesThatCannotBeRead_AreMarked(string count, bool marked)
    {
        var priced = Price(
            Spoken.Anthropic, Anthropic($$""" "server_tool_use":{"web_search_requests":{{count}}} """));
        Assert.Equal(marked, priced?.IsDoubtful ?? false);
    }

    [Fact]
    public void Of_ResponsesItems_AreCountedOnceWhetherStreamedOrWhole()
    {
        const string items = """{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call"},"""
            + """{"type":"web_search_call","action":{"type":"open_page"}},{"type":"message","content":[]}""";
        var whole = OpenAi("\"total_tokens\":1100", $"\"output\":[{items}],");
        Assert.Equal("0.0215", CostOf(Price(Spoken.OpenAi, whole)));

        var reading = default(UsageReading);
        foreach (var item in items.Split("},{")[..2].Select((text, i) => i == 0 ? text + "}" : "{" + text + "}"))
        {
            Read($$"""{"type":"response.output_item.added","item":{{item}}}""");
            Read($$"""{"type":"response.output_item.done","item":{{item}}}""");
        }

        Assert.Equal(2, reading.NotesSoFar.UsesOf(HostedTool.WebSearch)); // cut here, they are known already
        Read($$"""{"type":"response.completed","response":{{whole}}}""");
        Assert.Equal("0.0215", CostOf(Price(Spoken.OpenAi, reading)));

        void Read(string data) => AnswerReader.ReadEvent(Spoken.OpenAi, Make.Utf8(data), ref reading);
    }

    [Theory]
    [InlineData("flex", "0.00075", false)] // its own row
    [InlineData("default", "0.0015", false)]
    [InlineData("auto", "0.0015", false)]
    [InlineData("priority", "0.0015", true)] // no row
    [InlineData("scale", "0.0015", true)] // no tier that is known
    public void Of_ServedTier_IsItsRowOrMarked(string tier, string usd, bool isDoubtful)
    {
        var priced = Price(Spoken.OpenAi, OpenAi("\"total_tokens\":1100", $"\"service_tier\":\"{tier}\","));
        Assert.Equal((usd, isDoubtful), (priced is null ? "0.0015" : CostOf(priced), priced?.IsDoubtful is true));
    }

    [Fact]
    public void Of_DatedNameWithoutARow_IsMarked()
    {
        var body = OpenAi("\"total_tokens\":1100", model: "asked-model-2024-05-13");
        var priced = Price(Spoken.OpenAi, body, "asked-model-2024-05-13");
        Assert.Equal(("0.0015", Doubts.UndatedPrice), (CostOf(priced), Assert.Single(priced!.Parts).Doubts));
        // Who asks for the undated name is answered by a dated one, at the undated price.
        Assert.False(Price(Spoken.OpenAi, body)?.IsDoubtful ?? false);
    }

    [Fact]
    public void Of_AnotherModel_IsAtItsOwnPriceOrMarked()
    {
        var known = Price(Spoken.OpenAi, OpenAi("\"total_tokens\":1100", model: "other-model"));
        Assert.Equal(("0.015", Other.Id, 0), (CostOf(known), known!.PriceId, known.Parts.Count));
        var unknown = Price(Spoken.OpenAi, OpenAi("\"total_tokens\":1100", model: "nobody"));
        Assert.Equal(Doubts.OtherModel, Assert.Single(unknown!.Parts).Doubts);
    }

    [Theory]
    [InlineData("OpenAi", """{"error":{"message":"no"}}""")]
    [InlineData("OpenAi", """{"error":"no"}""")]
    [InlineData("OpenAi", """{"id":"r","status":"failed","error":{"code":"server_error"},"output":[],"usage":null}""")]
    [InlineData("Anthropic", """{"type":"error","error":{"type":"overloaded_error","message":"no"}}""")]
    [InlineData("Gemini", """{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}""")]
    [InlineData("Gemini", """[{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}]""")]
    public void Reading_ErrorBehindAGoodStatus_IsFree(DialectName dialect, string body)
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(dialect, Make.Utf8(body), ref reading);
        Assert.True(reading.IsFree);
        reading = default;
        AnswerReader.ReadEvent(dialect, Make.Utf8(body), ref reading);
        Assert.True(reading.IsFree);
    }

    [Theory]
    [InlineData("OpenAi", """{"error":null,"model":"m","output":[],"usage":{"input_tokens":9,"output_tokens":4}}""")]
    [InlineData("OpenAi", """{"error":{"code":"x"},"usage":{"input_tokens":9,"output_tokens":4}}""")] // it counted
    public void Reading_WithUsage_IsNotFree(DialectName dialect, string body)
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(dialect, Make.Utf8(body), ref reading);
        Assert.False(reading.IsFree);
    }

    [Fact]
    public void Of_WhatNoPriceCovers_IsNeverUnmarked()
    {
        var random = new Random(20261128);
        for (var round = 0; round < Rounds; round++)
        {
            var (dialect, body) = Unknown(random);
            var priced = Price(dialect, body);
            Assert.True(priced is { IsDoubtful: true }, $"{dialect}: {body}");
            Assert.True(priced.Cost.Money.Nanos >= 1_500_000, body); // never below what is known of it
            Assert.True(Streamed(dialect, body) is { IsDoubtful: true }, $"{dialect}, streamed: {body}");
        }
    }

    // The same answer as a stream, relayed in pieces.
    private static PricedAnswer? Streamed(Dialect dialect, string body)
    {
        var data = dialect.Name switch
        {
            "Anthropic" => "data: {\"type\":\"message_start\",\"message\":" + body + "}\n\n"
                + "data: {\"type\":\"message_delta\"," + body[body.IndexOf("\"usage\"", StringComparison.Ordinal)..]
                + "\n\n",
            "OpenAi" => "data: {\"type\":\"response.completed\",\"response\":" + body + "}\n\n",
            _ => "data: " + body + "\n\n",
        };
        using var relay = new SseRelay(dialect, false, false, _ => "{}"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in Make.Utf8(data).Chunk(7)) relay.Feed(piece, output);
        relay.Complete(output);
        return Price(dialect, relay.Reading);
    }

    private static (Dialect Dialect, string Body) Unknown(Random random)
    {
        var name = "x_" + random.Next(1_000_000).ToString(CultureInfo.InvariantCulture);
        var count = random.Next(1, 1_000_000);
        const string run = "\"input_tokens\":1000,\"output_tokens\":100";
        string[] anthropic =
        [
            $$"""
            "iterations":[{"type":"message",{{run}}},{"type":"{{name}}","input_tokens":{{count}},"output_tokens":1}]
            """,
            $$""" "iterations":[{"type":"message",{{run}},"{{name}}":{{count}}}] """,
            $$""" "iterations":[{"type":"message","model":"{{name}}",{{run}}}] """,
            $$""" "server_tool_use":{"web_search_requests":1,"{{name}}":{{count}}} """,
            $$""" "service_tier":"{{name}}" """, $$""" "speed":"{{name}}" """, """ "inference_geo":"us" """,
            $$""" "{{name}}":{{count}} """, $$""" "{{name}}":{"a":[{"b":{{count}}}]} """,
            $$""" "cache_creation":{"{{name}}":{{count}}} """,
            $$""" "output_tokens_details":{"{{name}}":{{count}}} """,
        ];
        string[] openAi =
        [
            OpenAi($"\"{name}\":{count}"), OpenAi($"\"{name}\":[[{count}]]"),
            OpenAi("\"prompt_tokens_details\":{\"cached_tokens\":0,\"" + name + "\":" + count + "}"),
            OpenAi($"\"total_tokens\":{1_100 + count}"), OpenAi("\"total_tokens\":1100", model: name),
            OpenAi("\"total_tokens\":1100", "\"output\":[{\"type\":\"" + name + "_call\"}],"),
            OpenAi("\"total_tokens\":1100", "\"output\":[{\"type\":\"file_search_call\"}],"), // no fee
            OpenAi("\"total_tokens\":1100", $"\"service_tier\":\"{name}\","),
        ];
        const string gemini = "{\"modelVersion\":\"asked-model\",\"candidates\":[{\"finishReason\":\"STOP\"}],"
            + "\"usageMetadata\":{\"promptTokenCount\":1000,\"candidatesTokenCount\":100,";
        return random.Next(4) switch
        {
            0 => (Spoken.OpenAi, openAi[random.Next(openAi.Length)]),
            1 => (Spoken.Gemini, gemini + $"\"{name}\":{count}" + "}}"),
            _ => (Spoken.Anthropic, Anthropic(anthropic[random.Next(anthropic.Length)])),
        };
    }
}
