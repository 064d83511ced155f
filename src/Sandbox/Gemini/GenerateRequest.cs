using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Gemini;

/// <summary>Reads the body of Gemini's generateContent and its stream, and of countTokens.</summary>
internal static class GenerateRequest
{
    private const int MaxCandidates = 8;

    /// <summary>What one of Gemini's own tools adds to the prompt, in tokens.</summary>
    private const int TokensPerTool = 64;

    private static readonly string[] Hosted = ["googleSearch", "codeExecution", "urlContext", "fileSearch"];

    public static Fault? Read(Ask ask)
    {
        if (ReadPrompt(ask.Root, ask) is { } badPrompt) return badPrompt;
        var config = Either(ask.Root, "generationConfig", "generation_config");
        if (OpenAi.ChatRequest.ReadCap(config, "maxOutputTokens", "max_output_tokens", ask) is { } badCap)
            return badCap;
        if (config.Get("candidateCount") is { ValueKind: JsonValueKind.Number } count)
        {
            if (!count.TryGetInt32(out var choices) || choices is < 1 or > MaxCandidates)
                return Fault.Invalid($"candidateCount must be from 1 to {MaxCandidates}.");
            ask.Choices = choices;
        }
        var thinking = config.Get("thinkingConfig");
        ask.ShowsThoughts = thinking.Flag("includeThoughts");
        ask.ReasoningTokens = ThinkingTokens(ask, thinking);
        return null;
    }

    /// <summary>Reads what countTokens counts: contents, or a whole request of which they are a part.</summary>
    public static Fault? ReadCount(Ask ask) =>
        ReadPrompt(ask.Root.Get("generateContentRequest") is { ValueKind: JsonValueKind.Object } whole
            ? whole : ask.Root, ask);

    private static Fault? ReadPrompt(JsonElement root, Ask ask)
    {
        var contents = root.Get("contents");
        if (!contents.IsSet()) return Fault.Invalid("* GenerateContentRequest.contents: contents is not specified");
        ReadTools(root, ask);
        AddParts(ask.Prompt, Either(root, "systemInstruction", "system_instruction").Get("parts"));
        // A single object is read too, since Google takes one where an array is meant.
        if (contents.ValueKind is JsonValueKind.Object) AddContent(ask, contents);
        foreach (var content in contents.Items()) AddContent(ask, content);
        return null;
    }

    private static void ReadTools(JsonElement root, Ask ask)
    {
        ask.Functions = default;
        ask.FunctionChoice = root.Get("toolConfig").Get("functionCallingConfig");
        foreach (var tool in root.Get("tools").Items())
        {
            ask.Prompt.AddJson(tool);
            var functions = Either(tool, "functionDeclarations", "function_declarations");
            if (functions.IsSet() && !ask.Functions.IsSet()) ask.Functions = functions;
            foreach (var hosted in Hosted)
                if (tool.Get(hosted).IsSet()) ask.ToolUseTokens += TokensPerTool;
        }
    }

    private static void AddContent(Ask ask, JsonElement content)
    {
        if (content.ValueKind is not JsonValueKind.Object) return;
        ask.Prompt.BeginMessage();
        var start = ask.Prompt.Length;
        var parts = content.Get("parts");
        ask.AnswersTool = AddParts(ask.Prompt, parts);
        if (!content.Is("role", "model"u8) && !ask.AnswersTool) ask.Prompt.MarkUser(start);
    }

    /// <returns>True where one of them is a function's result.</returns>
    private static bool AddParts(PromptText prompt, JsonElement parts)
    {
        if (parts.ValueKind is JsonValueKind.Object) return AddPart(prompt, parts);
        var answersTool = false;
        foreach (var part in parts.Items()) answersTool |= AddPart(prompt, part);
        return answersTool;
    }

    private static bool AddPart(PromptText prompt, JsonElement part)
    {
        if (part.ValueKind is not JsonValueKind.Object) return false;
        var result = part.Get("functionResponse");
        if (part.Get("text").IsSet()) prompt.AddText(part.Get("text"));
        else if (result.IsSet()) prompt.AddJson(result);
        else if (part.Get("functionCall").IsSet()) prompt.AddJson(part.Get("functionCall"));
        else prompt.AddMedia(part);
        return result.IsSet();
    }

    /// <summary>48 to 255 tokens within a budget, or by level; none unless thinking is asked for.</summary>
    private static int ThinkingTokens(Ask ask, JsonElement thinking)
    {
        if (thinking.ValueKind is not JsonValueKind.Object) return 0;
        var tokens = 48 + (int)(ask.Seed % 208);
        if (thinking.Get("thinkingLevel").IsSet()) return OpenAi.Effort.Tokens(thinking.Get("thinkingLevel"));
        var hasBudget = thinking.Get("thinkingBudget") is { ValueKind: JsonValueKind.Number } budget
            && budget.TryGetInt32(out var most) && most >= 0;
        return hasBudget ? Math.Min(thinking.Get("thinkingBudget").GetInt32(), tokens) : tokens;
    }

    private static JsonElement Either(JsonElement parent, string name, string other) =>
        parent.Get(name).IsSet() ? parent.Get(name) : parent.Get(other);
}
