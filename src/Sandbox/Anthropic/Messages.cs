using System.Text;
using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Anthropic;

/// <summary>A message about to be sent, and what it used.</summary>
internal sealed record MessageReply(
    string Id, string Model, Answer Choice, int InputTokens, CacheShare Cache, Directives Faults)
{
    public ReadOnlySpan<byte> StopReason => Choice.Finish switch
    {
        Finish.Length => "max_tokens"u8,
        Finish.Tool => "tool_use"u8,
        _ => "end_turn"u8,
    };

    public bool HasThinking => Choice.ReasoningTokens > 0;

    /// <summary>False when thinking took the whole cap and nothing is left to say.</summary>
    public bool HasBlock => Choice.ToolName is not null || Choice.Text.Length > 0;

    public byte[] Thinking =>
        AnswerText.Exactly(Choice.Seed + Prompts.Seed.Start, Choice.ReasoningTokens, finished: HasBlock);

    public string Signature => Convert.ToBase64String(Encoding.ASCII.GetBytes(Choice.Id("sandbox-thinking-")));
}

/// <summary>POST /v1/messages and /v1/messages/count_tokens.</summary>
internal static class Messages
{
    public static Task Answer(HttpContext http, SandboxState state, Ask ask)
    {
        var choice = Answers.Answer.To(ask, ask.Seed, 0);
        var cache = CacheBlocks.Share(ask.Prompt.Bytes, ask.CacheBlocks, Prompts.Seed.Of(ask.Model, 1), state.Prefixes);
        var input = ask.Prompt.Tokens - cache.Total;
        var faults = ask.Directives;
        var reply = new MessageReply(
            choice.Id("msg_"), faults.Model ?? ask.Model, choice, faults.InputTokens ?? input, cache, faults);
        if (ask.Stream) return MessagesStream.Send(http, state, reply);
        return ask.Directives.Fail is null
            ? JsonReply.Send(http, 200, ask.Directives, reply, Write)
            : JsonReply.SendFault(http, Provider.Anthropic, Fault.ForStatus(529));
    }

