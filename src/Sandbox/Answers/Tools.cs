using System.Text.Json;
using Stipend.Sandbox.Wire;

namespace Stipend.Sandbox.Answers;

/// <summary>A function the caller offers, in any dialect's shape.</summary>
internal readonly record struct Tool(string Name, JsonElement Schema);

/// <summary>Decides whether an answer is a tool call, and which.</summary>
internal static class Tools
{
    /// <summary>
    /// The tool to call, or null for a text answer. A call is made when <c>tool_choice</c> demands one or the last user
    /// text says <c>[tool]</c> or <c>[tool=name]</c>. A conversation whose last message is a tool's result gets text
    /// even then, so that an agent's loop ends.
    /// </summary>
    public static Tool? Pick(JsonElement tools, JsonElement choice, Faults.Directives directives, bool answersTool)
    {
        var kind = choice.ValueKind is JsonValueKind.String ? choice.GetString() : choice.Text("type");
        if (answersTool || kind is "none") return null;
        var demanded = kind is "required" or "any" or "function" or "tool";
        if (!demanded && !directives.Tool) return null;
        return Find(tools, choice.Text("name") ?? choice.Get("function").Text("name") ?? directives.ToolName);
    }

    private static Tool? Find(JsonElement tools, string? wanted)
    {
        foreach (var tool in tools.Items())
        {
            var body = tool.Get("function") is { ValueKind: JsonValueKind.Object } function ? function : tool;
            var schema = body.Get("parameters").IsSet() ? body.Get("parameters") : body.Get("input_schema");
            var callable = schema.IsSet() || tool.Is("type", "function"u8);
            if (!callable || body.Text("name") is not { } name) continue;
            if (wanted is null || name == wanted) return new Tool(name, schema);
        }
        return null;
    }
}
