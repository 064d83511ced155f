using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>A response as its events, from <c>response.created</c> to the one that ends it. No [DONE].</summary>
internal sealed class ResponsesStream(ResponsesReply reply)
{
    private int _sequence;
    private int _output;

    public static async Task Send(HttpContext http, SandboxState state, ResponsesReply reply)
    {
        var ct = http.RequestAborted;
        var stream = new ResponsesStream(reply);
        using var events = new EventStream(http, reply.Ask.Directives, state.Clock)
        {
            WriteFailure = failed => stream.WriteResponse(failed, "response.failed", ResponseStatus.Failed),
        };
        await stream.Send(events, ct);
    }

    private async Task Send(EventStream events, CancellationToken ct)
    {
        await SendResponse(events, "response.created", ResponseStatus.InProgress, ct);
        await SendResponse(events, "response.in_progress", ResponseStatus.InProgress, ct);
        for (var i = 0; i < reply.HostedCalls.Length; i++) await SendHosted(events, i, ct);
        if (reply.HasReasoning) await SendReasoning(events, ct);
        if (reply.HasItem)
        {
            await SendItem(events, "response.output_item.added", done: false, ct);
            if (reply.Choice.ToolName is null) await SendText(events, ct);
            else await SendArguments(events, ct);
            await SendItem(events, "response.output_item.done", done: true, ct);
        }
        var status = reply.FinalStatus;
        await SendResponse(
            events, status is ResponseStatus.Completed ? "response.completed" : "response.incomplete", status, ct);
    }

    private async Task SendHosted(EventStream events, int index, CancellationToken ct)
    {
        foreach (var name in new[] { "response.output_item.added", "response.output_item.done" })
        {
            var json = Begin(events, name);
            json.WriteNumber("output_index"u8, _output);
            json.WritePropertyName("item"u8);
            reply.WriteHosted(json, index);
            json.WriteEndObject();
            await events.Send(ct);
        }

        _output++;
    }

    private async Task SendReasoning(EventStream events, CancellationToken ct)
    {
        foreach (var name in new[] { "response.output_item.added", "response.output_item.done" })
        {
            var json = Begin(events, name);
            json.WriteNumber("output_index"u8, _output);
            json.WritePropertyName("item"u8);
            reply.WriteReasoning(json);
            json.WriteEndObject();
            await events.Send(ct);
        }
        _output++;
    }

    private async Task SendText(EventStream events, CancellationToken ct)
    {
        var text = reply.Choice.Text;
        await SendPart(events, "response.content_part.added", [], ct);
        for (var at = 0; at < text.Length;)
        {
            var length = AnswerText.NextPiece(text.AsSpan(at));
            var delta = BeginContent(events, "response.output_text.delta");
            delta.WriteString("delta"u8, text.AsSpan(at, length));
            await EndText(events, delta, ct);
            at += length;
        }
        var done = BeginContent(events, "response.output_text.done");
        done.WriteString("text"u8, text);
        await EndText(events, done, ct);
        await SendPart(events, "response.content_part.done", text, ct);
    }

    private async Task SendArguments(EventStream events, CancellationToken ct)
    {
        var arguments = reply.Choice.Text;
        for (var at = 0; at < arguments.Length;)
        {
            var length = AnswerText.NextPiece(arguments.AsSpan(at));
            var delta = BeginItem(events, "response.function_call_arguments.delta");
            delta.WriteString("delta"u8, arguments.AsSpan(at, length));
            delta.WriteEndObject();
            await events.Send(ct);
            at += length;
        }
        var done = BeginItem(events, "response.function_call_arguments.done");
        done.WriteString("name"u8, reply.Choice.ToolName);
        done.WriteString("arguments"u8, arguments);
        done.WriteEndObject();
        await events.Send(ct);
    }

    private ValueTask SendResponse(EventStream events, string name, ResponseStatus status, CancellationToken ct)
    {
        WriteResponse(events, name, status);
        return events.Send(ct);
    }

    private void WriteResponse(EventStream events, string name, ResponseStatus status)
    {
        var json = Begin(events, name);
        json.WritePropertyName("response"u8);
        reply.Write(json, status);
        json.WriteEndObject();
    }

    private ValueTask SendItem(EventStream events, string name, bool done, CancellationToken ct)
    {
        var json = Begin(events, name);
        json.WriteNumber("output_index"u8, _output);
        json.WritePropertyName("item"u8);
        reply.WriteItem(json, done);
        json.WriteEndObject();
        return events.Send(ct);
    }

    private ValueTask SendPart(EventStream events, string name, byte[] text, CancellationToken ct)
    {
        var json = BeginContent(events, name);
        json.WritePropertyName("part"u8);
        ResponsesReply.WritePart(json, text);
        json.WriteEndObject();
        return events.Send(ct);
    }

    private static ValueTask EndText(EventStream events, Utf8JsonWriter json, CancellationToken ct)
    {
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        return events.Send(ct);
    }

    private Utf8JsonWriter BeginContent(EventStream events, string name)
    {
        var json = BeginItem(events, name);
        json.WriteNumber("content_index"u8, 0);
        return json;
    }

    private Utf8JsonWriter BeginItem(EventStream events, string name)
    {
        var json = Begin(events, name);
        json.WriteString("item_id"u8, reply.ItemId);
        json.WriteNumber("output_index"u8, _output);
        return json;
    }

    private Utf8JsonWriter Begin(EventStream events, string name)
    {
        var json = events.Begin(name);
        json.WriteStartObject();
        json.WriteString("type"u8, name);
        json.WriteNumber("sequence_number"u8, _sequence++);
        return json;
    }
}
