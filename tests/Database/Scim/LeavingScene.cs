using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Gateway.Keys;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Database.Scim;

/// <summary>A company whose directory says who leaves: the real server before a sandbox, and a clock that is
/// turned.</summary>
internal sealed class LeavingScene : IAsyncDisposable
{
    public const string Password = "a long enough one";

    private readonly WebApplication _sandbox;
    private readonly Dictionary<string, string> _tokens = [];
    private readonly HttpClient _decides;

    private LeavingScene(RealApp app, WebApplication sandbox, TurnedClock clock)
    {
        (App, _sandbox, Clock) = (app, sandbox, clock);
        Http = App.Client();
        _decides = new HttpClient(new DecidingHandler(App.Services)) { BaseAddress = App.Address };
    }

    public RealApp App { get; }
    public TurnedClock Clock { get; }
    public HttpClient Http { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<LeavingScene> OpenAsync()
    {
        var sandbox = Guerdon.Sandbox.SandboxModule.Create(new(), "http://127.0.0.1:0");
        await sandbox.StartAsync(Ct);
        var clock = new TurnedClock { Now = new(2026, 11, 30, 10, 0, 0, TimeSpan.Zero) };
        var app = await RealApp.StartAsync(clock,
        [
            .. KnownProviders.AtSandbox(sandbox.Urls.Single()).Select(setting => (setting.Key, setting.Value!)),
            ("Gateway:LocalProviders:tests", "127.0.0.1"),
        ]);
        var scene = new LeavingScene(app, sandbox, clock);
        foreach (var email in new[] { RealApp.Admin, RealApp.Other }) await scene.TokenAsync(email);
        return scene;
    }

    public async Task<string> TokenAsync(string email)
    {
        var account = await Get<AccountDirectory>().FindByEmailAsync(email, Ct);
        return _tokens[email] = (await Get<ApiTokens>().CreateAsync(account!.Id, "test", Ct)).Token;
    }

    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Does a job's work once.</summary>
    public async Task RunJobAsync(string name)
    {
        var job = App.Services.GetServices<IHostedService>().OfType<Job>().Single(j => j.GetType().Name == name);
        await job.RunAsync(Ct);
    }

    public async Task ImportAsync(params (string Email, DateOnly? LeftOn)[] people)
    {
        var csv = new StringBuilder(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n");
        foreach (var (email, leftOn) in people)
            csv.Append(CultureInfo.InvariantCulture,
                $"{email},Lea Ver,Ops,Engineer,L4,US,CC,2020-01-01,{leftOn:yyyy-MM-dd},100000,120000,USD\n");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
        Assert.Empty((await ImportPeople.RunAsync(stream, false, App.Db, Clock, Ct)).Errors);
    }

    public async Task<Guid> PersonAsync(string email) =>
        (await Get<PeopleDirectory>().FindAsync(email, Ct))!.Id.Value;

    /// <summary>Sends what is done by the bearer of somebody's token, and wants it done.</summary>
    public async Task<JsonElement> SendAsync(
        string who, HttpMethod method, string path, HttpContent? content = null, int status = 200)
    {
        using var request = Request(method, path, _tokens[who]);
        request.Content = content;
        using var answer = await _decides.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public Task<JsonElement> PostAsync(string who, string path, object body) =>
        SendAsync(who, HttpMethod.Post, path, JsonContent.Create(body));

    /// <summary>Sends a plan or terms, which somebody else approves.</summary>
    public async Task ApplyAsync(string path, string text)
    {
        using var file = new StringContent(text, Encoding.UTF8, "text/yaml");
        var waits = (await SendAsync(RealApp.Admin, HttpMethod.Post, path, file, 202)).GetProperty("waits");
        await PostAsync(RealApp.Other, $"/api/v1/inputs/{waits.GetProperty("id").GetString()}/approve",
            new { digest = waits.GetProperty("digest").GetString() });
    }

    public Task<JsonElement> GetAsync(string who, string path) => SendAsync(who, HttpMethod.Get, path);

    /// <summary>Calls of the directory.</summary>
    public async Task<JsonElement> ScimAsync(HttpMethod method, string path, string? body = null, int status = 200)
    {
        var content = body is null ? null
            : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/scim+json"));
        return await SendAsync(RealApp.Admin, method, "/scim/v2" + path, content, status);
    }

    public async Task<string> UserAsync(string email, string more = "") =>
        (await ScimAsync(HttpMethod.Post, "/Users", $$"""{"userName":"{{email}}"{{more}}}""", 201))
        .GetProperty("id").GetString()!;

    public Task<JsonElement> ActivateAsync(string user, bool active) => ScimAsync(
        HttpMethod.Patch, $"/Users/{user}", $$"""
        {"Operations":[{"op":"replace","value":{"active":{{(active ? "true" : "false")}} } }]}
        """);

    /// <summary>Somebody's account, token, session and key.</summary>
    public async Task<Access> AccessAsync(string email)
    {
        var person = await PersonAsync(email);
        await Get<AccountDirectory>().CreateAsync(email, "Lea Ver", [Roles.Employee], person, Password, Ct);
        var token = await TokenAsync(email);
        using var signedIn = await RealApp.SignInAsync(Http, email, Password);
        var key = await Get<CreateKey.IssueKey>().RunAsync(new(person), new(null, "test", null, null, null), Ct);
        return new(email, token, RealApp.Cookie(signedIn, "guerdon")!, key.Key);
    }

    /// <param name="Email">Of the account.</param>
    /// <param name="Token">For the API.</param>
    /// <param name="Session">A cookie.</param>
    /// <param name="Key">Of the gateway.</param>
    internal sealed record Access(string Email, string Token, string Session, string Key);

    /// <summary>Whether somebody's token opens something.</summary>
    public async Task<bool> HasTokenAsync(Access access)
    {
        using var request = Request(HttpMethod.Get, "/api/v1/me", access.Token);
        using var answer = await Http.SendAsync(request, Ct);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>What of it opens something: token, session, sign-in, key.</summary>
    public async Task<string> OpensAsync(Access access)
    {
        var opens = new List<string>();
        using (var me = await Http.SendAsync(Request(HttpMethod.Get, "/api/v1/me", access.Token), Ct))
            if (me.StatusCode == HttpStatusCode.OK) opens.Add("token");
        using (var page = Request(HttpMethod.Get, "/keys", null))
        {
            page.Headers.Add("Cookie", access.Session);
            using var shown = await Http.SendAsync(page, Ct);
            if (shown.StatusCode == HttpStatusCode.OK) opens.Add("session");
        }

        using (var signIn = await RealApp.SignInAsync(Http, access.Email, Password))
            if (signIn.StatusCode == HttpStatusCode.SeeOther) opens.Add("sign-in");
        using (var call = await CallAsync(access.Key, "[tokens=5]", stream: false))
            if (call.StatusCode == HttpStatusCode.OK) opens.Add("key");
        return string.Join(' ', opens);
    }

    public Task<HttpResponseMessage> CallAsync(string key, string prompt, bool stream)
    {
        var request = Request(HttpMethod.Post, "/v1/chat/completions", key);
        request.Content = JsonContent.Create(new
        {
            model = "gpt-6-luna", max_tokens = 2_000, stream,
            messages = new[] { new { role = "user", content = $"Explain. {prompt}" } },
        });
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string? bearer)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        return request;
    }

    /// <summary>Grants a person so many whole tokens that are theirs at once.</summary>
    public async Task FundAsync(Guid person, long tokens)
    {
        var (pool, amount) = (new WalletId(Guid.CreateVersion7()), new Tokens(tokens * 1_000));
        await Get<LedgerWriter>().PostAsync(
        [
            new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = amount, Key = $"f:{pool}",
            },
            new()
            {
                Kind = TransferKind.Grant, Wallet = pool, To = new(person), Amount = amount, Key = $"g:{pool}",
                NewLot = new("work_compute", "a test", null),
            },
        ], null, Ct);
    }

    /// <summary>Of a person's compute tokens: not vested, spent, and the whole that is theirs or was used.</summary>
    public async Task<(long Unvested, long Spent, long Whole)> TokensAsync(Guid person)
    {
        var lots = await WalletLots.OfAsync(App.Db, new WalletId(person), Asset.Compute, Ct);
        return (lots.Sum(l => l.Unvested.Milli), lots.Sum(l => l.Spent.Milli), lots.Sum(
            l => l.Available.Milli + l.Escrow.Milli + l.Spent.Milli + l.Unvested.Milli));
    }

    public static async Task EventuallyAsync(TimeSpan within, Func<Task<bool>> isSo)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(20, Ct))
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < within + GatewayServer.Busy, $"not within {within}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _decides.Dispose();
        await App.DisposeAsync();
        await _sandbox.DisposeAsync();
    }
}
