using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Gemini;

/// <summary>
/// What Gemini looked up for an answer. Models up to 2.5 are charged by the prompt that was grounded, later ones by the
/// query: the price row says which, so both are counted.
/// </summary>
internal struct Grounding
{
    private long _queries;
    private bool _isWeb, _isMaps;

    /// <summary>Reads a candidate's <c>groundingMetadata</c>, which the reader stands on.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isQueries = json.ValueTextEquals("webSearchQueries"u8) || json.ValueTextEquals("imageSearchQueries"u8);
            var isChunks = json.ValueTextEquals("groundingChunks"u8);
            json.Read();
            if (json.TokenType == JsonTokenType.StartArray && isQueries) ReadQueries(ref json);
            else if (json.TokenType == JsonTokenType.StartArray && isChunks) ReadChunks(ref json);
            else json.Skip();
        }
    }

    /// <summary>Adds what it counted; a stream repeats it, so the larger count holds.</summary>
    public readonly void AddTo(ref UsageReading reading)
    {
        var uses = reading.NotesSoFar.Whole;
        if (_isWeb) uses = uses.SetItem(HostedTool.GroundedPrompt, 1);
        if (_queries > uses.GetValueOrDefault(HostedTool.WebSearch))
            uses = uses.SetItem(HostedTool.WebSearch, _queries);
        else if (_isWeb && !uses.ContainsKey(HostedTool.WebSearch)) uses = uses.SetItem(HostedTool.WebSearch, 1);
        if (_isMaps) uses = uses.SetItem(HostedTool.MapsPrompt, 1);
        if (uses.Count > 0) reading.Notes = reading.NotesSoFar.WithWhole(uses);
    }

    private void ReadQueries(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            json.Skip();
            (_queries, _isWeb) = (_queries + 1, true);
        }
    }

    private void ReadChunks(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != depth + 2) continue;
            _isWeb |= json.ValueTextEquals("web"u8) || json.ValueTextEquals("image"u8);
            _isMaps |= json.ValueTextEquals("maps"u8);
            json.Read();
            json.Skip();
        }
    }
}
