using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>
/// Metadata of endpoints whose refusals have a form that a standard prescribes, also those of whatever stands before
/// them. Without it a refusal is ProblemDetails.
/// </summary>
/// <param name="Write">The answer.</param>
public sealed record RefusalForm(Func<Refused, IResult> Write)
{
    /// <summary>A refusal as the endpoint of a request words it.</summary>
    public static IResult Of(HttpContext http, Refused refused) => Find(http)?.Write(refused) ?? refused.ToProblem();

    /// <summary>What the endpoint of a request has; also after it failed, when the request has none any more.</summary>
    public static RefusalForm? Find(HttpContext http)
    {
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint?.Metadata.GetMetadata<RefusalForm>();
    }
}
