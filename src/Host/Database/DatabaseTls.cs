using System.Net;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>Whether what is said to the database can be read on its way.</summary>
internal static class DatabaseTls
{
    /// <summary>The servers on other machines to which a connection may be in the clear: less than TLS is asked for,
    /// and Npgsql's default, <c>Prefer</c>, takes none where the server offers none.</summary>
    /// <returns>Empty where there are none: all are on this machine, or TLS is required.</returns>
    public static IReadOnlyList<string> InTheClear(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull) return [];
        const StringSplitOptions each = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return [.. (connection.Host ?? "").Split(',', each).Where(host => !IsHere(host))];
    }

    // A socket, or a loopback address; each may have a port of its own.
    private static bool IsHere(string host)
    {
        if (host[0] is '/' or '@') return true;
        if (IPAddress.TryParse(host, out var address)) return IPAddress.IsLoopback(address);
        var name = host.LastIndexOf(':') is > 0 and var at ? host[..at] : host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out address) && IPAddress.IsLoopback(address));
    }
}
