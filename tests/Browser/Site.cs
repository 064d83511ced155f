using System.Collections.Concurrent;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Guerdon.Browser.Site))]

namespace Guerdon.Browser;

/// <summary>The pages of a small company on a real port, and one browser for all tests.</summary>
public sealed class Site : IAsyncLifetime
{
    // How long a page, an element or an expectation may take: other suites run beside this one.
    private const int PatienceMs = 90_000;

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string? Chromium =
        new[] { "chromium", "chromium-browser", "google-chrome" }.Select(n => "/usr/bin/" + n).FirstOrDefault(
            File.Exists);

    private readonly ConcurrentDictionary<string, Cookie> _sessions = [];
    private TestDatabase? _database;
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Company? _company;

    public string Address { get; private set; } = "";

    /// <summary>How much history its company has.</summary>
    internal int Days { get; init; } = 45;

    internal Company Company => _company!;

    internal IServiceProvider Services => _app!.Services;

    /// <summary>Where pictures of pages go, for people to look at.</summary>
    public static string Pictures { get; } = Path.Combine(Checkout.Root, "artifacts", "screenshots");

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _app = GuerdonApp.Build(_database.Db, ["http://127.0.0.1:0"], new Dictionary<string, string?>
        {
            ["SignIn:PasswordIterations"] = "1000",
            ["SignIn:TriesPerAddressPerMinute"] = "1000",
        });
        await GuerdonApp.PrepareAsync(_app, default);
        _company = new Company(
            _database.Db, _app.Services.GetRequiredService<AccountDirectory>(),
            _app.Services.GetRequiredService<PriceBook>(),
            _app.Services.GetRequiredService<ILoggerFactory>());
        await _company.FoundAsync(Days);
        _company.CatchUp();
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (Chromium is not null) await LaunchAsync();
    }

    /// <summary>A fresh window, whose console must stay empty. Skips the test where there is no browser.</summary>
    /// <param name="email">Whose session it has; null: nobody's.</param>
    /// <param name="address">The page it opens.</param>
    internal async Task<Window> OpenAsync(string? email, string address = "/")
    {
        Assert.SkipWhen(_browser is null, "These tests need Chromium: apt-get install chromium.");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Address, ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1280, Height = 860 },
            ReducedMotion = ReducedMotion.Reduce, // a colour on its way from light to dark has a contrast of its own
        });
        context.SetDefaultTimeout(PatienceMs);
        if (email is not null) await context.AddCookiesAsync([await SessionAsync(email)]);
        var window = new Window(await context.NewPageAsync());
        await window.Page.GotoAsync(address);
        return window;
    }

    // One sign-in a person: the limit of tries holds for tests too.
    private async Task<Cookie> SessionAsync(string email)
    {
        if (_sessions.TryGetValue(email, out var known))
        {
            await ConfirmAsync(email);
            return known;
        }

        await using var window = await OpenAsync(email: null, "/sign-in");
        await window.Page.GetByLabel("E-mail").FillAsync(email);
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        var cookie = (await window.Page.Context.CookiesAsync()).Single(c => c.Name == "guerdon");
        return _sessions[email] = new() { Name = cookie.Name, Value = cookie.Value, Url = Address };
    }

    // Suites take longer than the ten minutes for which a sign-in approves money.
    private async Task ConfirmAsync(string email) => await _database!.Db.ExecuteAsync("""
        update host.session s set confirmed_at = $2
          from host.account a
         where a.account_id = s.account_id and a.email = $1 and s.ended_at is null
        """, [email, TimeProvider.System.GetUtcNow()], CancellationToken.None);

    internal HttpClient Client() =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Address) };

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_database is not null) await _database.DisposeAsync();
    }

    private async Task LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments });
    }
}
