using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Relay.Callers;

/// <summary>Refuses what PostgreSQL and JSON cannot hold in the address and query of a call, ahead of every
/// handler: these routes pass by the pipeline that does so for all others.</summary>
public static class CallerText
{
    public static void Guard(IEndpointConventionBuilder routes) => routes.Finally(endpoint =>
    {
        if (endpoint.RequestDelegate is not { } serve) return;
        endpoint.RequestDelegate = http => Fault(http.Request) is { } fault
            ? CallerShape.RefuseAsync(http, KnownDialects.Of(http.Request), RelayRefusals.TextInvalid.With(fault))
            : serve(http);
    });

    private static string? Fault(HttpRequest request)
    {
        foreach (var (name, value) in request.RouteValues)
            if (value is string text && InputText.Fault(text) is { } fault) return $"{name} {fault}";
        if (!request.QueryString.HasValue) return null;

        foreach (var (name, values) in request.Query)
            foreach (var text in values)
                if ((InputText.Fault(name) ?? InputText.Fault(text)) is { } fault)
                    return $"A field of the query {fault}";
        return null;
    }
}
