using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Metering.Audit;
using Guerdon.Pricing.Book;
using Guerdon.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenAI;

namespace Guerdon.Database.Gateway;

/// <summary>A gateway of two nodes before a sandbox whose jobs end when its clock is turned.</summary>
public sealed class TuningServer : IAsyncLifetime
{
    public const string Model = "gpt-4o-mini";

    /// <summary>3 USD a million: 3 compute tokens for each trained one.</summary>
    public const int Rate = 3;

    /// <summary>400 bytes, which are 100 tokens to the sandbox.</summary>
    public static readonly byte[] File = Encoding.UTF8.GetBytes(new string('x', 399) + '\n');

    public GatewayServer Gateway { get; } = new();

    /// <summary>The sandbox's.</summary>
    public TurnedClock Clock { get; } = new() { Now = TimeProvider.System.GetUtcNow() };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Gateway.Offline = new SandboxOptions { Clock = Clock, TuneFor = TimeSpan.FromMinutes(10) };
        foreach (var (name, value) in new[]
        {
            ("PollEvery", "00:00:00.100"), ("PollAtMost", "00:00:00.200"), ("AnswerWithin", "00:00:01"),
            ("ForgottenAfter", "00:00:00.500"), ("MaxFileBytes", "100000"),
        })
            Gateway.Settings[$"Gateway:Tuning:{name}"] = value;
        await Gateway.InitializeAsync();
        await Gateway.ScaleAsync(2);
        await PriceAsync(Model, Model, Rate * 1_000_000_000L);
    }

    /// <summary>Puts a row into the book, like another's but for its training rate.</summary>
    public async Task PriceAsync(string model, string like, long? training)
    {
        var book = Gateway.Services.GetRequiredService<PriceBook>();
        var price = book.Find(like, TimeProvider.System.GetUtcNow())! with
        {
            Id = Guid.CreateVersion7(),
            Model = model,
            EffectiveFrom = PriceList.EffectiveFrom.AddDays(1),
            Training = training,
        };
        await using (var connection = await Gateway.Db.OpenConnectionAsync(Ct))
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { PriceRow.Insert(price) } })
            await batch.ExecuteNonQueryAsync(Ct);
        foreach (var node in Gateway.Nodes) await node.GetRequiredService<PriceBook>().ReloadAsync(Ct);
    }

    /// <summary>OpenAI's own package, with a key of Guerdon's.</summary>
    public OpenAIClient Sdk(string key) => new(new ApiKeyCredential(key), new OpenAIClientOptions
    {
        Endpoint = new Uri(Gateway.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    });

    public async Task<(int Status, JsonElement Body)> AskAsync(
        HttpMethod method, string path, string key, HttpContent? content = null, string? sandbox = null, int node = 0)
    {
        using var request = new HttpRequestMessage(method, new Uri(Gateway.NodeAddress(node), path))
        {
            Content = content,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        using var answer = await Gateway.Http.SendAsync(request, Ct);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)));
    }

    /// <summary>Uploads a form with the parts in the order given.</summary>
    public Task<(int Status, JsonElement Body)> UploadAsync(
        string key, byte[] file, string purpose = "fine-tune", bool purposeLast = false)
    {
        var form = new MultipartFormDataContent();
        if (!purposeLast) form.Add(new StringContent(purpose), "purpose");
        form.Add(new ByteArrayContent(file), "file", "train.jsonl");
        if (purposeLast) form.Add(new StringContent(purpose), "purpose");
        return AskAsync(HttpMethod.Post, "/v1/files", key, form);
    }

    /// <summary>The id of a new file of <see cref="File"/>.</summary>
    public async Task<string> FileAsync(string key)
    {
        var (status, body) = await UploadAsync(key, File);
        Assert.Equal(200, status);
        return body.GetProperty("id").GetString()!;
    }

    public Task<(int Status, JsonElement Body)> CreateAsync(
        string key, string file, string epochs = "2", string? sandbox = null, int node = 0, string model = Model) =>
        AskAsync(HttpMethod.Post, "/v1/fine_tuning/jobs", key, new StringContent(
            $"{{\"model\":\"{model}\",\"training_file\":\"{file}\",\"method\":{{\"type\":\"supervised\","
            + $"\"supervised\":{{\"hyperparameters\":{{\"n_epochs\":{epochs}}}}}}}}}",
            Encoding.UTF8, "application/json"), sandbox, node);

    public Task<Balance> BalanceAsync(WalletId wallet) => Gateway.SettledBalanceAsync(wallet);

    /// <summary>The wallet's one job once it is settled, by whichever node.</summary>
    public async Task<Ended> EndedAsync(WalletId wallet)
    {
        for (var tries = 0; ; tries++)
        {
            await using var connection = await Gateway.Db.OpenConnectionAsync(Ct);
            var row = await connection.QuerySingleAsync<Ended>(
                """
                select upstream_id, trained_tokens, charged_milli, warning, ended_at
                  from gateway.tuning_job where wallet_id = @wallet
                """, new { wallet = wallet.Value });
            if (row.Ended_At is not null) return row;
            Assert.True(tries < 150, $"It is not settled: {row}");
            await Task.Delay(100, Ct);
        }
    }

    public async Task AssertVerifiedAsync()
    {
        await foreach (var finding in VerifyEverything.RunAsync(Gateway.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    public sealed record Ended
    {
        public string? Upstream_Id { get; init; }
        public long? Trained_Tokens { get; init; }
        public long? Charged_Milli { get; init; }
        public string? Warning { get; init; }
        public DateTime? Ended_At { get; init; }
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
