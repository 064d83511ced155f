using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Gateway;
using Guerdon.Gateway.Keys;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;
using Guerdon.Sandbox;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>The whole application on a free port, with a small company, an administrator and an employee.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    public const string Password = "a-long-password";

    private readonly CapturedLogs _logs = new();
    private TestDatabase _database = null!;
    private WebApplication _sandbox = null!;

    public WebApplication App { get; private set; } = null!;
    public NpgsqlDataSource Db => _database.Db;

    /// <summary>The same as the tables' owner: Guerdon's own role owns nothing.</summary>
    public NpgsqlDataSource OwnerDb => _database.OwnerDb;
    public Uri Address { get; private set; } = null!;

    /// <summary>Calls as the administrator, by token.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Calls as an employee, by token.</summary>
    public HttpClient Employee { get; private set; } = null!;

    public HttpClient Nobody { get; private set; } = null!;

    /// <summary>Calls the gateway with the employee's key, whose wallet is empty until it is funded.</summary>
    public HttpClient Caller { get; private set; } = null!;

    /// <summary>Everything that was logged so far.</summary>
    public string Logged => _logs.Text;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _sandbox = SandboxModule.Create(new SandboxOptions(), "http://127.0.0.1:0");
        await _sandbox.StartAsync();
        var providers = KnownProviders.AtSandbox(_sandbox.Urls.Single());
        var keyFile = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(keyFile);
        App = GuerdonApp.Build(_database.Db, ["http://127.0.0.1:0"], new Dictionary<string, string?>(providers)
        {
            ["SignIn:PasswordIterations"] = "1000", ["SignIn:TriesPerAddressPerMinute"] = "1000",
            [KeyFile.Setting] = keyFile, ["Approvals:LoneAdministrator"] = "true", // who approves what they proposed
        });
        App.Services.GetRequiredService<ILoggerFactory>().AddProvider(_logs);
        await GuerdonApp.PrepareAsync(App, default);
        await App.StartAsync();
        Address = new Uri(App.Urls.Single());
        await using (var csv = File.OpenRead(Example("people.csv")))
            await ImportPeople.RunAsync(csv, false, Db, TimeProvider.System, default);
        var person = (await App.Services.GetRequiredService<PeopleDirectory>().FindAsync(Person, default))!;
        Nobody = Client(null);
        Admin = Client(await TokenAsync("root@corp.example", Roles.Founder, null));
        Employee = Client(await TokenAsync(Person, [Roles.Employee], person.Id.Value));
        var key = await App.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            new(person.Id.Value), new(null, "walk", null, null, null), default);
        Caller = Client(key.Key);
        foreach (var (path, file) in new[]
        {
            ("plans", "plan.yaml"), ("payroll", "payroll.yaml"), ("conversion-terms", "conversion.yaml"),
            ("offers", "offer.yaml"), ("gateway-policy/check", "policy.yaml"),
        }) await ApplyAsync(path, File.ReadAllText(Example(file)));
    }

    /// <summary>Somebody of examples/people.csv.</summary>
    public static string Person { get; } = File.ReadLines(Example("people.csv")).ElementAt(1).Split(',')[0];

    public static string Example(string name) => Path.Combine(Checkout.Root, "examples", name);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Rows of every table that people's doings write to.</summary>
    public async Task<long> RowsAsync()
    {
        const string tables = """
            select string_agg(format('select count(*) from %I.%I', schemaname, tablename), ' union all ')
              from pg_tables
             where schemaname in ('people', 'compensation', 'pricing') or (schemaname, tablename) in
                   (('gateway', 'key'), ('gateway', 'policy'), ('gateway', 'provider'), ('metering', 'imported'))
            """;
        await using var list = Db.CreateCommand(tables);
        var each = (string)(await list.ExecuteScalarAsync())!;
        await using var count = Db.CreateCommand($"select sum(count)::bigint from ({each}) as t (count)");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>Puts so many whole compute tokens into the employee's wallet.</summary>
    public Task FundAsync(long tokens) => FundAsync(tokens, Asset.Compute, "work_compute");

    /// <summary>Puts so many whole reward tokens of each class into the employee's wallet.</summary>
    public async Task RewardAsync(long tokens)
    {
        foreach (var form in Enum.GetValues<PayForm>())
            await FundAsync(tokens, Asset.Reward, PayForms.ClassOf(form).Name);
    }

    private async Task FundAsync(long tokens, Asset asset, string taxClass)
    {
        var person = (await App.Services.GetRequiredService<PeopleDirectory>().FindAsync(Person, default))!;
        var (pool, amount) = (new WalletId(Guid.CreateVersion7()), new Tokens(tokens * 1_000));
        var posted = await App.Services.GetRequiredService<LedgerWriter>().PostAsync(
        [
            new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = amount, Asset = asset,
                Key = $"fund:{pool}",
            },
            new()
            {
                Kind = TransferKind.Grant, Wallet = pool, To = new(person.Id.Value), Amount = amount,
                Asset = asset, Key = $"grant:{pool}", NewLot = new(taxClass, "a test", null),
            },
        ], null, default);
        Assert.All(posted, p => Assert.True(p.Done, p.Refused?.ToString()));
    }

    /// <summary>Makes room for more forms than an account may send.</summary>
    public async Task ForgetFormsAsync()
    {
        await using var command = Db.CreateCommand("delete from web.form_turn");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A number out of the database.</summary>
    public async Task<long> NumberAsync(string sql) => (long)await ValueAsync(sql);

    /// <summary>A value out of the database.</summary>
    public async Task<object> ValueAsync(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())!;
    }

    /// <summary>Where every provider's calls go.</summary>
    public string SandboxAddress => _sandbox.Urls.Single();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Admin, Employee, Nobody, Caller }) client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await _sandbox.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>What walks found, the first of it; all of it, and what was logged, in a file.</summary>
    public string Told(ConcurrentBag<string> bad)
    {
        var errors = Logged.Split('\n').Where(line => line.Contains("Exception", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("at Guerdon.", StringComparison.Ordinal)).TakeLast(4_000);
        var file = Path.Combine(Path.GetTempPath(), "guerdon-walk.txt");
        File.WriteAllText(file, string.Join('\n', bad.Order()) + "\n\n" + string.Join('\n', errors));
        return string.Create(CultureInfo.InvariantCulture, $"{bad.Count} wrong answers; {file} has all.\n")
            + string.Join('\n', bad.Take(20));
    }

    /// <summary>Sends a file, and approves what waits: a token approves nothing, so that what is proposed with one
    /// waits, also where there is one administrator alone.</summary>
    /// <returns>What applying it answers, or why it was refused.</returns>
    public async Task<(int Status, JsonElement Body)> ApplyAsync(string path, string text)
    {
        using var sent = await Admin.PostAsync(
            new Uri($"/api/v1/{path}", UriKind.Relative), new StringContent(text));
        return await ApprovedAsync(sent);
    }

    /// <summary>The answer once what was sent is approved, where it waits.</summary>
    public async Task<(int Status, JsonElement Body)> ApprovedAsync(HttpResponseMessage sent)
    {
        var said = await JsonAsync(sent);
        if (sent.StatusCode != HttpStatusCode.Accepted) return ((int)sent.StatusCode, said);
        var waits = said.GetProperty("waits");
        using var done = await Admin.PostAsJsonAsync(
            new Uri($"/api/v1/inputs/{waits.GetProperty("id").GetString()}/approve", UriKind.Relative),
            new { digest = waits.GetProperty("digest").GetString(), alone = true });
        var answer = await JsonAsync(done);
        if (done.IsSuccessStatusCode) return ((int)done.StatusCode, answer.GetProperty("applied"));

        // What takes two in any case: another, who has no account here.
        _ = InputId.TryParse(waits.GetProperty("id").GetString(), out var id);
        var other = await App.Services.GetRequiredService<InputProposals>().ApproveAsync(
            id, waits.GetProperty("digest").GetString(), alone: false,
            new("another", null) { Account = Guid.CreateVersion7() }, default);
        return other.Is(out var decided, out _)
            ? (200, JsonSerializer.SerializeToElement(decided.Applied, JsonSerializerOptions.Web))
            : ((int)done.StatusCode, answer);
    }

    public HttpClient Client(string? token)
    {
        var client = new HttpClient(new DecidingHandler(App.Services))
        {
            BaseAddress = Address, Timeout = TimeSpan.FromSeconds(100),
        };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private async Task<string> TokenAsync(string email, IReadOnlyCollection<string> roles, Guid? person)
    {
        var accounts = App.Services.GetRequiredService<AccountDirectory>();
        var id = await accounts.CreateAsync(email, "Somebody", roles, person, Password, default);
        return (await App.Services.GetRequiredService<ApiTokens>().CreateAsync(id!.Value, "walk", default)).Token;
    }
}
