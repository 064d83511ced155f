using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

internal enum ResponseStatus { InProgress, Completed, Incomplete, Failed }

/// <summary>POST /v1/responses, and the response object that both its forms are made of.</summary>
internal sealed record ResponsesReply(Ask Ask, Answer Choice, string Id, long CreatedSeconds, int CachedTokens)
{
    private const string FailureMessage = "The model failed to generate a response.";

    private static readonly (string Name, string Default)[] Echoed =
    [
        ("background", "false"), ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"),
        ("parallel_tool_calls", "true"), ("previous_response_id", "null"), ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"), ("store", "true"),
        ("temperature", "1.0"), ("text", """{"format":{"type":"text"},"verbosity":"medium"}"""),
        ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_logprobs", "0"), ("top_p", "1.0"),
        ("truncation", "\"disabled\""), ("user", "null"), ("metadata", "{}"),
    ];

    public ResponseStatus FinalStatus =>
        Choice.Finish is Finish.Length ? ResponseStatus.Incomplete : ResponseStatus.Completed;

    public bool HasReasoning => Choice.ReasoningTokens > 0;

    /// <summary>False when reasoning took the whole cap and nothing is left to say.</summary>
    public bool HasItem => Choice.ToolName is not null || Choice.Text.Length > 0;

    public static Task Answer(HttpContext http, SandboxState state, Ask ask)
    {
        var choice = Answers.Answer.To(ask, ask.Seed, 0);
        var cached = state.Prefixes.CachedTokens(ask.Prompt.Bytes, Prompts.Seed.Of(ask.Model, 0));
        var reply = new ResponsesReply(ask, choice, choice.Id("resp_"), state.NowSeconds, cached);
        if (ask.Stream) return ResponsesStream.Send(http, state, reply);
        var status = ask.Directives.Fail is null ? reply.FinalStatus : ResponseStatus.Failed;
        return JsonReply.Send(http, 200, ask.Directives, (reply, status),
            static (json, content) => content.reply.Write(json, content.status));
    }

    /// <summary>Writes the response object as it stands at <paramref name="status"/>.</summary>
    public void Write(Utf8JsonWriter json, ResponseStatus status)
    {
        var done = status is ResponseStatus.Completed or ResponseStatus.Incomplete;
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, CreatedSeconds);
        json.WriteString("status"u8, StatusName(status));
        if (status is ResponseStatus.Completed) json.WriteNumber("completed_at"u8, CreatedSeconds);
        else json.WriteNull("completed_at"u8);
        WriteError(json, status);
        WriteIncomplete(json, status);
        json.WriteString("model"u8, Ask.Directives.Model ?? Ask.Model);
        json.WriteStartArray("output"u8);
        for (var i = 0; done && i < HostedCalls.Length; i++) WriteHosted(json, i);
        if (done && HasReasoning) WriteReasoning(json);
        if (done && HasItem) WriteItem(json, done: true);
        json.WriteEndArray();
        foreach (var (name, fallback) in Echoed) Echo(json, name, fallback);
        json.WriteString("service_tier"u8, !done ? "auto" : Ask.Directives.ServiceTier ?? "default");
        if (done) WriteUsage(json);
        else json.WriteNull("usage"u8);
        json.WriteEndObject();
    }

    /// <summary>The kinds of the calls of OpenAI's own tools that were asked for, one by one.</summary>
    public string[] HostedCalls { get; } =
    [
        .. Enumerable.Repeat("web_search_call", Ask.Directives.Searches),
        .. Enumerable.Repeat("file_search_call", Ask.Directives.FileSearches),
        .. Enumerable.Repeat("code_interpreter_call", Ask.Directives.CodeRuns),
    ];

    /// <summary>Writes one of them, done; all code runs in one container.</summary>
    public void WriteHosted(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"{Choice.Id("ws_")}{index}");
        json.WriteString("type"u8, HostedCalls[index]);
        json.WriteString("status"u8, "completed"u8);
        if (HostedCalls[index] == "web_search_call")
        {
            json.WriteStartObject("action"u8);
            json.WriteString("type"u8, "search"u8);
            json.WriteString("query"u8, "anything"u8);
            json.WriteEndObject();
        }
        else if (HostedCalls[index] == "code_interpreter_call")
        {
            json.WriteString("container_id"u8, Choice.Id("cntr_"));
            json.WriteNull("code"u8);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the message or function call; empty and in progress before it is done.</summary>
    public void WriteItem(Utf8JsonWriter json, bool done)
    {
        var status = !done ? ResponseStatus.InProgress : FinalStatus;
        json.WriteStartObject();
        json.WriteString("id"u8, ItemId);
        json.WriteString("type"u8, Choice.ToolName is null ? "message"u8 : "function_call"u8);
        json.WriteString("status"u8, StatusName(status));
        if (Choice.ToolName is null)
        {
            json.WriteString("role"u8, "assistant"u8);
            json.WriteStartArray("content"u8);
            if (done) WritePart(json, Choice.Text);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("call_id"u8, Choice.Id("call_"));
            json.WriteString("name"u8, Choice.ToolName);
            json.WriteString("arguments"u8, done ? Choice.Text : ""u8);
        }
        json.WriteEndObject();
    }

    public string ItemId => Choice.Id(Choice.ToolName is null ? "msg_" : "fc_");

    public static void WritePart(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    public void WriteReasoning(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Choice.Id("rs_"));
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        foreach (var wanted in Ask.Root.Get("include").Items())
        {
            if (wanted.ValueKind is JsonValueKind.String && wanted.ValueEquals("reasoning.encrypted_content"u8))
                json.WriteString("encrypted_content"u8, Choice.Id("sandbox-"));
        }
        json.WriteEndObject();
    }

    public void WriteUsage(Utf8JsonWriter json)
    {
        if (Ask.Directives.NoUsage) return;
        if (Ask.Directives.NullUsage)
        {
            json.WriteNull("usage"u8);
            return;
        }
        json.WriteStartObject("usage"u8);
        var input = Ask.Directives.InputTokens ?? Ask.Prompt.Tokens;
        json.WriteNumber("input_tokens"u8, input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, CachedTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, Choice.Tokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Choice.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, (long)input + Choice.Tokens);
        if (Ask.Directives.Counter is var (name, count)) json.WriteNumber(name, count);
        json.WriteEndObject();
    }

    private void Echo(Utf8JsonWriter json, string name, string fallback)
    {
        json.WritePropertyName(name);
        if (Ask.Root.Get(name) is { } value && value.IsSet()) value.WriteTo(json);
        else json.WriteRawValue(fallback);
    }

    private static void WriteError(Utf8JsonWriter json, ResponseStatus status)
    {
        if (status is not ResponseStatus.Failed)
        {
            json.WriteNull("error"u8);
            return;
        }
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "server_error"u8);
        json.WriteString("message"u8, FailureMessage);
        json.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter json, ResponseStatus status)
    {
        if (status is not ResponseStatus.Incomplete)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }
        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, "max_output_tokens"u8);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> StatusName(ResponseStatus status) => status switch
    {
        ResponseStatus.InProgress => "in_progress"u8,
        ResponseStatus.Completed => "completed"u8,
        ResponseStatus.Incomplete => "incomplete"u8,
        _ => "failed"u8,
    };
}
