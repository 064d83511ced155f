using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>One kind of resources, by its name.</summary>
internal static class GetResourceType
{
    internal static IResult Handle(string id, HttpContext http) =>
        ResourceType.All.FirstOrDefault(type => type.Name.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } type
            ? new ScimAnswer(StatusCodes.Status200OK, Descriptions.Of(type, ScimAddress.Of(http)))
            : ScimRefusals.NotServed.With($"There is no resource type {Wording.Shortened(id)}.").ToScim();
}
