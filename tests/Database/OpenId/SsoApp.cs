using System.Net;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.OpenId;

/// <summary>The application with a provider that people sign in with.</summary>
internal sealed class SsoApp : IAsyncDisposable
{
    public const string Name = "corp";

    private SsoApp(RealApp app, TestProvider provider) => (App, Provider) = (app, provider);

    public RealApp App { get; }
    public TestProvider Provider { get; }

    public AccountDirectory Accounts => App.Services.GetRequiredService<AccountDirectory>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SsoApp> StartAsync(
        ProviderSettings? settings = null, params (string Name, string Value)[] more)
    {
        var provider = await TestProvider.StartAsync();
        var app = await RealApp.StartAsync(
            [("OpenId:LocalProviders:0", "127.0.0.1"), ("OpenId:StartsPerAddressPerMinute", "1000"), .. more]);
        var made = new SsoApp(app, provider);
        try
        {
            await made.SetAsync(Name, settings ?? new(), provider);
            return made;
        }
        catch
        {
            await made.DisposeAsync(); // its connections are others' too
            throw;
        }
    }

    /// <summary>One administrator asks for it, the other agrees.</summary>
    public async Task SetAsync(string name, ProviderSettings settings, TestProvider provider)
    {
        var requests = App.Services.GetRequiredService<ProviderRequests>();
        var asked = await requests.AskAsync(
            name, settings with { Issuer = settings.Issuer ?? provider.Issuer, ClientId = TestProvider.Client },
            await ActorAsync(RealApp.Admin), Ct);
        Assert.True(asked.Is(out var row, out var no), no?.ToString());
        var approved = await requests.ApproveAsync(row.Id, false, await ActorAsync(RealApp.Other), Ct);
        Assert.Null(approved.Refused);
        await App.Services.GetRequiredService<LiveProviders>().ReloadAsync(Ct);
    }

    public async Task<Actor> ActorAsync(string email)
    {
        var account = (await Accounts.FindByEmailAsync(email, Ct))!;
        return new(email, account.PersonId)
        {
            Account = account.Id.Value, Holds = _ => true, IsConfirmedAt = _ => true,
        };
    }

    /// <summary>An account without a person.</summary>
    public async Task<AccountId> AccountAsync(string email, params string[] roles) =>
        (await Accounts.CreateAsync(email, email, roles.Length > 0 ? roles : [Roles.Employee], null, null, Ct))!.Value;

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = App.Db.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }

    public Browsing Browser() => new(App.Address);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

/// <summary>A browser, as far as cookies and redirects go.</summary>
internal sealed class Browsing : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();
    private readonly Uri _address;

    public Browsing(Uri address)
    {
        _address = address;
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies });
    }

    /// <summary>What it was answered last.</summary>
    public string Page { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public bool HasSession => _cookies.GetCookies(_address).Any(cookie => cookie.Name == "guerdon");

    /// <summary>Its session's cookie, as a Cookie header.</summary>
    public string Session => $"{_cookies.GetCookies(_address).Single(cookie => cookie.Name == "guerdon")}";

    /// <summary>All that it has, of whichever address.</summary>
    public string Cookies => string.Join('\n', _cookies.GetAllCookies());

    /// <summary>How many cookies it sends to an address.</summary>
    public int CookiesOf(Uri address) => _cookies.GetCookies(address).Count;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Follows the button, as far as the provider's way back.</summary>
    /// <returns>The address that it sends the browser back to, or where that ended before.</returns>
    public async Task<Uri> LeaveAsync(string name = SsoApp.Name, string more = "")
    {
        var there = await GetAsync(new(_address, $"/sign-in/with/{name}{more}"));
        return there is { Authority: var host } && host != _address.Authority ? (await GetAsync(there))! : there!;
    }

    /// <summary>Follows the button to its end.</summary>
    /// <returns>The path where it ended.</returns>
    public async Task<string> SignInAsync(string name = SsoApp.Name, string more = "")
    {
        var back = await LeaveAsync(name, more);
        return back.AbsolutePath.EndsWith("/back", StringComparison.Ordinal)
            ? await ArriveAsync(back) : back.PathAndQuery;
    }

    public async Task<string> ArriveAsync(Uri back) => (await GetAsync(back))?.PathAndQuery ?? $"{Status}";

    /// <returns>Where it is sent; null: nowhere.</returns>
    public async Task<Uri?> GetAsync(Uri address)
    {
        using var answer = await _http.GetAsync(address, Ct);
        (Status, Page) = (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location is { } to ? new Uri(address, to) : null;
    }

    public async Task<HttpStatusCode> MeAsync()
    {
        await GetAsync(new(_address, "/api/v1/me"));
        return Status;
    }

    /// <summary>Presses the button of signing out, on a page of ours.</summary>
    public async Task<Uri> SignOutAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, "/sign-out"));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Content = new FormUrlEncodedContent([new("from", "/")]);
        using var answer = await _http.SendAsync(request, Ct);
        return new Uri(_address, answer.Headers.Location!);
    }

    public void Dispose() => _http.Dispose();
}
