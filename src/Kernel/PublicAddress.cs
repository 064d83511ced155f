using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>Where people and programs find this server. A feature of each request where it is configured.</summary>
/// <param name="Origin">As <c>https://guerdon.example.com</c>, without a path.</param>
public sealed record PublicAddress(Uri Origin)
{
    /// <summary>
    /// What links begin with, as <c>https://guerdon.example.com</c>: the configured address, else the one that the
    /// connection came to. Never the Host header, which whoever asks can fill in as they like.
    /// </summary>
    public static string Of(HttpContext http)
    {
        if (http.Features.Get<PublicAddress>() is { } known) return known.Origin.GetLeftPart(UriPartial.Authority);
        var connection = http.Connection;
        if (connection.LocalIpAddress is not { } at) return $"{http.Request.Scheme}://localhost";
        var host = at.IsIPv4MappedToIPv6 ? at.MapToIPv4() : at;
        return $"{http.Request.Scheme}://{new HostString(host.ToString(), connection.LocalPort)}";
    }
}
