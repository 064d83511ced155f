using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Tests;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Cli;

/// <summary>Which server is asked and as whom, and what happens when it says no or says nothing.</summary>
public sealed class ServerTests(VerbServer server) : IClassFixture<VerbServer>
{
    // The second has no address, the third a cell too few.
    private const string BadRows = """
        email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency
        ada@example.com,Ada,Engineering,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD
        x,Bo,Engineering,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD
        eve@example.com,Eve,Engineering,Engineer

        """;

    private string Token => server.TokenOf(VerbServer.Ann);

    private static Dictionary<string, string> Of(RecordingRelay relay, string? token = null)
    {
        var variables = new Dictionary<string, string> { ["GUERDON_URL"] = relay.Url };
        if (token is not null) variables["GUERDON_TOKEN"] = token;
        return variables;
    }

    [Fact]
    public async Task Run_Reply_GoesToResultsAndNothingToMessages()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);

        var typed = await Typed.RunAsync("overview", Of(relay, Token));

        Assert.StartsWith("0 people, 0 with a wallet, 0 active in the last 30 days with 0 requests.\n", typed.Results,
            StringComparison.Ordinal);
        Assert.Equal(("", 0), (typed.Messages, typed.Exit));
        Assert.Equal(new Seen("GET /api/v1/overview", $"Bearer {Token}", null, ""), relay.Request);
    }

    [Fact]
    public async Task Run_WithJsonFromANewerServer_HandsOnTheReplyAsItCame()
    {
        await using var newer = await BrokenServer.SayingAsync("""{"people":3,"later":{"added":1.50}}""");

        var typed = await Typed.RunAsync(newer, "overview --json");

        Assert.Equal("{\n  \"people\": 3,\n  \"later\": {\n    \"added\": 1.50\n  }\n}\n", typed.Results);
        Assert.Equal("", typed.Messages);
    }

    [Fact]
    public async Task Run_ServerOption_WinsAndMayHaveAPath()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address, below: "/pay");

        var typed = await Typed.RunAsync($"overview --server {relay.Url}/pay", new()
        {
            ["GUERDON_URL"] = "http://127.0.0.1:1", ["GUERDON_TOKEN"] = Token,
        });

        Assert.Equal(0, typed.Exit);
        Assert.Equal("GET /api/v1/overview", relay.Request.Line);
        Assert.Equal(["/pay"], relay.Bases);
    }

    // Each place has the token of an account of its own; a place without one is not asked.
    [Theory]
    [InlineData(true, true, true, true, "option")]
    [InlineData(false, true, true, true, "variable")]
    [InlineData(false, false, true, true, "home")]
    [InlineData(false, false, false, true, "here")]
    [InlineData(false, false, false, false, null)]
    public async Task Run_Token_ComesFromTheNearestPlace(
        bool option, bool variable, bool home, bool here, string? expected)
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);
        var tokens = await TokensAsync("option", "variable", "home", "here");
        var variables = Of(relay, variable ? tokens["variable"] : null);
        variables["GUERDON_HOME"] = Folder(home ? tokens["home"] : null);

        var line = option ? $"overview --token {tokens["option"]}" : "overview";
        var typed = await Typed.RunAsync(line, variables, Folder(here ? tokens["here"] : null));

        Assert.Equal(expected is null ? 1 : 0, typed.Exit);
        Assert.Equal(expected is null ? null : $"Bearer {tokens[expected]}", relay.Request.Authorization);
        if (expected is null)
            Assert.StartsWith("cli.sign_in_needed: ", typed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overview", 0)]
    [InlineData("wallet nobody@example.com", 1)]
    public async Task Run_Token_IsNeverPrinted(string line, int exit)
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);

        var typed = await Typed.RunAsync(line, Of(relay, Token));

        Assert.Equal(exit, typed.Exit);
        Assert.Equal($"Bearer {Token}", relay.Request.Authorization);
        Assert.DoesNotContain(Token, typed.Results + typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TokenAtAServerThatFails_IsNeverPrinted()
    {
        await using var broken = await BrokenServer.SayingAsync("", 500);

        var typed = await Typed.RunAsync(
            "overview", new() { ["GUERDON_URL"] = broken.Url, ["GUERDON_TOKEN"] = "s3cret" });

        Assert.Equal("Bearer s3cret", Assert.Single(broken.Requests).Authorization);
        Assert.DoesNotContain("s3cret", typed.Results + typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TokenFileWithNonsense_IsMisuseAndIsNotPrinted()
    {
        var typed = await Typed.RunAsync("overview", [], Folder("two words"));

        Assert.Equal(2, typed.Exit);
        Assert.EndsWith("token holds is not a token: copy it again, or name another with --token or GUERDON_TOKEN.\n",
            typed.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("two words", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Refused_SaysWhatWhyAndWhichRows()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);

        var typed = await Typed.RunAsync("import people -", Of(relay, Token), input: BadRows);

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.Equal("""
            people.import_invalid: 2 errors in 3 rows. Correct the rows listed and import again; nothing changed.

            Line  Column  Reason
               3  email   'x' is not an e-mail address; write it as name@company.example.
               4          The row has 4 fields, the header 12.

            """, typed.Messages);
    }

    [Fact]
    public async Task Run_RefusedWithJson_HandsOnTheProblem()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);

        var typed = await Typed.RunAsync("import people - --json", Of(relay, Token), input: BadRows);

        using var problem = JsonDocument.Parse(typed.Results);
        Assert.Equal(422, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(2, problem.RootElement.GetProperty("errors").GetArrayLength());
        Assert.Equal(1, typed.Exit);
    }

    [Fact]
    public async Task Run_FrameworksOwnValidation_ShowsItsFields()
    {
        await using var broken = await BrokenServer.SayingAsync(
            """{"title": "Invalid.", "detail": "See errors.", "errors": {"Name": ["Too long.", "Odd."]}}""",
            400);

        var typed = await Typed.RunAsync(broken, "key create --person me --name n");

        Assert.Contains("file  Name    Too long. Odd.\n", typed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "", "cli.sign_in_needed")]
    [InlineData(302, "", "cli.sign_in_needed")]
    [InlineData(403, """{"title": "Forbidden", "status": 403}""", "cli.not_allowed")]
    [InlineData(500, "", "cli.server_failed")]
    [InlineData(404, "<html>", "cli.not_guerdon")]
    [InlineData(200, "<html>", "cli.not_guerdon")]
    [InlineData(200, "3", "cli.reply_unreadable")]
    public async Task Run_AnswerThatIsNone_NamesTheCauseAndTheNextStep(int status, string reply, string code)
    {
        await using var broken = await BrokenServer.SayingAsync(reply, status);

        var typed = await Typed.RunAsync(broken, "overview");

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.StartsWith(code + ": ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Messages.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Run_ReplyWithoutAProperty_IsNotReadAsZero()
    {
        await using var broken = await BrokenServer.SayingAsync("""{"at": "2026-11-01T00:00:00Z", "prices": []}""");

        var typed = await Typed.RunAsync(broken, "prices");

        Assert.StartsWith("cli.reply_unreadable: ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Exit);
    }

    [Fact]
    public async Task Run_OptionTwice_IsSentTwice()
    {
        await using var broken = await BrokenServer.SayingAsync("{}");

        await Typed.RunAsync(broken, "reconcile import - --own key_a --own proj_b&c", input: "{}");

        Assert.Equal(
            new Seen("POST /api/v1/reconciliation/reports?name=standard%20input&own=key_a&own=proj_b%26c", null,
                "application/json; charset=utf-8", "{}"), Assert.Single(broken.Requests));
    }

    [Fact]
    public async Task Run_NoServer_SaysHowToStartOne()
    {
        var url = $"http://127.0.0.1:{FreePort()}";

        var typed = await Typed.RunAsync("overview --json", new() { ["GUERDON_URL"] = url });

        Assert.Equal(1, typed.Exit);
        Assert.Equal($"""
            cli.server_unreachable: No server answers at {url} (named by GUERDON_URL): Connection refused. Start it
            """.TrimEnd() + " with 'guerdon serve', or name another with --server or GUERDON_URL.\n", typed.Messages);
        using var problem = JsonDocument.Parse(typed.Results);
        Assert.Equal("cli.server_unreachable", problem.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Run_ConnectionThatBreaks_IsNotCalledUnreachable()
    {
        await using var broken = await BrokenServer.DoingAsync(context =>
        {
            context.Abort();
            return Results.Empty;
        });

        var typed = await Typed.RunAsync(broken, "overview");

        Assert.StartsWith("cli.server_failed: The connection to ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Exit);
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task Send_ServerThatTakesTooLong_IsGivenUp()
    {
        await using var broken = await BrokenServer.DoingAsync(context =>
        {
            context.RequestAborted.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            return Results.Empty;
        });
        var around = new Surroundings(_ => null, "/nowhere", _ => null, () => Stream.Null, TimeProvider.System);
        using var remote = new GuerdonClient(
            ServerAddress.Find(broken.Url, around), AccessToken.Find("t", new Uri(broken.Url), around));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/overview");

        var ct = TestContext.Current.CancellationToken;
        var answer = await remote.SendAsync(request, TimeSpan.FromMilliseconds(200), ct);

        Assert.Equal("cli.server_slow", answer.No?.Problem.Title);
    }

    // 'H' stands for the server of the home, 'C' for that of the current directory.
    [Theory]
    [InlineData("H", "h", "C", "c", "H h")] // both of the home
    [InlineData("H", null, "C", "c", "H ")] // never the token of one with the server of another
    [InlineData(null, null, "C", "c", "C c")]
    [InlineData("H", "h", null, null, "H h")]
    public async Task Run_ServerAndToken_AreOfTheSameFolder(
        string? homeServer, string? homeToken, string? url, string? token, string expected)
    {
        await using var home = await RecordingRelay.BeforeAsync(server.Address);
        await using var here = await RecordingRelay.BeforeAsync(server.Address);
        var tokens = await TokensAsync("h", "c");
        var variables = new Dictionary<string, string>
        {
            ["GUERDON_HOME"] = Folder(
                homeToken is null ? null : tokens[homeToken], homeServer is null ? null : home.Url),
        };

        var typed = await Typed.RunAsync("overview", variables, Folder(
            token is null ? null : tokens[token], url is null ? null : here.Url));

        var (name, asked) = home.Exchanges.Count == 1 ? ("H", home.Request) : ("C", here.Request);
        var whose = tokens.FirstOrDefault(t => asked.Authorization == $"Bearer {t.Value}").Key;
        Assert.Equal(expected, $"{name} {whose}");
        Assert.Equal(whose is null ? 1 : 0, typed.Exit); // without a token it is asked for one
        Assert.Equal(1, home.Exchanges.Count + here.Exchanges.Count);
    }

    [Fact]
    public async Task Run_OptionOverFile_AsksTheServerThatIsNamed()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);
        var folder = Folder(Token, $"http://127.0.0.1:{FreePort()}");

        var typed = await Typed.RunAsync($"overview --server {relay.Url}", [], folder);

        Assert.Equal((0, $"Bearer {Token}"), (typed.Exit, relay.Request.Authorization));
    }

    [Fact]
    public async Task Run_AddressOfADeadServer_NamesTheFileAndTheFix()
    {
        var folder = Folder("t", $"http://127.0.0.1:{FreePort()}");

        var typed = await Typed.RunAsync("overview", [], folder);

        Assert.Equal(1, typed.Exit);
        Assert.Contains($"(named by {Path.Combine(folder, ".guerdon", "server")}): Connection refused.",
            typed.Messages, StringComparison.Ordinal);
        Assert.EndsWith("Start it with 'guerdon serve', or name another with --server or GUERDON_URL.\n",
            typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Messages.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("ftp://x\n")]
    [InlineData("http://a:b@127.0.0.1")]
    public async Task Run_AddressFileWithNonsense_IsMisuseAndSaysTheFix(string text)
    {
        var typed = await Typed.RunAsync("overview", [], Folder("t", text));

        Assert.Equal(2, typed.Exit);
        Assert.EndsWith("server holds is not an address: delete it, or name the server with --server or GUERDON_URL.\n",
            typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TokenOfAnotherServer_SaysWhichFileHasIt()
    {
        await using var relay = await RecordingRelay.BeforeAsync(server.Address);
        var folder = Folder("s3cret", relay.Url);

        var typed = await Typed.RunAsync("overview", [], folder);

        Assert.Contains($"does not accept the token from {Path.Combine(folder, ".guerdon", "token")}: it belongs to"
            + " another server, or was revoked.", typed.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", typed.Messages, StringComparison.Ordinal);
    }

    // Accounts of this test, each with a token.
    private async Task<Dictionary<string, string>> TokensAsync(params string[] names)
    {
        var tokens = new Dictionary<string, string>();
        foreach (var name in names)
        {
            var email = $"{name}-{Guid.NewGuid():N}@example.com";
            await server.SignUpAsync(email, Roles.Founder);
            tokens[name] = server.TokenOf(email);
        }

        return tokens;
    }

    private static string Folder(string? token, string? server = null)
    {
        var home = TestHome.New();
        foreach (var (name, text) in new[] { ("token", token), ("server", server) })
        {
            if (text is null) continue;
            Directory.CreateDirectory(Path.Combine(home, ".guerdon"));
            File.WriteAllText(Path.Combine(home, ".guerdon", name), text + "\n");
        }

        return home;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
