using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>The application as it is served, on a port of its own, with two administrators.</summary>
internal sealed partial class RealApp : IAsyncDisposable
{
    public const string Admin = "admin@example.com";
    public const string Other = "other@example.com";
    public const string Password = "correct horse battery";

    private readonly TestDatabase _database;
    private readonly WebApplication _app;

    private RealApp(TestDatabase database, WebApplication app) => (_database, _app) = (database, app);

    public IServiceProvider Services => _app.Services;
    public NpgsqlDataSource Db => _database.Db;
    public Uri Address => new(_app.Urls.Single());

    public IEnumerable<RouteEndpoint> Endpoints =>
        _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The same as the tables' owner: Guerdon's own role owns nothing.</summary>
    public NpgsqlDataSource OwnerDb => _database.OwnerDb;

    public static Task<RealApp> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(TimeProvider.System, settings);

    /// <summary>The same under a clock that can be turned.</summary>
    public static async Task<RealApp> StartAsync(TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync();
        var all = new Dictionary<string, string?> { ["SignIn:PasswordIterations"] = "1000" };
        foreach (var (name, value) in settings) all[name] = value;
        var app = GuerdonApp.Build(database.Db, ["http://127.0.0.1:0"], all, clock);
        await GuerdonApp.PrepareAsync(app, Ct);
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        foreach (var email in new[] { Admin, Other })
            await accounts.CreateAsync(email, email, Roles.Founder, null, Password, Ct);
        await app.StartAsync(Ct);
        return new(database, app);
    }

    public HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>Sends the sign-in form, as a browser that got the page would.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="email">Of an account, or not.</param>
    /// <param name="password">Right or wrong.</param>
    /// <param name="headers">What else is sent; a cookie is added to the form's.</param>
    public static async Task<HttpResponseMessage> SignInAsync(
        HttpClient client, string email, string password, params (string Name, string Value)[] headers)
    {
        var (cookie, token) = await FormAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in");
        foreach (var (name, value) in headers.Where(h => h.Name != "Cookie"))
            request.Headers.TryAddWithoutValidation(name, value);
        var more = headers.Where(h => h.Name == "Cookie").Select(h => h.Value);
        request.Headers.Add("Cookie", string.Join("; ", more.Prepend(cookie)));
        request.Content = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("email", email), new("password", password)]);
        return await client.SendAsync(request, Ct);
    }

    /// <summary>The form's cookie and its token.</summary>
    public static async Task<(string Cookie, string Token)> FormAsync(HttpClient client)
    {
        using var page = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);
        var token = AntiforgeryToken().Match(await page.Content.ReadAsStringAsync(Ct)).Groups[1].Value;
        return (Cookie(page, "guerdon.form")!, token);
    }

    /// <summary>A cookie that an answer sets, as <c>name=value</c>; with the prefix it has over HTTPS, or without.
    /// </summary>
    public static string? Cookie(HttpResponseMessage answer, string name) => Setting(answer, name)?.Split(';')[0];

    /// <summary>All that an answer says of a cookie.</summary>
    public static string? Setting(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues("Set-Cookie", out var all)
            ? all.FirstOrDefault(c => c.StartsWith($"{name}=", StringComparison.Ordinal)
                || c.StartsWith($"__Host-{name}=", StringComparison.Ordinal))
            : null;

    /// <summary>The administrator's session, as a Cookie header.</summary>
    public Task<string> SessionAsync() => SessionAsync(Admin);

    /// <summary>Somebody's session, as a Cookie header.</summary>
    public async Task<string> SessionAsync(string email)
    {
        using var client = Client();
        using var answer = await SignInAsync(client, email, Password);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return Cookie(answer, "guerdon")!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(Ct);
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
