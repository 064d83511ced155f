using System.Text.Json;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Answers;

/// <summary>A function the caller offers, in any dialect's format.</summary>
internal readonly record struct Tool(string Name, JsonElement Schema);

/// <summary>Decides whether an answer is a tool call, and which.</summary>
internal static class Tools
{
    /// <summary>
    /// The tool to call, or null for a text answer. A call is made when <c>tool_choice</c> demands one or the last user
    /// text says <c>[tool]</c> or <c>[tool=name]</c>. A conversation whose last message is a tool's result gets text
    /// even then, so that an agent's loop ends.
    /// </summary>
    public static Tool? Pick(JsonElement tools, JsonElement choice, Replies.Directives directives, bool answersTool)
    {
        var kind = choice.ValueKind is JsonValueKind.String ? choice.GetString()
            : choice.Text("type") ?? choice.Text("mode"); // Gemini's function calling has modes
        if (answersTool || kind is "none" or "NONE") return null;
        var demanded = kind is "required" or "any" or "function" or "tool" or "ANY";
        if (!demanded && !directives.Tool) return null;
        return Find(tools, choice.Text("name") ?? choice.Get("function").Text("name") ?? Allowed(choice)
            ?? directives.ToolName);
    }

    private static string? Allowed(JsonElement choice)
    {
        foreach (var name in choice.Get("allowedFunctionNames").Items())
            if (name.ValueKind is JsonValueKind.String) return name.GetString();
        return null;
    }

    private static Tool? Find(JsonElement tools, string? wanted)
    {
        foreach (var tool in tools.Items())
        {
            var body = tool.Get("function") is { ValueKind: JsonValueKind.Object } function ? function : tool;
            var schema = body.Get("parameters").IsSet() ? body.Get("parameters") : body.Get("input_schema");
            if (!schema.IsSet()) schema = body.Get("parametersJsonSchema");
            var callable = schema.IsSet() || tool.Is("type", "function"u8) || body.Get("description").IsSet();
            if (!callable || body.Text("name") is not { } name) continue;
            if (wanted is null || name == wanted) return new Tool(name, schema);
        }
        return null;
    }
}
