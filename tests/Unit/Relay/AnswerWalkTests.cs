using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>What each event of a stream says, and each whole body: kind, bytes delivered, end, error, model, tier, uses
/// of tools and what is not known.</summary>
public sealed class AnswerWalkTests
{
    private static string Words(in UsageReading r, EventKind? kind)
    {
        var notes = r.NotesSoFar;
        string?[] said =
        [
            kind is { } k and not EventKind.Other ? $"{k}" : null, r.DeliveredBytes > 0 ? $"{r.DeliveredBytes}b" : null,
            r.IsFinished ? "finished" : null, r.IsError ? $"error {r.Fault}" : null, r.Model, r.Tier?.ToString(),
            r.HasInput ? $"in {r.Input}" : null, r.CountsOutput ? $"out {r.Output}" : null,
            .. Enum.GetValues<HostedTool>().Where(tool => notes.UsesOf(tool) > 0)
                .Select(tool => $"{tool} {notes.UsesOf(tool)}"),
            .. notes.Unknown.Select(unknown => $"{unknown.Doubt} {unknown.Name}"),
        ];
        return string.Join(", ", said.Where(word => word is not null));
    }

    private static string Events(string dialect, string[] events)
    {
        var reading = default(UsageReading);
        EventKind? last = null;
        foreach (var data in events)
            last = AnswerReader.ReadEvent(dialect == "anthropic" ? Spoken.Anthropic : Spoken.OpenAi, Make.Utf8(data),
                ref reading);
        return Words(reading, last);
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("""{"model":"gpt-6","service_tier":"flex"}""", "gpt-6, Flex")]
    [InlineData("""{"model":7,"service_tier":7}""", "")]
    [InlineData("""{"service_tier":"auto"}""", "")]
    [InlineData("""{"service_tier":"ultra"}""", "OtherTier ultra")]
    // A usage without choices is an event of its own.
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6}}""", "UsageOnly, in 5, out 6")]
    [InlineData("""{"usage":{"prompt_tokens":5,"completion_tokens":6},"choices":[{}]}""", "in 5, out 6")]
    [InlineData("""{"usage":null,"choices":[]}""", "")]
    [InlineData("""{"usage":[5],"choices":{"a":[{"finish_reason":"stop"}]}}""", "")]
    // Text, and what is none.
    [InlineData("""{"choices":[{"delta":{"content":"1234","role":"assistant"}}]}""", "4b")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"id":"x","type":"function","a":{"arguments":"12"}}]}}]}""",
        "2b")]
    [InlineData("""{"choices":[{"delta":{"stop_reason":"abc","a":"1"}}]}""", "1b")]
    [InlineData("""{"choices":[{"delta":null},{"delta":"123"},{"delta":7}]}""", "3b")]
    [InlineData("""{"type":"response.output_text.delta","delta":"12345"}""", "5b")]
    [InlineData("""{"choices":[{"content":"no delta"}],"content":"no delta"}""", "")]
    [InlineData("""{"choices":[{"a":{"delta":{"content":"deeper"}}}]}""", "")]
    // The end of each alternative.
    [InlineData("""{"choices":[{"index":0,"finish_reason":"stop"}]}""", "finished")]
    [InlineData("""{"choices":[{"finish_reason":null},{"finish_reason":""},{"finish_reason":7}]}""", "")]
    [InlineData("""{"choices":[{"a":{"finish_reason":"stop"}}]}""", "")]
    [InlineData("""{"finish_reason":"stop"}""", "")]
    // The end of a response.
    [InlineData("""{"type":"response.completed","response":{"model":"m","usage":"""
        + """{"input_tokens":5,"output_tokens":6}}}""",
        "Terminal, finished, m, in 5, out 6")]
    [InlineData("""{"type":"response.incomplete"}""", "Terminal, finished")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error"}}}""",
        "Terminal, finished, error OfProvider")]
    [InlineData("""{"type":"response.created","response":{"model":"m"}}""", "m")]
    [InlineData("""{"type":["response.completed"],"response":7}""", "")]
    // Errors.
    [InlineData("""{"error":{"type":"invalid_request_error"}}""", "error OfRequest")]
    [InlineData("""{"error":{"code":500}}""", "error OfProvider")]
    [InlineData("""{"error":{"status":499}}""", "error OfRequest")]
    [InlineData("""{"error":{"code":"503"}}""", "error OfProvider")]
    [InlineData("""{"error":{"code":0,"type":"error"}}""", "error OfProvider")] // neither says anything
    [InlineData("""{"error":{"code":"timeout","type":"bad"}}""", "error OfRequest")] // the request outweighs
    [InlineData("""{"error":{"message":"bad","param":null}}""", "error OfProvider")]
    [InlineData("""{"error":"it broke"}""", "error OfProvider")]
    [InlineData("""{"error":null}""", "")]
    [InlineData("""{"error":7}""", "")]
    [InlineData("""{"type":"error","code":"invalid_prompt"}""", "error OfRequest")]
    [InlineData("""{"type":"error","code":"server_error"}""", "error OfProvider")]
    [InlineData("""{"code":"invalid_prompt","type":"error"}""", "error OfRequest")]
    [InlineData("""{"type":"error","code":null}""", "error OfProvider")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error"}}""", "error OfRequest")]
    [InlineData("""{"type":"error","code":"invalid_prompt","error":{"type":"server_error"}}""", "error OfRequest")]
    [InlineData("""{"code":"invalid_prompt"}""", "")]
    // Tools: an item counts once it is done.
    [InlineData("""{"type":"response.output_item.done","item":{"type":"web_search_call"}}""", "WebSearch 1")]
    [InlineData("""{"type":"response.output_item.added","item":{"type":"web_search_call"}}""", "")]
    [InlineData("""{"item":{"type":"file_search_call"},"type":"response.output_item.done"}""", "FileSearch 1")]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"web_search_call","action":"""
        + """{"type":"open_page"}}}""", "WebFetch 1")]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"web_search_call","action":{"type":"search"}}}""",
        "WebSearch 1")]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"a_new_call"}}""", "UnknownTool a_new_call")]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"message"}}""", "")]
    [InlineData("""{"type":"response.output_item.done","item":["web_search_call"]}""", "")]
    // Chat's search models show a search by what they cite.
    [InlineData("""{"choices":[{"delta":{"annotations":[{"type":"url_citation"},{"type":"url_citation"}]}}]}""",
        "WebSearch 1")]
    [InlineData("""{"choices":[{"message":{"a":1,"annotations":[{"a":"b","type":"url_citation"}]}}]}""", "WebSearch 1")]
    [InlineData("""{"choices":[{"message":{"annotations":[{"type":"file_citation"}],"content":"x"}}]}""", "")]
    [InlineData("""{"choices":[{"message":{"annotations":{"type":"url_citation"}}}]}""", "")]
    [InlineData("""{"choices":[{"delta":{"annotations":{"type":"url_citation"},"content":"12"}}]}""", "2b")]
    [InlineData("""{"choices":[{"message":"x","index":"0","finish_reason":"stop"}]}""", "finished")]
    public void ReadEvent_OfOpenAi_SaysThat(string data, string words) => Assert.Equal(words, Events("openai", [data]));

    [Theory]
    [InlineData("""{"type":"message_stop"}""", "Terminal, finished")]
    [InlineData("""{"type":"ping"}""", "")]
    [InlineData("""{"type":"message_start","message":{"model":"claude","usage":"""
        + """{"input_tokens":5,"output_tokens":1}}}""",
        "claude, in 5")] // its output is a placeholder
    [InlineData("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":6}}""",
        "finished, out 6")]
    [InlineData("""{"delta":{"stop_reason":null,"stop_sequence":"abc"}}""", "")]
    [InlineData("""{"delta":{"a":{"stop_reason":"end_turn"}}}""", "")]
    [InlineData("""{"delta":{"type":"text_delta","text":"123"}}""", "3b")]
    [InlineData("""{"delta":{"type":"signature_delta","signature":"123"}}""", "")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"web_search","id":"a","input":{}}}""",
        "WebSearch 1")]
    [InlineData("""{"content_block":{"name":"web_fetch","type":"server_tool_use"}}""", "WebFetch 1")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"code_execution"}}""", "CodeExecution 1")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"bash_code_execution"}}""", "CodeExecution 1")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"text_editor_code_execution"}}""",
        "CodeExecution 1")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"advisor"}}""", "")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"tool_search_tool_regex"}}""", "")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"tool_search_tool_bm25"}}""", "")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":"new"}}""", "UnknownTool server_tool_use new")]
    [InlineData("""{"content_block":{"type":"server_tool_use","name":7}}""", "UnknownTool server_tool_use ")]
    [InlineData("""{"content_block":{"type":"tool_use","name":"web_search"}}""", "")]
    [InlineData("""{"content_block":{"type":7,"name":"web_search"}}""", "")]
    [InlineData("""{"content_block":{"type":"fallback","to":{"x":{"model":"no"},"model":"claude-2"}}}""", "claude-2")]
    [InlineData("""{"content_block":{"type":"text","to":{"model":"claude-2"}}}""", "")]
    [InlineData("""{"content_block":{"type":"fallback","to":"claude-2"}}""", "")]
    [InlineData("""{"content_block":{"type":"fallback","to":{"model":7}}}""", "")]
    [InlineData("""{"content_block":[{"type":"server_tool_use","name":"web_search"}]}""", "")]
    [InlineData("""{"content":[{"type":"server_tool_use","name":"web_search"},7,[{"type":"server_tool_use"}],"""
        + """{"type":"server_tool_use","name":"web_search"},{"type":"server_tool_use","name":"code_execution"},"""
        + """{"type":"server_tool_use","name":"bash_code_execution"},{"type":"text","text":"12"}]}""",
        "WebSearch 2, CodeExecution 1")] // one container, however often code runs in it
    [InlineData("""{"content":{"type":"server_tool_use","name":"web_search"}}""", "")]
    public void ReadEvent_OfAnthropic_SaysThat(string data, string words) =>
        Assert.Equal(words, Events("anthropic", [data]));

    [Fact]
    public void ReadEvent_OfSeveral_AddsUp()
    {
        const string search = """{"content_block":{"type":"server_tool_use","name":"web_search"}}""";
        const string code = """{"content_block":{"type":"server_tool_use","name":"code_execution"}}""";
        Assert.Equal("WebSearch 2, CodeExecution 1", Events("anthropic", [search, code, search, code]));
        Assert.Equal("a", Events("openai", ["""{"model":"b"}""", """{"model":"a"}"""]));
        Assert.Equal("error OfRequest",
            Events("openai", ["""{"error":{"code":"timeout"}}""", """{"error":{"code":"bad"}}"""]));
        Assert.Equal("error OfRequest",
            Events("openai", ["""{"error":{"code":"bad"}}""", """{"type":"error","code":"timeout"}"""]));
        Assert.Equal("error OfRequest", Events("openai", ["""{"error":{"code":"bad"}}""", """{"type":"error"}"""]));
        const string done = "{\"type\":\"response.output_item.done\",\"item\":";
        string Code(string container) => $"{done}{{\"type\":\"code_interpreter_call\",{container}}}}}";
        Assert.Equal("CodeExecution 2", Events("openai",
            [Code("\"container_id\":\"a\""), Code("\"container_id\":\"b\""), Code("\"container_id\":\"a\"")]));
        Assert.Equal("CodeExecution 2", Events("openai", [Code("\"x\":1"), Code("\"container_id\":7")]));
        Assert.Equal("CodeExecution 1", Events("openai",
            [Code("\"environment\":{\"a\":1,\"container_id\":\"e\"}"), Code("\"container_id\":\"e\"")]));
        Assert.Equal("CodeExecution 1", Events("openai",
            [Code("\"environment\":{\"container_id\":7},\"container_id\":\"e\""), Code("\"environment\":\"e\"")]));
    }

    [Theory]
    [InlineData("""{"output":[{"type":"web_search_call"},7,[1],{"type":"web_search_call"},{"type":"message","a":"b"},"""
        + """{"type":"image_generation_call"},{"type":"shell_call_output"},{"type":"odd"}]}""",
        "WebSearch 2, CodeExecution 1, ImageGeneration 1, UnknownTool odd")]
    [InlineData("""{"output":[{"type":"web_search_call","action":{"a":{"b":1},"type":"find_in_page"}},"""
        + """{"action":{"type":"find"},"type":"web_search_call"}]}""", "WebFetch 2")]
    [InlineData("""{"output":{"type":"web_search_call"}}""", "")]
    public void ReadBody_OfOpenAisItems_CountsUses(string body, string words)
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(Spoken.OpenAi, Make.Utf8(body), ref reading);
        Assert.Contains(words, Words(reading with { DeliveredBytes = 0 }, null), StringComparison.Ordinal);
        if (words.Length == 0) Assert.Empty(reading.NotesSoFar.Whole);
    }

    [Theory]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"123","thoughtSignature":"x"}]}}]}""",
        "3b")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"call":{"id":"x","name":"ab","args":{"a":"12"}}}]}}]}""",
        "4b")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}""",
        "4b")]
    [InlineData("""{"candidates":[{"content":"123","finishReason":"STOP","index":0}]}""", "finished")]
    [InlineData("""{"candidates":[{"finishReason":"","index":"0"},{"finishReason":null},7]}""", "")]
    [InlineData("""{"candidates":{"finishReason":"STOP"},"a":{"finishReason":"STOP"}}""", "")]
    [InlineData("""{"promptFeedback":{"safety":[],"blockReason":"SAFETY"}}""", "finished")]
    [InlineData("""{"promptFeedback":{"blockReason":null}}""", "")]
    [InlineData("""{"promptFeedback":["blockReason"]}""", "")]
    [InlineData("""{"modelVersion":"gemini-3","error":{"status":"INTERNAL"}}""", "error OfProvider, gemini-3")]
    [InlineData("""{"modelVersion":7,"error":{"status":"INVALID_ARGUMENT"}}""", "error OfRequest")]
    [InlineData("""{"error":"broke"}""", "error OfProvider")]
    [InlineData("""{"error":null}""", "")]
    [InlineData("""{"usageMetadata":{"promptTokenCount":5}}""", "in 5, out 0")]
    [InlineData("""{"usageMetadata":[5]}""", "")]
    [InlineData("""[{"modelVersion":"a"},{"modelVersion":"b"},{"usageMetadata":{"promptTokenCount":5}}]""",
        "b, in 5, out 0")]
    [InlineData("""[7,{"modelVersion":"a"}]""", "")]
    public void ReadEvent_OfGemini_SaysThat(string data, string words)
    {
        var reading = default(UsageReading);
        AnswerReader.ReadEvent(Spoken.Gemini, Make.Utf8(data), ref reading);
        Assert.Equal(words, Words(reading, null));
    }
}
