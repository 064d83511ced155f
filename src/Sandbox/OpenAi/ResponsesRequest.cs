using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>Reads the body of POST /v1/responses.</summary>
/// <remarks>The sandbox keeps no conversations, so <c>previous_response_id</c> adds nothing to the input.</remarks>
internal static class ResponsesRequest
{
    public static Fault? Read(Ask ask)
    {
        var root = ask.Root;
        var input = root.Get("input");
        if (input.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            return Fault.Invalid("Missing required parameter: 'input'.", "input");
        if (ChatRequest.ReadCap(root, "max_output_tokens", null, ask) is { } badCap) return badCap;
        ask.Stream = root.Flag("stream");
        ask.ReasoningTokens = Effort.Tokens(root.Get("reasoning").Get("effort"));

        foreach (var tool in root.Get("tools").Items()) ask.Prompt.AddJson(tool);
        ask.Prompt.AddText(root.Get("instructions"));
        if (input.ValueKind is JsonValueKind.String) AddUserText(ask, input);
        foreach (var item in input.Items()) AddItem(ask, item);
        return null;
    }

    private static void AddUserText(Ask ask, JsonElement text)
    {
        ask.Prompt.BeginMessage();
        var start = ask.Prompt.Length;
        ask.Prompt.AddText(text);
        ask.Prompt.MarkUser(start);
    }

    private static void AddItem(Ask ask, JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object) return;
        var prompt = ask.Prompt;
        prompt.BeginMessage();
        var start = prompt.Length;
        ChatRequest.AddContent(prompt, item.Get("content"));
        if (item.Is("role", "user"u8)) prompt.MarkUser(start);
        prompt.AddText(item.Get("name"));
        prompt.AddText(item.Get("arguments"));
        prompt.AddText(item.Get("input")); // a custom tool's call
        ChatRequest.AddContent(prompt, item.Get("output"));
        foreach (var tool in item.Get("tools").Items()) prompt.AddJson(tool); // Codex sends its tools as an item
        ask.AnswersTool = item.Is("type", "function_call_output"u8) || item.Is("type", "custom_tool_call_output"u8);
    }
}
