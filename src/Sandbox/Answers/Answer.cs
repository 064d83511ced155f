using System.Text;
using Guerdon.Sandbox.Prompts;

namespace Guerdon.Sandbox.Answers;

internal enum Finish { Stop, Length, Tool }

/// <summary>One choice: reasoning, then a text or a tool call. <c>Tokens</c> counts all of it.</summary>
internal sealed record Answer(
    ulong Seed, int Tokens, int ReasoningTokens, byte[] Text, Finish Finish, string? ToolName = null)
{
    /// <summary>A tool call's name and framing, in tokens beside its arguments.</summary>
    private const int CallOverhead = 8;

    /// <summary>Choice number <paramref name="index"/>. With a tool's name, its text is the call's arguments.</summary>
    /// <remarks>Reasoning is spent first, as the providers do: a small cap can leave no visible answer.</remarks>
    public static Answer To(Ask ask, ulong seed, int index)
    {
        seed += (ulong)index;
        var reasoning = ask.ReasoningTokens;
        if (ask.Tool is { } tool) return Call(tool, seed, Math.Min(reasoning, ask.CapTokens), ask.CapTokens);
        if (ask.Directives.Tokens is { } wanted) return Exact(seed, wanted, reasoning, ask.CapTokens);

        reasoning = Math.Min(reasoning, ask.CapTokens);
        var room = ask.CapTokens - reasoning;
        var text = AnswerText.Natural(seed);
        var tokens = TokenRule.Count(text.Length);
        if (tokens <= room) return new Answer(seed, reasoning + tokens, reasoning, text, Finish.Stop);
        text = AnswerText.Exactly(seed, room, finished: false);
        return new Answer(seed, reasoning + room, reasoning, text, Finish.Length);
    }

    /// <summary>An id that follows from the answer alone: equal prompts get equal ids, so it is no key.</summary>
    public string Id(string prefix) => $"{prefix}{Seed:x16}{Prompts.Seed.Mix(Seed, 1):x16}";

    private static Answer Exact(ulong seed, int wanted, int reasoning, int cap)
    {
        var tokens = Math.Min(wanted, cap);
        reasoning = Math.Min(reasoning, tokens / 2);
        var text = AnswerText.Exactly(seed, tokens - reasoning, finished: wanted <= cap);
        return new Answer(seed, tokens, reasoning, text, wanted <= cap ? Finish.Stop : Finish.Length);
    }

    private static Answer Call(Tool tool, ulong seed, int reasoning, int cap)
    {
        var arguments = SchemaSample.Of(tool.Schema, seed);
        var nameTokens = TokenRule.Count(Encoding.UTF8.GetByteCount(tool.Name)) + CallOverhead;
        var tokens = (long)reasoning + nameTokens + TokenRule.Count(arguments.Length);
        if (tokens <= cap) return new Answer(seed, (int)tokens, reasoning, arguments, Finish.Tool, tool.Name);
        return new Answer(seed, cap, reasoning, [], Finish.Length, tool.Name); // half a JSON value helps nobody
    }
}
