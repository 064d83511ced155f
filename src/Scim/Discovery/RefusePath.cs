using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>An address that there is not.</summary>
internal static class RefusePath
{
    internal static IResult Handle(HttpContext http) => ScimRefusals.NotServed
        .With($"There is nothing at {Wording.Shortened(http.Request.Path)}.").ToScim();
}
