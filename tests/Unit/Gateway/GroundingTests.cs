using System.Text.Json;
using Guerdon.Dialects.Answers;
using Guerdon.Dialects.Gemini;
using Guerdon.Pricing.Costing;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Gateway;

/// <summary>What Gemini says that it looked up, as the prompts and queries that are charged.</summary>
public sealed class GroundingTests
{
    private static void Read(ref Grounding grounding, string metadata)
    {
        var json = new Utf8JsonReader(Make.Utf8(metadata));
        json.Read();
        grounding.Read(ref json);
        Assert.Equal(JsonTokenType.EndObject, json.TokenType); // on the last token, whatever was in it
        Assert.Equal(0, json.CurrentDepth);
    }

    private static string Uses(UsageReading reading) => string.Join(' ',
        reading.NotesSoFar.Whole.OrderBy(u => u.Key).Select(u => $"{u.Key}:{u.Value}"));

    [Theory]
    [InlineData("""{"webSearchQueries":["a","b"]}""", 2, true, false)]
    [InlineData("""{"imageSearchQueries":["a"],"webSearchQueries":["b"]}""", 2, true, false)]
    [InlineData("""{"webSearchQueries":[["a","b"],{"c":["d"]}]}""", 2, true, false)]
    [InlineData("""{"webSearchQueries":[]}""", 0, false, false)]
    [InlineData("""{"webSearchQueries":"a","groundingChunks":"b"}""", 0, false, false)]
    [InlineData("""{"groundingChunks":[{"web":{"uri":"x"}}]}""", 0, true, false)]
    [InlineData("""{"groundingChunks":[{"image":{"uri":"x"}},{"maps":{"uri":"y"}}]}""", 0, true, true)]
    [InlineData("""{"groundingChunks":[{"maps":{"web":1}}]}""", 0, false, true)] // only a chunk's own kind counts
    [InlineData("""{"groundingChunks":[{"other":{"web":{},"maps":{}}},["web"]]}""", 0, false, false)]
    [InlineData("""{"other":{"webSearchQueries":["a"]},"groundingChunks":[]}""", 0, false, false)]
    public void Read_Metadata_CountsQueriesAndKindsOfSource(string metadata, long queries, bool isWeb, bool isMaps)
    {
        var (grounding, reading) = (new Grounding(), new UsageReading());
        Read(ref grounding, metadata);
        grounding.AddTo(ref reading);

        var uses = reading.NotesSoFar.Whole;
        Assert.Equal(isWeb ? Math.Max(1, queries) : 0, uses.GetValueOrDefault(HostedTool.WebSearch));
        Assert.Equal(isWeb ? 1 : 0, uses.GetValueOrDefault(HostedTool.GroundedPrompt));
        Assert.Equal(isMaps ? 1 : 0, uses.GetValueOrDefault(HostedTool.MapsPrompt));
        Assert.Equal(isWeb || isMaps, reading.Notes is not null);
    }

    [Fact]
    public void AddTo_AStreamThatRepeatsIt_KeepsTheLargerCount()
    {
        var reading = new UsageReading();
        foreach (var queries in (string[])["[1,2,3]", "[1]", "[1,2]"])
        {
            var grounding = new Grounding();
            Read(ref grounding, $"{{\"webSearchQueries\":{queries}}}");
            grounding.AddTo(ref reading);
        }

        Assert.Equal(3, reading.NotesSoFar.Whole[HostedTool.WebSearch]);
        var chunks = new Grounding();
        Read(ref chunks, """{"groundingChunks":[{"web":{}}]}""");
        var before = Uses(reading);
        chunks.AddTo(ref reading);
        Assert.Equal(before, Uses(reading));
    }
}
