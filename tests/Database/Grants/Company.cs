using Guerdon.Database.Approvals;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Grants;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Audit;
using Guerdon.Metering;
using Guerdon.Notices;
using Guerdon.Offers;
using Guerdon.Payroll;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Pricing;
using Guerdon.Pricing.Book;
using Guerdon.Statements;
using Guerdon.Tests;
using Guerdon.Vesting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Grants;

/// <summary>A database of its own with prices, people and compensation served over HTTP, and a clock to turn.</summary>
public sealed class Company : IAsyncLifetime
{
    public const string Header =
        "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency,github_login\n";

    private TestDatabase _database = null!;
    private WebApplication _app = null!;

    public TurnedClock Clock { get; } = new();

    /// <summary>Two, until a test says otherwise.</summary>
    public AdminCount Admins { get; } = new();

    public HttpClient Http { get; private set; } = null!;
    public TestDatabase Database => _database;
    public NpgsqlDataSource Db => _database.Db;

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Admins.People = new PeopleDirectory(_database.Db);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(Db).AddSingleton<IDeciders>(Admins);
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPermissions();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.AddPricing();
        builder.AddPeople();
        builder.AddLedger();
        builder.AddNotices();
        builder.AddMetering();
        builder.AddGrants();
        builder.AddPayroll();
        builder.AddOffers();
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapApprovals();
        _app.MapPricing();
        _app.MapPeople();
        _app.MapMetering();
        _app.MapVesting();
        _app.MapGrants();
        _app.MapNotices();
        _app.MapPayroll();
        _app.MapOffers();
        _app.MapStatements();
        await SeedBook.RunAsync(Db, Clock, default);
        await Get<PriceBook>().ReloadAsync(default);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        Http.DefaultRequestHeaders.Add(TestSignIn.Header, TestSignIn.Admin);
    }

    public static string Row(
        string email, string rest = "Engineering,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD,") =>
        $"{email},Somebody,{rest}\n";

    /// <summary>Imports people, and lets another administrator approve it where it waits.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> ImportAsync(string rows, bool dryRun = false) =>
        ApprovedInputAsync(SendPeopleAsync(rows, dryRun: dryRun));

    /// <summary>Sends a file of people; nobody approves it.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> SendPeopleAsync(
        string rows, string? caller = null, bool dryRun = false) =>
        SendAsync(HttpMethod.Post, $"/api/v1/people/import?dryRun={dryRun}",
            new StringContent(Header + rows, Encoding.UTF8, "text/csv"), caller);

    public Task<(HttpStatusCode Status, JsonElement Body)> PlanAsync(string yaml, string path = "") =>
        ApplyAsync("/api/v1/plans" + path, yaml);

    /// <summary>Prepares a month, and lets another administrator approve what waits. The answer is that of preparing,
    /// or why it was not approved.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> RunAsync(
        string plan, string period, bool dryRun = false) =>
        await ApprovedAsync(await PrepareAsync(plan, period, dryRun));

    /// <summary>Prepares a month; nobody approves it.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> PrepareAsync(
        string plan, string period, bool dryRun = false, string? caller = null) =>
        PostAsync("/api/v1/grants/runs", new { plan, period, dryRun }, caller);

    /// <summary>Lets another administrator approve the run that an answer tells of, where it waits.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ApprovedAsync(
        (HttpStatusCode Status, JsonElement Body) prepared)
    {
        if (prepared.Status != HttpStatusCode.OK || prepared.Body.GetProperty("state").GetString() != "awaiting")
            return prepared;
        var done = await ApproveAsync(prepared.Body.GetProperty("runId").GetString()!);
        return done.Status == HttpStatusCode.OK ? prepared : done;
    }

    /// <summary>Approves a run with the digest that it shows.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(
        string run, string caller = "admin:approver", bool alone = false) =>
        await PostAsync($"/api/v1/grants/runs/{run}/approve", new { digest = await DigestAsync(run), alone }, caller);

    /// <summary>The digest that a run shows.</summary>
    public async Task<string> DigestAsync(string run) =>
        (await GetAsync($"/api/v1/grants/runs/{run}")).Body.GetProperty("digest").GetString()!;

    /// <summary>The digest that a phase shows; null: it does not wait for votes.</summary>
    public async Task<string?> PhaseDigestAsync(string plan, string phase) =>
        (await GetAsync($"/api/v1/plans/{plan}/phases")).Body.GetProperty("phases").EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == phase).GetProperty("digest").GetString();

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        string path, object? body = null, string? caller = null) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body ?? new { }), caller);

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, string? caller = null) =>
        SendAsync(HttpMethod.Get, path, null, caller);

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, HttpContent? content, string? caller = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (caller is not null) request.Headers.Add(TestSignIn.As, caller);
        using var response = await Http.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Sends a file that changes what payments are computed from, and lets another administrator approve it
    /// where it waits. The answer is that of applying it, or why it was refused.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ApplyAsync(
        string path, string text, string? caller = null) => await ApprovedInputAsync(
            SendAsync(HttpMethod.Post, path, new StringContent(text, Encoding.UTF8, "text/yaml"), caller));

    /// <summary>The same of what is sent already.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ApprovedInputAsync(
        Task<(HttpStatusCode Status, JsonElement Body)> sending, string approver = "admin:approver")
    {
        var sent = await sending;
        if (sent.Status != HttpStatusCode.Accepted) return sent;

        var done = await this.ApproveInputAsync(sent.Body.GetProperty("waits"), approver);
        return done.Status == HttpStatusCode.OK ? (done.Status, done.Body.GetProperty("applied")) : done;
    }

    public async Task<long> ScalarAsync(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Ct), null);
    }

    public async Task<string?> TextAsync(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct) as string;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>What somebody with psql would do.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var outside = await _database.OpenOutsideAsync();
        await using var command = new NpgsqlCommand(sql, outside);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>What is wrong in ledger, guarded rows and grants: nothing, after anything Guerdon does.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync()
    {
        var found = new List<string>();
        foreach (var check in (IAsyncEnumerable<Finding>[])
        [
            LedgerVerify.RunAsync(Db, null, Ct), ChangeVerify.RunAsync(Db, new(), Ct), VerifyGrants.RunAsync(Db, Ct),
        ])
            await foreach (var finding in check) found.Add(finding.ToString());
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>How many administrators a company has, and who they are by their e-mails.</summary>
public sealed class AdminCount : IDeciders
{
    public int Count { get; set; } = 2;

    /// <summary>Where e-mails are looked up; null: nobody has any.</summary>
    public PeopleDirectory? People { get; set; }

    public bool WereTwo { get; set; }

    public Task<int> CountAsync(string permission, CancellationToken ct) => Task.FromResult(Count);

    /// <summary>How many there are without those whom something is for; null: as many.</summary>
    public int? Outside { get; set; }

    public Task<int> CountOutsideAsync(string permission, IReadOnlyCollection<Guid> without, CancellationToken ct) =>
        Task.FromResult(Outside ?? Count);

    public Task<bool> WereTwoAsync(CancellationToken ct) => Task.FromResult(WereTwo);

    /// <summary>Whose e-mail a name is, beside those on file.</summary>
    public Dictionary<string, Guid> Known { get; } = new(StringComparer.Ordinal);

    public async Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct) =>
        Known.TryGetValue(actor.Name, out var known) ? known
        : People is null ? null : (await People.FindAsync(actor.Name, ct))?.Id.Value;

    /// <summary>Who else may sign in with an account.</summary>
    public Dictionary<Guid, SignedInBy> Signs { get; } = [];

    public Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
        IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<Guid, SignedInBy>>(Signs);
}

