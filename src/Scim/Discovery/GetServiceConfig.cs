using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>What this service can do.</summary>
internal static class GetServiceConfig
{
    internal static IResult Handle(HttpContext http) =>
        new ScimAnswer(StatusCodes.Status200OK, Descriptions.Config(ScimAddress.Of(http)));
}
