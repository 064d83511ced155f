using Guerdon.Host.Inputs;
using Guerdon.Identity;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Passkeys;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Guerdon.Host.Running;

/// <summary>
/// Who asks, where a trusted proxy says so, and under which address. With a public address every request of a page or
/// the API has its scheme and host, whatever its Host header says. Without one the header must at least be a host,
/// since pages make addresses of it.
/// </summary>
internal static class Reached
{
    public static void AddPublicAddress(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublicOptions>().BindConfiguration(PublicOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PublicOptions>, PublicRules>();
        builder.Services.AddSingleton(services => new NoticeLinks(
            services.GetRequiredService<IOptions<PublicOptions>>().Value.Origin));
        builder.Services.AddSingleton(services => new PasskeyAddress(
            services.GetRequiredService<IOptions<PublicOptions>>().Value.Origin));
        builder.Services.AddOptions<CookieRules>().Configure<IOptions<PublicOptions>>(
            (cookies, reached) => cookies.AreSecure = reached.Value.IsSecure);
    }

    /// <summary>Before any endpoint, the gateway's too: for whom a proxy asks.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<PublicOptions>>().Value;
        if (options.Proxies.Length > 0) app.UseForwardedHeaders(Trusting(options));
    }

    /// <summary>Before anything that makes addresses.</summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<PublicOptions>>().Value;
        if (options.Origin is not { } origin)
        {
            app.Use(NameHostAsync);
            return;
        }

        var (address, host) = (new PublicAddress(origin), new HostString(origin.Authority));
        app.Use((http, next) =>
        {
            http.Request.Scheme = origin.Scheme;
            http.Request.Host = host;
            http.Features.Set(address);
            return next(http);
        });
    }

    // HTTP/1.0 may leave the host out, so then it is the one that the connection came to.
    private static Task NameHostAsync(HttpContext http, RequestDelegate next)
    {
        var named = http.Request.Headers.Host.ToString();
        if (IsHost(http.Request)) return next(http);
        http.Request.Host = Uri.TryCreate(PublicAddress.Of(http), UriKind.Absolute, out var own)
            ? new HostString(own.Authority)
            : new HostString("localhost");
        return string.IsNullOrWhiteSpace(named)
            ? next(http)
            : InputGuard.SayAsync(http, InputRefusals.RequestInvalid.With("The Host header is not a host and port."));
    }

    private static bool IsHost(HttpRequest request)
    {
        try
        {
            return request.Host.HasValue
                && Uri.TryCreate($"http://{request.Host.ToUriComponent()}/", UriKind.Absolute, out _);
        }
        catch (ArgumentException) // a name in Punycode that is not valid
        {
            return false;
        }
    }

    // Never the host, since that is configured. As many proxies in a row as are trusted.
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