/// <summary>The system's clock, moved.</summary>
public sealed class TurnedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Signs in whom a header, or a token as the command line sends it, names: somebody with roles
/// (<c>admin:name</c> with all of a founder's, <c>people,board:name</c>, or <c>admin:name:prs_…</c> whose account is a
/// person's), an employee by their person's id, or nobody. Each has an account.</summary>
internal sealed class TestSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "x-test", As = "x-test-as", Admin = "admin";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var caller = Request.Headers.TryGetValue(As, out var one) ? one.ToString() : Request.Headers[Header].ToString();
        if (caller.Length == 0) caller = Request.Headers.Authorization.ToString().Replace("Bearer ", "");
        if (caller == "nobody") return Task.FromResult(AuthenticateResult.NoResult());

        Claim[] claims = caller.Split(':') switch
        {
            // Who was admin:name until their roles were taken away.
            ["former", var name] => [new Claim(Access.RoleClaim, Roles.Employee), new Claim("email", name)],
            [var roles] when RolesOf(roles) is { } held => held,
            [var roles, var name] when RolesOf(roles) is { } held => [.. held, new Claim("email", name)],
            [var roles, var name, var person] when RolesOf(roles) is { } held =>
                [.. held, new Claim("email", name), new Claim(Access.PersonClaim, person)],
            _ => [new Claim(Access.RoleClaim, Roles.Employee), new Claim(Access.PersonClaim, caller)],
        };
        caller = caller.Replace("former:", "admin:", StringComparison.Ordinal); // the account stays the same
        var account = AccountOf(caller);
        // Everybody has just signed in: what that is needed for is tested by StepUpTests.
        var now = TimeProvider.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        claims =
        [
            .. claims, new Claim(Access.AccountClaim, $"acc_{account:N}"), new Claim(Access.SessionClaim, "a test"),
            new Claim(Access.ConfirmedClaim, now),
        ];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name, null, Access.RoleClaim));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
    }

    /// <summary>The account of whoever a header names.</summary>
    public static Guid AccountOf(string caller) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(caller.ToLowerInvariant())).AsSpan(0, 16));

    // "admin" has all that a founder has.
    private static Claim[]? RolesOf(string text)
    {
        var named = text.Split(',').SelectMany(role => role == Admin ? Roles.Founder : [role]).ToArray();
        return named.All(Roles.IsKnown) ? [.. named.Select(role => new Claim(Access.RoleClaim, role))] : null;
    }
}
