using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>
/// Metadata of endpoints that programs call: they answer in ProblemDetails, never with a page or by sending to one.
/// What an endpoint is stands at the endpoint; the text of a path says nothing of it.
/// </summary>
public sealed class ForPrograms
{
    public static readonly ForPrograms Mark = new();

    private ForPrograms()
    {
    }

    /// <summary>Whether the endpoint of a request is one; also after it failed, when the request has none any more.
    /// </summary>
    public static bool Are(HttpContext http)
    {
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint?.Metadata.GetMetadata<ForPrograms>() is not null;
    }
}
