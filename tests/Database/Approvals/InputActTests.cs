using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Host;
using Guerdon.Database.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Metering.TokenValue;
using Guerdon.People.Employees;
using Guerdon.People.Proposals;
using Guerdon.Policies;
using Guerdon.Pricing.TokenValue;
using Guerdon.Providers;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Approvals;

/// <summary>An administrator who is also an employee tries to decide each kind of what payments are computed from: with
/// the account that proposed it, with a second one of theirs, as one of few whom it reaches, by a token alone, by a
/// digest of something else. None of it is in effect, and the acts name who tried what.</summary>
public sealed class InputActTests : IAsyncLifetime
{
    private const string Eve = "eve@example.com", Second = "eve.second@example.com";
    private const string Approving = "POST /api/v1/inputs/{id}/approve";

    private readonly Dictionary<string, HttpClient> _clients = [];
    private RealApp _app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync(
            ("Approvals:LoneAdministrator", "true"), ("Gateway:LocalProviders:0", InputBodies.Provider));
        await PolicyStore.TurnAsync(_app.Db, "A key leaked.", TimeProvider.System.GetUtcNow(), "a test", Ct);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(InputBodies.PeopleFile(Eve, pay: 100_000)));
        Assert.Empty((await ImportPeople.RunAsync(file, false, _app.Db, TimeProvider.System, Ct)).Errors);
        var person = (await _app.Services.GetRequiredService<PeopleDirectory>().FindAsync(Eve, Ct))!.Id.Value;
        foreach (var email in new[] { Eve, Second })
            await _app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
                email, "Eve", Roles.Founder, person, RealApp.Password, Ct);
        foreach (var email in new[] { Eve, Second, RealApp.Admin, RealApp.Other })
            _clients[email] = SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, email));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task EveryKind_EveryWayOfDecidingForOneself_IsRefused_AndTheActsNameWhoTried()
    {
        var kinds = _app.Services.GetRequiredService<IEnumerable<IInput>>().Select(kind => kind.Kind).ToList();
        Assert.Equal([], kinds.Except(InputBodies.Kinds)); // a new one is tried too
        var tried = new List<string>();
        foreach (var kind in kinds)
        {
            var own = await ProposeAsync(kind, Eve);
            await RefusedAsync(Eve, own, alone: true, "approvals.input_own");
            await RefusedAsync(Second, own, alone: true, "approvals.input_own");
            await RefusedAsync(RealApp.Other, own with { Digest = new string('0', 64) }, false,
                "approvals.input_changed");
            await RefusedAsync(RealApp.Other, own with { Digest = null }, false, "approvals.input_digest_needed");
            var hers = await ProposeAsync(kind, RealApp.Admin); // by somebody else
            await RefusedAsync("token", hers, false, "host.step_up");
            tried.AddRange([$"{Eve} 403", $"{Second} 403", $"{RealApp.Other} 409", $"{RealApp.Other} 422",
                $"{RealApp.Other} 403"]);
            if (InputBodies.OfNobody.Contains(kind)) continue;
            await RefusedAsync(Eve, hers, false, "approvals.input_own"); // for few, and she is one of them
            tried.Add($"{Eve} 403");
        }

        foreach (var table in new[] { "compensation.plan", "compensation.conversion_terms",
            "compensation.payroll_settings", "gateway.policy", "gateway.provider" })
            Assert.Equal(0, await _app.Db.ScalarAsync<long>($"select count(*) from {table}", [], Ct));
        Assert.Equal(0, await _app.Db.ScalarAsync<long>(
            "select count(*) from approvals.input where state <> 'waiting'", [], Ct));
        Assert.Equal(tried.Order(StringComparer.Ordinal), await TriedAsync());
    }

    private async Task<Named> ProposeAsync(string kind, string who)
    {
        var account = await SessionTests.AccountAsync(_app, who);
        var person = await _app.Db.ScalarAsync<Guid?>(
            "select person_id from host.account where account_id = $1", [account.Value], Ct);
        var proposed = await _app.Services.GetRequiredService<InputProposals>().ProposeAsync(
            kind, InputBodies.Of(kind), new Actor(who, person) { Account = account.Value }, Ct);
        Assert.True(proposed.Is(out var outcome, out var no), $"{kind}: {no?.Detail}");
        var waits = outcome.Waits!.Waits;
        var shown = await _clients[who].GetFromJsonAsync<JsonElement>(
            new Uri($"/api/v1/inputs/{waits.Id}", UriKind.Relative), Ct);
        return new($"{waits.Id}", shown.GetProperty("proposal").GetProperty("digest").GetString());
    }

    private async Task RefusedAsync(string who, Named input, bool alone, string code)
    {
        using var token = who == "token" ? SessionTests.Bearer(_app, await TokenAsync(RealApp.Other)) : null;
        using var answer = await (token ?? _clients[who]).PostAsJsonAsync(
            new Uri($"/api/v1/inputs/{input.Id}/approve", UriKind.Relative), new { digest = input.Digest, alone }, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains($"\"{code}\"", text, StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync(string email) => (await _app.Services.GetRequiredService<ApiTokens>()
        .CreateAsync(await SessionTests.AccountAsync(_app, email), "bare", Ct)).Token;

    // As an auditor gets them.
    private async Task<IEnumerable<string>> TriedAsync()
    {
        var acts = await _clients[RealApp.Admin].GetFromJsonAsync<JsonElement>(
            new Uri("/api/v1/acts?kind=refused&endpoint=/inputs/", UriKind.Relative), Ct);
        return acts.GetProperty("acts").EnumerateArray()
            .Where(act => act.GetProperty("endpoint").GetString() == Approving)
            .SelectMany(act => Enumerable.Repeat(
                $"{act.GetProperty("who").GetString()} {act.GetProperty("status").GetInt32()}",
                (int)Math.Max(1, act.GetProperty("times").GetInt64())))
            .Order(StringComparer.Ordinal);
    }

    private sealed record Named(string Id, string? Digest);
}

/// <summary>Something to propose of each kind.</summary>
internal static class InputBodies
{
    /// <summary>Where the provider is that is proposed: on this machine, so that it needs no key.</summary>
    public const string Provider = "127.0.0.1:9";

    /// <summary>Kinds that are for nobody in particular.</summary>
    public static readonly IReadOnlyList<string> OfNobody = ["gateway_open", "provider"];

    private static readonly Dictionary<string, Func<InputGiven>> All = new()
    {
        ["payroll_settings"] = () => File("", "payroll.yaml"),
        ["conversion_terms"] = () => new("", Payroll.PayScene.Terms + "\n# another version"),
        ["plan"] = () => File("allowance", "plan.yaml"),
        ["token_value"] = () => TokenValueInput.Given(new(
            new("2027Q1", "2026Q4", false, [], [], new() { Numerator = "11", Denominator = "10", Ppm = 1_100_000 },
                1_000, 1_100, 0, AllowanceTopUp.Of(new Usd(1), 1_100_000, 0)),
            new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero), true)),
        ["people"] = () => new("", new GivenFile(
            new(2026, 1, 1), "UTF-8", PeopleFile("eve@example.com", pay: 200_000)).Body),
        ["gateway_policy"] = () => new("", new PolicyGiven(
            new DateOnly(2026, 1, 1).UtcStart(), "zero_rated: [gpt-5-nano]").Body),
        ["gateway_open"] = () => OpeningInput.Given,
        ["provider"] = () => new("openai", new ProviderGiven(
            new(2026, 1, 1), ProviderChange.Set, BaseUrl: $"http://{Provider}").Body),
    };

    /// <summary>A file of one person.</summary>
    public static string PeopleFile(string email, int pay) =>
        "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
        + string.Create(CultureInfo.InvariantCulture,
            $"{email},Eve,Engineering,Engineer,L4,US,CC,2020-01-01,,{pay},{pay},USD\n");

    public static IEnumerable<string> Kinds => All.Keys;

    public static InputGiven Of(string kind) => All[kind]();

    private static InputGiven File(string subject, string name) =>
        new(subject, System.IO.File.ReadAllText(RunningApp.Example(name)));
}
