using System.Collections.Immutable;
using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Anthropic;

/// <summary>Reads the blocks of Anthropic's answers: which of them are uses of its own tools.</summary>
internal static class AnthropicContent
{
    /// <summary>Reads a whole answer's <c>content</c>, which the reader stands on.</summary>
    public static void ReadAll(ref Utf8JsonReader json, ref UsageReading reading)
    {
        var uses = ImmutableDictionary<HostedTool, long>.Empty;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) json.Skip();
            else if (ReadBlock(ref json, ref reading) is { } tool)
                uses = uses.SetItem(tool, uses.GetValueOrDefault(tool) + 1);
        }

        if (uses.Count > 0) reading.Notes = reading.NotesSoFar.WithWhole(Once(uses));
    }

    /// <summary>Reads the block that a stream begins, which the reader stands on.</summary>
    public static void ReadStreamed(ref Utf8JsonReader json, ref UsageReading reading)
    {
        if (ReadBlock(ref json, ref reading) is not { } tool) return;
        var isKnown = tool == HostedTool.CodeExecution && reading.NotesSoFar.Streamed.ContainsKey(tool);
        if (!isKnown) reading.Notes = reading.NotesSoFar.WithStreamed(tool);
    }

    // One use for each answer, because it has only one container, however often code runs in it.
    private static ImmutableDictionary<HostedTool, long> Once(ImmutableDictionary<HostedTool, long> uses) =>
        uses.ContainsKey(HostedTool.CodeExecution) ? uses.SetItem(HostedTool.CodeExecution, 1) : uses;

    private static HostedTool? ReadBlock(ref Utf8JsonReader json, ref UsageReading reading)
    {
        var isHosted = false;
        var isFallback = false;
        string? name = null, next = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            var isName = json.ValueTextEquals("name"u8);
            var isTo = json.ValueTextEquals("to"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
            {
                isHosted = json.ValueTextEquals("server_tool_use"u8);
                isFallback = json.ValueTextEquals("fallback"u8);
            }
            else if (isName && json.TokenType == JsonTokenType.String) name = AnswerNotes.TextOf(ref json);
            else if (isTo && json.TokenType == JsonTokenType.StartObject) next = ModelIn(ref json);
            else json.Skip();
        }

        if (isFallback && next is not null) reading.Model = next; // it goes on with another model
        return isHosted ? ToolOf(name ?? "", ref reading) : null;
    }

    private static string? ModelIn(ref Utf8JsonReader json)
    {
        string? model = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = json.ValueTextEquals("model"u8);
            json.Read();
            if (isModel && json.TokenType == JsonTokenType.String) model = AnswerNotes.TextOf(ref json);
            else json.Skip();
        }

        return model;
    }

    private static HostedTool? ToolOf(string name, ref UsageReading reading)
    {
        switch (name)
        {
            case "web_search": return HostedTool.WebSearch;
            case "web_fetch": return HostedTool.WebFetch;
            case "code_execution" or "bash_code_execution" or "text_editor_code_execution":
                return HostedTool.CodeExecution;
            // Not counted as uses, because an adviser's tokens are an iteration of its own, and searching for tools
            // costs only its tokens.
            case "advisor" or "tool_search_tool_regex" or "tool_search_tool_bm25": return null;
            default:
                reading.Note(Doubts.UnknownTool, $"server_tool_use {name}", 1);
                return null;
        }
    }
}
