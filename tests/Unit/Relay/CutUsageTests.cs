using System.Buffers;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>
/// Usage that a stream tells on its way is final only with what ends it. Until then it is the state of things: a stream
/// that breaks off is estimated by what it delivered, and never at an early count.
/// </summary>
public sealed class CutUsageTests
{
    // 400 bytes of text are 100 tokens where the answer does not say.
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);

    private static readonly string Text = new('x', 400);

    /// <summary>By name: whose it is, alternatives asked for, what comes before it breaks off, and what would end it.
    /// </summary>
    private static readonly Dictionary<string, (Dialect Speaks, int Choices, string Begun, string End)> Streams = new()
    {
        ["chat, usage in every chunk"] = (Spoken.OpenAi, 1,
            Chat("""{"index":0,"delta":{"role":"assistant"}}""", 10, 0)
            + Chat("""{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}""", 10, 3),
            Chat("""{"index":0,"delta":{},"finish_reason":"stop"}""", 10, 120)),
        ["chat, ended by [DONE] alone"] = (Spoken.OpenAi, 1,
            Chat("""{"index":0,"delta":{"content":"TEXT"},"finish_reason":""}""", 10, 3)
            + Chat("""{"index":0,"delta":{}}""", 10, 99),
            Chat("""{"index":0,"delta":{}}""", 10, 120) + "data: [DONE]\n\n"),
        ["chat, usage alone before the finish"] = (Spoken.OpenAi, 1,
            Chat("""{"index":0,"delta":{"content":"TEXT"}}""", 10, 1) + Chat("", 10, 2),
            Chat("""{"index":0,"delta":{},"finish_reason":"length"}""", 10, 119) + Chat("", 10, 120)),
        ["chat, one of two ended"] = (Spoken.OpenAi, 2,
            Chat("""{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}""", 10, 1)
            + Chat("""{"index":1,"delta":{"content":"LESS"},"finish_reason":null}""", 10, 4),
            Chat("""{"index":1,"delta":{},"finish_reason":"stop"}""", 10, 120)),
        ["responses"] = (Spoken.OpenAi, 1,
            Event("""{"type":"response.in_progress","response":{"usage":{"input_tokens":10,"output_tokens":0}}}""")
            + Event("""{"type":"response.output_text.delta","delta":"TEXT"}""")
            + Event("""{"response":{"usage":{"input_tokens":10,"output_tokens":9}},"type":"response.in_progress"}"""),
            Event("""{"response":{"usage":{"input_tokens":10,"output_tokens":120}},"type":"response.completed"}""")),
        ["messages"] = (Spoken.Anthropic, 1,
            Event("""{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""")
            + Event("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"TEXT"}}""")
            + Event("""{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":5}}"""),
            Event("""{"type":"message_delta","usage":{"output_tokens":120},"delta":{"stop_reason":"end_turn"}}""")),
        ["messages, ended by message_stop alone"] = (Spoken.Anthropic, 1,
            Event("""{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""")
            + Event("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"TEXT"}}""")
            + Event("""{"type":"message_delta","delta":{},"usage":{"output_tokens":5}}"""),
            Event("""{"type":"message_delta","delta":{},"usage":{"output_tokens":120}}""")
            + Event("""{"type":"message_stop"}""")),
        ["messages in iterations"] = (Spoken.Anthropic, 1,
            Event("""{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""")
            + Event("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"TEXT"}}""")
            + Event("""{"type":"message_delta","delta":{},"usage":{"output_tokens":5,"iterations":"""
                + """[{"type":"message","input_tokens":10,"output_tokens":5}]}}"""),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":120"""
                + ""","iterations":[{"type":"message","input_tokens":10,"output_tokens":120}]}}""")),
        ["gemini"] = (Spoken.Gemini, 1,
            Gemini("""{"content":{"parts":[{"text":"TEXT"}]}}""", 3),
            Gemini("""{"finishReason":"STOP"}""", 120)),
        ["gemini, one of two ended"] = (Spoken.Gemini, 2,
            Gemini("""{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}""", 1)
            + Gemini("""{"index":1,"content":{"parts":[{"text":"LESS"}]}}""", 4),
            Gemini("""{"finishReason":"STOP","index":1}""", 120)),
    };

    public static TheoryData<string> Names => [.. Streams.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Usage_OfAStreamThatBreaksOff_IsEstimatedAndNeverAnEarlyCount(string name)
    {
        var (dialect, choices, begun, _) = Streams[name];
        Assert.Equal(
            new MeasuredUsage(new Usage(10, 0, 0, 0, 100, 0), IsEstimate: true), Run(dialect, choices, begun, true));
    }

    [Theory, MemberData(nameof(Names))]
    public void Usage_OfAStreamThatEnds_IsItsLastCount(string name)
    {
        var (dialect, choices, begun, rest) = Streams[name];
        foreach (var isCut in new[] { false, true }) // what breaks off after its end has ended
            Assert.Equal(new MeasuredUsage(new Usage(10, 0, 0, 0, 120, 0), IsEstimate: false),
                Run(dialect, choices, begun + rest, isCut));
    }

    private static MeasuredUsage Run(Dialect dialect, int choices, string text, bool isCut)
    {
        UsageReading? settled = null;
        using var relay = new SseRelay(dialect, isArray: false, hidesUsage: false, reading =>
        {
            settled = reading;
            return "{}"u8.ToArray();
        }, choices);
        var output = new ArrayBufferWriter<byte>();
        relay.Feed(Make.Utf8(text), output);
        relay.Complete(output, isCut);
        return UsageRules.Final(dialect, settled ?? relay.Reading, Basis);
    }

    private static string Event(string json) => "data: " + json
        .Replace("TEXT", Text, StringComparison.Ordinal).Replace("LESS", Text[1..], StringComparison.Ordinal) + "\n\n";

    private static string Chat(string choice, int input, int output) => Event("{\"choices\":[" + choice
        + "],\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}}");

    private static string Gemini(string candidate, int output) => Event("{\"candidates\":[" + candidate
        + "],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":" + output + "}}");
}
