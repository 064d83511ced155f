using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>The methods that an address does have; metadata of those that it does not.</summary>
internal sealed record ServedMethods(string Allow);

/// <summary>A method that an address does not have.</summary>
internal static class RefuseMethod
{
    internal static IResult Handle(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ServedMethods>() is { } served)
            http.Response.Headers.Allow = served.Allow;
        return ScimRefusals.MethodNotServed
            .With($"{http.Request.Method} {Wording.Shortened(http.Request.Path)} is not served.").ToScim();
    }
}
