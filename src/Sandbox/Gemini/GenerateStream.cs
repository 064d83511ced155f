using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Gemini;

/// <summary>POST …:streamGenerateContent: events where the address says <c>alt=sse</c>, else one array.</summary>
internal sealed class GenerateStream(GenerateReply reply, EventStream events)
{
    private int _visible;
    private int _thoughts;

    public static async Task Answer(HttpContext http, SandboxState state, Ask ask)
    {
        var ct = http.RequestAborted;
        var reply = GenerateReply.To(state, ask);
        var framing = http.Request.Query["alt"] == "sse" ? Framing.CrlfEvents : Framing.Array;
        var requestId = http.TraceIdentifier;
        using var events = new EventStream(http, ask.Directives, state.Clock, framing)
        {
            WriteFailure = failed => Fault.ForStatus(503).Write(failed.Begin(), Provider.Gemini, requestId),
        };
        await new GenerateStream(reply, events).Send(ct);
    }

    private async Task Send(CancellationToken ct)
    {
        for (var i = 0; i < reply.Choices.Length; i++) await SendCandidate(reply.Choices[i], i, ct);
        // Gemini 3 sends its usage once more after the reason for finishing, so a reader must not stop there.
        if (reply.Ask.Model.StartsWith("gemini-3", StringComparison.Ordinal))
        {
            var json = events.Begin();
            json.WriteStartObject();
            GenerateContent.WriteEnd(json, reply, _visible, _thoughts);
            await events.Send(ct);
        }
        await events.End(ct);
    }

    private async Task SendCandidate(Answer choice, int index, CancellationToken ct)
    {
        if (choice.ReasoningTokens > 0) await SendThoughts(choice, index, ct);
        var spoken = _visible + choice.Tokens - choice.ReasoningTokens;
        if (choice.ToolName is not null || choice.Text.Length == 0)
        {
            _visible = spoken;
            await SendPart(choice, index, choice.Text, isLast: true, ct);
            return;
        }
        var (start, sent) = (_visible, 0);
        while (sent < choice.Text.Length)
        {
            var length = AnswerText.NextPiece(choice.Text.AsSpan(sent));
            sent += length;
            var isLast = sent == choice.Text.Length;
            _visible = isLast ? spoken : start + Prompts.TokenRule.Count(sent);
            await SendPart(choice, index, choice.Text.AsMemory(sent - length, length), isLast, ct);
        }
    }

    private async Task SendThoughts(Answer choice, int index, CancellationToken ct)
    {
        _thoughts += choice.ReasoningTokens;
        if (!reply.Ask.ShowsThoughts) return;
        var json = events.Begin();
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        GenerateContent.BeginCandidate(json);
        GenerateContent.WriteThought(json, GenerateContent.Thoughts(choice));
        GenerateContent.EndCandidate(json, index, null, 0);
        json.WriteEndArray();
        GenerateContent.WriteEnd(json, reply, _visible, _thoughts);
        await events.Send(ct);
    }

    private async Task SendPart(Answer choice, int index, ReadOnlyMemory<byte> text, bool isLast, CancellationToken ct)
    {
        var json = events.Begin();
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        GenerateContent.BeginCandidate(json);
        GenerateContent.WriteAnswer(json, choice, text.Span);
        GenerateContent.EndCandidate(json, index, isLast ? choice : null, reply.Faults.Searches);
        json.WriteEndArray();
        GenerateContent.WriteEnd(json, reply, _visible, _thoughts);
        await events.Send(ct);
    }
}
