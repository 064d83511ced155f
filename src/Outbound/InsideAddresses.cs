using System.Net;
using System.Net.Sockets;

namespace Guerdon.Outbound;

/// <summary>Which internal addresses may be called.</summary>
/// <param name="Setting">Its setting, as <c>Gateway:LocalProviders</c>, which refusals name.</param>
/// <param name="Entries">Hosts (<c>127.0.0.1</c>), hosts with a port (<c>ollama:11434</c>) or networks
/// (<c>10.1.0.0/16</c>).</param>
public sealed record AllowedInside(string Setting, IReadOnlyList<string> Entries);

/// <summary>
/// Addresses inside: on this machine, or in a private network. Whoever may set an address could have Guerdon call what
/// nobody else reaches, so they are refused unless whoever runs the machine names them in a setting
/// (<see cref="AllowedInside"/>). Addresses of the link, where clouds hand out credentials, never are called.
/// </summary>
public static class InsideAddresses
{
    private static readonly IPNetwork[] OfTheLink =
    [
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("100.100.100.200/32"), IPNetwork.Parse("168.63.129.16/32"), IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("ff00::/8"),
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("::/127"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("64:ff9b:1::/48"),
    ];

    private static readonly string[] NamesOfTheLink =
        ["metadata.google.internal", "metadata.goog", "metadata", "instance-data"];

    /// <summary>Whether an address can only be one inside: then it needs no TLS, where it is allowed.</summary>
    public static bool IsInside(Uri address) => AddressIn(address) is { } ip
        ? Private.Any(network => network.Contains(ip))
        : !NameOf(address).Contains('.', StringComparison.Ordinal)
            || NameOf(address).EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>Why an address is not called by this node, or null: a sentence without its subject.</summary>
    /// <param name="address">Of a provider or a receiver.</param>
    /// <param name="allowed">What may be called inside.</param>
    public static string? Wrong(Uri address, AllowedInside allowed)
    {
        var ip = AddressIn(address);
        var isOfTheLink = ip is null
            ? NamesOfTheLink.Contains(NameOf(address))
            : OfTheLink.Any(network => network.Contains(ip));
        if (isOfTheLink) return $"{address.Host} is an address of the link or of a cloud's metadata.";
        return !IsInside(address) || allowed.Entries.Any(entry => Names(entry, address, ip))
            ? null
            : $"{address.Authority} is on this machine or in a private network: whoever runs it allows that by the "
                + $"setting {allowed.Setting}.";
    }

    /// <summary>Whether one of the addresses that a name resolves to may be called.</summary>
    /// <param name="host">The host that is called, and its port.</param>
    /// <param name="resolved">One of its addresses.</param>
    /// <param name="allowed">What may be called inside.</param>
    public static bool MayCall(DnsEndPoint host, IPAddress resolved, AllowedInside allowed)
    {
        var ip = Plain(resolved);
        if (OfTheLink.Any(network => network.Contains(ip))) return false;
        if (!Private.Any(network => network.Contains(ip))) return true;
        var name = host.Host.Contains(':', StringComparison.Ordinal) ? $"[{host.Host.Trim('[', ']')}]" : host.Host;
        return Uri.TryCreate($"http://{name}:{host.Port}", UriKind.Absolute, out var address)
            && allowed.Entries.Any(entry => Names(entry, address, ip));
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

    private static IPAddress? AddressIn(Uri address)
    {
        return IPAddress.TryParse(address.IdnHost, out var ip) ? Plain(ip) : null;
    }

    // What it leads to: an address of IPv4 may be written as one of IPv6, and a translator (RFC 6052) takes it there.
    private static IPAddress Plain(IPAddress ip) => ip.AddressFamily != AddressFamily.InterNetworkV6 ? ip
        : ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4()
        : Translated.Contains(ip) ? new IPAddress(ip.GetAddressBytes().AsSpan(12)) : ip;
}
