using System.Text.Json;
using Guerdon.Dialects;
using Guerdon.Dialects.Callers;
using Guerdon.Dialects.Gemini;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Lists the models that a key may call, as the caller's provider would.</summary>
internal sealed class ListModels(CallIntake intake)
{
    public Task AllAsync(HttpContext http) => AnswerAsync(http, static (json, dialect, models, _) =>
    {
        json.WriteStartObject();
        if (dialect == Dialect.OpenAi) json.WriteString("object"u8, "list"u8);
        json.WriteStartArray(dialect == Dialect.Gemini ? "models"u8 : "data"u8);
        foreach (var price in models) Write(json, dialect, price);
        json.WriteEndArray();
        if (dialect == Dialect.Anthropic)
        {
            json.WriteBoolean("has_more"u8, false);
            json.WriteString("first_id"u8, models.Count > 0 ? models[0].Model : null);
            json.WriteString("last_id"u8, models.Count > 0 ? models[^1].Model : null);
        }

        json.WriteEndObject();
        return true;
    });

    public Task OneAsync(HttpContext http) => AnswerAsync(http, static (json, dialect, models, name) =>
    {
        if (models.FirstOrDefault(m => m.Model == name) is not { } price) return false;
        Write(json, dialect, price);
        return true;
    });

    private async Task AnswerAsync(HttpContext http, Func<Utf8JsonWriter, Dialect, List<Price>, string?, bool> write)
    {
        var dialect = CallerShape.DialectOf(http.Request);
        var refused = dialect == Dialect.Gemini ? GeminiPaths.CheckQuery(http.Request.Query) : null;
        (var key, refused) = refused is null ? await KeyOfAsync(http) : (null, refused);
        refused ??= intake.RefusesAll();
        if (key is null || refused is not null)
        {
            await CallerShape.RefuseAsync(http, dialect, refused!);
            return;
        }

        var name = http.Request.RouteValues["id"] as string;
        using var body = new MemoryStream();
        await using var json = new Utf8JsonWriter(body);
        if (!write(json, dialect, [.. intake.ModelsOf(key, dialect)], name))
        {
            await CallerShape.RefuseAsync(
                http, dialect, DialectRefusals.UnknownModel.With($"There is no model '{name}'."));
            return;
        }

        await json.FlushAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        body.Position = 0;
        if (!HttpMethods.IsHead(http.Request.Method)) await body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private async ValueTask<(ApiKey? Key, Refused? Refused)> KeyOfAsync(HttpContext http)
    {
        try
        {
            return await intake.KeyOfAsync(http);
        }
        catch (NpgsqlException)
        {
            return (null, GatewayRefusals.Unavailable.With("The database is away."));
        }
    }

    private static void Write(Utf8JsonWriter json, Dialect dialect, Price price)
    {
        json.WriteStartObject();
        if (dialect != Dialect.Gemini) json.WriteString("id"u8, price.Model);
        if (dialect == Dialect.OpenAi)
        {
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, price.EffectiveFrom.ToUnixTimeSeconds());
            json.WriteString("owned_by"u8, price.Provider);
        }
        else if (dialect == Dialect.Gemini) WriteGemini(json, price);
        else
        {
            json.WriteString("type"u8, "model"u8);
            json.WriteString("display_name"u8, price.Model);
            json.WriteString("created_at"u8, price.EffectiveFrom.UtcDateTime);
        }

        json.WriteEndObject();
    }

    private static void WriteGemini(Utf8JsonWriter json, Price price)
    {
        json.WriteString("name"u8, "models/" + price.Model);
        json.WriteString("displayName"u8, price.Model);
        json.WriteNumber("inputTokenLimit"u8, price.ContextTokens);
        json.WriteNumber("outputTokenLimit"u8, price.MaxOutputTokens);
        json.WriteStartArray("supportedGenerationMethods"u8);
        json.WriteStringValue("generateContent"u8);
        json.WriteStringValue("countTokens"u8);
        json.WriteEndArray();
    }
}
