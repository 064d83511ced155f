using Guerdon.Scim.Answers;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>The kinds of resources.</summary>
internal static class ListResourceTypes
{
    internal static IResult Handle(HttpContext http) => ScimList.Of(
        ResourceType.All.Count, 1,
        [.. ResourceType.All.Select(type => Descriptions.Of(type, ScimAddress.Of(http)))]);
}
