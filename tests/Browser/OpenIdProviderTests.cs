using System.Diagnostics;
using Guerdon.Database.Clients;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>A browser signs in at a provider that somebody else wrote (npm <c>oidc-provider</c>), in a process of its
/// own: also after it has a new key; and is signed out there.</summary>
public sealed class OpenIdProviderTests(Site site)
{
    private const string Package = "oidc-provider@9.13.3", Ada = "ada@example.com", Bo = "bo@example.com";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_OfAnother_SignsIn_RollsItsKeyOver_ConfirmsAndSignsOut()
    {
        await using var company = await SsoCompany.StartAsync();
        await using var window = await site.OpenAsync(email: null, company.Address + "/sign-in?ReturnUrl=/sessions");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Corp login" }).ClickAsync();
        await company.LogInThereAsync(window, Ada);
        await window.ArriveAsync(company.Address + "/sessions");

        // By a key that has signed nothing before, in a browser that is signed in there already: by keyboard alone.
        await company.RotateAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await window.ArriveAsync(company.Address + "/signed-out**");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Go to sign-in" }).ClickAsync();
        await window.ArriveAsync(company.Address + "/sign-in");
        var button = window.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Corp login" });
        await button.FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).WaitForAsync();

        // Money is approved by whoever has just shown who they are, there.
        await window.Page.GotoAsync(company.Address + "/confirm?ReturnUrl=/sessions");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Confirm with Corp login" }).ClickAsync();
        await company.LogInThereAsync(window, Ada);
        await window.ArriveAsync(company.Address + "/sessions");
        Assert.True(await company.IsConfirmedAsync());

        // Signed out there, they are signed out here: what the provider calls is our address, not the browser.
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).WaitForAsync();
        await window.Page.GotoAsync(company.Issuer + "/session/end");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByText("Sign-out Success")).ToBeVisibleAsync();
        await window.Page.GotoAsync(company.Address + "/sessions");
        await window.ArriveAsync(company.Address + "/sign-in**");
        Assert.Equal("provider", await company.LastEndAsync());
    }

    [Fact]
    public async Task Provider_OfAnother_SendsAStrangerToAPage()
    {
        await using var company = await SsoCompany.StartAsync();
        await using var window = await site.OpenAsync(email: null, company.Address + "/sign-in");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Corp login" }).ClickAsync();
        await company.LogInThereAsync(window, Bo);
        await window.ArriveAsync(company.Address + "/sign-in/problem?why=unknown&with=corp");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("nobody here has your address");
    }

    /// <summary>Guerdon with that provider.</summary>
    private sealed class SsoCompany : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly WebApplication _app;
        private readonly ClientHome _home;
        private readonly Process _provider;

        private SsoCompany(TestDatabase database, WebApplication app, ClientHome home, Process provider) =>
            (_database, _app, _home, _provider) = (database, app, home, provider);

        public string Address => _app.Urls.Single();

        public string Issuer { get; private set; } = "";

        public static async Task<SsoCompany> StartAsync()
        {
            var folder = await NodeClients.InstalledAsync(Package);
            var database = await TestDatabase.CreateAsync();
            var keyFile = Path.Combine(TestHome.New(), "data.key");
            KeyFile.Make(keyFile);
            var app = GuerdonApp.Build(database.Db, ["http://127.0.0.1:0"], new Dictionary<string, string?>
            {
                ["SignIn:PasswordIterations"] = "1000", ["OpenId:LocalProviders:0"] = "127.0.0.1",
                [KeyFile.Setting] = keyFile,
            });
            await GuerdonApp.PrepareAsync(app, Ct);
            await app.StartAsync(Ct);
            var home = new ClientHome(folder);
            var script = Path.Combine(home.Folder, "provider.mjs");
            File.Copy(Path.Combine(AppContext.BaseDirectory, "provider.mjs"), script);
            var made = new SsoCompany(
                database, app, home, NodeClients.Start(home.Folder, "node", script, app.Urls.Single()));
            made.Issuer = (await made._provider.StandardOutput.ReadLineAsync(Ct))!;
            await made.FoundAsync();
            return made;
        }

        /// <summary>Its own page: whatever is typed is right.</summary>
        public async Task LogInThereAsync(Window window, string email)
        {
            await window.ArriveAsync(Issuer + "/interaction/*");
            await window.Page.Locator("input[name=login]").FillAsync(email);
            await window.Page.Locator("input[name=password]").FillAsync("anything");
            await window.Page.Locator("button[type=submit]").ClickAsync();
        }

        public async Task RotateAsync()
        {
            await _provider.StandardInput.WriteLineAsync("rotate");
            await _provider.StandardInput.FlushAsync(Ct);
            Assert.Equal("rotated", await _provider.StandardOutput.ReadLineAsync(Ct));
        }

        public async Task<bool> IsConfirmedAsync() => (bool)(await ScalarAsync("""
            select confirmed_at > made_at from host.session where ended_at is null
            """))!;

        public async Task<string> LastEndAsync() => (string)(await ScalarAsync(
            "select ended_why from host.session where ended_at is not null order by ended_at desc limit 1"))!;

        public async ValueTask DisposeAsync()
        {
            _provider.StandardInput.Close();
            if (!_provider.WaitForExit(TimeSpan.FromSeconds(10))) _provider.Kill(entireProcessTree: true);
            _provider.Dispose();
            _home.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
            await _database.DisposeAsync();
        }

        private async Task FoundAsync()
        {
            var accounts = _app.Services.GetRequiredService<AccountDirectory>();
            await accounts.CreateAsync(Ada, "Ada", [Roles.Employee], null, null, Ct);
            var (one, two) = (await AdminAsync(accounts, "one"), await AdminAsync(accounts, "two"));
            var requests = _app.Services.GetRequiredService<ProviderRequests>();
            var asked = await requests.AskAsync(
                "corp", new(Issuer, "guerdon", "a secret that is long enough", "Corp login"), one, Ct);
            Assert.True(asked.Is(out var row, out var no), no?.ToString());
            Assert.Null((await requests.ApproveAsync(row.Id, false, two, Ct)).Refused);
            await _app.Services.GetRequiredService<LiveProviders>().ReloadAsync(Ct);
        }

        private static async Task<Actor> AdminAsync(AccountDirectory accounts, string name)
        {
            var id = await accounts.CreateAsync(
                $"{name}@example.com", name, [Roles.Administrator], null, "a password of one's own", Ct);
            return new($"{name}@example.com", null)
            {
                Account = id!.Value.Value, Holds = _ => true, IsConfirmedAt = _ => true,
            };
        }

        private async Task<object?> ScalarAsync(string sql)
        {
            await using var command = _database.Db.CreateCommand(sql);
            return await command.ExecuteScalarAsync(Ct);
        }
    }
}
