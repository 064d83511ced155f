using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Web.Shared;

/// <summary>Style, script and icon: carried in the program, addressed by content, so that browsers keep it.</summary>
internal static class AssetFiles
{
    private const string Folder = "assets/";

    private static readonly FrozenDictionary<string, (byte[] Bytes, string Version)> Files =
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], Load);

    /// <summary>Where a page finds a file.</summary>
    public static string Address(string name) => $"/assets/{Files[name].Version}/{name}";

    public static Results<FileContentHttpResult, NotFound> Serve(string version, string name, HttpContext context)
    {
        if (!Files.TryGetValue(name, out var file)) return TypedResults.NotFound();

        context.Response.Headers.CacheControl =
            version == file.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(file.Bytes, TypeOf(name), entityTag: new EntityTagHeaderValue($"\"{file.Version}\""));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };

    private static (byte[] Bytes, string Version) Load(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes), 0, 6));
    }
}
