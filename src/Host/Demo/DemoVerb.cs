using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Stipend.Cli;
using Stipend.Host.Running;
using Stipend.Host.SignIn;
using Stipend.Host.Verbs;
using Stipend.Kernel;

namespace Stipend.Host.Demo;

/// <summary><c>stipend demo</c>: a whole company in miniature, through the doors that a real one uses.</summary>
internal static class DemoVerb
{
    private const int KeysMade = 40;
    private const int Calls = 600;
    private const string Password = "demo-stipend";

    private static readonly Refusal Failed = new("host.demo_failed", 409, Retryable: true,
        "See above for the reason; `stipend demo` can be run again on what is there.");

    public static Verb Verb()
    {
        var once = new Option<bool>("--once") { Description = "Do it all, verify, and stop." };
        var listen = new Option<string?>("--listen")
        {
            Description = "Address to listen on; with --once any free port where none is named.", HelpName = "URL",
        };
        return new Verb("demo", "Run a company in miniature: 200 people, a plan, grants, real clients.", "stipend demo",
            "stipend demo --once")
        {
            once, listen,
        }.Does(async (parse, output, ct) =>
        {
            var url = parse.GetValue(listen) ?? (parse.GetValue(once) ? "http://127.0.0.1:0" : "http://127.0.0.1:8080");
            var settings = new Dictionary<string, string?> { ["SignIn:PasswordIterations"] = "10000" };
            await using var server = await Progress.WhileAsync(output, "Starting", say =>
                Server.StartAsync(url, withSandbox: true, settings, say, ct));
            var code = await PlayAsync(server, output, ct);
            if (code != ExitCodes.Done || parse.GetValue(once)) return code;

            output.Line();
            Serve.Greet(output, server.Address, admin: null);
            output.Line();
            output.Line(
                $"Sign in as {DemoCompany.Email(0)} (an employee) or {FirstRun.AdminEmail} (the administrator),");
            output.Line($"password {Password}. Ctrl-C stops it.");
            await server.WaitAsync(ct);
            return ExitCodes.Done;
        });
    }

    private static async Task<int> PlayAsync(Server server, Output output, CancellationToken ct)
    {
        var token = await AccountsAsync(server, ct);
        using var api = new HttpClient { BaseAddress = new Uri(server.Address) };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1);

        await SendAsync(api, "api/v1/people/import", DemoCompany.Csv(), "text/csv", ct);
        await EmployeeAsync(server, ct);
        output.Line($"Imported {DemoCompany.People} people.");
        await SendAsync(api, "api/v1/plans", DemoCompany.PlanYaml(month), "text/yaml", ct);
        var run = await SendAsync(api, "api/v1/grants/runs",
            JsonSerializer.Serialize(new { plan = DemoCompany.Plan, period = $"{month:yyyy-MM}", dryRun = false }),
            "application/json", ct);
        await ApproveAsync(server, run, ct);
        output.Line($"Granted {month:yyyy-MM} to {run.GetProperty("people").GetInt32()} people.");

        var (answered, failure) = await Progress.WhileAsync(output, "Calling", async say =>
            await new DemoTraffic(server.Address).SendAsync(await KeysAsync(api, ct), Calls, say, ct));
        output.Line(
            $"{answered} of {Calls} requests answered, through the OpenAI and Anthropic SDKs, half of them streams.");
        if (failure is not null) return output.Refuse(Failed.With(failure));

        await server.App.Services.GetRequiredService<Metering.RequestJournal>().DrainAsync();
        return await ShowAsync(server, token, output, ct);
    }

    // What anybody sees who asks with the command line: it is asked here too.
    private static async Task<int> ShowAsync(Server server, string token, Output output, CancellationToken ct)
    {
        var root = CliModule.Build([]);
        foreach (var words in (string[][])[["overview"], ["wallet", DemoCompany.Email(0)],
            ["statement", DemoCompany.Email(0)]])
        {
            output.Line();
            output.Line($"$ stipend {string.Join(' ', words)}");
            var code = await CliModule.RunAsync(root, [.. words, "--server", server.Address, "--token", token], ct: ct);
            if (code != ExitCodes.Done) return code;
        }

        output.Line();
        output.Line("$ stipend verify");
        var report = await Progress.WhileAsync(output, "Verifying", say => Verify.RunAsync(server.Db, say, ct));
        foreach (var finding in report.First) output.Line(finding.ToString());
        output.Line(report.Sound ? "Everything matches." : $"{report.Findings} rows do not match.");
        return report.Sound ? ExitCodes.Done : ExitCodes.Refused;
    }

    private static async Task<string> AccountsAsync(Server server, CancellationToken ct)
    {
        var accounts = server.App.Services.GetRequiredService<Accounts>();
        var admin = await accounts.FindByEmailAsync(FirstRun.AdminEmail, ct)
            ?? throw new InvalidOperationException("The first run made no administrator.");
        await accounts.SetPasswordAsync(admin.Id, Password, ct);
        return (await accounts.CreateTokenAsync(admin.Id, "demo", ct)).Token;
    }

    // By a second administrator, who names the digest that they saw. Where the month was granted by an earlier demo,
    // nothing waits.
    private static async Task ApproveAsync(Server server, JsonElement run, CancellationToken ct)
    {
        const string email = "second-admin@localhost";
        var accounts = server.App.Services.GetRequiredService<Accounts>();
        var second = (await accounts.FindByEmailAsync(email, ct))?.Id
            ?? await accounts.CreateAsync(email, "Second administrator", Roles.Admin, person: null, password: null, ct);
        using var api = new HttpClient { BaseAddress = new Uri(server.Address) };
        var token = (await accounts.CreateTokenAsync(second!.Value, "demo", ct)).Token;
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var waiting in run.GetProperty("waiting").EnumerateArray())
            await SendAsync(
                api, $"api/v1/grants/runs/{waiting.GetProperty("runId").GetString()}/approve",
                JsonSerializer.Serialize(new { digest = waiting.GetProperty("digest").GetString() }),
                "application/json", ct);
    }

    private static async Task EmployeeAsync(Server server, CancellationToken ct)
    {
        var accounts = server.App.Services.GetRequiredService<Accounts>();
        if (await accounts.FindByEmailAsync(DemoCompany.Email(0), ct) is not null) return;
        var people = server.App.Services.GetRequiredService<People.PeopleDirectory>();
        var person = (await people.FindAsync(DemoCompany.Email(0), ct))!;
        await accounts.CreateAsync(person.Email, person.Name, Roles.Employee, person.Id.Value, Password, ct);
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(HttpClient api, CancellationToken ct)
    {
        var keys = new List<string>();
        for (var i = 0; i < KeysMade; i++)
        {
            var made = await SendAsync(api, "api/v1/keys",
                JsonSerializer.Serialize(new { person = DemoCompany.Email(i), name = "demo" }), "application/json", ct);
            keys.Add(made.GetProperty("key").GetString()!);
        }

        return keys;
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient api, string path, string body, string type, CancellationToken ct)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await api.PostAsync(path, content, ct);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync(ct)}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
    }
}
