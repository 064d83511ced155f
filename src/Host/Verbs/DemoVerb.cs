using System.CommandLine;
using Guerdon.Cli;
using Guerdon.Client;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Host.Simulated;
using Guerdon.Kernel;
using Guerdon.Simulation;
using Guerdon.Simulation.Companies;
using Guerdon.Simulation.Demo;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary>
/// <c>guerdon demo</c>: starts a server in a home of its own, has a company played on it and shows what came of it.
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
            catch (SimulationException e)
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
        await using var server = await Progress.WhileAsync(output, "Starting", say => Server.StartAsync(plan, say, ct));
        var (preparer, approver) = await DemoAccounts.OpenAdminsAsync(server.App.Services, ct);
        var code = await PlayAsync(server, preparer.Token, (approver.Email, approver.Token), output, ct);
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
        Server server, string preparer, (string Email, string Token) approver, Output output, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        using var demo = new PlayedDemo(new PlayedServer(server.App), preparer, approver, today);
        output.Line($"Imported {await demo.FoundAsync(ct)} people.");
        var granted = await demo.GrantAsync(ct);
        output.Line(granted.IsNew
            ? $"Granted {granted.Period} to {granted.People} people: prepared by {DemoAccounts.Preparer}, approved by "
                + $"{DemoAccounts.Approver}."
            : $"{granted.Period} was granted to {granted.People} people before.");

        var (answered, failure) = await Progress.WhileAsync(output, "Calling", say => demo.CallAsync(Calls, say, ct));
        output.Line(
            $"{answered} of {Calls} requests answered, through the OpenAI and Anthropic SDKs, half of them streams.");
        return failure is null
            ? await ShowAsync(server, preparer, output, ct)
            : output.Refuse(Failed.With(failure));
    }

    // With the command line's own verbs, so that it shows what anybody sees who types them.
    private static async Task<int> ShowAsync(Server server, string token, Output output, CancellationToken ct)
    {
        var root = CliModule.Build([]);
        var person = MadeUpCompany.People[0].Email;
        foreach (var words in (string[][])[["overview"], ["wallet", person], ["statement", person]])
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
}
