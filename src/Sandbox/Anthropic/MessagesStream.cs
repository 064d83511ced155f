using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Anthropic;

/// <summary>A message as its events. Usage comes twice: input at the start, and all of it at the end.</summary>
internal static class MessagesStream
{
    /// <summary>What <c>message_start</c> says of output: a placeholder that the last delta replaces.</summary>
    private const int PlaceholderOutputTokens = 1;

    public static async Task Send(HttpContext http, SandboxState state, MessageReply reply)
    {
        var ct = http.RequestAborted;
        var requestId = http.TraceIdentifier;
        using var events = new EventStream(http, reply.Faults, state.Clock)
        {
            WriteFailure = failed =>
                Fault.ForStatus(529).Write(failed.Begin("error"), Provider.Anthropic, requestId),
        };
        await SendStart(events, reply, ct);
        var index = 0;
        for (; index < reply.Faults.Searches; index++) await SendSearch(events, reply, index, ct);
        if (reply.HasThinking) await SendThinking(events, reply, index++, ct);
        if (reply.HasBlock) await SendBlock(events, reply, index, ct);
        await SendDelta(events, reply, ct);
        Begin(events, "message_stop").WriteEndObject();
        await events.Send(ct);
    }

    private static async Task SendStart(EventStream events, MessageReply reply, CancellationToken ct)
    {
        var json = Begin(events, "message_start");
        json.WriteStartObject("message"u8);
        Messages.WriteHead(json, reply);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        Messages.WriteNulls(json);
        json.WriteNull("diagnostics"u8);
        Messages.WriteUsage(json, reply, PlaceholderOutputTokens, 0, isWhole: false);
        json.WriteEndObject();
        json.WriteEndObject();
        await events.Send(ct);
        Begin(events, "ping").WriteEndObject();
        await events.Send(ct);
    }

    private static async Task SendSearch(EventStream events, MessageReply reply, int index, CancellationToken ct)
    {
        var json = BeginAt(events, "content_block_start", index);
        json.WritePropertyName("content_block"u8);
        Messages.WriteSearch(json, reply, index);
        json.WriteEndObject();
        await events.Send(ct);
        await SendStop(events, index, ct);
    }

    private static async Task SendThinking(EventStream events, MessageReply reply, int index, CancellationToken ct)
    {
        var json = BeginAt(events, "content_block_start", index);
        json.WritePropertyName("content_block"u8);
        Messages.WriteThinking(json, [], "");
        json.WriteEndObject();
        await events.Send(ct);
        await SendPieces(events, reply.Thinking, index, "thinking_delta", "thinking", ct);

        json = BeginAt(events, "content_block_delta", index);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, "signature_delta"u8);
        json.WriteString("signature"u8, reply.Signature);
        json.WriteEndObject();
        json.WriteEndObject();
        await events.Send(ct);
        await SendStop(events, index, ct);
    }

    private static async Task SendBlock(EventStream events, MessageReply reply, int index, CancellationToken ct)
    {
        var json = BeginAt(events, "content_block_start", index);
        json.WritePropertyName("content_block"u8);
        Messages.WriteBlock(json, reply.Choice, []);
        json.WriteEndObject();
        await events.Send(ct);
        var isText = reply.Choice.ToolName is null;
        await SendPieces(events, reply.Choice.Text, index,
            isText ? "text_delta" : "input_json_delta", isText ? "text" : "partial_json", ct);
        await SendStop(events, index, ct);
    }

    private static async Task SendPieces(
        EventStream events, byte[] content, int index, string type, string member, CancellationToken ct)
    {
        for (var at = 0; at < content.Length;)
        {
            var length = AnswerText.NextPiece(content.AsSpan(at));
            var json = BeginAt(events, "content_block_delta", index);
            json.WriteStartObject("delta"u8);
            json.WriteString("type"u8, type);
            json.WriteString(member, content.AsSpan(at, length));
            json.WriteEndObject();
            json.WriteEndObject();
            await events.Send(ct);
            at += length;
        }
    }

    private static async Task SendStop(EventStream events, int index, CancellationToken ct)
    {
        BeginAt(events, "content_block_stop", index).WriteEndObject();
        await events.Send(ct);
    }

    private static async Task SendDelta(EventStream events, MessageReply reply, CancellationToken ct)
    {
        var json = Begin(events, "message_delta");
        json.WriteStartObject("delta"u8);
        json.WriteString("stop_reason"u8, reply.StopReason);
        Messages.WriteNulls(json);
        json.WriteEndObject();
        Messages.WriteDeltaUsage(json, reply);
        json.WriteEndObject();
        await events.Send(ct);
    }

    private static Utf8JsonWriter BeginAt(EventStream events, string name, int index)
    {
        var json = Begin(events, name);
        json.WriteNumber("index"u8, index);
        return json;
    }

    private static Utf8JsonWriter Begin(EventStream events, string name)
    {
        var json = events.Begin(name);
        json.WriteStartObject();
        json.WriteString("type"u8, name);
        return json;
    }
}
