using System.Globalization;

namespace Guerdon.Passkeys;

/// <summary>For which name of this server passkeys are made, and from which origin they are taken. Host gives it, from
/// the public address that is configured: never from what a request says.</summary>
/// <param name="Public">As <c>https://guerdon.example.com</c>; null: none is configured.</param>
public sealed record PasskeyAddress(Uri? Public)
{
    /// <summary>The server's name, without scheme and port; null: there are no passkeys here, since browsers make none
    /// for a number or without a name that stays.</summary>
    public string? Domain => Public is { HostNameType: UriHostNameType.Dns } named
        ? named.IdnHost.ToLowerInvariant() : null;

    /// <summary>As browsers write it: scheme, name, and a port that is not the scheme's own.</summary>
    internal string Origin => Public is null ? "" : Public.IsDefaultPort
        ? $"{Public.Scheme}://{Domain}"
        : string.Create(CultureInfo.InvariantCulture, $"{Public.Scheme}://{Domain}:{Public.Port}");
}
