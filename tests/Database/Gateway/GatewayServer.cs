using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Database.Sandbox;
using Guerdon.Gateway;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Grants;
using Guerdon.Identity.Protection;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Offers;
using Guerdon.Payroll;
using Guerdon.People;
using Guerdon.Policies;
using Guerdon.Pricing;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Providers;
using Guerdon.Sandbox;
using Guerdon.Statements;
using Guerdon.Tests;
using Guerdon.Tuning;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Database.Gateway;

/// <summary>
/// A gateway on a free port before a sandbox, with a database of its own; more nodes join it where a test asks for it.
/// </summary>
public sealed class GatewayServer : IAsyncLifetime
{
    /// <summary>What a busy machine may take beyond the time that is promised: other tests run beside each.</summary>
    public static readonly TimeSpan Busy = TimeSpan.FromSeconds(15);

    private static readonly WalletId Pool = new(new Guid("00000000-0000-7000-8000-00000000beef"));
    private TestDatabase _database = null!;
    private readonly List<WebApplication> _nodes = [];
    private int _keys;
    private int _turn;
    private int _used = 1;

    public SandboxServer Sandbox { get; private set; } = null!;
    public Uri Address => AddressOf(_nodes[0]);

    /// <summary>Its paths are below <see cref="Address"/>.</summary>
    public HttpClient Http { get; private set; } = null!;

    private WebApplication First => _nodes[0];
    internal IServiceProvider Services => First.Services;
    public NpgsqlDataSource Db => _database.Db;

    /// <summary>The same as the tables' owner: Guerdon's own role owns nothing.</summary>
    public NpgsqlDataSource OwnerDb => _database.OwnerDb;
    public TestDatabase Database => _database;

    /// <summary>Gets everything that is logged, in place of the console.</summary>
    public ILoggerProvider? Logs { get; set; }

    internal IEnumerable<IServiceProvider> Nodes => _nodes.Select(node => node.Services);

    /// <summary>Whether another provider, the sandbox, serves OpenAI's models where openai fails.</summary>
    public bool HasSpare { get; set; }

    /// <summary>What the nodes take the time from.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The sandbox's settings; null: the usual ones.</summary>
    public SandboxOptions? Offline { get; set; }

