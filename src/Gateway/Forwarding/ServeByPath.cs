using Guerdon.Dialects.Calls;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Takes paths apart that name model and method, such as <c>POST /v1beta/models/{model}:{method}</c>, and
/// forwards what is served of them.</summary>
internal static class ServeByPath
{
    public static RequestDelegate With(ForwardCall forward, Dialect dialect) => http =>
    {
        var result = dialect.ReadPath(http.Request, http.Request.RouteValues["call"] as string ?? "");
        return result.Is(out var call, out var refused)
            ? forward.ServeAsync(http, call.Api, call.Model)
            : CallerShape.RefuseAsync(http, dialect, refused);
    };
}
