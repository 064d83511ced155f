using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Dialects.Readings;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

public sealed class SseRelayTests
{
    private const string Report = "{\"cost_usd\":\"0.1\"}";
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);

    public static TheoryData<string, string> Streams => [.. SseStream.All.SelectMany(
        stream => new[] { "\n", "\r\n", "\r" }, (stream, lines) => new TheoryDataRow<string,
        string>(stream.Name, lines))];

    [Theory, MemberData(nameof(Streams))]
    public void Feed_StreamOfADialect_GivesItsUsage(string name, string lineEnd)
    {
        var stream = Find(name);
        var (_, usage) = Run(stream, Lines(stream, lineEnd), hides: false);
        Assert.Equal(new MeasuredUsage(UsageRulesTests.Of(stream.Usage), stream.IsEstimate), usage);
    }

    [Theory, MemberData(nameof(Streams))]
    public void Feed_CutAtAnyByte_GivesTheSameUsageAndBytes(string name, string lineEnd)
    {
        var stream = Find(name);
        var bytes = Lines(stream, lineEnd);
        foreach (var hides in new[] { false, true })
        {
            var whole = Run(stream, bytes, hides);
            for (var cut = 0; cut <= bytes.Length; cut++) Assert.Equal(whole, Run(stream, bytes, hides, cut));
            Assert.Equal(whole, Run(stream, bytes, hides, [.. Enumerable.Range(0, bytes.Length)]));
        }
    }

    [Fact]
    public void Feed_CutAnywhereOften_GivesTheSameUsageAndBytes()
    {
        var cases =
            from stream in Gen.Elements(SseStream.All)
            from lineEnd in Gen.Elements("\n", "\r\n", "\r")
            from hides in Gen.Elements(true, false)
            from cuts in Gen.ListOf(Gen.Choose(0, stream.Text.Length))
            select (stream, lineEnd, hides, cuts);

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var bytes = Lines(c.stream, c.lineEnd);
            Assert.Equal(Run(c.stream, bytes, c.hides), Run(c.stream, bytes, c.hides, [.. c.cuts.Order()]));
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Streams))]
    public void Feed_ReportTakenOut_IsTheStreamAsItCame(string name, string lineEnd)
    {
        var stream = Find(name);
        var bytes = Lines(stream, lineEnd);
        var relayed = Run(stream, bytes, hides: false).Relayed
            .Replace("\"guerdon\":" + Report + ",", "", StringComparison.Ordinal)
            .Replace(": guerdon " + Report + "\n\n", "", StringComparison.Ordinal);
        Assert.Equal(Make.Text(bytes), relayed);
    }

    [Fact]
    public void Feed_ChatUsageAskedFor_CarriesTheReport()
    {
        var relayed = Run(SseStream.All[0], Lines(SseStream.All[0], "\n"), hides: false).Relayed;
        var chunk = Data(relayed).Single(d => d.Contains("prompt_tokens", StringComparison.Ordinal));
        Assert.Equal("0.1", JsonDocument.Parse(chunk).RootElement.GetProperty("guerdon").GetProperty("cost_usd")
            .GetString());
        Assert.DoesNotContain(": guerdon", relayed, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_ChatUsageNotAskedFor_IsHiddenAndTheReportIsAComment()
    {
        var relayed = Run(SseStream.All[0], Lines(SseStream.All[0], "\n"), hides: true).Relayed;
        Assert.DoesNotContain("prompt_tokens", relayed, StringComparison.Ordinal);
        Assert.EndsWith($": guerdon {Report}\n\ndata: [DONE]\n\n", relayed, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_RunningTotalsWithText_AreNeverHidden()
    {
        var stream = Find("chat with running totals on every chunk");
        var relayed = Run(stream, Lines(stream, "\n"), hides: true).Relayed;
        Assert.Contains("\"Ho\"", relayed, StringComparison.Ordinal);
        Assert.DoesNotContain("\"completion_tokens\":3", relayed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("responses completed", "response.completed")]
    [InlineData("responses failed", "response.failed")]
    [InlineData("messages", "message_stop")]
    [InlineData("data on many lines, odd fields, no spaces", "response.completed")]
    public void Feed_TerminalEvent_CarriesTheReportAndParses(string name, string type)
    {
        var stream = Find(name);
        var last = Data(Run(stream, Lines(stream, "\r\n"), hides: true).Relayed)[^1];
        var root = JsonDocument.Parse(last).RootElement;
        Assert.Equal(type, root.GetProperty("type").GetString());
        Assert.Equal("0.1", root.GetProperty("guerdon").GetProperty("cost_usd").GetString());
    }

    [Theory]
    [InlineData("gemini with totals on the way", 3)]
    [InlineData("gemini whose usage comes alone", 2)]
    [InlineData("gemini whose prompt is blocked", 1)]
    public void Feed_GeminisLastEvent_CarriesTheReport(string name, int events)
    {
        var data = Data(Run(Find(name), Lines(Find(name), "\r\n"), hides: true).Relayed);
        Assert.Equal(events, data.Count);
        var reports = data.ConvertAll(d => JsonDocument.Parse(d).RootElement.TryGetProperty("guerdon", out _));
        Assert.Equal([.. Enumerable.Repeat(false, events - 1), true], reports);
    }

    [Theory]
    [InlineData("gemini array", 2)]
    [InlineData("gemini array whose usage comes alone", 2)]
    public void Feed_GeminisLastElement_CarriesTheReportAndTheArrayParses(string name, int elements)
    {
        var array = JsonElement.Parse(Run(Find(name), Lines(Find(name), "\r\n"), hides: true).Relayed);
        Assert.Equal(elements, array.GetArrayLength());
        Assert.Equal("0.1", array[elements - 1].GetProperty("guerdon").GetProperty("cost_usd").GetString());
        Assert.False(array[0].TryGetProperty("guerdon", out _));
    }

    [Fact]
    public void Feed_BeforeTheFinish_NothingIsHeldBack()
    {
        var stream = Find("gemini with totals on the way");
        var first = stream.Text[..(stream.Text.IndexOf("\n\n", StringComparison.Ordinal) + 2)];
        using var relay = new SseRelay(Spoken.Gemini, isArray: false, hidesUsage: false, _ => Make.Utf8(Report));
        var output = new ArrayBufferWriter<byte>();
        relay.Feed(Make.Utf8(first), output);
        Assert.Equal(first, Make.Text(output.WrittenSpan));
    }

    [Fact]
    public void Feed_ElementPastTheLimit_IsRelayedUnread()
    {
        var text = "[{\"x\":\"" + new string('}', 2 * SseRelay.MaxEventBytes) + "\"},"
            + "{\"promptFeedback\":{\"blockReason\":\"X\"}}]";
        using var relay = new SseRelay(Spoken.Gemini, isArray: true, hidesUsage: false, _ => Make.Utf8(Report));
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in Make.Utf8(text).Chunk(16_384)) relay.Feed(piece, output);
        relay.Complete(output);

        Assert.True(relay.IsUnread);
        Assert.Equal(text, Make.Text(output.WrittenSpan)
            .Replace("\"guerdon\":" + Report + ",", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Feed_ChunkWithoutEnd_GoesOutWhenTheStreamIsOver()
    {
        var bytes = """data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6}}"""u8.ToArray();
        var (relayed, usage) = Run(SseStream.All[0], bytes, hides: false);
        Assert.StartsWith("data: {\"guerdon\":", relayed, StringComparison.Ordinal);
        Assert.False(usage.IsEstimate);
    }

    [Fact]
    public void Feed_EventPastTheLimit_IsRelayedUnread()
    {
        var long1 = "data: {\"choices\":[],\"x\":\"" + new string('x', 2 * SseRelay.MaxEventBytes)
            + "\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
        var text = SseStream.All[0].Text.Split("data: [DONE]")[0] + long1 + "data: [DONE]\n\n";
        using var relay = new SseRelay(Spoken.OpenAi, isArray: false, hidesUsage: true, _ => Make.Utf8(Report));
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in Make.Utf8(text).Chunk(16_384)) relay.Feed(piece, output);
        relay.Complete(output);

        Assert.True(relay.IsUnread);
        Assert.Contains(long1, Make.Text(output.WrittenSpan), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", Make.Text(output.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal(100, relay.Reading.Input);
    }

    [Theory, MemberData(nameof(Streams))]
    public void Feed_AnyStream_SettlesOnceAtMost(string name, string lineEnd)
    {
        var stream = Find(name);
        var settled = 0;
        using var relay = new SseRelay(stream.Dialect, stream.IsArray, hidesUsage: false, _ =>
        {
            settled++;
            return Make.Utf8(Report);
        });
        var output = new ArrayBufferWriter<byte>();
        relay.Feed([.. Lines(stream, lineEnd), .. Lines(stream, lineEnd)], output);
        relay.Complete(output);
        Assert.InRange(settled, 0, 1);
    }

    private static SseStream Find(string name) => SseStream.All.Single(s => s.Name == name);

    private static byte[] Lines(SseStream stream, string lineEnd) =>
        Make.Utf8(stream.Text.ReplaceLineEndings(lineEnd));

    private static List<string> Data(string relayed) => [.. relayed.ReplaceLineEndings("\n").Split("\n\n")
        .Select(e => string.Concat(
            e.Split('\n').Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => l[5..])))
        .Where(d => d.Length > 0)];

    private static (string Relayed, MeasuredUsage Usage) Run(
        SseStream stream, byte[] bytes, bool hides, params int[] cuts)
    {
        UsageReading? settled = null;
        hides &= stream.Dialect != Spoken.Gemini; // whose callers always get it
        using var relay = new SseRelay(stream.Dialect, stream.IsArray, hides, reading =>
        {
            settled = reading;
            return Make.Utf8(Report);
        });
        var output = new ArrayBufferWriter<byte>();
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            var to = Math.Clamp(cut, from, bytes.Length);
            relay.Feed(bytes.AsSpan(from, to - from), output);
            from = to;
        }

        relay.Complete(output);
        return (Make.Text(output.WrittenSpan), UsageRules.Final(stream.Dialect, settled ?? relay.Reading, Basis));
    }
}
