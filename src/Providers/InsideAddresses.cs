using System.Net;
using System.Net.Sockets;

namespace Guerdon.Providers;

/// <summary>
/// Addresses inside: on this machine, or in a private network. Whoever may set providers could have Guerdon call what
/// nobody else reaches, so they are refused unless whoever runs the machine names them in
/// <see cref="GatewayOptions.LocalProviders"/>. Addresses of the link, where clouds hand out credentials, never are
/// called.
/// </summary>
internal static class InsideAddresses
{
    private static readonly IPNetwork[] OfTheLink =
    [
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("100.100.100.200/32"), IPNetwork.Parse("168.63.129.16/32"), IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("ff00::/8"),
    ];

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("::/127"), IPNetwork.Parse("fc00::/7"),
    ];

    private static readonly string[] NamesOfTheLink =
        ["metadata.google.internal", "metadata.goog", "metadata", "instance-data"];

    /// <summary>Whether an address can only be one inside: then it needs no TLS, where it is allowed.</summary>
    public static bool IsInside(Uri address) => AddressIn(address) is { } ip
        ? Private.Any(network => network.Contains(ip))
        : !NameOf(address).Contains('.', StringComparison.Ordinal)
            || NameOf(address).EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>Why a provider's address is not called by this node, or null.</summary>
    /// <param name="address">Of the provider.</param>
    /// <param name="allowed"><see cref="GatewayOptions.LocalProviders"/>.</param>
    public static string? Wrong(Uri address, IEnumerable<string> allowed)
    {
        var ip = AddressIn(address);
        var isOfTheLink = ip is null
            ? NamesOfTheLink.Contains(NameOf(address))
            : OfTheLink.Any(network => network.Contains(ip));
        if (isOfTheLink) return $"BaseUrl {address.Host} is an address of the link or of a cloud's metadata.";
        return !IsInside(address) || allowed.Any(entry => Names(entry, address, ip))
            ? null
            : $"BaseUrl {address.Authority} is on this machine or in a private network: whoever runs it allows such "
                + $"a provider by the setting {GatewayOptions.Section}:{nameof(GatewayOptions.LocalProviders)}.";
    }

    /// <summary>Whether one of the addresses that a name resolves to may be called.</summary>
    /// <param name="host">The provider's host and port.</param>
    /// <param name="resolved">One of its addresses.</param>
    /// <param name="allowed"><see cref="GatewayOptions.LocalProviders"/>.</param>
    public static bool MayCall(DnsEndPoint host, IPAddress resolved, IEnumerable<string> allowed)
    {
        var ip = Plain(resolved);
        if (OfTheLink.Any(network => network.Contains(ip))) return false;
        if (!Private.Any(network => network.Contains(ip))) return true;
        var name = host.Host.Contains(':', StringComparison.Ordinal) ? $"[{host.Host.Trim('[', ']')}]" : host.Host;
        return Uri.TryCreate($"http://{name}:{host.Port}", UriKind.Absolute, out var address)
            && allowed.Any(entry => Names(entry, address, ip));
    }

    /// <summary>Whether an entry of the setting makes sense: a network, a host, or a host and its port.</summary>
    public static bool IsEntry(string entry) =>
        IPNetwork.TryParse(entry, out _) || IPAddress.TryParse(entry, out _)
        || (!entry.Contains('/', StringComparison.Ordinal)
            && Uri.TryCreate($"http://{entry}", UriKind.Absolute, out _));

    private static bool Names(string entry, Uri address, IPAddress? ip)
    {
        if (IPNetwork.TryParse(entry, out var network)) return ip is not null && network.Contains(ip);
        if (IPAddress.TryParse(entry, out var single)) return single.Equals(ip);
        if (entry.Contains(':', StringComparison.Ordinal))
            return Uri.TryCreate($"{address.Scheme}://{entry}", UriKind.Absolute, out var named)
                && named.IdnHost.Equals(address.IdnHost, StringComparison.OrdinalIgnoreCase)
                && named.Port == address.Port;
        return entry.Equals(NameOf(address), StringComparison.OrdinalIgnoreCase);
    }

    private static string NameOf(Uri address) => address.IdnHost.TrimEnd('.').ToLowerInvariant();

    // The framework has read 2130706433, 0x7f.1 and the like as addresses already.
    private static IPAddress? AddressIn(Uri address)
    {
        return IPAddress.TryParse(address.IdnHost, out var ip) ? Plain(ip) : null;
    }

    private static IPAddress Plain(IPAddress ip) =>
        ip.AddressFamily == AddressFamily.InterNetworkV6 && ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
}
