using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Guerdon.Cli.Server;
using Guerdon.Cli.Terminal;
using Guerdon.Tests;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Cli;

/// <summary>Which server is asked and as whom, and what happens when it says no or says nothing.</summary>
public sealed class ServerTests
{
    private const string Overview = """
        {"people": 3, "wallets": 2, "grantedMilli": 1500000000, "availableMilli": 1234567890, "escrowMilli": 0,
         "spentMilli": 265432110, "expiredMilli": 0, "requests": 1, "activePeople": 1, "tokenValueNanos": 1000,
         "byModel": [{"model": "gpt-5-mini", "requests": 1, "input": 1200, "output": 34, "costNanos": 265432110,
                      "chargedMilli": 265432110}],
         "byDay": [{"day": "2026-11-17", "requests": 1, "chargedMilli": 265432110}]}
        """;

    private const string Refused = """
        {"type": "/errors/people.import_invalid", "title": "people.import_invalid", "status": 422,
         "detail": "2 errors in 9 rows.", "nextStep": "Correct the rows listed and import again; nothing changed.",
         "errors": [{"line": 3, "column": "email", "reason": "'x' is no e-mail address."},
                    {"line": 7, "column": null, "reason": "The row has 4 cells, not 5."}]}
        """;

    [Fact]
    public async Task Run_Reply_GoesToResultsAndNothingToMessages()
    {
        await using var server = await StubServer.WithAsync(Overview);

        var typed = await Typed.RunAsync(server, "overview");

        Assert.Equal("""
            3 people, 2 with a wallet, 1 active in the last 30 days with 1 request.

                        USD        Tokens
            Granted    1.50     1,500,000
            Available  1.23  1,234,567.89
            In escrow  0.00             0
            Spent      0.26    265,432.11
            Expired    0.00             0
            At 1.00 USD a million tokens.

            By model, the last 30 days
            Model       Requests  Input  Output  Cost USD  Charged USD  Charged tokens
            gpt-5-mini         1  1,200      34      0.26         0.26      265,432.11

            By day
            Day         Requests  Charged USD  Charged tokens
            2026-11-17         1         0.26      265,432.11

            """, typed.Results);
        Assert.Equal("", typed.Messages);
        Assert.Equal(0, typed.Exit);
        Assert.Equal(new Seen("GET /api/v1/overview", null, null, ""), server.Request);
    }

    [Fact]
    public async Task Run_WithJson_HandsOnTheReplyAsItCame()
    {
        await using var server = await StubServer.WithAsync("""{"people":3,"later":{"added":1.50}}""");

        var typed = await Typed.RunAsync(server, "overview --json");

        Assert.Equal("{\n  \"people\": 3,\n  \"later\": {\n    \"added\": 1.50\n  }\n}\n", typed.Results);
        Assert.Equal("", typed.Messages);
    }

    [Fact]
    public async Task Run_ServerOption_WinsAndMayHaveAPath()
    {
        await using var server = await StubServer.WithAsync(Overview);

        var typed = await Typed.RunAsync(
            $"overview --server {server.Url}/pay", new() { ["GUERDON_URL"] = "http://127.0.0.1:1" });

        Assert.Equal(0, typed.Exit);
        Assert.Equal("GET /pay/api/v1/overview", server.Request.Line);
    }

    [Theory]
    [InlineData("option", "variable", "home", "here", "Bearer option")]
    [InlineData(null, "variable", "home", "here", "Bearer variable")]
    [InlineData(null, null, "home", "here", "Bearer home")]
    [InlineData(null, null, null, "here", "Bearer here")]
    [InlineData(null, null, null, null, null)]
    public async Task Run_Token_ComesFromTheNearestPlace(
        string? option, string? variable, string? home, string? here, string? expected)
    {
        await using var server = await StubServer.WithAsync(Overview);
        var variables = new Dictionary<string, string>
        {
            ["GUERDON_URL"] = server.Url, ["GUERDON_HOME"] = Folder(home),
        };
        if (variable is not null) variables["GUERDON_TOKEN"] = variable;

        var line = option is null ? "overview" : $"overview --token {option}";
        var typed = await Typed.RunAsync(line, variables, Folder(here));

        Assert.Equal(0, typed.Exit);
        Assert.Equal(expected, server.Request.Authorization);
    }

    [Theory]
    [InlineData(200, Overview)]
    [InlineData(422, Refused)]
    [InlineData(500, "")]
    public async Task Run_Token_IsNeverPrinted(int status, string reply)
    {
        await using var server = await StubServer.WithAsync(reply, status);

        var typed = await Typed.RunAsync(
            "overview", new() { ["GUERDON_URL"] = server.Url, ["GUERDON_TOKEN"] = "s3cret" });

        Assert.Equal("Bearer s3cret", server.Request.Authorization);
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
        await using var server = await StubServer.WithAsync(Refused, 422);

        var typed = await Typed.RunAsync(server, "import people -", "email\nx");

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.Equal("""
            people.import_invalid: 2 errors in 9 rows. Correct the rows listed and import again; nothing changed.

            Line  Column  Reason
               3  email   'x' is no e-mail address.
               7          The row has 4 cells, not 5.

            """, typed.Messages);
    }

