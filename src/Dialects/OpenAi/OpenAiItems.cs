using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.OpenAi;

/// <summary>Reads the items that a response is made of: which of them are uses of OpenAI's own tools.</summary>
/// <remarks>
/// OpenAI charges searches of the web and of files by the call, code by the container. Pages that a search opens or
/// looks through are not charged (its guide to web search, "Output and citations"). A shell's call is the caller's to
/// run where it names no container; its output stands in an answer only where OpenAI ran it (its guide to the shell
/// tool).
/// </remarks>
internal static class OpenAiItems
{
    private static readonly (byte[] Type, HostedTool Tool)[] Tools =
    [
        ("web_search_call"u8.ToArray(), HostedTool.WebSearch), ("file_search_call"u8.ToArray(), HostedTool.FileSearch),
        ("code_interpreter_call"u8.ToArray(), HostedTool.CodeExecution),
        ("image_generation_call"u8.ToArray(), HostedTool.ImageGeneration),
        ("shell_call_output"u8.ToArray(), HostedTool.CodeExecution),
    ];

    // Never a use of a tool: words of the model, and calls that the caller's own side carries out or
    // that cost only their tokens.
    private static readonly byte[][] Free =
    [
        .. new[]
        {
            "message", "reasoning", "compaction", "function_call", "function_call_output", "custom_tool_call",
            "custom_tool_call_output", "computer_call", "computer_call_output", "local_shell_call",
            "local_shell_call_output", "shell_call", "apply_patch_call", "apply_patch_call_output", "mcp_call",
            "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "tool_search_call",
            "tool_search_output",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Reads a whole answer's <c>output</c>, which the reader stands on.</summary>
    public static void ReadAll(ref Utf8JsonReader json, ref UsageReading reading)
    {
        var uses = ImmutableDictionary<HostedTool, long>.Empty;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var item = Read(ref json);
            item.AddTo(ref reading, isStreamed: false);
            if (item.Tool is { } tool) uses = uses.SetItem(tool, uses.GetValueOrDefault(tool) + 1);
        }

        if (uses.Count > 0) reading.Notes = reading.NotesSoFar.WithWhole(uses);
    }

    /// <summary>Reads the item that the reader stands on, to its last token.</summary>
    public static OutputItem Read(ref Utf8JsonReader json)
    {
        var item = default(OutputItem);
        var isPage = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            var isAction = json.ValueTextEquals("action"u8);
            var isContainer = json.ValueTextEquals("container_id"u8);
            var isPlace = json.ValueTextEquals("environment"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
                item = KindOf(ref json) with { Container = item.Container };
            else if (isAction && json.TokenType == JsonTokenType.StartObject) isPage = IsPage(ref json);
            else if (isContainer && json.TokenType == JsonTokenType.String)
                item = item with { Container = AnswerNotes.TextOf(ref json) };
            else if (isPlace && json.TokenType == JsonTokenType.StartObject)
                item = item with { Container = ContainerOf(ref json) ?? item.Container };
            else json.Skip();
        }

        return item.Tool == HostedTool.WebSearch && isPage ? item with { Tool = HostedTool.WebFetch } : item;
    }

    private static string? ContainerOf(ref Utf8JsonReader json)
    {
        string? id = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContainer = json.ValueTextEquals("container_id"u8);
            json.Read();
            if (isContainer && json.TokenType == JsonTokenType.String) id = AnswerNotes.TextOf(ref json);
            else json.Skip();
        }

        return id;
    }

    private static OutputItem KindOf(ref Utf8JsonReader json)
    {
        foreach (var (type, tool) in Tools)
            if (json.ValueTextEquals(type)) return new(tool, null, null);
        foreach (var type in Free)
            if (json.ValueTextEquals(type)) return default;
        return new(null, null, AnswerNotes.TextOf(ref json));
    }

    private static bool IsPage(ref Utf8JsonReader json)
    {
        var isPage = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
                isPage = json.ValueTextEquals("open_page"u8) || json.ValueTextEquals("find_in_page"u8)
                    || json.ValueTextEquals("find"u8);
            else json.Skip();
        }

        return isPage;
    }
}
