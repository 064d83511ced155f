using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Statements;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;

namespace Guerdon.Database.Metering;

/// <summary>Calls that were booked by estimate are corrected by what a provider reports.</summary>
public sealed class ReconciliationTests : ReconciliationScene
{
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

        var own = await ApplyAsync(preview, "admin");
        Assert.Equal((HttpStatusCode.Forbidden, "metering.own_approval"),
            (own.Status, own.Body.GetProperty("title").GetString()));
        Company.Admins.Known["ada@example.com"] = Ada.Value;
        var (status, applied) = await ApplyAsync(preview, ada); // one of the two calls is hers
        Assert.Equal((HttpStatusCode.OK, 1, 1), (status, applied.GetProperty("corrections").GetInt32(),
            applied.GetProperty("setAside").GetInt32()));
        Assert.Equal(0, await Company.ScalarAsync(
            $"select count(*) from metering.correction where wallet_id = '{Ada.Value}'"));
        Assert.Equal((null, null), (await InboxAsync(preview), await InboxAsync(preview, "admin:bob")));
        Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(preview, ada)).Status);
        Assert.Equal("metering.reconciliation_applied",
            (await ApplyAsync(preview)).Body.GetProperty("title").GetString());

        // What is left is hers alone: she asks, and another decides.
        var (_, left) = await Company.PostAsync($"{Path}/preview", new { provider = "openai" }, ada);
        Assert.Equal(HttpStatusCode.Forbidden, (await ApplyAsync(left, ada)).Status);
        Assert.Equal(1, (await ApplyAsync(left)).Body.GetProperty("corrections").GetInt32());
        Assert.Empty(await VerifyAsync());
    }

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
        Assert.Equal(2, await Company.ScalarAsync("select max(version) from metering.correction"));
        Assert.Empty(await VerifyAsync());
        await ReAddAsync();
    }

    // Statement, day totals, overview and the view of requests all say the same.
    private async Task ReAddAsync()
    {
        var midnight = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        var statement = await WalletStatements.ForAsync(Company.Db,
            new(Ada, Asset.Compute, WalletStatements.Own, midnight, midnight.AddMonths(1)), Ct);
        Assert.Contains(statement.Lines, l => l.Kind == TransferKind.Refund && l.Amount.Milli > 0);
        Assert.Contains(statement.Lines, l => l.Kind == TransferKind.Spend && l.Amount.Milli < 0);
        var spent = await SpentAsync(Ada) + await SpentAsync(Bo);
        var (_, overview) = await Company.GetAsync("/api/v1/overview");
        Assert.Equal(spent, overview.GetProperty("byModel").EnumerateArray().Sum(m => Number(m, "chargedMilli")));
        Assert.Equal(spent, await Company.ScalarAsync("select sum(charged_milli) from metering.v_request"));
        var window = await WindowAsync();
        foreach (var name in new[] { "input", "cachedInput", "output" })
            Assert.Equal(Number(window.GetProperty("reported"), name), Number(window.GetProperty("booked"), name)
                + Number(window.GetProperty("corrected"), name) + Number(window.GetProperty("unexplained"), name));
    }

    [Fact]
    public async Task Apply_CallOfADeadNode_IsCorrectedFromItsHold()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        var opening = await OpenAsync(Ada, 5_000_000, Company.Clock.Now.UtcDateTime.AddSeconds(-20));
        await Estimates.BookAsync(
            Company.Get<LedgerWriter>(), [opening],
            new(new Dictionary<WalletId, Tokens> { [Ada] = new(20_000_000) }, new Dictionary<RequestId, Tokens>()),
            Company.Get<PriceBook>(), Company.Clock, Ct);
        Assert.Equal(5_000_000, await SpentAsync(Ada));
        var since = Company.Clock.Now.AddDays(-1);
        Assert.Equal([new MeteringAlarms.Estimated("", 1, 5_000_000)],
            await MeteringAlarms.EstimatedAsync(Company.Db, since, Ct));
        var today = Report(700, 0, 70).Replace("1795046400", "1795219200", StringComparison.Ordinal)
            .Replace("1795132800", "1795305600", StringComparison.Ordinal);

        await ImportAsync(today);
        Assert.Equal("open", State(await WindowAsync())); // the day is not over
        Company.Clock.Now = Company.Clock.Now.AddDays(1);
        await ImportAsync(today); // the same figures, and now they are the day's
        await CorrectAsync();

        Assert.Equal(CostOf(Use(700, 70)).Charge.Milli, await SpentAsync(Ada));
        Assert.Empty(await MeteringAlarms.EstimatedAsync(Company.Db, since, Ct));
        Assert.Equal(5, await Company.ScalarAsync("select state from metering.v_request"));
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
        var (_, reply) = await Company.GetAsync($"{Path}?from=2026-11-19&to=2026-11-19");
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
        var (said, reply) = await Company.SendAsync(
            HttpMethod.Post, $"{Path}/reports?name=a{query}",
            new StringContent(text, Encoding.UTF8, "application/json"));
        Assert.Equal((status, code), ((int)said, reply.GetProperty("title").GetString()));
        Assert.Equal(1, await Company.ScalarAsync("select count(*) from metering.report_bucket"));
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

        await Company.TamperAsync(change);

        Assert.Contains(await VerifyAsync(), f => f.StartsWith("metering.correction", StringComparison.Ordinal));
    }
}
