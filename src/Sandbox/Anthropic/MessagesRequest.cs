using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Anthropic;

/// <summary>Reads the body of POST /v1/messages and of its count_tokens.</summary>
internal static class MessagesRequest
{
    private const int MaxBreakpoints = 4;

    public static Fault? Read(Ask ask)
    {
        if (!ask.Root.Get("max_tokens").IsSet()) return Fault.Invalid("max_tokens: Field required");
        if (OpenAi.ChatRequest.ReadCap(ask.Root, "max_tokens", null, ask) is { } badCap) return badCap;
        ask.Stream = ask.Root.Flag("stream");
        if (ReadPrompt(ask) is { } badPrompt) return badPrompt;
        ask.ReasoningTokens = ThinkingTokens(ask);
        return null;
    }

    /// <summary>Reads tools, system and messages, in the order the cache sees them.</summary>
    public static Fault? ReadPrompt(Ask ask)
    {
        var root = ask.Root;
        if (root.Get("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            return Fault.Invalid("messages: at least one message is required");
        foreach (var tool in root.Get("tools").Items())
        {
            ask.Prompt.AddJson(tool);
            EndBlock(ask, tool);
        }
        AddContent(ask, root.Get("system"));
        foreach (var message in messages.EnumerateArray()) AddMessage(ask, message);
        MarkWhole(ask, root);
        var breakpoints = ask.CacheBlocks.Count(block => block.Life is not CacheLife.None);
        return breakpoints <= MaxBreakpoints ? null : Fault.Invalid(
            $"A maximum of {MaxBreakpoints} blocks with cache_control may be provided. Found {breakpoints}.");
    }

    private static void AddMessage(Ask ask, JsonElement message)
    {
        if (message.ValueKind is not JsonValueKind.Object) return;
        ask.Prompt.BeginMessage();
        var isUser = message.Is("role", "user"u8);
        var answersTool = false;
        var start = ask.Prompt.Length;
        foreach (var block in message.Get("content").Items()) answersTool |= block.Is("type", "tool_result"u8);
        AddContent(ask, message.Get("content"));
        if (isUser && !answersTool) ask.Prompt.MarkUser(start);
        ask.AnswersTool = answersTool;
    }

    private static void AddContent(Ask ask, JsonElement content)
    {
        ask.Prompt.AddText(content);
        if (content.ValueKind is JsonValueKind.String) EndBlock(ask, default);
        foreach (var block in content.Items())
        {
            if (block.ValueKind is not JsonValueKind.Object) continue;
            AddBlock(ask, block);
            EndBlock(ask, block);
        }
    }

    private static void AddBlock(Ask ask, JsonElement block)
    {
        var prompt = ask.Prompt;
        switch (block.Text("type"))
        {
            case "text":
                prompt.AddText(block.Get("text"));
                break;
            case "thinking":
                prompt.AddText(block.Get("thinking"));
                break;
            case "tool_use":
                prompt.AddText(block.Get("name"));
                if (block.Get("input").IsSet()) prompt.AddJson(block.Get("input"));
                break;
            case "tool_result":
                OpenAi.ChatRequest.AddContent(prompt, block.Get("content"));
                break;
            default:
                prompt.AddMedia(block);
                break;
        }
    }

    private static void EndBlock(Ask ask, JsonElement block) =>
        ask.CacheBlocks.Add(new CacheBlock(ask.Prompt.Length, ask.Prompt.Tokens, Life(block.Get("cache_control"))));

    private static void MarkWhole(Ask ask, JsonElement root)
    {
        var life = Life(root.Get("cache_control"));
        if (life is CacheLife.None || ask.CacheBlocks.Count == 0 || ask.CacheBlocks[^1].Life is not CacheLife.None)
            return;
        ask.CacheBlocks[^1] = ask.CacheBlocks[^1] with { Life = life };
    }

    private static CacheLife Life(JsonElement control) =>
        control.ValueKind is not JsonValueKind.Object ? CacheLife.None
        : control.Is("ttl", "1h"u8) ? CacheLife.OneHour
        : CacheLife.FiveMinutes;

    /// <summary>48 to 255 tokens of thinking, within the budget; none unless thinking is on.</summary>
    private static int ThinkingTokens(Ask ask)
    {
        var thinking = ask.Root.Get("thinking");
        if (!thinking.Is("type", "enabled"u8) && !thinking.Is("type", "adaptive"u8)) return 0;
        var tokens = 48 + (int)(ask.Seed % 208);
        return thinking.Get("budget_tokens") is { ValueKind: JsonValueKind.Number } budget
            && budget.TryGetInt32(out var most) ? Math.Clamp(most, 0, tokens) : tokens;
    }
}
