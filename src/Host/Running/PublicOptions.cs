using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Guerdon.Host.Running;

/// <summary>How this server is reached from outside: its address there, and the proxies in front.</summary>
internal sealed record PublicOptions
{
    public const string Section = "Public";

    /// <summary>As <c>https://guerdon.example.com</c>: links, cookies and the check of origins follow it. Empty: the
    /// address it listens on.</summary>
    public string Address { get; init; } = "";

    /// <summary>
    /// Networks, as <c>10.0.0.0/24</c>, or addresses of proxies: only these are believed when they say for whom they
    /// ask (<c>X-Forwarded-For</c>). They need <see cref="Address"/>.
    /// </summary>
    public string[] Proxies { get; init; } = [];

    /// <summary>Whether browsers are to take all names below the address's by HTTPS alone. Nobody can tell by its name
    /// whether these are the whole company's.</summary>
    public bool HstsSubdomains { get; init; }

    /// <summary>The address; null where none is set.</summary>
    public Uri? Origin => Address.Length == 0 ? null : new Uri(Address);

    public bool IsSecure => Origin?.Scheme == Uri.UriSchemeHttps;

    /// <summary>What browsers are told of HTTPS; null where the address is without.</summary>
    public string? Hsts => !IsSecure ? null
        : HstsSubdomains ? "max-age=31536000; includeSubDomains" : "max-age=31536000";

    /// <summary>Why an address cannot be the public one, or null.</summary>
    public static string? WrongAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? null
            : $"'{address}' cannot be the public address: write it as https://guerdon.example.com, without a path.";

    /// <summary>Why a text names no proxies, or null.</summary>
    public static string? WrongProxy(string network) => TryNetwork(network, out _)
        ? null
        : $"'{network}' names no proxies: write their network as 10.0.0.0/24, or an address as 10.0.0.7.";

    /// <summary>A network, or an address as a network of its own. All of the internet is none.</summary>
    internal static bool TryNetwork(string text, out IPNetwork network)
    {
        if (!text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address))
            text = string.Create(CultureInfo.InvariantCulture, $"{address}/{address.GetAddressBytes().Length * 8}");
        return IPNetwork.TryParse(text, out network) && network.PrefixLength > 0;
    }
}

/// <summary>Stops the start where the address or a proxy makes no sense.</summary>
internal sealed class PublicRules : IValidateOptions<PublicOptions>
{
    public ValidateOptionsResult Validate(string? name, PublicOptions options)
    {
        var wrong = options.Proxies.Select(PublicOptions.WrongProxy)
            .Append(options.Address.Length == 0 ? null : PublicOptions.WrongAddress(options.Address))
            .Append(options is { Proxies.Length: > 0, Address: "" }
                ? "Public:Proxies (--behind-proxy) needs Public:Address: the address that people type, as "
                    + "--public-address https://guerdon.example.com."
                : null)
            .OfType<string>().ToArray();
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
