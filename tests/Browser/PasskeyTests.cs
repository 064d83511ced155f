using System.Net;
using System.Net.Sockets;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>A passkey of Chromium's own device: added, used by keyboard alone to sign in and to confirm, and removed.
/// </summary>
public sealed class PasskeyTests(Site site)
{
    private const string Ada = "ada@example.com";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passkey_OfABrowser_IsAdded_SignsIn_Confirms_AndIsRemoved()
    {
        await using var company = await NamedCompany.StartAsync();
        await using var window = await site.OpenAsync(email: null, company.Address + "/sign-in?ReturnUrl=/passkeys");
        var device = await Device.PlugInAsync(window);
        await window.Page.GetByLabel("E-mail").FillAsync(Ada);
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await window.ArriveAsync(company.Address + "/passkeys");
        await window.Page.GetByLabel("Name of the new one").FillAsync("laptop");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.ArriveAsync(company.Address + "/passkeys?why=added");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Rowheader, new() { Name = "laptop" }))
            .ToBeVisibleAsync();
        Assert.Equal(1, await device.CountAsync());
        await window.PictureAsync("passkeys");

        await window.Page.GetByLabel("Another name for laptop").FillAsync("old laptop");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Rename laptop" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Rowheader, new() { Name = "old laptop" }))
            .ToBeVisibleAsync();

        // The same device again: it says so, and nothing is sent.
        await window.Page.GetByLabel("Name of the new one").FillAsync("again");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("has a passkey for your account");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await window.ArriveAsync(company.Address + "/sign-in");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).WaitForAsync();
        await window.PictureAsync("sign-in-passkey");
        await NamedCompany.TabToAsync(window, "Sign in with a passkey");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).WaitForAsync();
        Assert.Equal(2, await company.SessionsAsync());

        await company.ForgetConfirmationAsync();
        await window.Page.GotoAsync(company.Address + "/confirm?ReturnUrl=/passkeys");
        await NamedCompany.TabToAsync(window, "Confirm with a passkey");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.ArriveAsync(company.Address + "/passkeys");
        Assert.True(await company.IsConfirmedAsync());

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Remove old laptop" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByText("You have none yet.")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await window.ArriveAsync(company.Address + "/sign-in");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await window.ArriveAsync(company.Address + "/sign-in?why=passkey**");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("signed nobody in");
    }

    // Whoever says no, or has none, is told, and may go on with the password.
    [Fact]
    public async Task Passkey_ThatNobodyUses_SendsNothing()
    {
        await using var company = await NamedCompany.StartAsync();
        await using var window = await site.OpenAsync(email: null, company.Address + "/sign-in");
        await Device.PlugInAsync(window, verifies: false);
        var button = window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" });
        await button.ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was sent");
        await Assertions.Expect(button).ToBeEnabledAsync();
    }

    /// <summary>Chromium's virtual device, by its debugging protocol.</summary>
    private sealed class Device(ICDPSession session, string id)
    {
        public static async Task<Device> PlugInAsync(Window window, bool verifies = true)
        {
            var session = await window.Page.Context.NewCDPSessionAsync(window.Page);
            await session.SendAsync("WebAuthn.enable");
            var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true, ["isUserVerified"] = verifies,
                    ["automaticPresenceSimulation"] = true,
                },
            });
            return new(session, added!.Value.GetProperty("authenticatorId").GetString()!);
        }

        public async Task<int> CountAsync()
        {
            var all = await session.SendAsync(
                "WebAuthn.getCredentials", new() { ["authenticatorId"] = id });
            return all!.Value.GetProperty("credentials").GetArrayLength();
        }
    }

    /// <summary>Guerdon under a name.</summary>
    private sealed class NamedCompany : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly WebApplication _app;

        private NamedCompany(TestDatabase database, WebApplication app, string address) =>
            (_database, _app, Address) = (database, app, address);

        public string Address { get; }

        public static async Task<NamedCompany> StartAsync()
        {
            var database = await TestDatabase.CreateAsync();
            var port = FreePort();
            var address = $"http://localhost:{port}";
            var app = GuerdonApp.Build(database.Db, [$"http://127.0.0.1:{port}"], new Dictionary<string, string?>
            {
                ["SignIn:PasswordIterations"] = "1000", ["Public:Address"] = address,
            });
            await GuerdonApp.PrepareAsync(app, Ct);
            await app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
                Ada, "Ada", [Roles.Employee], null, Company.Password, Ct);
            await app.StartAsync(Ct);
            return new(database, app, address);
        }

        /// <summary>Presses Tab until a button has the focus.</summary>
        public static async Task TabToAsync(Window window, string name)
        {
            for (var i = 0; i < 40; i++)
            {
                var at = await window.Page.EvaluateAsync<string>("document.activeElement?.textContent?.trim() ?? ''");
                if (at == name) return;
                await window.Page.Keyboard.PressAsync("Tab");
            }

            Assert.Fail($"Nobody gets to '{name}' by keyboard.");
        }

        public async Task<long> SessionsAsync() => (long)(await ScalarAsync("select count(*) from host.session"))!;

        public async Task<bool> IsConfirmedAsync() => (bool)(await ScalarAsync(
            "select confirmed_at > now() - interval '5 minutes' from host.session where ended_at is null"))!;

        public async Task ForgetConfirmationAsync() =>
            await ScalarAsync("update host.session set confirmed_at = made_at - interval '1 hour'");

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            await _database.DisposeAsync();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private async Task<object?> ScalarAsync(string sql)
        {
            await using var command = _database.Db.CreateCommand(sql);
            return await command.ExecuteScalarAsync(Ct);
        }
    }
}
