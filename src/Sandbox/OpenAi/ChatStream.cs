using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>A chat completion as chunks: role, words, finish reason, usage if asked for, [DONE].</summary>
internal static class ChatStream
{
    public static async Task Send(HttpContext http, SandboxState state, ChatReply reply)
    {
        var ct = http.RequestAborted;
        var requestId = http.TraceIdentifier;
        using var events = new EventStream(http, reply.Faults, state.Clock)
        {
            WriteFailure = failed => Fault.ForStatus(500).Write(failed.Begin(), Provider.OpenAi, requestId),
        };
        for (var i = 0; i < reply.Choices.Length; i++) await SendChoice(events, reply, i, ct);
        if (reply.IncludeUsage && !reply.Faults.NoUsage)
        {
            var json = BeginChunk(events, reply);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            ChatCompletions.WriteUsage(json, reply);
            json.WriteEndObject();
            await events.Send(ct);
        }
        events.BeginRaw("[DONE]"u8);
        await events.Send(ct);
    }

    private static async Task SendChoice(EventStream events, ChatReply reply, int index, CancellationToken ct)
    {
        var choice = reply.Choices[index];
        var json = BeginDelta(events, reply, index);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.ToolName is null) json.WriteString("content"u8, ""u8);
        else
        {
            json.WriteNull("content"u8);
            WriteCallStart(json, choice);
        }
        json.WriteNull("refusal"u8);
        await EndDelta(events, json, reply, null, ct);

        for (var at = 0; at < choice.Text.Length;)
        {
            var length = AnswerText.NextPiece(choice.Text.AsSpan(at));
            json = BeginDelta(events, reply, index);
            WritePiece(json, choice, choice.Text.AsSpan(at, length));
            await EndDelta(events, json, reply, null, ct);
            at += length;
        }
        await EndDelta(events, BeginDelta(events, reply, index), reply, choice, ct);
    }

    private static void WriteCallStart(Utf8JsonWriter json, Answer choice)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        ChatCompletions.WriteCall(json, choice, ""u8);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, Answer choice, ReadOnlySpan<byte> piece)
    {
        if (choice.ToolName is null)
        {
            json.WriteString("content"u8, piece);
            return;
        }
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("function"u8);
        json.WriteString("arguments"u8, piece);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static Utf8JsonWriter BeginChunk(EventStream events, ChatReply reply)
    {
        var json = events.Begin();
        json.WriteStartObject();
        json.WriteString("id"u8, reply.Id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, reply.CreatedSeconds);
        json.WriteString("model"u8, reply.Model);
        json.WriteString("service_tier"u8, reply.Faults.ServiceTier ?? "default");
        json.WriteString("system_fingerprint"u8, "fp_sandbox"u8);
        return json;
    }

    private static Utf8JsonWriter BeginDelta(EventStream events, ChatReply reply, int index)
    {
        var json = BeginChunk(events, reply);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("delta"u8);
        return json;
    }

    /// <summary>Ends a delta; <paramref name="finished"/> is the choice whose last chunk this is.</summary>
    private static ValueTask EndDelta(
        EventStream events, Utf8JsonWriter json, ChatReply reply, Answer? finished, CancellationToken ct)
    {
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        if (finished is null) json.WriteNull("finish_reason"u8);
        else json.WriteString("finish_reason"u8, ChatCompletions.FinishReason(finished));
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.IncludeUsage && !reply.Faults.NoUsage) json.WriteNull("usage"u8);
        json.WriteEndObject();
        return events.Send(ct);
    }
}
