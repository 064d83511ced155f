using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Statements;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Metering;

/// <summary>Calls booked by estimate on 19 November, and what a provider reports of that day.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private const string Model = "gpt-5-mini", Path = "/api/v1/reconciliation";
    private static readonly DateTime Noon = new(2026, 11, 19, 12, 0, 0, DateTimeKind.Utc);
    private static readonly WalletId Ada = new(new Guid("00000000-0000-7000-8000-0000000000ad"));
    private static readonly WalletId Bo = new(new Guid("00000000-0000-7000-8000-0000000000b0"));
    private static readonly WalletId Pool = new(new Guid("00000000-0000-7000-8000-00000000beef"));
    private static readonly HolderId Node = new(new Guid("00000000-0000-7000-8000-0000000000fe"));

    private readonly Company _company = new();
    private int _grants;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private static Usage Use(long input, long output, long cached = 0) =>
        new() { Input = input, CachedInput = cached, Output = output };

    private Price Price => _company.Get<PriceBook>().Find(Model, Noon)!;

    private Costing CostOf(Usage usage) => Cost.Of(Price, usage, 1_000);

    private async Task GrantAsync(WalletId wallet, long milli, long drawn)
    {
        var name = $"grant:{++_grants}";
        var posted = await _company.Get<LedgerWriter>().PostAsync(
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

    private async Task<Opening> OpenAsync(WalletId wallet, long held, DateTime? at = null)
    {
        var opening = new Opening(
            wallet, new(Guid.CreateVersion7()), at ?? Noon, Node, Guid.Empty, Model, new(held));
        await _company.Get<RequestJournal>().OpenAsync(opening);
        return opening;
    }

    private async Task<RequestRecord> BookAsync(
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
        _company.Get<RequestJournal>().Close(record);
        await _company.Get<RequestJournal>().DrainAsync();
        await _company.Get<Settlements>().OfWalletsAsync([wallet], null, Ct);
        return record;
    }

    // OpenAI's usage of 19 November; input includes what is cached.
    private static string Report(
        long input, long cached, long output, string model = Model, string key = "key_1", string more = "") => $$"""
        {"object": "page", "data": [{"object": "bucket", "start_time": 1795046400, "end_time": 1795132800, "results": [
          {"object": "organization.usage.completions.result", "input_tokens": {{input}}, "output_tokens": {{output}},
           "input_cached_tokens": {{cached}}, "num_model_requests": null, "project_id": null, "api_key_id": "{{key}}",
           "model": "{{model}}", "batch": null}{{more}}]}], "has_more": false, "next_page": null}
        """;

    private async Task<JsonElement> ImportAsync(string report, string query = "")
    {
        var (status, reply) = await _company.SendAsync(
            HttpMethod.Post, $"{Path}/reports?name=usage.json{query}",
            new StringContent(report, Encoding.UTF8, "application/json"));
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private async Task<JsonElement> PreviewAsync()
    {
        var (status, reply) = await _company.SendAsync(
            HttpMethod.Post, $"{Path}/preview", JsonContent.Create(new { provider = "openai" }));
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> ApplyAsync(
        JsonElement preview, string caller = "admin:approver") => _company.SendAsync(
        HttpMethod.Post, $"{Path}/{preview.GetProperty("id").GetString()}/apply", null, caller);

    // What the administrators' home says of it.
    private async Task<(string Provider, int Calls)?> UnappliedAsync()
    {
        var (_, unapplied) = await MeteringAlarms.ReadAsync(_company.Db, DateTimeOffset.UnixEpoch, Ct);
        return unapplied is [var one] ? (one.Provider, one.Calls) : null;
    }

    [Theory]
    [InlineData("admin:ada:prs_000000000000700080000000000000ad")]
    [InlineData("admin:ada@example.com")] // an account that has become hers since
    public async Task Apply_WhoAskedOrIsPaid_DoesNotDecideTheirOwn(string ada)
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await GrantAsync(Bo, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(30_000, 3_000));
        await BookAsync(Bo, Use(10_000, 1_000));
        await ImportAsync(Report(20_000, 8_000, 1_000));
        var preview = await PreviewAsync(); // by the administrator that the others are not

        Assert.Equal((false, true), (await InboxAsync(preview), await InboxAsync(preview, "admin:bob")));

        var own = await ApplyAsync(preview, Access.Admin);
        Assert.Equal((HttpStatusCode.Forbidden, "metering.own_approval"),
            (own.Status, own.Body.GetProperty("title").GetString()));
        _company.Admins.Known["ada@example.com"] = Ada.Value;
        var (status, applied) = await ApplyAsync(preview, ada); // one of the two calls is hers
        Assert.Equal((HttpStatusCode.OK, 1, 1), (status, applied.GetProperty("corrections").GetInt32(),
            applied.GetProperty("setAside").GetInt32()));
        Assert.Equal(0, await _company.ScalarAsync(
            $"select count(*) from metering.correction where wallet_id = '{Ada.Value}'"));
        Assert.Equal((null, null), (await InboxAsync(preview), await InboxAsync(preview, "admin:bob")));
        Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(preview, ada)).Status);
        Assert.Equal("metering.reconciliation_applied",
            (await ApplyAsync(preview)).Body.GetProperty("title").GetString());

        // What is left is hers alone: she asks, and another decides.
        var (_, left) = await _company.PostAsync($"{Path}/preview", new { provider = "openai" }, ada);
        Assert.Equal(HttpStatusCode.Forbidden, (await ApplyAsync(left, ada)).Status);
        Assert.Equal(1, (await ApplyAsync(left)).Body.GetProperty("corrections").GetInt32());
        Assert.Empty(await VerifyAsync());
    }

    // Whether it waits for somebody (true), was asked for by them (false), or is not in their inbox.
    private async Task<bool?> InboxAsync(JsonElement preview, string? caller = null)
    {
        var (_, inbox) = await _company.GetAsync("/api/v1/approvals", caller);
        foreach (var item in inbox.GetProperty("items").EnumerateArray()) DecisionTests.OnlyReads(item);
        return inbox.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("id").GetString() == preview.GetProperty("id").GetString())
            .Select(item => (bool?)item.GetProperty("youMay").GetBoolean()).SingleOrDefault();
    }

    private async Task<JsonElement> CorrectAsync()
    {
        var (status, reply) = await ApplyAsync(await PreviewAsync());
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        Assert.True(reply.GetProperty("done").GetBoolean());
        return reply;
    }

    private async Task<JsonElement> WindowAsync(string model = Model)
    {
        var (_, reply) = await _company.GetAsync($"{Path}?provider=openai");
        return reply.GetProperty("windows").EnumerateArray().Single(w => w.GetProperty("model").GetString() == model);
    }

    private async Task<long> SpentAsync(WalletId wallet) => (await Balances.AtAsync(
        _company.Db, wallet, Asset.Compute, _company.Clock.Now.AddMinutes(1), Ct)).Spent.Milli;

    private async Task<List<string>> VerifyAsync()
    {
        var found = new List<string>();
        await foreach (var finding in VerifyEverything.RunAsync(_company.Db, null, Ct)) found.Add($"{finding}");
        return found;
    }

    private static string State(JsonElement window) => window.GetProperty("state").GetString()!;

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    [Fact]
    public async Task Apply_EstimatedCalls_AreCorrectedOnceAndAgainWhereTheReportIsRevised()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await GrantAsync(Bo, 100_000_000, 20_000_000);
        var (most, least) = (await BookAsync(Ada, Use(30_000, 3_000)), await BookAsync(Bo, Use(10_000, 1_000)));
        await BookAsync(Bo, Use(500, 50), RecordState.Settled);
        var sure = CostOf(Use(500, 50)).Charge.Milli;

        Assert.Equal(1, Number(await ImportAsync(Report(20_500, 8_000, 1_050)), "new"));
        var preview = await PreviewAsync();
        Assert.Equal("correctable", State(Assert.Single(preview.GetProperty("windows").EnumerateArray())));
        Assert.Equal(most.Charged.Milli, await SpentAsync(Ada)); // shown, not done
        var (ada, bo) = (CostOf(Use(9_000, 750, 6_000)).Charge.Milli, CostOf(Use(3_000, 250, 2_000)).Charge.Milli);
        var back = most.Charged.Milli + least.Charged.Milli - ada - bo;
        Assert.Equal((back, 0), (Number(preview, "refundMilli"), Number(preview, "chargeMilli")));
        Assert.Equal(preview.GetProperty("id").GetString(), (await PreviewAsync()).GetProperty("id").GetString());

        Assert.Equal(("openai", 2), await UnappliedAsync());
        Assert.Equal(back, Number((await ApplyAsync(preview)).Body, "refundedMilli"));
        Assert.Null(await UnappliedAsync());
        Assert.Equal((ada, bo + sure), (await SpentAsync(Ada), await SpentAsync(Bo)));
        Assert.Empty(await VerifyAsync());

        var again = (await ApplyAsync(preview)).Body;
        Assert.Equal((false, back), (again.GetProperty("done").GetBoolean(), Number(again, "refundedMilli")));
        Assert.Equal((0, 1), (Number(await ImportAsync(Report(20_500, 8_000, 1_050)), "revised"),
            Number(await ImportAsync(Report(20_500, 8_000, 1_050)), "same")));
        Assert.Equal(JsonValueKind.Null, (await PreviewAsync()).GetProperty("id").ValueKind);
        Assert.Equal("corrected", State(await WindowAsync()));

        Assert.Equal(1, Number(await ImportAsync(Report(44_500, 8_000, 1_050)), "revised"));
        Assert.Equal(0, Number(await CorrectAsync(), "refundedMilli"));
        Assert.Equal(CostOf(Use(27_000, 750, 6_000)).Charge.Milli, await SpentAsync(Ada));
        Assert.Equal(2, await _company.ScalarAsync("select max(version) from metering.correction"));
        Assert.Empty(await VerifyAsync());
        await ReAddAsync();
    }

    // Statement, day totals, overview and the view of requests all say the same.
    private async Task ReAddAsync()
    {
        var midnight = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        var statement = await WalletStatements.ForAsync(_company.Db,
            new(Ada, Asset.Compute, WalletStatements.Own, midnight, midnight.AddMonths(1)), Ct);
        Assert.Contains(statement.Lines, l => l.Kind == TransferKind.Refund && l.Amount.Milli > 0);
        Assert.Contains(statement.Lines, l => l.Kind == TransferKind.Spend && l.Amount.Milli < 0);
        var spent = await SpentAsync(Ada) + await SpentAsync(Bo);
        var (_, overview) = await _company.GetAsync("/api/v1/overview");
        Assert.Equal(spent, overview.GetProperty("byModel").EnumerateArray().Sum(m => Number(m, "chargedMilli")));
        Assert.Equal(spent, await _company.ScalarAsync("select sum(charged_milli) from metering.v_request"));
        var window = await WindowAsync();
        foreach (var name in new[] { "input", "cachedInput", "output" })
            Assert.Equal(Number(window.GetProperty("reported"), name), Number(window.GetProperty("booked"), name)
                + Number(window.GetProperty("corrected"), name) + Number(window.GetProperty("unexplained"), name));
    }

    [Fact]
    public async Task Apply_CallOfADeadNode_IsCorrectedFromItsHold()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        var opening = await OpenAsync(Ada, 5_000_000, _company.Clock.Now.UtcDateTime.AddSeconds(-20));
        await Estimates.BookAsync(
            _company.Get<LedgerWriter>(), [opening],
            new(new Dictionary<WalletId, Tokens> { [Ada] = new(20_000_000) }, new Dictionary<RequestId, Tokens>()),
            _company.Clock, Ct);
        Assert.Equal(5_000_000, await SpentAsync(Ada));
        var since = _company.Clock.Now.AddDays(-1);
        Assert.Equal([new MeteringAlarms.Estimated("", 1, 5_000_000)],
            await MeteringAlarms.EstimatedAsync(_company.Db, since, Ct));
        var today = Report(700, 0, 70).Replace("1795046400", "1795219200", StringComparison.Ordinal)
            .Replace("1795132800", "1795305600", StringComparison.Ordinal);

        await ImportAsync(today);
        Assert.Equal("open", State(await WindowAsync())); // the day is not over
        _company.Clock.Now = _company.Clock.Now.AddDays(1);
        await ImportAsync(today); // the same figures, and now they are the day's
        await CorrectAsync();

        Assert.Equal(CostOf(Use(700, 70)).Charge.Milli, await SpentAsync(Ada));
        Assert.Empty(await MeteringAlarms.EstimatedAsync(_company.Db, since, Ct));
        Assert.Equal(5, await _company.ScalarAsync("select state from metering.v_request"));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Apply_WalletThatHasNoMore_PaysWhatItHas()
    {
        await GrantAsync(Ada, 1_000_000, 999_000);
        var booked = await BookAsync(Ada, Use(100, 10), held: 2_000_000_000);
        await ImportAsync(Report(4_000_000, 0, 1_000));
        var due = CostOf(Use(4_000_000, 1_000)).Charge.Milli - booked.Charged.Milli;

        var reply = await CorrectAsync();

        Assert.Equal((1_000, due - 1_000), (Number(reply, "chargedMilli"), Number(reply, "shortMilli")));
        Assert.Equal(booked.Charged.Milli + 1_000, await SpentAsync(Ada));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Apply_OtherCallsThanShown_IsRefusedAndChangesNothing()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(1_000, 100));
        await ImportAsync(Report(500, 0, 50));
        var preview = await PreviewAsync();
        await BookAsync(Ada, Use(10, 1));
        var spent = await SpentAsync(Ada);

        var (status, body) = await ApplyAsync(preview);

        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_stale"),
            (status, body.GetProperty("title").GetString()));
        Assert.Equal(spent, await SpentAsync(Ada));
        await CorrectAsync();
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Show_OtherModelsAndOtherKeys_AreUnexplainedOrOthers()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(1_000, 100), RecordState.Settled);
        await ImportAsync(Report(1_500, 0, 100));
        Assert.Equal("unexplained", State(await WindowAsync()));

        var other = """
            , {"object": "organization.usage.completions.result", "input_tokens": 500, "output_tokens": 0,
               "api_key_id": "key_2", "model": "gpt-5-mini"},
              {"object": "organization.usage.completions.result", "input_tokens": 9, "output_tokens": 9,
               "api_key_id": "key_1", "model": "nobody-knows-it"}
            """;
        await ImportAsync(Report(1_000, 0, 100, more: other), "&own=key_1");
        var window = await WindowAsync();
        Assert.Equal(("balanced", 500), (State(window), Number(window.GetProperty("otherKeys"), "input")));
        var unknown = await WindowAsync("nobody-knows-it");
        Assert.Equal(("unexplained", 9), (State(unknown), Number(unknown.GetProperty("unexplained"), "output")));
        Assert.Equal(JsonValueKind.Null, (await PreviewAsync()).GetProperty("id").ValueKind);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Show_Costs_StandBesideThePriceBook()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        var booked = await BookAsync(Ada, Use(1_000, 100), RecordState.Settled);
        await ImportAsync("""
            {"data": [{"start_time": 1795046400, "end_time": 1795132800, "results": [
              {"object": "organization.costs.result", "amount": {"value": 0.0007, "currency": "usd"},
               "line_item": "gpt-5-mini-2025-08-07, input"},
              {"object": "organization.costs.result", "amount": {"value": 0.01, "currency": "usd"},
               "line_item": "web search tool calls"}]}]}
            """);
        var (_, reply) = await _company.GetAsync($"{Path}?from=2026-11-19&to=2026-11-19");
        Assert.Equal(
            [(Model, booked.Cost.Money.Nanos, 700_000), ("web search tool calls", 0, 10_000_000)],
            reply.GetProperty("costs").EnumerateArray().Select(c => (
                c.GetProperty("model").GetString()!, Number(c, "bookedNanos"), Number(c, "reportedNanos"))));
    }

    [Theory]
    [InlineData("{}", "", 422, "metering.report_invalid")]
    [InlineData("report", "&provider=anthropic", 422, "metering.report_invalid")]
    [InlineData("report", "&provider=Open%20AI", 422, "metering.report_invalid")]
    [InlineData("hour", "", 409, "metering.report_overlaps")]
    public async Task Import_WhatCannotBeKept_IsRefused(string body, string query, int status, string code)
    {
        await ImportAsync(Report(1, 0, 1));
        var text = body == "report" ? Report(2, 0, 2) : body == "hour"
            ? Report(2, 0, 2).Replace("1795132800", "1795050000", StringComparison.Ordinal) : body;
        var (said, reply) = await _company.SendAsync(
            HttpMethod.Post, $"{Path}/reports?name=a{query}",
            new StringContent(text, Encoding.UTF8, "application/json"));
        Assert.Equal((status, code), ((int)said, reply.GetProperty("title").GetString()));
        Assert.Equal(1, await _company.ScalarAsync("select count(*) from metering.report_bucket"));
    }

    [Theory]
    [InlineData("update metering.correction set charged_milli = charged_milli - 1, delta_milli = delta_milli - 1")]
    [InlineData("update metering.correction set output = output + 1")]
    [InlineData("update metering.correction set reason = 'another'")]
    [InlineData("delete from metering.correction")]
    public async Task Verify_CorrectionChangedDirectly_IsFound(string change)
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(1_000, 100));
        await ImportAsync(Report(500, 0, 50));
        await CorrectAsync();
        Assert.Empty(await VerifyAsync());

        await _company.TamperAsync(change);

        Assert.Contains(await VerifyAsync(), f => f.StartsWith("metering.correction", StringComparison.Ordinal));
    }
}
