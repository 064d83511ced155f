using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary><c>/Me</c>: a directory's token belongs to no user.</summary>
internal static class RefuseMe
{
    internal static IResult Handle() => ScimRefusals.MeNotServed.With("/Me is not served.").ToScim();
}
