using Guerdon.Dialects;
using Guerdon.Dialects.Callers;
using Guerdon.Dialects.Gemini;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Takes <c>POST /v1beta/models/{model}:{method}</c> apart and forwards what is served of it.</summary>
internal static class ServeGemini
{
    public static RequestDelegate With(ForwardCall forward) => http =>
    {
        var segment = http.Request.RouteValues["call"] as string ?? "";
        var refused = GeminiPaths.Read(http.Request, segment, out var api, out var model);
        return refused is null
            ? forward.ServeAsync(http, api, model)
            : CallerShape.RefuseAsync(http, Dialect.Gemini, refused);
    };
}
