using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>POST /v1/images/generations: pictures of one pixel each, with the usage of real ones.</summary>
internal static class Images
{
    private const int MaxImages = 10;
    private static readonly string[] Sizes = ["1024x1024", "1024x1536", "1536x1024"];
    private static readonly string[] Qualities = ["low", "medium", "high"];

    // Tokens of a picture by quality and size, as OpenAI's guide to image generation gives them for gpt-image-1:
    // https://platform.openai.com/docs/guides/image-generation
    private static readonly int[][] TokensOf = [[272, 408, 400], [1_056, 1_584, 1_568], [4_160, 6_240, 6_208]];

    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=");

    public static Fault? Read(Ask ask)
    {
        var root = ask.Root;
        if (root.Text("prompt") is not { Length: > 0 })
            return Fault.Invalid("Missing required parameter: 'prompt'.", "prompt");
        if (root.Get("n") is { ValueKind: JsonValueKind.Number } n)
        {
            if (!n.TryGetInt32(out var images) || images is < 1 or > MaxImages)
                return Fault.Invalid($"Invalid 'n': expected 1 to {MaxImages}.", "n");
            ask.Choices = images;
        }
        if (Index(root, "size", Sizes) < 0)
            return Fault.Invalid($"Invalid 'size': expected auto, {string.Join(", ", Sizes)}.", "size");
        if (Index(root, "quality", Qualities) < 0)
            return Fault.Invalid($"Invalid 'quality': expected auto, {string.Join(", ", Qualities)}.", "quality");
        ask.Prompt.AddText(root.Get("prompt"));
        ask.Prompt.MarkUser(0);
        return null;
    }

    public static Task Answer(HttpContext http, SandboxState state, Ask ask) =>
        JsonReply.Send(http, 200, ask.Directives, (ask, state.NowSeconds), static (json, reply) =>
            Write(json, reply.ask, reply.NowSeconds));

    private static void Write(Utf8JsonWriter json, Ask ask, long now)
    {
        json.WriteStartObject();
        json.WriteNumber("created"u8, now);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < ask.Choices; i++)
        {
            json.WriteStartObject();
            json.WriteBase64String("b64_json"u8, Pixel);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (ask.Directives.NullUsage) json.WriteNull("usage"u8);
        else if (!ask.Directives.NoUsage) WriteUsage(json, ask);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Ask ask)
    {
        var each = TokensOf[Index(ask.Root, "quality", Qualities)][Index(ask.Root, "size", Sizes)];
        var output = ask.Directives.Tokens ?? each * ask.Choices;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("total_tokens"u8, ask.Prompt.Tokens + output);
        json.WriteNumber("input_tokens"u8, ask.Prompt.Tokens);
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("text_tokens"u8, ask.Prompt.Tokens);
        json.WriteNumber("image_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What is left open, or to the model, counts as the least, so that an answer never costs more than it says.
    private static int Index(JsonElement root, string name, string[] known) =>
        root.Text(name) is { } text && text != "auto" ? Array.IndexOf(known, text) : 0;
}
