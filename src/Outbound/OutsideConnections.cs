using System.Net;
using System.Net.Sockets;

namespace Guerdon.Outbound;

/// <summary>
/// Connections to addresses that somebody set. A name is judged by what it resolves to at the moment of connecting: one
/// that was outside when it was set may be made to point inside later.
/// </summary>
public static class OutsideConnections
{
    /// <summary>Connects to the first address of a host that may be called.</summary>
    /// <param name="to">A name or an address, and the port.</param>
    /// <param name="allowed">What may be called inside.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SocketException">No such name, nobody there, or nothing there that may be called.</exception>
    public static async ValueTask<Stream> OpenAsync(DnsEndPoint to, AllowedInside allowed, CancellationToken ct)
    {
        var resolved = IPAddress.TryParse(to.Host, out var literal)
            ? [literal] : await Dns.GetHostAddressesAsync(to.Host, ct);
        var callable = resolved.Where(ip => InsideAddresses.MayCall(to, ip, allowed)).ToArray();
        if (callable.Length == 0)
            throw new SocketException((int)SocketError.AccessDenied,
                $"{to.Host} resolves to {string.Join(", ", resolved.Take(4).Select(ip => $"{ip}"))}, inside: whoever"
                + $" runs the node allows it by {allowed.Setting}");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(callable, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
