using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Stipend.Browser;
using Stipend.Gateway;
using Stipend.Host.SignIn;
using Stipend.Ledger;
using Stipend.Metering;
using Stipend.People;
using Stipend.Pricing;
using Stipend.Tests;
using Stipend.Web;

[assembly: AssemblyFixture(typeof(Site))]

namespace Stipend.Browser;

/// <summary>The pages of a small company on a real port, and one browser for all tests.</summary>
public sealed class Site : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static readonly string? Chromium =
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists);

    private readonly ConcurrentDictionary<string, Cookie> sessions = [];
    private TestDatabase? database;
    private WebApplication? app;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private Company? company;

    public string Address { get; private set; } = "";

    internal Company Company => company!;

    internal IServiceProvider Services => app!.Services;

    /// <summary>Where pictures of pages go, for people to look at.</summary>
    public static string Pictures { get; } = Path.Combine(Root(), "artifacts", "screenshots");

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["SignIn:PasswordIterations"] = "1000";
        builder.Configuration["SignIn:TriesPerAddressPerMinute"] = "1000";
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(database.Db).AddProblemDetails();
        builder.Services.AddSingleton<CreateKey.IssueKey>();
        builder.AddLedger();
        builder.AddPricing();
        builder.AddPeople();
        builder.AddMetering();
        builder.AddSignIn();
        builder.AddWeb();

        app = builder.Build();
        app.UseExceptionHandler();
        app.UseSignIn();
        app.MapSignIn();
        app.MapPeople();
        app.MapMetering();
        app.MapWeb();

        await SeedBook.RunAsync(database.Db, TimeProvider.System, default);
        await app.Services.GetRequiredService<PriceBook>().ReloadAsync(default);
        company = new Company(
            database.Db, app.Services.GetRequiredService<Accounts>(),
            app.Services.GetRequiredService<ILoggerFactory>());
        await company.FoundAsync();
        company.CatchUp();
        await app.StartAsync();
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (Chromium is not null) await LaunchAsync();
    }

    /// <summary>
    /// A window nobody has used, whose console must stay empty; skips the test where there is no browser.
    /// </summary>
    /// <param name="email">Whose session it has; null: nobody's.</param>
    /// <param name="address">The page it opens.</param>
    /// <param name="width">In CSS pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    internal async Task<Window> OpenAsync(
        string? email, string address = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(browser is null, "These tests need Chromium: apt-get install chromium.");
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Address, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 860 },
        });
        context.SetDefaultTimeout(10_000);
        if (email is not null) await context.AddCookiesAsync([await SessionAsync(email)]);
        var window = new Window(await context.NewPageAsync());
        await window.Page.GotoAsync(address);
        return window;
    }

    // One sign-in a person: the limit of tries holds for tests too.
    private async Task<Cookie> SessionAsync(string email)
    {
        if (sessions.TryGetValue(email, out var known)) return known;

        await using var window = await OpenAsync(email: null, "/sign-in");
        await window.Page.GetByLabel("E-mail").FillAsync(email);
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        var cookie = (await window.Page.Context.CookiesAsync()).Single(c => c.Name == "stipend");
        return sessions[email] = new() { Name = cookie.Name, Value = cookie.Value, Url = Address };
    }

    internal HttpClient Client() =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Address) };

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (database is not null) await database.DisposeAsync();
    }

    private async Task LaunchAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments });
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Stipend.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run the tests from the repository.");
    }
}
