using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Guerdon.Host.Running;

/// <summary>The address that a server of ours listens on, checked before anything is started.</summary>
internal static class ListenAddress
{
    private const string Forms =
        "write it as http://127.0.0.1:8080, localhost:8080, [::1]:8080, 0.0.0.0:8080 (every interface), "
        + "or a port alone";

    /// <summary>An option whose value is such an address.</summary>
    public static Option<T> Option<T>(string description, Func<T> standard)
    {
        var option = new Option<T>("--listen")
        {
            Description = description, HelpName = "ADDRESS", DefaultValueFactory = _ => standard(),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Read(token.Value).Problem is { } problem) result.AddError(problem);
        });
        return option;
    }

    /// <returns>What Kestrel is told, or what is wrong and what would be right, in one line.</returns>
    public static (string? Url, string? Problem) Read(string text)
    {
        var rest = text.Trim();
        if (rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return (null, $"--listen {text}: Guerdon speaks HTTP here, and a reverse proxy in front of it has the "
                + "certificate; use http://.");
        if (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) rest = rest["http://".Length..];
        if (rest.EndsWith('/')) rest = rest[..^1];
        if (rest.Length == 0) return Wrong(text, "is not an address");
        if (rest.IndexOfAny(['/', '?', '#', '@', ';', ',', ' ', '\\']) >= 0)
            return Wrong(text, "has more in it than a host and a port");

        var colon = rest.LastIndexOf(':');
        var (host, port) = colon < 0 && rest.All(char.IsAsciiDigit) ? ("127.0.0.1", rest)
            : colon < 0 || rest.EndsWith(']') ? (rest, "") : (rest[..colon], rest[(colon + 1)..]);
        if (port.Length == 0) return Wrong(text, "names no port");
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Wrong(text, $"has '{port}' where a port from 0 to 65535 belongs");
        return HostOf(host, number) is { } known
            ? ($"http://{known}:{number.ToString(CultureInfo.InvariantCulture)}", null)
            : Wrong(text, host.Length == 0 ? "names no interface"
                : $"has '{host}', which is neither localhost nor an IP address of this machine");
    }

    /// <summary>Starts a server; what its socket does not like is said in one line.</summary>
    /// <exception cref="ListenException">Nothing can listen there.</exception>
    public static async Task StartAsync(WebApplication app, string url, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (SocketException e)
        {
            throw new ListenException($"{url}: {Reason(e)}", e);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new ListenException($"{url}: another program listens there.", e);
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AccessDenied => "ports below 1024 are for root alone.",
        SocketError.AddressNotAvailable => "no interface of this machine has this address.",
        SocketError.AddressFamilyNotSupported => "this machine does not speak that kind of address.",
        _ => $"{e.Message.TrimEnd('.')}.",
    };

    // A name that Kestrel does not know would mean every interface, and nobody must open those by a slip.
    private static string? HostOf(string host, ushort port)
    {
        if (host == "*") return host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return port == 0 ? "127.0.0.1" : "localhost";
        if (host is ['[', .. var six, ']'])
            return IPAddress.TryParse(six, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                ? host
                : null;
        return host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var v4) ? v4.ToString() : null;
    }

    private static (string?, string?) Wrong(string text, string what) => (null, $"--listen '{text}' {what}: {Forms}.");
}

/// <summary>Nothing can listen at an address; the message says why.</summary>
internal sealed class ListenException(string message, Exception cause) : Exception(message, cause);
