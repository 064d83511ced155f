using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Database.Host;
using Guerdon.Database.OpenId;
using Guerdon.OpenId.Providers;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Database.Identity;

/// <summary>Every cookie that is set where people come by HTTPS, by whatever sets it: for TLS and this host alone, not
/// for scripts, and not sent along with what other sites send.</summary>
public sealed partial class CookieTests
{
    // They have a path, so that only their provider's endpoints get them; the prefix of one host takes none.
    private const string OfProviders = "__Secure-guerdon.sso.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cookies_OfAllAnswers_AreForTlsAndThisHostAlone()
    {
        await using var sso = await SsoApp.StartAsync(
            new(Strangers: Strangers.Admit), ("Public:Address", "https://guerdon.example.com"));
        using var client = sso.App.Client();
        var set = new List<string>();
        // Each way in and out, as a browser goes.
        using (var wrong = await RealApp.SignInAsync(client, RealApp.Admin, "x", ("Accept", "text/html"))) Add(wrong);
        using var signedIn = await RealApp.SignInAsync(client, RealApp.Admin, RealApp.Password);
        Add(signedIn);
        var session = RealApp.Cookie(signedIn, "guerdon")!;
        Add(await SendAsync(HttpMethod.Get, "/sign-in/with/corp", ""));
        Add(await SendAsync(HttpMethod.Get, "/sign-in/with/corp", string.Join("; ",
            Enumerable.Range(0, 9).Select(i => $"{OfProviders}c.{i}=N"))));
        Add(await SendAsync(HttpMethod.Get, "/", $"{session}x")); // no session
        // Every page and endpoint, of a stranger and in the session.
        foreach (var endpoint in sso.App.Endpoints)
        {
            var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { } methods
                && !methods.Contains("GET")) continue;
            if (path.Contains("/live/", StringComparison.Ordinal)) continue;
            Add(await SendAsync(HttpMethod.Get, path, ""));
            Add(await SendAsync(HttpMethod.Get, path, session));
        }

        Add(await SendAsync(HttpMethod.Post, "/sign-out", session));

        Assert.Equal(
            ["__Host-guerdon", "__Host-guerdon.device", "__Host-guerdon.form", "__Host-guerdon.tried",
                $"{OfProviders}c", $"{OfProviders}n"],
            set.Select(cookie => cookie.Split('=')[0])
                .Select(name => name.StartsWith(OfProviders, StringComparison.Ordinal)
                    ? name[..(OfProviders.Length + 1)] : name)
                .Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("", string.Join('\n', set.Where(cookie => !IsRight(cookie)).Distinct()));

        void Add(HttpResponseMessage answer)
        {
            if (answer.Headers.TryGetValues("Set-Cookie", out var some)) set.AddRange(some);
        }

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string cookie)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            if (cookie.Length > 0) request.Headers.Add("Cookie", cookie);
            request.Headers.Add("Accept", "text/html");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            if (method == HttpMethod.Post) request.Content = new FormUrlEncodedContent([new("from", "/")]);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            return answer;
        }
    }

    private static bool IsRight(string cookie)
    {
        var words = cookie.ToLowerInvariant().Split("; ")[1..];
        var isOfProvider = cookie.StartsWith(OfProviders, StringComparison.Ordinal);
        return words.Contains("secure") && words.Contains("httponly")
            && words.Any(word => word is "samesite=lax" or "samesite=strict")
            && words.All(word => !word.StartsWith("domain=", StringComparison.Ordinal))
            && (isOfProvider
                ? words.Contains("path=/sign-in/with/corp")
                : cookie.StartsWith("__Host-", StringComparison.Ordinal) && words.Contains("path=/"));
    }

    // A script writes one, so that it is not hidden from scripts; it says nothing but how a page is to look.
    [Theory]
    [InlineData("https://guerdon.example.com", "__Host-theme")]
    [InlineData("", "theme")]
    public async Task Cookie_OfTheScript_HasThePrefixToo(string address, string name)
    {
        await using var app = await RealApp.StartAsync(("Public:Address", address));
        using var client = app.Client();
        var script = await client.GetStringAsync(new Uri(AssetFiles.Address("site.js"), UriKind.Relative), Ct);
        var written = Assert.Single(Written().Matches(script)).Value;
        Assert.Contains("${root.dataset.themeCookie}=", written, StringComparison.Ordinal);
        Assert.Contains("; path=/; ", written, StringComparison.Ordinal);
        Assert.Contains("samesite=lax${secure}", written, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/sign-in", UriKind.Relative));
        request.Headers.Add("Cookie", $"{name}=dark");
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains($"data-theme-cookie=\"{name}\"", page, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"document\.cookie\s*=[^;]*?`[^`]*`")]
    private static partial Regex Written();
}
