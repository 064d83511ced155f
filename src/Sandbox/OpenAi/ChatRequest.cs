using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>Reads the body of POST /v1/chat/completions.</summary>
internal static class ChatRequest
{
    private const int MaxChoices = 128;

    public static Fault? Read(Ask ask)
    {
        var root = ask.Root;
        if (root.Get("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            return Fault.Invalid("Invalid 'messages': expected a non-empty array of messages.", "messages");
        if (ReadCap(root, "max_completion_tokens", "max_tokens", ask) is { } badCap) return badCap;
        if (root.Get("n") is { ValueKind: JsonValueKind.Number } n)
        {
            if (!n.TryGetInt32(out var choices) || choices is < 1 or > MaxChoices)
                return Fault.Invalid($"Invalid 'n': expected 1 to {MaxChoices}.", "n");
            ask.Choices = choices;
        }
        ask.Stream = root.Flag("stream");
        ask.IncludeUsage = root.Get("stream_options").Flag("include_usage");
        ask.ReasoningTokens = Effort.Tokens(root.Get("reasoning_effort"));

        foreach (var tool in root.Get("tools").Items()) ask.Prompt.AddJson(tool);
        foreach (var message in messages.EnumerateArray()) AddMessage(ask, message);
        return null;
    }

    /// <summary>Reads the cap on output tokens from the first of the names that is present.</summary>
    public static Fault? ReadCap(JsonElement root, string name, string? olderName, Ask ask)
    {
        var cap = root.Get(name);
        if (!cap.IsSet() && olderName is not null) (cap, name) = (root.Get(olderName), olderName);
        if (!cap.IsSet()) return null;
        if (cap.ValueKind is not JsonValueKind.Number || !cap.TryGetInt32(out var tokens) || tokens < 1)
            return Fault.Invalid($"Invalid '{name}': expected an integer of at least 1.", name);
        ask.CapTokens = tokens;
        return null;
    }

    /// <summary>Adds a message's content: a string, or parts of text and media.</summary>
    public static void AddContent(PromptText prompt, JsonElement content)
    {
        prompt.AddText(content);
        foreach (var part in content.Items())
        {
            if (part.Get("text") is { ValueKind: JsonValueKind.String } text) prompt.AddText(text);
            else if (part.ValueKind is JsonValueKind.Object) prompt.AddMedia(part);
        }
    }

    private static void AddMessage(Ask ask, JsonElement message)
    {
        if (message.ValueKind is not JsonValueKind.Object) return;
        var prompt = ask.Prompt;
        prompt.BeginMessage();
        var start = prompt.Length;
        AddContent(prompt, message.Get("content"));
        if (message.Is("role", "user"u8)) prompt.MarkUser(start);
        foreach (var call in message.Get("tool_calls").Items())
        {
            prompt.AddText(call.Get("function").Get("name"));
            prompt.AddText(call.Get("function").Get("arguments"));
        }
        ask.AnswersTool = message.Is("role", "tool"u8) || message.Is("role", "function"u8);
    }
}
