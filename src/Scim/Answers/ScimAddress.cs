using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Answers;

/// <summary>Where resources are, in full.</summary>
internal static class ScimAddress
{
    public const string Root = "/scim/v2";

    public static string Of(HttpContext http) => PublicAddress.Of(http) + Root;
}
