using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Grants.Plans;

/// <summary>
/// The JSON Schema of a plan's file, for editors: <c>docs/schemas/plan.schema.json</c>, carried in the program. It says
/// nothing of a company, so anybody may read it.
/// </summary>
internal static class PlanSchema
{
    /// <summary>Where it is served.</summary>
    public const string Address = "/schemas/plan.json";

    private static readonly byte[] Bytes = Load();

    private static readonly EntityTagHeaderValue Tag =
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes), 0, 6)}\"");

    /// <summary>The schema, which may be cached for an hour; 304 for whoever still has it.</summary>
    public static FileContentHttpResult Handle(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(Bytes, "application/schema+json", entityTag: Tag);
    }

    private static byte[] Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("schemas/plan.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
