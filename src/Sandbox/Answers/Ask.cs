using System.Text.Json;
using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Answers;

/// <summary>One request as the sandbox understands it, whatever its dialect. Lives as long as the request.</summary>
internal sealed class Ask(JsonElement root, string model) : IDisposable
{
    public JsonElement Root { get; } = root;

    public string Model { get; } = model;

    public PromptText Prompt { get; } = new();

    public Directives Directives { get; set; } = Directives.None;

    public bool Stream { get; set; }

    /// <summary>Gemini: thoughts are shown, and not only counted.</summary>
    public bool ShowsThoughts { get; set; }

    /// <summary>Gemini: tokens that its own tools put into the prompt.</summary>
    public int ToolUseTokens { get; set; }

    /// <summary>The functions offered; Gemini's stand deeper in the body.</summary>
    public JsonElement Functions { get; set; } = root.Get("tools");

    /// <summary>Whether one of them must be called, and which.</summary>
    public JsonElement FunctionChoice { get; set; } = root.Get("tool_choice");

    /// <summary>Chat only: the caller asked for usage at the end of the stream.</summary>
    public bool IncludeUsage { get; set; }

    public int Choices { get; set; } = 1;

    /// <summary>Most output tokens a choice may have, reasoning included.</summary>
    public int CapTokens { get; set; } = int.MaxValue;

    /// <summary>Reasoning tokens the caller's effort or thinking budget leads to, before the cap.</summary>
    public int ReasoningTokens { get; set; }

    /// <summary>True when the last message is a tool's result.</summary>
    public bool AnswersTool { get; set; }

    /// <summary>Ends of the prompt's blocks, where Anthropic's cache may break; empty elsewhere.</summary>
    public List<Anthropic.CacheBlock> CacheBlocks { get; } = [];

    public ulong Seed => Prompts.Seed.Of(Prompt.Bytes, Prompts.Seed.Of(Model, (ulong)Prompt.Messages));

    public Tool? Tool => Tools.Pick(Functions, FunctionChoice, Directives, AnswersTool);

    public void Dispose() => Prompt.Dispose();
}
