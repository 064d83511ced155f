using System.Net;
using Guerdon.Database.Host;

namespace Guerdon.Database.Passkeys;

/// <summary>A browser at the server's public address, as far as cookies and forms go, and one device in it.</summary>
internal sealed class PasskeyBrowser(RealApp app) : IDisposable
{
    public const string Origin = "https://guerdon.example.com";

    private readonly HttpClient _http = app.Client();

    /// <summary>What it sends, by name.</summary>
    public Dictionary<string, string> Cookies { get; init; } = [];

    /// <summary>What it was answered last.</summary>
    public string Page { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public bool HasSession => Cookies.ContainsKey("__Host-guerdon");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Another window that has the same cookies.</summary>
    public PasskeyBrowser Copy() => new(app) { Cookies = new(Cookies) };

    /// <returns>Where it was sent; null: nowhere.</returns>
    public async Task<string?> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("X-Guerdon", "1");
        if (!path.EndsWith("/options", StringComparison.Ordinal)) request.Headers.Accept.ParseAdd("text/html");
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(one => $"{one.Key}={one.Value}")));
        if (method == HttpMethod.Post && form.Length > 0)
            request.Content = new FormUrlEncodedContent(form.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await _http.SendAsync(request, Ct);
        (Status, Page) = (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
        {
            var (name, value) = set.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : ("", "");
            if (set.Contains("1970", StringComparison.Ordinal)) Cookies.Remove(name);
            else Cookies[name] = value;
        }

        return answer.Headers.Location?.ToString();
    }

    public async Task<string?> SignInAsync(string email, string password = RealApp.Password) =>
        await SendAsync(HttpMethod.Post, "/sign-in", ("email", email), ("password", password));

    /// <summary>What the script asks for.</summary>
    public async Task<string> AskAsync(string path)
    {
        await SendAsync(HttpMethod.Post, path + "/options");
        Assert.True(Status == HttpStatusCode.OK, $"{Status} {Page}");
        return Page;
    }

    public async Task<string?> AddAsync(
        SoftPasskey key, string name = "laptop", SoftPasskey.Lies? lies = null) => await SendAsync(
            HttpMethod.Post, "/passkeys/new",
            ("credential", key.Make(await AskAsync("/passkeys/new"), Origin, lies)), ("name", name));

    /// <summary>Signs in, or confirms, by a passkey.</summary>
    /// <returns>Where it was sent.</returns>
    public async Task<string?> UseAsync(
        SoftPasskey key, string path = "/sign-in/passkey", SoftPasskey.Lies? lies = null, string back = "/keys") =>
        await SendAsync(
            HttpMethod.Post, path, ("credential", key.Sign(await AskAsync(path), Origin, lies)), ("returnUrl", back));

    public async Task<HttpStatusCode> MeAsync()
    {
        await SendAsync(HttpMethod.Get, "/api/v1/me");
        return Status;
    }

    public void Dispose() => _http.Dispose();
}
