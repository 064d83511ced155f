using System.Text.Json;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.Readings;
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
    [InlineData("""{"webSearchQueries":["a","b"]}""", "WebSearch:2 GroundedPrompt:1")]
    [InlineData("""{"imageSearchQueries":["a"],"webSearchQueries":["b"]}""", "WebSearch:2 GroundedPrompt:1")]
    [InlineData("""{"webSearchQueries":[["a","b"],{"c":["d"]}]}""", "WebSearch:2 GroundedPrompt:1")]
    [InlineData("""{"webSearchQueries":[]}""", "")]
    [InlineData("""{"webSearchQueries":"a","groundingChunks":"b"}""", "")]
    [InlineData("""{"groundingChunks":[{"web":{"uri":"x"}}]}""", "WebSearch:1 GroundedPrompt:1")]
    [InlineData("""{"groundingChunks":[{"image":{"uri":"x"}},{"maps":{"uri":"y"}}]}""",
        "WebSearch:1 GroundedPrompt:1 MapsPrompt:1")]
    [InlineData("""{"groundingChunks":[{"maps":{"web":1}}]}""", "MapsPrompt:1")] // only a chunk's own kind counts
    [InlineData("""{"groundingChunks":[{"other":{"web":{},"maps":{}}},["web"]]}""", "")]
    [InlineData("""{"other":{"webSearchQueries":["a"]},"groundingChunks":[]}""", "")]
    public void Read_Metadata_CountsQueriesAndKindsOfSource(string metadata, string uses)
    {
        var (grounding, reading) = (new Grounding(), new UsageReading());
        Read(ref grounding, metadata);
        grounding.AddTo(ref reading);

        Assert.Equal(uses, Uses(reading));
        Assert.Equal(uses.Length > 0, reading.Notes is not null);
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