    /// <summary>Settings beside the usual ones, or instead of them.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Sandbox = await SandboxServer.Start(Offline);
        await SeedBook.RunAsync(Db, TimeProvider.System, Ct);
        await AddNodeAsync();
        // Leaving an answer unread hangs up, at once.
        Http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress =
            Address
        };
    }

    /// <summary>Makes it so many nodes. <see cref="PostAsync"/> then goes to each of them in turn.</summary>
    public async Task ScaleAsync(int nodes)
    {
        while (_nodes.Count < nodes) await AddNodeAsync();
        _used = nodes;
    }

    /// <summary>Stops the first node as a crash would leave it, as far as its jobs go: others go on.</summary>
    public async Task StopNodeAsync(int node) => await _nodes[node].StopAsync(Ct);

    /// <summary>Where a node is.</summary>
    public Uri NodeAddress(int node) => AddressOf(_nodes[node]);

    private static Uri AddressOf(WebApplication node) => new(node.Urls.Single());

    private async Task AddNodeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Providers:openai:BaseUrl"] = Sandbox.Address.AbsoluteUri,
            ["Gateway:Providers:anthropic:BaseUrl"] = Sandbox.Address.AbsoluteUri,
            ["Gateway:Providers:anthropic:Dialect"] = "Anthropic",
            ["Gateway:Providers:google-ai-studio:BaseUrl"] = Sandbox.Address.AbsoluteUri,
            ["Gateway:Providers:google-ai-studio:Dialect"] = "Gemini",
            ["Gateway:Providers:deepseek:BaseUrl"] = "http://127.0.0.1:1", // nobody listens there
            ["Gateway:LocalProviders:tests"] = "127.0.0.1",
            ["Gateway:MaxBodyBytes"] = "1000000",
            ["Gateway:MaxBufferedBytes"] = "65536",
        });
        if (HasSpare)
        {
            Settings["Gateway:Providers:spare:BaseUrl"] = Sandbox.Address.AbsoluteUri;
            Settings["Gateway:Providers:spare:Serves"] = "openai";
            Settings["Gateway:Providers:spare:Weight"] = "0";
        }

        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.SetMinimumLevel(LogLevel.Error); // what a test did not expect is on the console
        if (Logs is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton(Db).AddSingleton(Clock);
        builder.Services.AddAuthorizationBuilder().AddPermissions();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", null);
        builder.AddProtection();
        builder.AddLedger();
        builder.AddMetering();
        builder.Services.AddSingleton<IDeciders>(new AdminCount());
        builder.AddPricing();
        builder.AddPeople();
        builder.AddPolicies();
        builder.AddProviders();
        builder.AddGateway();
        builder.AddTuning();
        builder.AddGrants();
        builder.AddPayroll();
        builder.AddOffers();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var node = builder.Build();
        node.UseAuthentication();
        node.UseAuthorization();
        node.MapApprovals();
        node.MapPolicies();
        node.MapProviders();
        node.MapGateway();
        node.MapTuning();
        node.MapMetering();
        node.MapStatements();
        await node.PrepareProtectionAsync(Ct);
        await node.Services.GetRequiredService<PriceBook>().ReloadAsync(Ct);
        await node.StartAsync(Ct);
        _nodes.Add(node);
    }

    /// <summary>Among how many the first and the last node share the policy's rates.</summary>
    internal (int First, int Last) RateNodes() =>
        (First.Services.GetRequiredService<CurrentPolicy>().Rates.Nodes,
            _nodes[^1].Services.GetRequiredService<CurrentPolicy>().Rates.Nodes);

    /// <summary>A key to a new wallet with this many tokens.</summary>
    public Task<(string Key, WalletId Wallet)> KeyAsync(long tokens, params string[] models) =>
        KeyOfAsync(new Tokens(tokens * 1_000), models);

    /// <summary>A key to a new wallet with exactly so much.</summary>
    public async Task<(string Key, WalletId Wallet)> KeyOfAsync(Tokens amount, params string[] models)
    {
        var wallet = new WalletId(Guid.CreateVersion7());
        return (await KeyToAsync(wallet, amount, models), wallet);
    }

    /// <summary>A key to a person's wallet, with so much more in it.</summary>
    public async Task<string> KeyToAsync(WalletId wallet, Tokens amount, params string[] models)
    {
        var name = $"grant:{Interlocked.Increment(ref _keys)}";
        await First.Services.GetRequiredService<LedgerWriter>().PostAsync(
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = amount,
                Key = name + ":fund" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = wallet, Amount = amount, Key = name,
                NewLot = new("work_compute", "a test", null),
            },
        ], null, Ct);
        var made = await First.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            wallet, new(null, "test", models, null, null), Ct);
        return made.Key;
    }

    public Task<HttpResponseMessage> PostAsync(
        string path, string? key, string body, string? sandbox = null, CancellationToken? ct = null, int? node = null)
    {
        var turn = node ?? (int)((uint)Interlocked.Increment(ref _turn) % (uint)_used);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(AddressOf(_nodes[turn]), path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct ?? Ct);
    }

    /// <summary>Asks a node's API as an administrator, as a person by id, or as nobody; another approves what waits,
    /// and the answer is that of applying it.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(
        HttpMethod method, string path, string? body = null, string caller = TestSignIn.Admin, int node = 0)
    {
        var sent = await SendAsync(method, path, body, caller, node);
        if (sent.Status != 202) return sent;
        var done = await ApproveAsync(sent.Body.GetProperty("waits"), node: node);
        return done.Status == 200 ? (200, done.Body.GetProperty("applied")) : done;
    }

    /// <summary>Approves what waits, by its digest.</summary>
    public Task<(int Status, JsonElement Body)> ApproveAsync(
        JsonElement waits, string caller = "admin:approver", int node = 0) => SendAsync(
            HttpMethod.Post, $"/api/v1/inputs/{waits.GetProperty("id").GetString()}/approve",
            JsonSerializer.Serialize(new { digest = waits.GetProperty("digest").GetString() }), caller, node);

    /// <summary>The same as <see cref="AskAsync"/>; nobody approves anything.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string caller = TestSignIn.Admin, int node = 0)
    {
        using var request = new HttpRequestMessage(method, new Uri(AddressOf(_nodes[node]), path));
        request.Headers.Add(TestSignIn.As, caller);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// <summary>What a call of this model costs by the price book as it stands.</summary>
    public long ChargeMilli(string model, Usage usage)
    {
        var book = First.Services.GetRequiredService<PriceBook>();
        var now = TimeProvider.System.GetUtcNow();
        return Cost.Of(book.Find(model, now)!, usage, book.TokenValueAt(now)).Charge.Milli;
    }

    /// <summary>The wallet's records, once as many as expected are booked.</summary>
    public async Task<IReadOnlyList<Booked>> RecordsAsync(WalletId wallet, int count = 1)
    {
        for (var tries = 0; ; tries++)
        {
            foreach (var node in _nodes) await node.Services.GetRequiredService<RequestJournal>().DrainAsync();
            await using var connection = await Db.OpenConnectionAsync(Ct);
            var rows = (await connection.QueryAsync<Booked>(
                """
                select model, provider, state, outcome, http_status, charged_milli, sent_cap,
                       input, cached_input, cache_write_5m, cache_write_1h, output, reasoning,
                       audio_input, image_input, audio_output, image_output
                  from metering.request where wallet_id = @wallet order by started_at
                """, new { wallet = wallet.Value })).AsList();
            if (rows.Count >= count || tries == 200) return rows;
            await Task.Delay(50, Ct);
        }
    }

    /// <summary>Returns once so many of the wallet's calls are opened, of which one is under way: it holds tokens from
    /// then on.</summary>
    public async Task OpenedAsync(WalletId wallet, Task running, int count = 1)
    {
        const string sql = "select count(*) from metering.opening_group g, unnest(g.wallet_ids) w where w = @id";
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20, Ct))
        {
            var ended = running.IsCompleted; // before the books are read: it may be opened and end meanwhile
            await using var connection = await Db.OpenConnectionAsync(Ct);
            if (await connection.ExecuteScalarAsync<long>(sql, new { id = wallet.Value }) >= count) return;
            if (ended)
                Assert.Fail("It ended before it was opened: " + (running is Task<HttpResponseMessage> answer
                    ? await (await answer).Content.ReadAsStringAsync(Ct) : running.Status.ToString()));
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < 2 * Busy, $"no {count} calls were opened");
        }
    }

    /// <summary>
    /// A wallet's balance once every node has returned what it does not use: what is still in escrow is held.
    /// </summary>
    public async Task<Balance> SettledBalanceAsync(WalletId wallet)
    {
        foreach (var node in _nodes) await node.Services.GetRequiredService<WalletHolds>().ReturnIdleAsync(all: true);
        return await BookedBalanceAsync(wallet);
    }

    /// <summary>A wallet's balance with all that it was charged until now.</summary>
    public async Task<Balance> BookedBalanceAsync(WalletId wallet)
    {
        await Services.GetRequiredService<Settlements>().OfWalletsAsync([wallet], null, Ct);
        return await Balances.AtAsync(Db, wallet, Asset.Compute, TimeProvider.System.GetUtcNow().AddMinutes(1), Ct);
    }

    public sealed record Booked
    {
        public string Model { get; init; } = "";
        public string Provider { get; init; } = "";
        public short State { get; init; }
        public short Outcome { get; init; }
        public short Http_Status { get; init; }
        public long Charged_Milli { get; init; }
        public long? Sent_Cap { get; init; }
        public long Input { get; init; }
        public long Cached_Input { get; init; }
        public long Cache_Write_5m { get; init; }
        public long Cache_Write_1h { get; init; }
        public long Output { get; init; }
        public long Reasoning { get; init; }

        public long Audio_Input { get; init; }
        public long Image_Input { get; init; }
        public long Audio_Output { get; init; }
        public long Image_Output { get; init; }

        public Usage Usage => new(Input, Cached_Input, Cache_Write_5m, Cache_Write_1h, Output, Reasoning)
        {
            AudioInput = Audio_Input, ImageInput = Image_Input, AudioOutput = Audio_Output, ImageOutput = Image_Output,
        };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var node in _nodes)
        {
            await node.StopAsync(CancellationToken.None);
            await node.DisposeAsync();
        }

        await Sandbox.DisposeAsync();
        await _database.DisposeAsync();
    }
}
