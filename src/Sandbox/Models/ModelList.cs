using System.Globalization;
using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Models;

/// <summary>The models the sandbox lists. It serves every other name too, except those made to be unknown.</summary>
internal static class ModelList
{
    private sealed record Model(string Id, string Name, DateOnly Released, Provider Provider);

    // Members of Anthropic's format that must be there, though the sandbox has nothing to say in them.
    private static readonly string[] Unstated =
        ["capabilities", "line", "max_input_tokens", "max_tokens", "deprecated_at", "retires_at"];

    private static readonly Model[] All =
    [
        new("gpt-6-sol", "GPT-6 Sol", new(2026, 9, 22), Provider.OpenAi),
        new("gpt-6-luna", "GPT-6 Luna", new(2026, 9, 22), Provider.OpenAi),
        new("gpt-5.6-terra", "GPT-5.6 Terra", new(2026, 7, 9), Provider.OpenAi),
        new("gpt-5.3-codex", "GPT-5.3 Codex", new(2026, 2, 24), Provider.OpenAi),
        new("gpt-5-mini", "GPT-5 mini", new(2025, 8, 1), Provider.OpenAi),
        new("gpt-4o-mini", "GPT-4o mini", new(2024, 7, 18), Provider.OpenAi),
        new("text-embedding-3-small", "Embedding 3 small", new(2024, 1, 25), Provider.OpenAi),
        new("text-embedding-3-large", "Embedding 3 large", new(2024, 1, 25), Provider.OpenAi),
        new("claude-opus-5-5", "Claude Opus 5.5", new(2026, 9, 22), Provider.Anthropic),
        new("claude-sonnet-5", "Claude Sonnet 5", new(2026, 6, 30), Provider.Anthropic),
        new("claude-sonnet-4-5", "Claude Sonnet 4.5", new(2025, 9, 29), Provider.Anthropic),
        new("claude-haiku-4-5", "Claude Haiku 4.5", new(2025, 10, 15), Provider.Anthropic),
    ];

    private static readonly Model[] Googles =
    [
        new("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", new(2026, 2, 19), Provider.Gemini),
        new("gemini-3.8-flash", "Gemini 3.8 Flash", new(2026, 9, 1), Provider.Gemini),
        new("gemini-2.5-flash", "Gemini 2.5 Flash", new(2025, 6, 17), Provider.Gemini),
    ];

    /// <summary>Whose format a caller expects where the path alone does not say.</summary>
    public static Provider Speaks(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1beta") || request.Headers.ContainsKey("x-goog-api-key") ? Provider.Gemini
        : request.Headers.ContainsKey("anthropic-version") ? Provider.Anthropic : Provider.OpenAi;

    public static bool IsUnknown(string model) =>
        model is "sandbox-unknown" || model.StartsWith("no-such", StringComparison.Ordinal);

    public static Fault NotFound(string model, Provider provider) => provider switch
    {
        Provider.Anthropic => new Fault(404, $"model: {model}"),
        Provider.Gemini => new Fault(404, $"models/{model} is not found for API version v1beta."),
        _ => new Fault(404, $"The model `{model}` does not exist or you do not have access to it.", "model_not_found"),
    };

    /// <summary>Anthropic's list where the caller speaks Anthropic, else OpenAI's; both hold every model but Google's,
    /// which are in a list of their own.</summary>
    public static RequestDelegate List(SandboxState state) => http =>
        Guarded(http, state, (provider, _) => JsonReply.Send(http, 200, Directives.None, provider, WriteList));

    public static RequestDelegate Single(SandboxState state) => http =>
        Guarded(http, state, (provider, id) => IsUnknown(id)
            ? JsonReply.SendFault(http, provider, NotFound(id, provider))
            : JsonReply.Send(http, 200, Directives.None, (provider, id),
                static (json, wanted) => WriteOne(json, Find(wanted.id, wanted.provider), wanted.provider)));

    private static Task Guarded(HttpContext http, SandboxState state, Func<Provider, string, Task> answer)
    {
        var provider = Speaks(http.Request);
        Exchange.Stamp(http, state, provider);
        return Exchange.CheckKey(http.Request, provider) is { } noKey
            ? JsonReply.SendFault(http, provider, noKey)
            : answer(provider, http.Request.RouteValues["id"] as string ?? "");
    }

    private static Model Find(string id, Provider provider) =>
        Array.Find(All, model => model.Id == id) ?? new Model(id, id, new DateOnly(2026, 1, 1), provider);

    private static void WriteList(Utf8JsonWriter json, Provider provider)
    {
        json.WriteStartObject();
        if (provider is Provider.OpenAi) json.WriteString("object"u8, "list"u8);
        json.WriteStartArray(provider is Provider.Gemini ? "models"u8 : "data"u8);
        foreach (var model in provider is Provider.Gemini ? Googles : All) WriteOne(json, model, provider);
        json.WriteEndArray();
        if (provider is Provider.Anthropic)
        {
            json.WriteBoolean("has_more"u8, false);
            json.WriteString("first_id"u8, All[0].Id);
            json.WriteString("last_id"u8, All[^1].Id);
        }
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, Model model, Provider provider)
    {
        var released = new DateTimeOffset(model.Released, TimeOnly.MinValue, TimeSpan.Zero);
        var releasedText = released.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteStartObject();
        if (provider is Provider.Gemini)
        {
            WriteGoogles(json, model);
            return;
        }
        json.WriteString("id"u8, model.Id);
        if (provider is Provider.OpenAi)
        {
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, released.ToUnixTimeSeconds());
            json.WriteString("owned_by"u8, model.Provider is Provider.OpenAi ? "openai"u8 : "anthropic"u8);
        }
        else
        {
            json.WriteString("type"u8, "model"u8);
            json.WriteString("display_name"u8, model.Name);
            json.WriteString("created_at"u8, releasedText);
            json.WriteString("lifecycle"u8, "active"u8);
            foreach (var unstated in Unstated) json.WriteNull(unstated);
        }
        json.WriteEndObject();
    }

    private static void WriteGoogles(Utf8JsonWriter json, Model model)
    {
        json.WriteString("name"u8, "models/" + model.Id);
        json.WriteString("version"u8, "sandbox"u8);
        json.WriteString("displayName"u8, model.Name);
        json.WriteNumber("inputTokenLimit"u8, 1_048_576);
        json.WriteNumber("outputTokenLimit"u8, 65_536);
        json.WriteStartArray("supportedGenerationMethods"u8);
        json.WriteStringValue("generateContent"u8);
        json.WriteStringValue("countTokens"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
