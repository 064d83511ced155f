using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Discovery;

/// <summary>One schema, by its URN.</summary>
internal static class GetSchema
{
    internal static IResult Handle(string id, HttpContext http) =>
        Descriptions.Schemas.FirstOrDefault(one => one.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } schema
            ? new ScimAnswer(StatusCodes.Status200OK, Descriptions.Of(schema, ScimAddress.Of(http)))
            : ScimRefusals.NotServed.With($"There is no schema {Wording.Shortened(id)}.").ToScim();
}
