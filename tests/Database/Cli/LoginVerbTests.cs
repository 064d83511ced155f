using Guerdon.Client;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Logins;
using Guerdon.Identity.Sessions;
using Guerdon.Storage;
using Guerdon.Tests;

namespace Guerdon.Database.Cli;

/// <summary><c>guerdon login</c>: a browser confirms it, and each server has a session of its own.</summary>
public sealed class LoginVerbTests(VerbServer server) : IClassFixture<VerbServer>
{
    private const string Claim = "clm_00000000000070008000000000000001";

    private readonly string _home = TestHome.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_ConfirmedInABrowser_ApprovesWhatATokenMayNot()
    {
        var login = TypeAsync(server.Relay.Url, "login");
        var code = await CodeAsync();
        var account = await server.Database.Db.ScalarAsync<Guid>(
            "select account_id from host.account where email = $1", [VerbServer.Ann], Ct);
        var opened = await server.Get<OpenSessions>().OpenAsync(
            new AccountId(account), new(SessionKind.Browser, "", ""), server.Clock.Now, Ct);
        Assert.True(await server.Get<LoginRequests>().ConfirmAsync(code, new(account), opened.Id, Ct));
        var typed = await login;
        Assert.True(typed.Exit == 0, typed.Messages);
        Assert.Contains($"/login?code={code} ", typed.Messages, StringComparison.Ordinal);
        Assert.StartsWith($"{VerbServer.Ann} is signed in at", typed.Results, StringComparison.Ordinal);

        var path = Path.Combine(_home, ".guerdon", "logins.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var secret = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(path, Ct))
            .GetProperty(server.Relay.Url + "/").GetProperty("secret").GetString()!;
        Assert.DoesNotContain(secret, typed.Results + typed.Messages, StringComparison.Ordinal);

        var approve = $"claim approve {Claim}";
        Assert.StartsWith("host.step_up: ", (await TypeAsync(
            server.Relay.Url, approve, server.TokenOf(VerbServer.Ann))).Messages, StringComparison.Ordinal);
        Assert.StartsWith("compensation.claim_not_found: ", (await TypeAsync(server.Relay.Url, approve)).Messages,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_HaveASessionEach_AndLogoutEndsOne()
    {
        var (one, two) = (server.Relay.Url, server.Address.ToString());
        foreach (var address in new[] { one, two })
        {
            var typed = await TypeAsync(
                address, $"login --email {VerbServer.Bob} --password-stdin", input: "correct horse battery");
            Assert.True(typed.Exit == 0, typed.Messages);
        }

        Assert.Equal(0, (await TypeAsync(one, "session list")).Exit);
        Assert.Equal(0, (await TypeAsync(one, "logout")).Exit);
        Assert.StartsWith("cli.sign_in_needed: ", (await TypeAsync(one, "session list")).Messages,
            StringComparison.Ordinal);
        var rest = await TypeAsync(two, "session list");
        Assert.Equal(2, rest.Results.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length); // headers, and itself

        // Ended elsewhere: it says so, and what to do.
        await server.Database.Db.ExecuteAsync(
            """
            update host.session set ended_at = seen_at, ended_by = 'x', ended_why = 'owner' where ended_at is null
            """, [], Ct);
        var over = await TypeAsync(two, "session list");
        Assert.Contains("the session is over", over.Messages, StringComparison.Ordinal);
        Assert.Contains("guerdon login", over.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ThatIsDeclined_IsRefused_AndSavesNothing()
    {
        var login = TypeAsync(server.Relay.Url, "login");
        Assert.True(await server.Get<LoginRequests>().DenyAsync(await CodeAsync(), Ct));
        Assert.StartsWith("host.login_denied: ", (await login).Messages.Split('\n').Last(l => l.Contains(':')),
            StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_home, ".guerdon", "logins.json")));
    }

    // It may hold the sessions of other servers.
    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    public async Task File_ThatCannotBeRead_IsLeftAsItIs_AndTheNewSessionEnds(string text)
    {
        var path = Path.Combine(_home, ".guerdon", "logins.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Ct);
        var before = await OpenAsync();
        var typed = await TypeAsync(
            server.Relay.Url, $"login --email {VerbServer.Bob} --password-stdin", input: "correct horse battery");
        Assert.StartsWith("cli.login_not_saved: ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(path, Ct));
        Assert.Equal(before, await OpenAsync());
        Assert.Equal([path, path + ".lock"], Directory.GetFiles(Path.GetDirectoryName(path)!).Order());

        async Task<long> OpenAsync() => await server.Database.Db.ScalarAsync<long>(
            "select count(*) from host.session where ended_at is null", [], Ct);
    }

    [Fact]
    public async Task Saves_AtTheSameTime_KeepEachOther()
    {
        var path = Path.Combine(_home, ".guerdon", "logins.json");
        var login = new SavedLogins.Login("a@example.com", "x", server.Clock.Now);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Task.Run(() => SavedLogins.SaveAsync(
            path, new Uri($"http://server{i}/"), login, TimeProvider.System, Ct))));
        var saved = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(path, Ct));
        Assert.Equal(20, saved.EnumerateObject().Count());
    }

    [Fact]
    public async Task Misuse_IsSaid()
    {
        Assert.Equal(2, (await TypeAsync(server.Relay.Url, "login --password-stdin")).Exit);
        foreach (var verb in new[] { "login", "logout" })
            Assert.Equal(2, (await TypeAsync(server.Relay.Url, $"{verb} --token grd_0")).Exit);
        var homeless = await Typed.RunAsync(["login"], new() { ["GUERDON_URL"] = server.Relay.Url }, _ => null);
        Assert.StartsWith("cli.file_not_written: ", homeless.Messages, StringComparison.Ordinal);
    }

    private async Task<string> CodeAsync()
    {
        for (var i = 0; i < 600; i++)
        {
            var code = await server.Database.Db.ScalarAsync<string>(
                "select code from host.login_request where account_id is null and not refused", [], Ct);
            if (code is not null) return code;
            await Task.Delay(50, Ct);
        }

        throw new InvalidOperationException("No login was begun.");
    }

    private Task<Typed> TypeAsync(string address, string line, string? token = null, string input = "")
    {
        var around = new Dictionary<string, string> { ["GUERDON_URL"] = address, ["HOME"] = _home };
        if (token is not null) around["GUERDON_TOKEN"] = token;
        return Typed.RunAsync(line.Split(' '), around, _ => null, input: input, clock: server.Clock);
    }
}
