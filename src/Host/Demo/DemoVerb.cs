using System.CommandLine;
using Guerdon.Cli;
using Guerdon.Cli.Parsing;
using Guerdon.Cli.Server;
using Guerdon.Cli.Terminal;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Host.Verbs;
using Guerdon.Kernel;

namespace Guerdon.Host.Demo;

/// <summary>
/// <c>guerdon demo</c>: a whole company in miniature, through the doors that a real one uses, in a home of its own.
/// </summary>
internal static class DemoVerb
{
    private const int Calls = 600;

    private static readonly Refusal Failed = new("host.demo_failed", 409, Retryable: true,
        "See above for the reason; `guerdon demo` can be run again on what is there.");

    public static Verb Verb()
    {
        var once = new Option<bool>("--once") { Description = "Do it all, verify, and stop." };
        var listen = ListenAddress.Option<string?>(
            "Address to listen on; with --once any free port where none is named.", () => null);
        var keep = new Option<string?>("--keep")
        {
            Description = "Save the demo's database in this folder; else it is removed at the end.",
            HelpName = "FOLDER",
        };
        TemporaryHome.Check(keep);
        return new Verb("demo", "Run a company in miniature: 200 people, a plan, grants, real clients.", "guerdon demo",
            "guerdon demo --once", "guerdon demo --keep /tmp/demo")
        {
            once, listen, keep,
        }.Does(async (parse, output, ct) =>
        {
            var standard = parse.GetValue(once) ? "http://127.0.0.1:0" : "http://127.0.0.1:8080";
            var url = parse.GetValue(listen) is { } named ? ListenAddress.Read(named).Url! : standard;
            using var home = await TemporaryHome.OpenAsync("guerdon-demo-", parse.GetValue(keep), ct);
            try
            {
                return await RunAsync(url, home, parse.GetValue(once), output, ct);
            }
            catch (NotTheDemosException e)
            {
                return output.Refuse(HostRefusals.NotTheDemos.With(e.Message));
            }
            catch (YearException e)
            {
                return output.Refuse(Failed.With(e.Message));
            }
        });
    }

    private static async Task<int> RunAsync(
        string url, TemporaryHome home, bool once, Output output, CancellationToken ct)
    {
        var settings = new Dictionary<string, string?>
        {
            ["SignIn:PasswordIterations"] = "10000", [Logs.OfVerb] = "true",
        };
        var plan = new ServerPlan(url, WithSandbox: true, settings)
        {
            Database = DatabaseOptions.FromEnvironment() with
            {
                Home = home.Path,
                BeforeMigrating = DemoAccounts.RefuseOthersAsync,
            },
            MakesAdmin = false,
        };
        await using var server = await Progress.WhileAsync(output, "Starting", say =>
            Server.StartAsync(plan, say, ct));
        var (preparer, approver) = await DemoAccounts.OpenAdminsAsync(server.App.Services, ct);
        var code = await PlayAsync(server, preparer.Token, approver.Token, output, ct);
        if (code != ExitCodes.Done || once) return code;

        var employee = await DemoAccounts.OpenEmployeeAsync(server.App.Services, ct);
        output.Line();
        await Serve.GreetAsync(output, server, ct);
        output.Line();
        await FirstPasswords.TellAsync(output, home.Path,
            [.. new[] { employee, preparer, approver }.Select(a => $"{a.Email}   password {a.Password}   ({a.Is})")],
            ct);
        await SecretFile.WriteAsync(home.Path, GuerdonFolder.TokenFile, preparer.Token, ct);
        output.Line($"For the command line: export GUERDON_HOME={home.Path}");
        output.Line("Ctrl-C stops it.");
        await server.WaitAsync(ct, output.Hurry);
        return ExitCodes.Done;
    }

    private static async Task<int> PlayAsync(
        Server server, string preparer, string approver, Output output, CancellationToken ct)
    {
        using var api = new YearApi(server.Address, preparer);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1);

        await api.FileAsync("people/import", DemoCompany.Csv(), "text/csv", ct);
        output.Line($"Imported {DemoCompany.People} people.");
        await api.FileAsync("plans", DemoCompany.PlanYaml(month), "text/yaml", ct);
        output.Line(await GrantAsync(server, preparer, approver, $"{month:yyyy-MM}", ct));

        var (answered, failure) = await Progress.WhileAsync(output, "Calling", async say =>
            await new DemoTraffic(server.Address).SendAsync(await KeysAsync(api, ct), Calls, say, ct));
        output.Line(
            $"{answered} of {Calls} requests answered, through the OpenAI and Anthropic SDKs, half of them streams.");
        if (failure is not null) return output.Refuse(Failed.With(failure));

        await server.App.Services.GetRequiredService<Metering.Requests.RequestJournal>().DrainAsync();
        return await ShowAsync(server, preparer, output, ct);
    }

    // One administrator prepares the month, the other approves that very run.
    private static async Task<string> GrantAsync(
        Server server, string preparer, string approver, string period, CancellationToken ct)
    {
        using var one = new YearApi(server.Address, preparer);
        using var other = new YearApi(server.Address, approver);
        var run = await one.PostAsync("grants/runs", new { plan = DemoCompany.Plan, period, dryRun = false }, ct);
        var people = run.GetProperty("people").GetInt32();
        if (run.GetProperty("state").GetString() != "awaiting")
            return $"{period} was granted to {people} people before.";
        var waiting = run.GetProperty("waiting")[0];
        var address = $"grants/runs/{waiting.GetProperty("runId").GetString()}";
        var approved = await other.PostAsync(
            $"{address}/approve", new { digest = waiting.GetProperty("digest").GetString() }, ct);
        while (approved.GetProperty("state").GetString() == "posting")
        {
            await Task.Delay(100, ct);
            approved = await one.GetAsync(address, ct);
        }

        return $"Granted {period} to {people} people: prepared by {DemoAccounts.Preparer}, approved by "
            + $"{DemoAccounts.Approver}.";
    }

    // What anybody sees who asks with the command line: it is asked here too.
    private static async Task<int> ShowAsync(Server server, string token, Output output, CancellationToken ct)
    {
        var root = CliModule.Build([]);
        foreach (var words in (string[][])[["overview"], ["wallet", DemoCompany.Email(0)],
            ["statement", DemoCompany.Email(0)]])
        {
            output.Line();
            output.Line($"$ guerdon {string.Join(' ', words)}");
            var code = await CliModule.RunAsync(root, [.. words, "--server", server.Address, "--token", token], ct: ct);
            if (code != ExitCodes.Done) return code;
        }

        output.Line();
        output.Line("$ guerdon verify");
        var report = await Progress.WhileAsync(output, "Verifying", say => Verify.RunAsync(server.Db, say, ct));
        foreach (var finding in report.First) output.Line(finding.ToString());
        output.Line(report.Sound ? "Everything matches." : Verify.Mismatches(report.Findings));
        return report.Sound ? ExitCodes.Done : ExitCodes.Refused;
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(YearApi api, CancellationToken ct)
    {
        const int made = 40;
        var keys = new List<string>();
        for (var i = 0; i < made; i++)
        {
            var key = await api.PostAsync("keys", new { person = DemoCompany.Email(i), name = "demo" }, ct);
            keys.Add(key.GetProperty("key").GetString()!);
        }

        return keys;
    }
}
