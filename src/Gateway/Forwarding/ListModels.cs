using System.Text.Json;
using Guerdon.Dialects;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Lists the models that a key may call, as the caller's provider would.</summary>
internal sealed class ListModels(CallIntake intake)
{
    public Task AllAsync(HttpContext http) => AnswerAsync(http, static (json, dialect, models, _) =>
    {
        dialect.WriteModels(json, models);
        return true;
    });

    public Task OneAsync(HttpContext http) => AnswerAsync(http, static (json, dialect, models, name) =>
    {
        if (models.FirstOrDefault(m => m.Model == name) is not { } price) return false;
        dialect.WriteModel(json, price);
        return true;
    });

    private async Task AnswerAsync(HttpContext http, Func<Utf8JsonWriter, Dialect, List<Price>, string?, bool> write)
    {
        var dialect = KnownDialects.Of(http.Request);
        if (!(await KeyOfAsync(http, dialect)).Is(out var key, out var refused))
        {
            await CallerShape.RefuseAsync(http, dialect, refused);
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

    // The caller's key, where it may list models at all.
    private async ValueTask<Result<ApiKey>> KeyOfAsync(HttpContext http, Dialect dialect)
    {
        if (dialect.CheckQuery(http.Request.Query) is { } unserved) return unserved;
        try
        {
            var result = await intake.KeyOfAsync(http);
            return result.Refused is null && intake.RefusesAll() is { } closed ? closed : result;
        }
        catch (NpgsqlException)
        {
            return GatewayRefusals.Unavailable.With("The database is away.");
        }
    }
}
