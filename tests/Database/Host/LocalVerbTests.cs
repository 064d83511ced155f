using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Host;

/// <summary>
/// What the local verbs are given and cannot use: each is refused with its exit code and a message that names it,
/// never with an exception, a trace, or the word bug.
/// </summary>
public sealed class LocalVerbTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60); // a busy machine

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // 'NAME=VALUE … | arguments', the exit code, and what the message says.
    [Theory]
    [InlineData("| serve --listen http://127.0.0.1:99999", 2, "'99999' where a port")]
    [InlineData("| serve --listen localhost:18104/path", 2, "more in it")]
    [InlineData("| serve --listen ''", 2, "is not an address")]
    [InlineData("| serve --listen https://127.0.0.1:8443", 2, "reverse proxy")]
    [InlineData("| serve --listen", 2, "needs a value")]
    [InlineData("| serve --listen TAKEN", 1, "another program listens there")]
    [InlineData("| serve --listen 192.0.2.1:8080", 1, "no interface of this machine")]
    [InlineData("| sandbox --listen TAKEN", 1, "another program listens there")]
    [InlineData("| sandbox --listen nowhere:1", 2, "neither localhost nor an IP address")]
    [InlineData("| demo --listen :8080", 2, "names no interface")]
    [InlineData("Gateway__FinishWithin=-00:00:01 | serve --listen 0", 1, "GUERDON_CONFIG_Gateway__FinishWithin")]
    [InlineData("Gateway__FinishWithin=soon | serve --listen 0", 1, "is not a time")]
    [InlineData("Gateway__Admission__Lease=00:00:00 | serve --listen 0", 1, "GUERDON_CONFIG_Gateway__Admission__Lease")]
    [InlineData("Gateway__MaxBodyBytes=99999999999 | serve --listen 0", 1, "is not a whole number that fits")]
    [InlineData("Gateway__Attempts=0 | serve --listen 0", 1, "GUERDON_CONFIG_Gateway__Attempts")]
    [InlineData("Gateway__Providers__x__Dialect=Klingon | serve --listen 0", 1,
        "GUERDON_CONFIG_Gateway__Providers__x__Dialect")]
    [InlineData("Gateway__Providers__x__BaseUrl=ftp://x | serve --listen 0", 1, "host.setting_invalid")]
    [InlineData("Ledger__Lanes=0 | serve --listen 0", 1, "GUERDON_CONFIG_Ledger__Lanes")]
    [InlineData("Metering__Backlog=-1 Metering__FlushEvery=1.00:00:00 | serve --listen 0", 1, "Metering__FlushEvery")]
    [InlineData("SignIn__SessionFor=-12:00:00 | serve --listen 0", 1, "GUERDON_CONFIG_SignIn__SessionFor")]
    [InlineData("GUERDON_DB=nonsense | migrate", 1, "GUERDON_DB is neither")]
    [InlineData("GUERDON_DB=postgres://localhost:99999/x | migrate", 1, "GUERDON_DB is neither")]
    [InlineData("GUERDON_DB=Host=127.0.0.1;Port=99999999999 | verify", 1, "GUERDON_DB is neither")]
    [InlineData("GUERDON_DB_OWNER=nonsense | migrate", 1, "GUERDON_DB_OWNER is neither")]
    [InlineData("GUERDON_DB_OWNER=Host=127.0.0.1;Port=1;Timeout=2;Username=x | migrate", 1, "Cannot open database")]
    [InlineData("GUERDON_DB=Database=x | verify", 1, "host.no_database")]
    [InlineData("GUERDON_DB=Host=127.0.0.1;Port=1;Timeout=2 | verify", 1, "Cannot open database")]
    [InlineData("GUERDON_DB=Host=nowhere.invalid;Timeout=2 | serve --listen 0", 1, "Cannot open database")]
    [InlineData("GUERDON_DB=Host=127.0.0.1;Port=1;Timeout=2 | db", 1, "Cannot open database")]
    [InlineData("GUERDON_DB=Host=127.0.0.1;Port=1;Timeout=2 | account list", 1, "Cannot open database")]
    [InlineData("GUERDON_DB= GUERDON_HOME=/dev/null/x | migrate", 1, "/dev/null/x")]
    [InlineData("GUERDON_KEY_FILE=/nowhere/data.key | serve --listen 0", 1, "/nowhere/data.key")]
    [InlineData("GUERDON_KEY_FILE=/etc/hostname | serve --listen 0", 1, "host.key_file")]
    [InlineData("| db -- no-such-program-here", 1, "'no-such-program-here' cannot be run")]
    [InlineData("| db -- ''", 1, "host.no_program")]
    [InlineData("| demo --keep ''", 2, "--keep needs the name of a folder")]
    [InlineData("| demo --once surplus", 2, "cannot do anything with 'surplus'")]
    [InlineData("| demo --onec", 2, "did you mean '--once'")]
    [InlineData("| serve surplus", 2, "cannot do anything with 'surplus'")]
    [InlineData("| serve --behind-proxy nonsense", 2, "nonsense")]
    [InlineData("| serve --public-address ftp://x", 2, "ftp://x")]
    [InlineData("| sandbox surplus", 2, "cannot do anything with 'surplus'")]
    [InlineData("| verify surplus", 2, "surplus")]
    [InlineData("| migrate surplus", 2, "cannot do anything with 'surplus'")]
    [InlineData("| account", 2, "needs one of: create, list")]
    [InlineData("| account list surplus", 2, "cannot do anything with 'surplus'")]
    [InlineData("| account create", 2, "needs --role")]
    [InlineData("| account create a@example.com b --role admin --name X", 2, "'b'")]
    [InlineData("| account create a@example.com --role admin --name LONG", 1, "host.account_invalid")]
    [InlineData("| account create LONG@example.com --role admin --name X", 1, "host.account_invalid")]
    [InlineData("| year", 2, "needs --salaries")]
    [InlineData("| phase propose p q --report /proc/self/mem --from 2027-01-01", 1, "cli.file_not_read")]
    [InlineData("| account create nobody --role admin --name X", 1, "host.account_invalid")]
    [InlineData("| account create a@example.com --role king --name X", 2, "king")]
    [InlineData("| account create a@example.com --role admin", 2, "--name")]
    [InlineData("| year --salaries /nowhere.csv", 1, "/nowhere.csv")]
    [InlineData("| year --salaries /tmp", 1, "/tmp")]
    [InlineData("| year --salaries /etc/hostname --people 0", 2, "from 8 to")]
    [InlineData("| year --salaries /etc/hostname --people -5", 2, "from 8 to")]
    [InlineData("| year --salaries /etc/hostname --people many", 2, "many")]
    [InlineData("| year --salaries /etc/hostname --people 40", 1, "usable rows")]
    [InlineData("| year --salaries /etc/hostname --keep /dev/null/x", 1, "/dev/null/x")]
    public async Task Given_CannotBeUsed_IsSaidInOneMessage(string line, int code, string why)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exit, said) = await RunAsync(line.Replace("TAKEN", port, StringComparison.Ordinal)
            .Replace("LONG", new string('x', 300), StringComparison.Ordinal));

        Assert.True(exit == code, $"{exit}: {said}");
        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccountCreate_IntoAFile_WritesNoSecretUnlessAskedFor()
    {
        var (exit, said) = await RunAsync("| account create ivy@example.com --role admin --name Ivy");

        Assert.True(exit == 0, said);
        Assert.DoesNotContain("/link/", said, StringComparison.Ordinal);
        var path = said.Split("is in ", 2)[1].Split(',')[0];
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var secret = await File.ReadAllLinesAsync(path, Ct);
        Assert.Equal(["ivy@example.com", "link"], secret.Select(l => l.Split(' ')[0]));
        Assert.All(secret.Skip(1), l => Assert.DoesNotContain(l.Split(' ')[^1], said, StringComparison.Ordinal));

        var (_, json) = await RunAsync("| account create joe@example.com --role admin --name Joe --json");
        Assert.DoesNotContain("\"link\"", json, StringComparison.Ordinal);
        Assert.Contains("\"file\"", json, StringComparison.Ordinal);

        var (_, told) = await RunAsync("| account create kim@example.com --role admin --name Kim --json --reveal"
            + " --address https://guerdon.example.com");
        Assert.Contains("\"link\": \"https://guerdon.example.com/link/gro_", told.Replace("\":\"", "\": \"",
            StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"token\": null", told, StringComparison.Ordinal); // it would be known before its holder is
    }

    [Fact]
    public async Task AccountCreate_WithAPasswordOfStandardInput_SetsItForScripts()
    {
        var (exit, told) = await RunAsync(
            "| account create ci@example.com --role admin --name CI --json --reveal --password-stdin",
            "correct horse\n");
        Assert.True(exit == 0, told);
        Assert.Contains("\"token\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("\"link\":\"", told, StringComparison.Ordinal);
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        Assert.NotNull(await accounts.CheckPasswordAsync("ci@example.com", "correct horse", Ct));

        foreach (var (line, input) in new[]
            { ("--role people", "short"), ("--service --role people", "correct horse") })
        {
            var (no, why) = await RunAsync($"| account create c2@example.com --name CI --password-stdin {line}", input);
            Assert.Equal(1, no);
            Assert.Contains("host.password_not_usable", why, StringComparison.Ordinal);
        }
    }

    // Whoever answers for a program has an account of their own.
    [Fact]
    public async Task AccountCreate_OfAProgram_NamesWhoAnswersForIt()
    {
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var oda = (await accounts.CreateAsync(
            "oda@example.com", "Oda", [Roles.People], null, "correct horse", Ct))!.Value;
        var (exit, said) = await RunAsync(
            "| account create bot@example.com --service --role people --name Bot --owner Oda@example.com");
        Assert.True(exit == 0, said);
        var bot = (await accounts.FindByEmailAsync("bot@example.com", Ct))!.Id.Value;
        Assert.Equal([oda.Value], (await accounts.SignedInByAsync([bot], Ct))[bot].Makers);
        foreach (var line in new[] { "--service --owner nobody@example.com", "--owner oda@example.com" })
        {
            var (no, why) = await RunAsync($"| account create b2@example.com --role people --name B {line}");
            Assert.Equal(1, no);
            Assert.Contains("host.service_owner", why, StringComparison.Ordinal);
        }
    }

    // What takes another administrator over HTTP, by whoever has the machine; each is on record as theirs.
    [Fact]
    public async Task AccountLocalVerbs_ResetVouchAndGive()
    {
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var links = new OneTimeLinks(
            database.Db, accounts, new LinkNotices(), TimeProvider.System, Options.Create(new SignInOptions()));
        var lia = (await accounts.CreateAsync("lia@example.com", "Lia", [Roles.Employee], null, null, Ct))!.Value;
        var ann = (await accounts.CreateAsync(
            "ann@example.com", "Ann", [Roles.Administrator], null, "correct horse", Ct))!.Value;
        var maker = new Actor("ann@example.com", null) { Account = ann.Value };
        var made = await links.MakeAsync(lia, LinkPurpose.Open, maker, Ct);
        Assert.True(await links.UseAsync(made.Path.Split('/')[^1], "correct horse", Ct));
        Assert.Equal("ann@example.com", (await accounts.FindAsync(lia, Ct))!.LinkMaker);

        var (vouched, said) = await RunAsync("| account local-vouch lia@example.com --reason Known");
        Assert.True(vouched == 0, said);
        Assert.Null((await accounts.FindAsync(lia, Ct))!.LinkMaker);

        var (given, gave) = await RunAsync("| account local-give lia@example.com finance");
        Assert.True(given == 0, gave);
        Assert.Contains(Roles.Finance, (await accounts.FindAsync(lia, Ct))!.Roles);

        var (reset, told) = await RunAsync("| account local-reset lia@example.com");
        Assert.True(reset == 0, told);
        var link = (await File.ReadAllTextAsync(told.Split("is in ", 2)[1].Split(',')[0], Ct)).Trim();
        Assert.StartsWith("http://127.0.0.1:8080/link/", link, StringComparison.Ordinal);
        Assert.True(await links.UseAsync(link.Split('/')[^1], "another password", Ct));
        Assert.Null((await accounts.FindAsync(lia, Ct))!.LinkMaker);

        Assert.Equal(3, await database.Db.ScalarAsync<long>("""
            select count(distinct endpoint) from host.act
             where means = 'local' and kind = 'write' and endpoint like 'guerdon account local-%'
            """, [], Ct));
        // As the server would refuse it.
        var (wrong, says) = await RunAsync("SignIn__LinkFor=00:00:01 | account local-reset lia@example.com");
        Assert.Equal(1, wrong);
        Assert.Contains("GUERDON_CONFIG_SignIn__LinkFor", says, StringComparison.Ordinal);
        var (no, why) = await RunAsync("| account local-reset nobody@example.com");
        Assert.Equal(1, no);
        Assert.Contains("host.account_not_found", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_Redirected_SaysNoLineOfALog()
    {
        var home = TestHome.New();
        var (exit, said) = await RunAsync($"GUERDON_DB= GUERDON_HOME={home} | demo --once");

        Assert.True(exit == 0, said);
        foreach (var raw in (string[])["EventId", "info:", "warn:", "Guerdon.Gateway", "LogLevel"])
            Assert.DoesNotContain(raw, said, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Said)> RunAsync(string line, string? input = null)
    {
        var halves = line.Split('|', 2);
        var words = halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w == "''" ? "" : w);
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "guerdon.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            WorkingDirectory = TestHome.New(),
        };
        start.Environment["GUERDON_DB"] = database.ConnectionString;
        start.Environment["GUERDON_HOME"] = start.WorkingDirectory;
        foreach (var pair in halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            start.Environment[name.StartsWith("GUERDON_", StringComparison.Ordinal) ? name : $"GUERDON_CONFIG_{name}"] =
                value;
        }

        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), Ct);
        process.StandardInput.Close();
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        try
        {
            await process.WaitForExitAsync(Ct).WaitAsync(EndsWithin * (line.Contains("demo --once",
                StringComparison.Ordinal) ? 5 : 1), Ct);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, string.Join('\n', await said));
    }
}