    [Fact]
    public async Task Run_RefusedWithJson_HandsOnTheProblem()
    {
        await using var server = await StubServer.WithAsync(Refused, 422);

        var typed = await Typed.RunAsync(server, "import people - --json");

        using var problem = JsonDocument.Parse(typed.Results);
        Assert.Equal(422, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(2, problem.RootElement.GetProperty("errors").GetArrayLength());
        Assert.Equal(1, typed.Exit);
    }

    [Fact]
    public async Task Run_FrameworksOwnValidation_ShowsItsFields()
    {
        await using var server = await StubServer.WithAsync(
            """{"title": "Invalid.", "detail": "See errors.", "errors": {"Name": ["Too long.", "Odd."]}}""",
            400);

        var typed = await Typed.RunAsync(server, "key create --person me --name n");

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
        await using var server = await StubServer.WithAsync(reply, status);

        var typed = await Typed.RunAsync(server, "overview");

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.StartsWith(code + ": ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Messages.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Run_ReplyWithoutAProperty_IsNotReadAsZero()
    {
        await using var server = await StubServer.WithAsync("""{"at": "2026-11-01T00:00:00Z", "prices": []}""");

        var typed = await Typed.RunAsync(server, "prices");

        Assert.StartsWith("cli.reply_unreadable: ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Exit);
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
        await using var server = await StubServer.WithAsync((context, _) =>
        {
            context.Abort();
            return Results.Empty;
        });

        var typed = await Typed.RunAsync(server, "overview");

        Assert.StartsWith("cli.server_failed: The connection to ", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(1, typed.Exit);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_ServerThatTakesTooLong_IsGivenUp()
    {
        await using var server = await StubServer.WithAsync((context, _) =>
        {
            context.RequestAborted.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            return Results.Empty;
        });
        var around = new Surroundings(_ => null, "/nowhere", _ => null, () => Stream.Null, TimeProvider.System);
        using var remote = new GuerdonClient(
            ServerAddress.Find(server.Url, around), AccessToken.Find("t", around));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/overview");

        var ct = TestContext.Current.CancellationToken;
        var answer = await remote.SendAsync(request, TimeSpan.FromMilliseconds(200), ct);

        Assert.Equal("cli.server_slow", answer.No?.Problem.Title);
    }

    // 'H' stands for the server of the home, 'C' for that of the current directory.
    [Theory]
    [InlineData("H", "h", "C", "c", "H Bearer h")] // both of the home
    [InlineData("H", null, "C", "c", "H ")] // never the token of one with the server of another
    [InlineData(null, null, "C", "c", "C Bearer c")]
    [InlineData("H", "h", null, null, "H Bearer h")]
    public async Task Run_ServerAndToken_AreOfTheSameFolder(
        string? homeServer, string? homeToken, string? server, string? token, string expected)
    {
        await using var home = await StubServer.WithAsync(Overview);
        await using var here = await StubServer.WithAsync(Overview);
        var variables = new Dictionary<string, string>
        {
            ["GUERDON_HOME"] = Folder(homeToken, homeServer is null ? null : home.Url),
        };

        var typed = await Typed.RunAsync("overview", variables, Folder(token, server is null ? null : here.Url));

        Assert.Equal(0, typed.Exit);
        var (name, asked) = home.Requests.Count == 1 ? ("H", home.Request) : ("C", here.Request);
        Assert.Equal(expected, $"{name} {asked.Authorization}");
        Assert.Equal(1, home.Requests.Count + here.Requests.Count);
    }

    [Fact]
    public async Task Run_OptionOverFile_AsksTheServerThatIsNamed()
    {
        await using var server = await StubServer.WithAsync(Overview);
        var folder = Folder("t", $"http://127.0.0.1:{FreePort()}");

        var typed = await Typed.RunAsync($"overview --server {server.Url}", [], folder);

        Assert.Equal((0, "Bearer t"), (typed.Exit, server.Request.Authorization));
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
        await using var server = await StubServer.WithAsync("", 401);
        var folder = Folder("s3cret", server.Url);

        var typed = await Typed.RunAsync("overview", [], folder);

        Assert.Contains($"does not take the token of {Path.Combine(folder, ".guerdon", "token")}: it is of another"
            + " server, or revoked.", typed.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", typed.Messages, StringComparison.Ordinal);
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
