using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Metering;

/// <summary>Calls booked by estimate on 19 November, and what a provider reports of that day.</summary>
public abstract class ReconciliationScene : IAsyncLifetime
{
    protected const string Model = "gpt-5-mini", Path = "/api/v1/reconciliation";
    private protected static readonly DateTime Noon = new(2026, 11, 19, 12, 0, 0, DateTimeKind.Utc);
    private protected static readonly WalletId Ada = new(new Guid("00000000-0000-7000-8000-0000000000ad"));
    private protected static readonly WalletId Bo = new(new Guid("00000000-0000-7000-8000-0000000000b0"));
    private protected static readonly WalletId Pool = new(new Guid("00000000-0000-7000-8000-00000000beef"));
    private protected static readonly HolderId Node = new(new Guid("00000000-0000-7000-8000-0000000000fe"));

    private protected Company Company { get; } = new();
    private int _grants;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => Company.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Company.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static Usage Use(long input, long output, long cached = 0) =>
        new() { Input = input, CachedInput = cached, Output = output };

    private protected Price Price => Company.Get<PriceBook>().Find(Model, Noon)!;

    private protected Costing CostOf(Usage usage) => Cost.Of(Price, usage, 1_000);

    private protected async Task GrantAsync(WalletId wallet, long milli, long drawn)
    {
        var name = $"grant:{++_grants}";
        var posted = await Company.Get<LedgerWriter>().PostAsync(
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = new(milli),
                Key = name + ":fund" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = wallet, Amount = new(milli), Key = name,
                NewLot = new("work_compute", "a test", null),
            },
            new() { Kind = TransferKind.Draw, Wallet = wallet, Holder = Node, Amount = new(drawn), Key = name + ":d" },
        ], null, Ct);
        Assert.All(posted, p => Assert.True(p.Done, $"{p.Refused}"));
    }

    private protected async Task<Opening> OpenAsync(WalletId wallet, long held, DateTime? at = null)
    {
        var opening = new Opening(
            wallet, new(Guid.CreateVersion7()), at ?? Noon, Node, Guid.Empty, Model, new(held));
        await Company.Get<RequestJournal>().OpenAsync(opening);
        return opening;
    }

    private protected async Task<RequestRecord> BookAsync(
        WalletId wallet, Usage usage, RecordState state = RecordState.Estimated, long held = 10_000_000,
        DateTime? at = null)
    {
        var opening = await OpenAsync(wallet, held, at);
        var cost = CostOf(usage);
        var record = new RequestRecord
        {
            Wallet = wallet, Id = opening.Id, StartedAt = opening.StartedAt, EndedAt = opening.StartedAt.AddSeconds(2),
            Source = Source.Gateway, Holder = Node, KeyId = Guid.Empty, Model = Model, Provider = "openai",
            PriceId = Price.Id, TokenValueNanos = 1_000, Usage = usage, Cost = cost, Charged = cost.Charge,
            Held = new(held), State = state, Outcome = Outcome.Answered, HttpStatus = 200,
        };
        Company.Get<RequestJournal>().Close(record);
        await Company.Get<RequestJournal>().DrainAsync();
        await Company.Get<Settlements>().OfWalletsAsync([wallet], null, Ct);
        return record;
    }

    // OpenAI's usage of 19 November; input includes what is cached.
    private protected static string Report(
        long input, long cached, long output, string model = Model, string key = "key_1", string more = "") => $$"""
        {"object": "page", "data": [{"object": "bucket", "start_time": 1795046400, "end_time": 1795132800, "results": [
          {"object": "organization.usage.completions.result", "input_tokens": {{input}}, "output_tokens": {{output}},
           "input_cached_tokens": {{cached}}, "num_model_requests": null, "project_id": null, "api_key_id": "{{key}}",
           "model": "{{model}}", "batch": null}{{more}}]}], "has_more": false, "next_page": null}
        """;

    private protected async Task<JsonElement> ImportAsync(string report, string query = "")
    {
        var (status, reply) = await Company.SendAsync(
            HttpMethod.Post, $"{Path}/reports?name=usage.json{query}",
            new StringContent(report, Encoding.UTF8, "application/json"));
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private protected async Task<JsonElement> PreviewAsync(string? caller = null)
    {
        var (status, reply) = await Company.SendAsync(
            HttpMethod.Post, $"{Path}/preview", JsonContent.Create(new { provider = "openai" }), caller);
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private protected Task<(HttpStatusCode Status, JsonElement Body)> ApplyAsync(
        JsonElement preview, string caller = "admin:approver") => Company.SendAsync(
        HttpMethod.Post, $"{Path}/{preview.GetProperty("id").GetString()}/apply", null, caller);

    // What the administrators' home says of it.
    private protected async Task<(string Provider, int Calls)?> UnappliedAsync()
    {
        var (_, unapplied) = await MeteringAlarms.ReadAsync(Company.Db, DateTimeOffset.UnixEpoch, Ct);
        return unapplied is [var one] ? (one.Provider, one.Calls) : null;
    }

    // Whether it waits for somebody (true), was asked for by them (false), or is not in their inbox.
    private protected async Task<bool?> InboxAsync(JsonElement preview, string? caller = null)
    {
        var (_, inbox) = await Company.GetAsync("/api/v1/approvals", caller);
        foreach (var item in inbox.GetProperty("items").EnumerateArray()) DecisionTests.OnlyReads(item);
        return inbox.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("id").GetString() == preview.GetProperty("id").GetString())
            .Select(item => (bool?)item.GetProperty("youMay").GetBoolean()).SingleOrDefault();
    }

    private protected async Task<JsonElement> CorrectAsync()
    {
        var (status, reply) = await ApplyAsync(await PreviewAsync());
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        Assert.True(reply.GetProperty("done").GetBoolean());
        return reply;
    }

    private protected async Task<JsonElement> WindowAsync(string model = Model)
    {
        var (_, reply) = await Company.GetAsync($"{Path}?provider=openai");
        return reply.GetProperty("windows").EnumerateArray().Single(w => w.GetProperty("model").GetString() == model);
    }

    private protected async Task<long> SpentAsync(WalletId wallet) => (await Balances.AtAsync(
        Company.Db, wallet, Asset.Compute, Company.Clock.Now.AddMinutes(1), Ct)).Spent.Milli;

    private protected async Task<List<string>> VerifyAsync()
    {
        var found = new List<string>();
        await foreach (var finding in VerifyEverything.RunAsync(Company.Db, null, Ct)) found.Add($"{finding}");
        return found;
    }

    private protected static string State(JsonElement window) => window.GetProperty("state").GetString()!;

    private protected static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
