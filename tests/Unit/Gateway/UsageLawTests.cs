using System.Text.Json;
using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.OpenAi;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Gateway;

/// <summary>
/// Whatever stands in one member of a usage report, the others are read as ever; and what is not known is noted, by
/// its path, so that nobody is charged nothing for it.
/// </summary>
public sealed class UsageLawTests
{
    private delegate void Reader(ref Utf8JsonReader json, ref UsageReading reading);

    // Values that no count is; each holds a name that would be one, were it read.
    private static readonly string[] Odd =
    [
        "null", "\"7\"", "true", "-5", "1e30", "2000000000000", "[]", "{}",
        """[{"input_tokens":991,"prompt_tokens":991,"promptTokenCount":991,"tokenCount":991},[992]]""",
        """{"input_tokens":991,"prompt_tokens":991,"promptTokenCount":991,"x":{"output_tokens":992}}""",
    ];

    private static readonly (string Name, Reader Read, string[] Members)[] Dialects =
    [
        ("openai", OpenAiUsage.Read,
            ["prompt_tokens", "completion_tokens", "prompt_cache_hit_tokens", "total_tokens", "cost", "odd"]),
        ("openai responses", OpenAiUsage.Read, ["input_tokens", "output_tokens", "queue_time", "odd"]),
        ("anthropic",
            (ref Utf8JsonReader json, ref UsageReading reading) => AnthropicUsage.Read(ref json, true, ref reading),
            ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
                "cache_creation", "output_tokens_details", "server_tool_use", "iterations", "service_tier", "speed",
                "inference_geo", "odd"]),
        ("gemini", GeminiUsage.Read,
            ["promptTokenCount", "cachedContentTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount",
                "thoughtsTokenCount", "promptTokensDetails", "candidatesTokensDetails", "totalTokenCount",
                "cacheTokensDetails", "serviceTier", "odd"]),
    ];

    private static UsageReading Read(Reader read, string usage, UsageReading before = default)
    {
        var json = new Utf8JsonReader(Make.Utf8(usage));
        json.Read();
        var reading = before;
        read(ref json, ref reading);
        Assert.Equal(JsonTokenType.EndObject, json.TokenType); // it stands on the report's last token
        Assert.Equal(0, json.CurrentDepth);
        return reading;
    }

    private static string Counts(UsageReading r) =>
        $"{r.Input} {r.CacheRead} {r.CacheWrite} {r.Candidates} {r.Output} {r.Reasoning} {r.ToolInput} "
        + $"{r.HasInput} {r.CountsOutput}";

    [Fact]
    public void Read_AnOddValueInAnyMember_LeavesTheOthersAsTheyAre()
    {
        foreach (var (_, read, members) in Dialects)
            foreach (var odd in members)
                foreach (var value in Odd)
                {
                    var others = members.Where(m => m != odd && m is not ("odd" or "cost" or "queue_time")
                        && !m.StartsWith("total", StringComparison.Ordinal) && IsCount(m)).ToArray();
                    var plain = string.Join(',', others.Select((m, i) => $"\"{m}\":{10 * (i + 1)}"));
                    var before = Counts(Read(read, $"{{{plain}}}"));
                    Assert.NotEqual(Counts(default), before);
                    Assert.Equal(before, Counts(Read(read, $"{{\"{odd}\":{value},{plain}}}")));
                    Assert.Equal(before, Counts(Read(read, $"{{{plain},\"{odd}\":{value}}}")));
                    Assert.DoesNotContain("99", before, StringComparison.Ordinal);
                }
    }

    private static bool IsCount(string member) => member is not ("cache_creation" or "output_tokens_details"
        or "server_tool_use" or "iterations" or "service_tier" or "speed" or "inference_geo" or "promptTokensDetails"
        or "candidatesTokensDetails" or "cacheTokensDetails" or "serviceTier");

    // From a report of 5 in and 6 out.
    [Theory]
    [InlineData("openai", """{"prompt_tokens":0,"completion_tokens":0}""", 5, 6)]
    [InlineData("openai", """{"prompt_tokens":7,"completion_tokens":8}""", 7, 8)]
    [InlineData("openai", """{"prompt_tokens":4,"completion_tokens":3}""", 4, 3)]
    [InlineData("anthropic", """{"input_tokens":0,"output_tokens":9}""", 5, 9)]
    [InlineData("anthropic", """{"input_tokens":0,"cache_read_input_tokens":1}""", 0, 6)]
    public void Read_ALaterReport_ReplacesCountsButNotByNothing(string dialect, string then, long input, long output)
    {
        var read = Dialects.First(d => d.Name == dialect).Read;
        var first = dialect == "openai"
            ? """{"prompt_tokens":5,"completion_tokens":6}""" : """{"input_tokens":5,"output_tokens":6}""";
        var reading = Read(read, then, Read(read, first));
        Assert.Equal((input, output), (reading.Input, reading.Output));
        Assert.True(reading is { HasInput: true, CountsOutput: true });
    }

    [Fact]
    public void Read_AFirstReportOfNothing_IsAReport()
    {
        var reading = Read(OpenAiUsage.Read, """{"prompt_tokens":0,"completion_tokens":0}""");
        Assert.True(reading is { HasInput: true, CountsOutput: true, Input: 0, Output: 0 });
    }

    [Theory] // what is noted: name, a colon, how many
    [InlineData("openai", """{"odd":3}""", "usage.odd:3")]
    [InlineData("openai", """{"odd":0,"none":-1,"text":"3"}""", "")]
    [InlineData("openai", """{"odd":0.2}""", "usage.odd:1")] // something is one at least
    [InlineData("openai", """{"odd":1e40}""", "usage.odd:1000000000000000")]
    [InlineData("openai", """{"odd":9223372036854775807}""", "usage.odd:1000000000000000")]
    [InlineData("openai", """{"odd":{"a":{"b":4},"c":5},"d":6}""", "usage.odd.a.b:4 usage.odd.c:5 usage.d:6")]
    [InlineData("openai", """{"odd":[7,{"a":8},[9]]}""", "usage.odd:9 usage.odd.a:8")]
    [InlineData("openai", """{"cost":5,"cost_details":{"a":1},"prompt_time":2}""", "")]
    [InlineData("openai", """{"prompt_tokens_details":{"odd":1},"completion_tokens_details":{"odd":2}}""",
        "usage.input.odd:1 usage.output.odd:2")]
    [InlineData("openai", """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":18}""", "usage.total_tokens:3")]
    [InlineData("openai", """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""", "")]
    [InlineData("openai", """{"prompt_tokens":10,"total_tokens":15}""", "")]
    [InlineData("anthropic", """{"odd":3,"cache_creation":{"odd":4},"output_tokens_details":{"odd":5}}""",
        "usage.odd:3 usage.cache_creation.odd:4 usage.output_tokens_details.odd:5")]
    [InlineData("anthropic", """{"server_tool_use":{"odd":3,"tool_search_requests":4}}""", "server_tool_use.odd:3")]
    [InlineData("anthropic", """{"server_tool_use":{"web_search_requests":"x","web_fetch_requests":-1}}""",
        "web search:1")]
    [InlineData("anthropic", """{"speed":"standard","inference_geo":"global"}""", "")]
    [InlineData("anthropic", """{"speed":"slow","inference_geo":"us"}""", "speed slow:1 inference_geo us:1")]
    [InlineData("gemini", """{"odd":3}""", "usageMetadata.odd:3")]
    [InlineData("gemini", """{"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6"""
        + ""","toolUsePromptTokenCount":7,"totalTokenCount":22}""", "")]
    [InlineData("gemini", """{"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6"""
        + ""","toolUsePromptTokenCount":7,"totalTokenCount":23}""", "totalTokenCount:1")]
    [InlineData("gemini", """{"totalTokenCount":23}""", "")]
    public void Read_WhatIsNotKnown_IsNotedByItsPath(string dialect, string usage, string notes)
    {
        var reading = Read(Dialects.First(d => d.Name == dialect).Read, usage);
        Assert.Equal(notes, string.Join(' ', reading.NotesSoFar.Unknown.Select(n => $"{n.Name}:{n.Count}")));
    }

    [Fact]
    public void Read_AnthropicsParts_AreTold()
    {
        var read = Dialects[2].Read;
        var reading = Read(read, """
            {"input_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":3},
             "output_tokens":4,"output_tokens_details":{"thinking_tokens":3},"speed":"fast",
             "server_tool_use":{"web_search_requests":5,"web_fetch_requests":6,"code_execution_requests":0}}
            """);
        Assert.Equal((2, 3, 3), (reading.CacheWrite5m, reading.CacheWrite1h, reading.Reasoning));
        Assert.Equal(ServiceTier.Fast, reading.Tier);
        var notes = reading.NotesSoFar;
        Assert.Equal((5, 6), (notes.UsesOf(HostedTool.WebSearch), notes.UsesOf(HostedTool.WebFetch)));
        Assert.Equal(0, notes.UsesOf(HostedTool.CodeExecution));
        Assert.Null(Read(read, """{"server_tool_use":{"web_search_requests":0}}""").Notes);
        Assert.False(Read((ref Utf8JsonReader json, ref UsageReading r) => AnthropicUsage.Read(ref json, false, ref r),
            """{"output_tokens":4}""").CountsOutput);
    }

    [Theory]
    [InlineData("""[{"modality":"AUDIO","tokenCount":4},{"modality":"IMAGE","tokenCount":6},"""
        + """{"modality":"TEXT","tokenCount":9}]""", 4, 6)]
    [InlineData("""[{"tokenCount":4,"modality":"AUDIO"},{"modality":"AUDIO","tokenCount":3}]""", 4, 0)] // the larger
    [InlineData("""[7,[{"modality":"AUDIO","tokenCount":4}],"""
        + """{"modality":"IMAGE","tokenCount":"x","odd":{"tokenCount":5}}]""", 0, 0)]
    [InlineData("""[{"modality":{"a":"AUDIO"},"tokenCount":4},{"modality":"IMAGE","tokenCount":2}]""", 0, 2)]
    [InlineData("[]", 0, 0)]
    public void Read_GeminisDetails_AreByModality(string details, long audio, long image)
    {
        var input = Read(GeminiUsage.Read, $"{{\"promptTokensDetails\":{details}}}");
        Assert.Equal((audio, image, 0, 0), (input.AudioInput, input.ImageInput, input.AudioOutput, input.ImageOutput));
        Assert.False(input.TellsOutput);
        var output = Read(GeminiUsage.Read, $"{{\"candidatesTokensDetails\":{details}}}");
        Assert.Equal((0, 0), (output.AudioInput, output.ImageInput));
        Assert.Equal((audio, image), (output.AudioOutput, output.ImageOutput));
        Assert.True(output.TellsOutput);
    }

    [Theory]
    [InlineData(true, 0, false, false, 0, true)] // an error, nothing delivered, nothing counted
    [InlineData(false, 0, false, false, 0, false)]
    [InlineData(true, 1, false, false, 0, false)] // something was delivered
    [InlineData(true, 0, true, true, 5, false)] // counted, and finished
    [InlineData(true, 0, true, false, 5, true)] // counted on the way
    [InlineData(true, 0, true, true, 0, true)] // an account of nothing
    public void IsFree_AnErrorInPlaceOfAnAnswer(
        bool isError, int delivered, bool counts, bool isOver, long output, bool isFree)
    {
        var reading = new UsageReading
        {
            IsError = isError, DeliveredBytes = delivered, CountsOutput = counts, Output = output,
        };
        if (isOver) reading.Finish();
        Assert.Equal(isFree, reading.IsFree);
    }

    [Theory]
    [InlineData(0, "0", true)]
    [InlineData(1, "", false)]
    [InlineData(2, "0", false)]
    [InlineData(2, "0 0", false)] // one of them, twice
    [InlineData(2, "0 1", true)]
    [InlineData(2, "0 127", true)]
    [InlineData(2, "0 128", false)]
    [InlineData(2, "0 -1", false)]
    public void IsFinished_EveryAlternativeHasEnded(int choices, string ended, bool isFinished)
    {
        var reading = new UsageReading { Choices = choices };
        foreach (var choice in ended.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            reading.Finish(long.Parse(choice, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(isFinished, reading.IsFinished);
        reading.End(isLast: false);
        Assert.Equal(isFinished || ended.Length > 0, reading.IsFinished); // those never begun have ended, too
    }

    [Fact]
    public void Notes_Names_AreAtMostTwoHundredPlainCharacters()
    {
        Assert.Equal(new string('a', 200), AnswerNotes.Clean(new string('a', 201)));
        Assert.Equal("a?b?c??d", AnswerNotes.Clean("a\nb\u0007c\ud83d\ude00d"));
    }

    [Fact]
    public void Notes_OfOneName_KeepTheLargestCount()
    {
        var notes = AnswerNotes.None.With(Doubts.UnknownUsage, "a", 5).With(Doubts.UnknownTool, "a", 1)
            .With(Doubts.UnknownUsage, "a", 4).With(Doubts.UnknownUsage, "a", 6).With(Doubts.UnknownUsage, "b", 1);
        Assert.Equal("UnknownUsage a 6, UnknownTool a 1, UnknownUsage b 1",
            string.Join(", ", notes.Unknown.Select(n => $"{n.Doubt} {n.Name} {n.Count}")));
        for (var i = 0; i < 1_000; i++) notes = notes.With(Doubts.UnknownUsage, $"n{i}", 1);
        Assert.Equal(32, notes.Unknown.Length);
        Assert.Equal(notes, notes.With(Doubts.UnknownUsage, "one more", 1));
    }
}