    public static Task Count(HttpContext http, SandboxState state, Ask ask) =>
        JsonReply.Send(http, 200, ask.Directives, ask, static (json, counted) =>
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens"u8, counted.Prompt.Tokens);
            json.WriteEndObject();
        });

    /// <summary>Writes a whole message's usage, its null, or nothing, as the directives say.</summary>
    public static void WriteUsage(
        Utf8JsonWriter json, MessageReply reply, int outputTokens, int thinkingTokens, bool isWhole)
    {
        if (!BeginUsage(json, reply, outputTokens, thinkingTokens)) return;
        if (isWhole) WriteMore(json, reply);
        else json.WriteNull("server_tool_use"u8);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, reply.Cache.Written5m);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, reply.Cache.Written1h);
        json.WriteEndObject();
        var isFast = reply.Faults.ServiceTier == "fast";
        json.WriteString("service_tier"u8, isFast ? "standard" : reply.Faults.ServiceTier ?? "standard");
        json.WriteString("inference_geo"u8, "not_available"u8);
        json.WriteString("speed"u8, isFast ? "fast"u8 : "standard"u8);
        json.WriteEndObject();
    }

    /// <summary>Writes the usage of a stream's last delta: cumulative, with fewer members than a message's.</summary>
    public static void WriteDeltaUsage(Utf8JsonWriter json, MessageReply reply)
    {
        if (!BeginUsage(json, reply, reply.Choice.Tokens, reply.Choice.ReasoningTokens)) return;
        WriteMore(json, reply);
        json.WriteEndObject();
    }

    // What is known at the end only: a message that is just begun has nothing of it.
    private static void WriteMore(Utf8JsonWriter json, MessageReply reply)
    {
        if (reply.Faults.Searches is var searches and > 0)
        {
            json.WriteStartObject("server_tool_use"u8);
            json.WriteNumber("web_search_requests"u8, searches);
            json.WriteNumber("web_fetch_requests"u8, 0);
            json.WriteEndObject();
        }
        else json.WriteNull("server_tool_use"u8);
        if (reply.Faults.Counter is var (name, count)) json.WriteNumber(name, count);
        if (reply.Faults.Iterations.Count == 0) return;
        json.WriteStartArray("iterations"u8);
        foreach (var iteration in reply.Faults.Iterations) WriteIteration(json, iteration);
        json.WriteEndArray();
    }

    private static void WriteIteration(Utf8JsonWriter json, Directives.Iteration iteration)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, iteration.Type);
        if (iteration.Model is not null) json.WriteString("model"u8, iteration.Model);
        json.WriteNumber("input_tokens"u8, iteration.Input);
        json.WriteNumber("cache_creation_input_tokens"u8, 0);
        json.WriteNumber("cache_read_input_tokens"u8, 0);
        json.WriteNumber("output_tokens"u8, iteration.Output);
        json.WriteEndObject();
    }

    private static bool BeginUsage(Utf8JsonWriter json, MessageReply reply, int outputTokens, int thinkingTokens)
    {
        if (reply.Faults.NoUsage) return false;
        if (reply.Faults.NullUsage)
        {
            json.WriteNull("usage"u8);
            return false;
        }
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, reply.InputTokens);
        json.WriteNumber("cache_creation_input_tokens"u8, reply.Cache.Written5m + reply.Cache.Written1h);
        json.WriteNumber("cache_read_input_tokens"u8, reply.Cache.Read);
        json.WriteNumber("output_tokens"u8, outputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("thinking_tokens"u8, thinkingTokens);
        json.WriteEndObject();
        return true;
    }

    /// <summary>The members every message starts with, inside its object.</summary>
    public static void WriteHead(Utf8JsonWriter json, MessageReply reply)
    {
        json.WriteString("model"u8, reply.Model);
        json.WriteString("id"u8, reply.Id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
    }

    private static void Write(Utf8JsonWriter json, MessageReply reply)
    {
        json.WriteStartObject();
        WriteHead(json, reply);
        json.WriteStartArray("content"u8);
        for (var i = 0; i < reply.Faults.Searches; i++) WriteSearch(json, reply, i);
        if (reply.HasThinking) WriteThinking(json, reply.Thinking, reply.Signature);
        if (reply.HasBlock) WriteBlock(json, reply.Choice, reply.Choice.Text);
        json.WriteEndArray();
        json.WriteString("stop_reason"u8, reply.StopReason);
        WriteNulls(json);
        json.WriteNull("diagnostics"u8);
        WriteUsage(json, reply, reply.Choice.Tokens, reply.Choice.ReasoningTokens, isWhole: true);
        json.WriteEndObject();
    }

    /// <summary>What a message and its last delta have besides a stop reason, and the sandbox never fills.</summary>
    public static void WriteNulls(Utf8JsonWriter json)
    {
        json.WriteNull("stop_sequence"u8);
        json.WriteNull("stop_details"u8);
        json.WriteNull("container"u8);
    }

    /// <summary>A search of the web that Anthropic ran; what it found is left out.</summary>
    public static void WriteSearch(Utf8JsonWriter json, MessageReply reply, int index)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "server_tool_use"u8);
        json.WriteString("id"u8, $"{reply.Choice.Id("srvtoolu_")}{index}");
        json.WriteString("name"u8, "web_search"u8);
        json.WriteStartObject("input"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteThinking(Utf8JsonWriter json, ReadOnlySpan<byte> thinking, string signature)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, thinking);
        json.WriteString("signature"u8, signature);
        json.WriteEndObject();
    }

    /// <summary>The text or tool_use block; a stream starts it with nothing in it.</summary>
    public static void WriteBlock(Utf8JsonWriter json, Answer choice, ReadOnlySpan<byte> content)
    {
        json.WriteStartObject();
        if (choice.ToolName is null)
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, content);
        }
        else
        {
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, choice.Id("toolu_"));
            json.WriteString("name"u8, choice.ToolName);
            json.WritePropertyName("input"u8);
            json.WriteRawValue(content.IsEmpty ? "{}"u8 : content);
            json.WriteStartObject("caller"u8);
            json.WriteString("type"u8, "direct"u8);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
