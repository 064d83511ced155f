using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stipend.Database.Sandbox;
using Stipend.Gateway;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering;
using Stipend.Pricing;
using Stipend.Tests;

namespace Stipend.Database.Gateway;

/// <summary>A gateway on a free port before a sandbox, with a database of its own.</summary>
public sealed class GatewayServer : IAsyncLifetime
{
    private static readonly WalletId Pool = new(new Guid("00000000-0000-7000-8000-00000000beef"));
    private TestDatabase _database = null!;
    private WebApplication _app = null!;
    private int _keys;

    public SandboxServer Sandbox { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public NpgsqlDataSource Db => _database.Db;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Sandbox = await SandboxServer.Start();
        await SeedBook.RunAsync(Db, TimeProvider.System, Ct);

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
            ["Gateway:MaxBodyBytes"] = "1000000",
            ["Gateway:MaxBufferedBytes"] = "65536",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Error); // what a test did not expect is on the console
        builder.Services.AddSingleton(Db).AddSingleton(TimeProvider.System);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Access.SignedIn, policy => policy.RequireAuthenticatedUser());
        builder.AddLedger();
        builder.AddMetering();
        builder.AddPricing();
        builder.Services.AddSingleton<Stipend.People.PeopleDirectory>();
        builder.AddGateway();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseAuthorization();
        _app.MapGateway();
        await _app.Services.GetRequiredService<PriceBook>().ReloadAsync(Ct);
        await _app.StartAsync(Ct);

        Address = new Uri(_app.Urls.Single());
        // Leaving an answer unread hangs up, at once.
        Http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress =
            Address };
    }

    /// <summary>A key to a new wallet with this many tokens.</summary>
    public Task<(string Key, WalletId Wallet)> KeyAsync(long tokens, params string[] models) =>
        KeyOfAsync(new Tokens(tokens * 1_000), models);

    /// <summary>A key to a new wallet with exactly so much.</summary>
    public async Task<(string Key, WalletId Wallet)> KeyOfAsync(Tokens amount, params string[] models)
    {
        var wallet = new WalletId(Guid.CreateVersion7());
        var name = $"grant:{Interlocked.Increment(ref _keys)}";
        await _app.Services.GetRequiredService<LedgerWriter>().PostAsync(
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = amount,
                Key = name + ":fund" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = wallet, Amount = amount, Key = name,
                NewLot = new("work_compute", "a test", null),
            },
        ], null, Ct);
        var made = await _app.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            wallet, new(null, "test", models, null, null), Ct);
        return (made.Key, wallet);
    }

    public Task<HttpResponseMessage> PostAsync(
        string path, string? key, string body, string? sandbox = null, CancellationToken? ct = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct ?? Ct);
    }

    /// <summary>What a call of this model costs by the price book as it stands.</summary>
    public long ChargeMilli(string model, Usage usage)
    {
        var book = _app.Services.GetRequiredService<PriceBook>();
        var now = TimeProvider.System.GetUtcNow();
        return Cost.Of(book.Find(model, now)!, usage, book.TokenValueAt(now)).Charge.Milli;
    }

    /// <summary>The wallet's records, once as many as expected are booked.</summary>
    public async Task<IReadOnlyList<Booked>> RecordsAsync(WalletId wallet, int count = 1)
    {
        for (var tries = 0; ; tries++)
        {
            await _app.Services.GetRequiredService<RequestJournal>().DrainAsync();
            await using var connection = await Db.OpenConnectionAsync(Ct);
            var rows = (await connection.QueryAsync<Booked>(
                """
                select state, outcome, http_status, charged_milli, sent_cap, input, output
                  from metering.request where wallet_id = @wallet order by started_at
                """, new { wallet = wallet.Value })).AsList();
            if (rows.Count >= count || tries == 200) return rows;
            await Task.Delay(50, Ct);
        }
    }

    public sealed record Booked
    {
        public short State { get; init; }
        public short Outcome { get; init; }
        public short Http_Status { get; init; }
        public long Charged_Milli { get; init; }
        public long? Sent_Cap { get; init; }
        public long Input { get; init; }
        public long Output { get; init; }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await Sandbox.DisposeAsync();
        await _database.DisposeAsync();
    }
}
