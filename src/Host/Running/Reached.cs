using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Stipend.Kernel;

namespace Stipend.Host.Running;

/// <summary>
/// Before anything else: who asks, where a trusted proxy says so, and under which address. With a public address every
/// request has its scheme and host, whatever its Host header says.
/// </summary>
internal static class Reached
{
    public static void AddPublicAddress(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublicOptions>().BindConfiguration(PublicOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PublicOptions>, PublicRules>();
    }

    public static void UsePublicAddress(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<PublicOptions>>().Value;
        if (options.Proxies.Length > 0) app.UseForwardedHeaders(Trusting(options));
        if (options.Origin is not { } origin) return;

        var (address, host) = (new PublicAddress(origin), new HostString(origin.Authority));
        app.Use((http, next) =>
        {
            http.Request.Scheme = origin.Scheme;
            http.Request.Host = host;
            http.Features.Set(address);
            return next(http);
        });
    }

    // The host is not taken from a proxy: it is configured. As many proxies in a row as are trusted.
    private static ForwardedHeadersOptions Trusting(PublicOptions options)
    {
        var trusted = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null,
        };
        trusted.KnownIPNetworks.Clear();
        trusted.KnownProxies.Clear();
        foreach (var text in options.Proxies)
            if (PublicOptions.TryNetwork(text, out var network)) trusted.KnownIPNetworks.Add(network);
        return trusted;
    }
}
