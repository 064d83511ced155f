using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>POST /v1/responses/compact: one item stands in for the conversation, and is counted as it was written.
/// </summary>
internal static class Compaction
{
    public static Task Answer(HttpContext http, SandboxState state, Ask ask)
    {
        var choice = Answers.Answer.To(ask, ask.Seed, 0);
        var cached = state.Prefixes.CachedTokens(ask.Prompt.Bytes, Prompts.Seed.Of(ask.Model, 0));
        var reply = new ResponsesReply(ask, choice, choice.Id("resp_"), state.NowSeconds, cached);
        return JsonReply.Send(http, 200, ask.Directives, reply, static (json, reply) =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, reply.Id);
            json.WriteString("object"u8, "response.compaction"u8);
            json.WriteNumber("created_at"u8, reply.CreatedSeconds);
            json.WriteStartArray("output"u8);
            json.WriteStartObject();
            json.WriteString("id"u8, reply.Choice.Id("cmp_"));
            json.WriteString("type"u8, "compaction"u8);
            json.WriteString("encrypted_content"u8, reply.Choice.Id("sandbox-"));
            json.WriteEndObject();
            json.WriteEndArray();
            reply.WriteUsage(json);
            json.WriteEndObject();
        });
    }
}
