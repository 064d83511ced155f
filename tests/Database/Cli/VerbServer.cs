using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Gateway.Admission;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Settlement;
using Guerdon.People.Employees;
using Guerdon.Sandbox;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Cli;

/// <summary>
/// The whole application with a database of its own, under a clock that stands at 10:00 on 20 November 2026, and the
/// command line before it. Calls go to the sandbox, Anthropic's to a provider that can be made to lie.
/// </summary>
public sealed class VerbServer : IAsyncLifetime
{
    /// <summary>Administrators who are nobody in the company.</summary>
    public const string Ann = "ann@example.com", Bob = "bob@example.com";

    private readonly Dictionary<string, string> _tokens = [];
    private readonly HttpClient _http = new();
    private TestDatabase _database = null!;
    private WebApplication _app = null!;
    private WebApplication _sandbox = null!;

    /// <summary>The home directory of whoever types.</summary>
    public string Home { get; } = TestHome.New();

    public TurnedClock Clock { get; } = new() { Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero) };

    internal RecordingRelay Relay { get; private set; } = null!;

    internal RawProvider Anthropic { get; } = new();

    /// <summary>The server's own, past the relay.</summary>
    public Uri Address => new(_app.Urls.Single());

    internal TestDatabase Database => _database;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _sandbox = SandboxModule.Create(new SandboxOptions(), "http://127.0.0.1:0");
        await _sandbox.StartAsync();
        var keyFile = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(keyFile);
        _app = GuerdonApp.Build(
            _database.Db, ["http://127.0.0.1:0"],
            new Dictionary<string, string?>(KnownProviders.AtSandbox(_sandbox.Urls.Single()))
            {
                ["SignIn:PasswordIterations"] = "1000", [KeyFile.Setting] = keyFile,
                ["Gateway:Providers:anthropic:BaseUrl"] = Anthropic.Address,
                ["Gateway:LocalProviders:tests"] = "127.0.0.1", ["OpenId:LocalProviders:0"] = "127.0.0.1",
                ["Gateway:Admission:ReturnAfter"] = "00:05:00", // so that what is booked when is up to the walk
            }, Clock);
        await GuerdonApp.PrepareAsync(_app, default);
        await _app.StartAsync();
        Relay = await RecordingRelay.BeforeAsync(Address);
        foreach (var admin in new[] { Ann, Bob }) await SignUpAsync(admin, Roles.Founder);
    }

    internal T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Gives somebody an account with a token; an employee's is the account of the person.</summary>
    public async Task SignUpAsync(string email, IReadOnlyList<string> roles)
    {
        var person = roles is [Roles.Employee] ? await PersonAsync(email) : null;
        var id = await Get<AccountDirectory>().CreateAsync(email, email, roles, person, "correct horse battery", Ct);
        _tokens[email] = (await Get<ApiTokens>().CreateAsync(id!.Value, "walk", Ct)).Token;
    }

    public string TokenOf(string who) => _tokens[who];

    internal async Task<Guid?> PersonAsync(string email) =>
        (await Get<PeopleDirectory>().FindAsync(email, Ct))?.Id.Value;

    /// <summary>Runs a command line as somebody.</summary>
    internal async Task<Typed> TypeAsync(
        string who, IReadOnlyList<string> words, Func<TextWriter, int?>? width = null, string input = "")
    {
        // What may approve money is typed in a session, all else with a token.
        var decides = words is ["sso", ..]
            || words.Any(word => word is "approve" or "--approve" or "decline" or "apply");
        return await Typed.RunAsync(
            words,
            new()
            {
                ["GUERDON_URL"] = Relay.Url, ["NO_COLOR"] = "1", ["HOME"] = Home,
                ["GUERDON_TOKEN"] = decides ? await DecidingHandler.SecretAsync(_app.Services, _tokens[who], Ct)
                    : _tokens[who],
            }, width ?? (_ => null), input: input, clock: Clock);
    }

    /// <summary>Asks the API itself.</summary>
    public async Task<JsonElement> AskAsync(string who, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[who]);
        using var answer = await _http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Makes a call through the gateway, as a tool would.</summary>
    public async Task<int> CallAsync(string key, string path, string body, string? sandbox = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        using var answer = await _http.SendAsync(request, Ct);
        await answer.Content.ReadAsByteArrayAsync(Ct);
        return (int)answer.StatusCode;
    }

    /// <summary>Lets a person leave by the directory's word.</summary>
    /// <returns>The id of what is proposed.</returns>
    public async Task<string> LeaveAsync(string email, bool isHeld)
    {
        Clock.Now += TimeSpan.FromSeconds(1);
        var id = Guid.CreateVersion7(Clock.Now);
        await using var insert = _database.Db.CreateCommand("""
            insert into people.departure (
                departure_id, person_id, last_day, reason, asked_by, asked_at, was_held, falls_at)
            select $1, person_id, '2026-11-30', 'Deactivated', 'the directory', $2, $3,
                   case when $3 then null else $2 + interval '7 days' end
              from people.v_person where email = $4
            """);
        foreach (var value in (object[])[id, Clock.Now, isHeld, email]) insert.Parameters.Add(new() { Value = value });
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Ct));
        return $"dep_{id:N}";
    }

    /// <summary>The digest of those who are held.</summary>
    public async Task<string> HeldAsync() =>
        (await Get<Guerdon.People.Departures.DepartureStore>().HeldAsync(Ct)).Digest;

    /// <summary>Puts so many whole compute tokens into somebody's wallet.</summary>
    public async Task FundAsync(string email, long tokens)
    {
        var (pool, amount) = (new WalletId(Guid.CreateVersion7()), new Tokens(tokens * 1_000));
        var posted = await Get<LedgerWriter>().PostAsync(
        [
            new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = amount,
                Key = $"fund:{pool}",
            },
            new()
            {
                Kind = TransferKind.Grant, Wallet = pool, To = new((await PersonAsync(email))!.Value),
                Amount = amount, Key = $"grant:{pool}", NewLot = new("work_compute", "a test", null),
            },
        ], null, Ct);
        Assert.All(posted, p => Assert.True(p.Done, p.Refused?.ToString()));
    }

    /// <summary>Waits until so many of somebody's calls are booked.</summary>
    public async Task BookedAsync(string email, long calls)
    {
        var wallet = (await PersonAsync(email))!.Value;
        for (var i = 0; i < 200; i++)
        {
            await using var count = _database.Db.CreateCommand(
                "select count(*) from metering.request where wallet_id = $1");
            count.Parameters.Add(new() { Value = wallet });
            if ((long)(await count.ExecuteScalarAsync(Ct))! >= calls)
            {
                // On this day, before the clock is turned.
                await Get<Settlements>().AllAsync(Get<NodeLease>().Holder, Ct);
                return;
            }

            await Task.Delay(100, Ct);
        }

        Assert.Fail($"{email} has fewer than {calls} calls booked.");
    }

    /// <summary>Waits until a wallet is stopped, which is soon after the answer to the call.</summary>
    public async Task StoppedAsync()
    {
        for (var i = 0; i < 200; i++)
        {
            var stops = (await AskAsync(Ann, "/api/v1/gateway-stops")).GetProperty("stops");
            if (stops.GetArrayLength() > 0) return;
            await Task.Delay(100, Ct);
        }

        Assert.Fail("No wallet is stopped.");
    }

    /// <summary>Input and output of the calls of a model, as they are booked.</summary>
    public async Task<(long Input, long Output)> UsedAsync(string model)
    {
        await using var sum = _database.Db.CreateCommand(
            "select sum(input)::bigint, sum(output)::bigint from metering.request where model = $1");
        sum.Parameters.Add(new() { Value = model });
        await using var row = await sum.ExecuteReaderAsync(Ct);
        Assert.True(await row.ReadAsync(Ct));
        return (row.GetInt64(0), row.GetInt64(1));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (Relay is not null) await Relay.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _sandbox.DisposeAsync();
        await Anthropic.DisposeAsync();
        await _database.DisposeAsync();
    }
}
