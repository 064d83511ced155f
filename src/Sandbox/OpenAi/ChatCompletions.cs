using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>A chat completion about to be sent: its choices and what it used.</summary>
internal sealed record ChatReply(
    string Id, long CreatedSeconds, string Model, Answer[] Choices, int PromptTokens, int CachedTokens,
    Directives Faults)
{
    public bool IncludeUsage { get; init; }
}

/// <summary>POST /v1/chat/completions.</summary>
internal static class ChatCompletions
{
    public static Task Answer(HttpContext http, SandboxState state, Ask ask)
    {
        var seed = ask.Seed;
        var choices = new Answer[ask.Choices];
        for (var i = 0; i < choices.Length; i++) choices[i] = Answers.Answer.To(ask, seed, i);
        var cached = state.Prefixes.CachedTokens(ask.Prompt.Bytes, Prompts.Seed.Of(ask.Model, 0));
        var faults = ask.Directives;
        var reply = new ChatReply(choices[0].Id("chatcmpl-"), state.NowSeconds, faults.Model ?? ask.Model, choices,
            faults.InputTokens ?? ask.Prompt.Tokens, cached, faults)
        { IncludeUsage = ask.IncludeUsage };
        if (ask.Stream) return ChatStream.Send(http, state, reply);
        return ask.Directives.Fail is null
            ? JsonReply.Send(http, 200, ask.Directives, reply, Write)
            : JsonReply.SendFault(http, Provider.OpenAi, Fault.ForStatus(500));
    }

    public static ReadOnlySpan<byte> FinishReason(Answer choice) => choice.Finish switch
    {
        Finish.Length => "length"u8,
        Finish.Tool => "tool_calls"u8,
        _ => "stop"u8,
    };

    /// <summary>Writes <c>"usage":{…}</c>, its null, or nothing, as the directives have it.</summary>
    public static void WriteUsage(Utf8JsonWriter json, ChatReply reply)
    {
        if (reply.Faults.NoUsage) return;
        if (reply.Faults.NullUsage)
        {
            json.WriteNull("usage"u8);
            return;
        }
        long completion = 0, reasoning = 0;
        foreach (var choice in reply.Choices)
        {
            completion += choice.Tokens;
            reasoning += choice.ReasoningTokens;
        }
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, reply.PromptTokens);
        json.WriteNumber("completion_tokens"u8, completion);
        json.WriteNumber("total_tokens"u8, reply.PromptTokens + completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, reply.CachedTokens);
        json.WriteNumber("audio_tokens"u8, Math.Min(reply.Faults.AudioTokens, reply.PromptTokens));
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, reasoning);
        json.WriteNumber("audio_tokens"u8, Math.Min(reply.Faults.AudioTokens, completion - reasoning));
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        if (reply.Faults.Counter is var (name, count)) json.WriteNumber(name, count);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChatReply reply)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, reply.Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, reply.CreatedSeconds);
        json.WriteString("model"u8, reply.Model);
        json.WriteStartArray("choices"u8);
        for (var i = 0; i < reply.Choices.Length; i++) WriteChoice(json, i, reply.Choices[i]);
        json.WriteEndArray();
        WriteUsage(json, reply);
        json.WriteString("service_tier"u8, reply.Faults.ServiceTier ?? "default");
        json.WriteString("system_fingerprint"u8, "fp_sandbox"u8);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, int index, Answer choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.ToolName is null) json.WriteString("content"u8, choice.Text);
        else
        {
            json.WriteNull("content"u8);
            json.WriteStartArray("tool_calls"u8);
            json.WriteStartObject();
            WriteCall(json, choice, choice.Text);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteNull("refusal"u8);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, FinishReason(choice));
        json.WriteEndObject();
    }

    /// <summary>The id, type and function of a tool call, inside its object.</summary>
    public static void WriteCall(Utf8JsonWriter json, Answer choice, ReadOnlySpan<byte> arguments)
    {
        json.WriteString("id"u8, choice.Id("call_"));
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, choice.ToolName);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }
}
