using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>Bodies of answers, and the usage they are charged by.</summary>
public sealed class UsageRulesTests
{
    // 400 bytes of text are 100 tokens where the answer does not say.
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);

    public static TheoryData<string, string, long[]> Bodies => new()
    {
        // dialect, body, [input, cached, write 5m, write 1h, output, reasoning]
        { "openai", """{"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14}}""", [10, 0, 0, 0, 4, 0] },
        { "openai", """{"usage":{"prompt_tokens":1000,"prompt_tokens_details":{"cached_tokens":600,"audio_tokens":0}"""
            + ""","completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":30}}}""",
            [400, 600, 0, 0, 50, 30] },
        { "openai", """{"usage":{"prompt_tokens":1000,"prompt_tokens_details":{"cached_tokens":600"""
            + ""","cache_write_tokens":300},"completion_tokens":50}}""", [100, 600, 300, 0, 50, 0] },
        { "openai", """{"usage":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":600}"""
            + ""","completion_tokens":5}}""", [0, 100, 0, 0, 5, 0] },
        { "openai", """{"usage":{"prompt_tokens":100,"prompt_tokens_details":null,"completion_tokens":5"""
            + ""","completion_tokens_details":null}}""", [100, 0, 0, 0, 5, 0] },
        { "openai", """{"usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":50,"cache_write_tokens":5}"""
            + ""","output_tokens":1186,"output_tokens_details":{"reasoning_tokens":1024},"total_tokens":1261}}""",
            [20, 50, 5, 0, 1186, 1024] },
        // As xAI counts: reasoning stands beside the completion, and in the total.
        { "openai", """{"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135"""
            + ""","completion_tokens_details":{"reasoning_tokens":94}}}""", [32, 0, 0, 0, 103, 94] },
        { "openai", """{"usage":{"prompt_tokens":10.0,"completion_tokens":3.2}}""", [10, 0, 0, 0, 4, 0] },
        { "anthropic", """{"usage":{"input_tokens":2095,"output_tokens":503}}""", [2095, 0, 0, 0, 503, 0] },
        { "anthropic", """{"usage":{"input_tokens":10,"cache_read_input_tokens":500,"cache_creation_input_tokens":300"""
            + ""","output_tokens":7}}""", [10, 500, 300, 0, 7, 0] },
        { "anthropic", """{"usage":{"input_tokens":10,"cache_creation_input_tokens":300,"cache_creation":"""
            + """{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7}}""",
            [10, 0, 100, 200, 7, 0] },
        { "anthropic", """{"usage":{"input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":100"""
            + ""","ephemeral_1h_input_tokens":200},"output_tokens":7}}""", [10, 0, 100, 200, 7, 0] },
        { "anthropic", """{"usage":{"input_tokens":0,"cache_read_input_tokens":500,"output_tokens":7}}""",
            [0, 500, 0, 0, 7, 0] },
        { "anthropic", """{"usage":{"input_tokens":9,"cache_creation_input_tokens":null,"cache_creation":null"""
            + ""","output_tokens":7,"service_tier":"standard"}}""", [9, 0, 0, 0, 7, 0] },
        { "anthropic", """{"usage":{"input_tokens":9,"output_tokens":70,"output_tokens_details":"""
            + """{"thinking_tokens":50}}}""", [9, 0, 0, 0, 70, 50] },
        { "gemini", """{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]"""
            + ""","usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"toolUsePromptTokenCount":7"""
            + ""","candidatesTokenCount":4,"thoughtsTokenCount":3,"totalTokenCount":114}}""", [47, 60, 0, 0, 7, 3] },
        { "gemini", """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9}}""",
            [9, 0, 0, 0, 0, 0] },
        { "gemini", """{"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9"""
            + ""","thoughtsTokenCount":50}}""", [9, 0, 0, 0, 50, 50] },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Final_BodyWithUsage_IsInClassesAndExact(string dialect, string body, long[] expected)
    {
        var measured = Read(dialect, body);
        Assert.Equal(Of(expected), measured.Usage);
        Assert.False(measured.IsEstimate);
    }

    [Theory]
    // dialect, body, input, output: the body's own length stands in for the text
    [InlineData("openai", """{"choices":[],"usage":null}""", 100, 7)]
    [InlineData("openai", """{"usage":{}}""", 100, 3)]
    [InlineData("openai", """{"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""", 100, 17)]
    [InlineData("openai", """{"usage":{"prompt_tokens":-5,"completion_tokens":4}}""", 100, 4)]
    [InlineData("openai", """{"usage":{"prompt_tokens":9,"completion_tokens":"four"}}""", 9, 14)]
    [InlineData("openai", """{"usage":{"prompt_tokens":9,"completion_tok""", 100, 11)]
    [InlineData("openai", "not json", 100, 2)]
    [InlineData("anthropic", """{"usage":{"output_tokens":4}}""", 100, 4)]
    [InlineData("gemini", """{"candidates":[{"content":{"parts":[{"text":"12345678"}]}}]}""", 100, 2)]
    [InlineData("gemini", """{"candidates":[{"content":{"parts":[{"text":"1234"}]}}],"usageMetadata":"""
        + """{"promptTokenCount":9}}""", 9, 1)]
    [InlineData("gemini", "not json", 100, 2)]
    [InlineData("gemini", "[]", 100, 1)]
    public void Final_UsageMissing_IsEstimatedAndNeverZero(string dialect, string body, long input, long output)
    {
        var measured = Read(dialect, body);
        Assert.Equal(new Usage(input, 0, 0, 0, output, 0), measured.Usage);
        Assert.True(measured.IsEstimate);
    }

    [Fact]
    public void Final_NothingKnownAtAll_IsOneTokenEach()
    {
        var measured = UsageRules.Final(Spoken.OpenAi, default, new EstimateBasis(0, 0, 50, 50));
        Assert.Equal(new Usage(1, 0, 0, 0, 1, 0), measured.Usage);
    }

    [Fact]
    public void Final_Estimates_StayWithinTheHold()
    {
        var reading = new UsageReading { DeliveredBytes = 1_000_000 };
        var measured = UsageRules.Final(Spoken.OpenAi, reading, new EstimateBasis(1_000_000, 3, 70, 60));
        Assert.Equal(new Usage(70, 0, 0, 0, 60, 0), measured.Usage);
    }

    [Fact]
    public void Final_AccountOfNothingAtTheEnd_DoesNotEraseTheOneBefore()
    {
        var reading = default(UsageReading);
        foreach (var data in (string[])
            ["""{"choices":[],"usage":{"prompt_tokens":500,"completion_tokens":20,"total_tokens":614"""
                + ""","completion_tokens_details":{"reasoning_tokens":94}}}""",
            """{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}"""])
            AnswerReader.ReadEvent(Spoken.OpenAi, Make.Utf8(data), ref reading);
        reading.Finish();
        var measured = UsageRules.Final(Spoken.OpenAi, reading, Basis);
        Assert.Equal(new MeasuredUsage(new Usage(500, 0, 0, 0, 114, 94), IsEstimate: false), measured);
    }

    [Fact]
    public void Final_Embeddings_HaveNoOutput()
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(Spoken.OpenAi, """{"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}"""u8,
            ref reading);
        var measured = UsageRules.Final(Spoken.OpenAi, reading, Basis with { OutputCap = 0 });
        Assert.Equal(new MeasuredUsage(new Usage(8, 0, 0, 0, 0, 0), IsEstimate: false), measured);
    }

    public static Usage Of(long[] u) => new(u[0], u[1], u[2], u[3], u[4], u[5]);

    private static MeasuredUsage Read(string dialect, string body)
    {
        var speaks = dialect switch
        {
            "openai" => Spoken.OpenAi,
            "anthropic" => Spoken.Anthropic,
            _ => Spoken.Gemini,
        };
        var reading = default(UsageReading);
        AnswerReader.ReadBody(speaks, Make.Utf8(body), ref reading);
        return UsageRules.Final(speaks, reading, Basis);
    }
}
