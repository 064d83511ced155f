using System.Net;
using Guerdon.Client;

namespace Guerdon.Host.Running;

/// <summary>
/// Where a server listens, in <c>.guerdon/server</c> beside the token: the command line asks the server
/// that its token belongs to.
/// </summary>
internal static class AddressFile
{
    /// <summary>Writes it. A home that cannot be written to is no reason not to serve.</summary>
    public static async Task WriteAsync(string home, string address, CancellationToken ct)
    {
        try
        {
            await SecretFile.WriteAsync(home, GuerdonFolder.ServerFile, Reachable(address), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not fatal, since the command line can still be given --server or GUERDON_URL, and says so.
        }
    }

    /// <summary>Removes it where it still names this server, and not one that was started meanwhile.</summary>
    public static void Remove(string home, string address)
    {
        var path = Path.Combine(GuerdonFolder.Of(home), GuerdonFolder.ServerFile);
        try
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() == Reachable(address)) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays, which does no harm: whoever asks there is only told that no server answers.
        }
    }

    /// <summary>An address on this machine for one that may stand for every interface.</summary>
    internal static string Reachable(string address)
    {
        var plain = address.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)
            .Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var url) || !IPAddress.TryParse(url.DnsSafeHost, out var ip))
            return address;
        var host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : ip.Equals(IPAddress.IPv6Any) ? "[::1]" : null;
        return host is null ? address : $"{url.Scheme}://{host}:{url.Port}";
    }
}
