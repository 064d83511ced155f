using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>All schemas.</summary>
internal static class ListSchemas
{
    internal static IResult Handle(HttpContext http) => ScimList.Of(
        Descriptions.Schemas.Count, 1,
        [.. Descriptions.Schemas.Select(schema => Descriptions.Of(schema, ScimAddress.Of(http)))]);
}
