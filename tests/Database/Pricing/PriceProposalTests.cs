using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Proposals;

namespace Guerdon.Database.Pricing;

public sealed class PriceProposalTests(Company company) : IClassFixture<Company>
{
    private const string Proposals = "/api/v1/prices/proposals";
    private const string Header = "model,provider,input,output,context_tokens\n";

    private static CancellationToken Ct => Company.Ct;

    private Task<(HttpStatusCode Status, JsonElement Body)> ImportAsync(string text, string format = "csv") =>
        company.SendAsync(
            HttpMethod.Post, $"{Proposals}?format={format}&name=test.{format}", new StringContent(text, Encoding.UTF8));

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string id, string verb, string body = "{}") =>
        company.SendAsync(HttpMethod.Post, $"{Proposals}/{id}/{verb}",
            new StringContent(body, Encoding.UTF8, "application/json"), "admin:approver");

    private async Task<string> ProposedAsync(string text, string format = "csv")
    {
        var (status, body) = await ImportAsync(text, format);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("proposal").GetProperty("id").GetString()!;
    }

    private static string Title(JsonElement problem) => problem.GetProperty("title").GetString()!;

    private long? Input(string model) => company.Get<PriceBook>().Find(model, company.Clock.Now)?.Base.Input;

    [Fact]
    public async Task Import_LiteLlmList_ChangesTheBookWhenApprovedAndNotBefore()
    {
        const string list = """
            {"gpt-5-mini": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 400000,
               "max_output_tokens": 128000, "input_cost_per_token": 3e-07, "cache_read_input_token_cost": 2.5e-08,
               "output_cost_per_token": 2e-06},
             "gpt-5-new": {"litellm_provider": "openai", "mode": "responses", "max_input_tokens": 400000,
               "input_cost_per_token": 1.25e-06, "cache_read_input_token_cost": 1.25e-07,
               "output_cost_per_token": 1e-05},
             "gpt-5-nano": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 400000,
               "max_output_tokens": 128000, "input_cost_per_token": 5e-08, "cache_read_input_token_cost": 5e-09,
               "output_cost_per_token": 4e-07},
             "azure/gpt-5": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 1.25e-06}}
            """;
        var (_, import) = await ImportAsync(list, "litellm");
        var head = import.GetProperty("proposal");
        int[] counts = [.. ((string[])["newCount", "changedCount", "unchangedCount", "outlierCount"])
            .Select(c => head.GetProperty(c).GetInt32())];
        Assert.Equal([1, 1, 1, 0], counts);
        Assert.Equal(1, import.GetProperty("skips")[0].GetProperty("count").GetInt32());
        var change = import.GetProperty("lines")[0].GetProperty("changes")[0];
        Assert.Equal(("input", 250_000_000, 300_000_000, 200_000), (change.GetProperty("figure").GetString(),
            change.GetProperty("was").GetInt64(), change.GetProperty("becomes").GetInt64(),
            change.GetProperty("changePpm").GetInt64()));
        Assert.Equal((250_000_000, null), (Input("gpt-5-mini"), Input("gpt-5-new")));

        var id = head.GetProperty("id").GetString()!;
        Assert.Equal((false, id), ((await ImportAsync(list, "litellm")).Body is var again // the same proposal
            && again.GetProperty("added").GetBoolean(), again.GetProperty("proposal").GetProperty("id").GetString()!));
        var (status, approved) = await PostAsync(id, "approve");

        Assert.Equal((HttpStatusCode.OK, true), (status, approved.GetProperty("done").GetBoolean()));
        Assert.Equal((300_000_000, 1_250_000_000), (Input("gpt-5-mini"), Input("gpt-5-new")));
        Assert.Equal(250_000_000, // what is booked names the old row, which is as it was
            company.Get<PriceBook>().Find("gpt-5-mini", company.Clock.Now.AddTicks(-10))!.Base.Input);
        var (_, nothing) = await ImportAsync(list, "litellm");
        Assert.Equal((JsonValueKind.Null, 3), (nothing.GetProperty("proposal").GetProperty("id").ValueKind,
            nothing.GetProperty("proposal").GetProperty("unchangedCount").GetInt32()));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Approve_Twice_InsertsOnceAndSaysWhoWasFirst()
    {
        var id = await ProposedAsync(Header + "twice,openai,1,2,1000\n");
        var both = await Task.WhenAll(PostAsync(id, "approve"), PostAsync(id, "approve"));
        var third = await PostAsync(id, "approve", """{"from": "2020-01-01T00:00:00Z"}"""); // the rules come after it

        Assert.Equal([false, true], both.Select(b => b.Body.GetProperty("done").GetBoolean()).Order());
        Assert.Equal(HttpStatusCode.OK, third.Status);
        Assert.Equal(1, await company.ScalarAsync("select count(*) from pricing.price where model = 'twice'"));
        Assert.Equal("pricing.proposal_decided", Title((await PostAsync(id, "decline")).Body));
    }

    [Fact]
    public async Task Approve_Outliers_OnlyWhereTheyAreAccepted()
    {
        var id = await ProposedAsync(Header + "gpt-6-dear,openai,2000000,8000000,1000\ngpt-6-fair,openai,2,8,1000\n");

        var (status, problem) = await PostAsync(id, "approve");
        Assert.Equal((HttpStatusCode.Conflict, "pricing.outliers_not_accepted"), (status, Title(problem)));
        Assert.All(problem.GetProperty("errors").EnumerateArray(),
            e => Assert.Equal("gpt-6-dear", e.GetProperty("column").GetString()));
        Assert.Contains("per token", problem.GetProperty("errors")[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal((null, null), (Input("gpt-6-dear"), Input("gpt-6-fair")));

        var (_, approved) = await PostAsync(id, "approve", """{"acceptOutliers": true}""");
        Assert.True(approved.GetProperty("proposal").GetProperty("decision").GetProperty("acceptedOutliers")
            .GetBoolean());
        Assert.Equal(2_000_000_000_000_000, Input("gpt-6-dear"));
    }

    [Fact]
    public async Task Approve_FromADay_HoldsFromThenAndNeverBackwards()
    {
        var id = await ProposedAsync(Header + "later,openai,1,2,1000\n");
        var past = company.Clock.Now.AddSeconds(-1);
        Assert.Equal("pricing.from_past", Title((await PostAsync(id, "approve", $$"""{"from": "{{past:O}}"}""")).Body));

        await PostAsync(id, "approve", """{"from": "2027-01-01T00:00:00Z"}""");

        var book = company.Get<PriceBook>();
        var from = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Null(book.Find("later", from.AddTicks(-1)));
        Assert.Equal(1_000_000_000, book.Find("later", from)!.Base.Input);
    }

    [Fact]
    public async Task Approve_AfterTheBookMoved_IsRefused()
    {
        var one = await ProposedAsync(Header + "moved,openai,1,2,1000\n");
        var two = await ProposedAsync(Header + "moved,openai,3,4,1000\nbystander,openai,3,4,1000\n");
        await PostAsync(one, "approve");

        foreach (var from in (string[])["{}", """{"from": "2026-12-24T00:00:00Z"}"""]) // at that instant, and after it
            Assert.Equal("pricing.proposal_stale", Title((await PostAsync(two, "approve", from)).Body));
        Assert.Equal((1_000_000_000, null), (Input("moved"), Input("bystander")));
    }

    [Fact]
    public async Task Decline_Proposal_LeavesTheBookAndCloses()
    {
        var id = await ProposedAsync(Header + "unwanted,openai,1,2,1000\n");

        Assert.True((await PostAsync(id, "decline")).Body.GetProperty("done").GetBoolean());
        Assert.False((await PostAsync(id, "decline")).Body.GetProperty("done").GetBoolean());
        Assert.Equal("pricing.proposal_decided", Title((await PostAsync(id, "approve")).Body));
        Assert.Null(Input("unwanted"));
        var (_, read) = await company.GetAsync($"{Proposals}/{id}");
        Assert.False(read.GetProperty("proposal").GetProperty("decision").GetProperty("isApproved").GetBoolean());
        Assert.Equal("unwanted", read.GetProperty("lines")[0].GetProperty("model").GetString());
        Assert.Contains(id, (await company.GetAsync(Proposals)).Body.GetProperty("proposals").EnumerateArray()
            .Select(p => p.GetProperty("id").GetString()));
        Assert.NotEqual(id, await ProposedAsync(Header + "unwanted,openai,1,2,1000\n")); // to decide again
    }

    [Fact]
    public async Task Import_BadFile_NamesEveryErrorAndKeepsNothing()
    {
        var before = await company.ScalarAsync("select count(*) from pricing.proposal");

        var (status, csv) = await ImportAsync(Header + "a,openai,x,2,1000\nb,openai,1,2,1000\nc,openai,1,,1000\n");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "pricing.import_invalid"), (status, Title(csv)));
        Assert.Equal([(2, "input"), (4, "output")], Errors(csv));

        var (_, json) = await ImportAsync("""
            {"m": {"litellm_provider": "openai", "mode": "chat", "max_tokens": 9,
                   "input_cost_per_token": "free", "output_cost_per_token": -1}}
            """, "litellm");
        Assert.Equal([(2, "m.input_cost_per_token"), (2, "m.output_cost_per_token")], Errors(json));
        Assert.Equal([(1, null)], Errors((await ImportAsync("{\"m\"", "litellm")).Body));
        Assert.Equal([(0, null)], Errors((await ImportAsync("{}", "litellm")).Body));
        Assert.Equal("pricing.format_unknown", Title((await ImportAsync("", "yaml")).Body));
        Assert.Equal("pricing.proposal_not_found", Title((await PostAsync("ppl_1", "approve")).Body));
        Assert.Equal(before, await company.ScalarAsync("select count(*) from pricing.proposal"));

        static IEnumerable<(int, string?)> Errors(JsonElement problem) =>
            problem.GetProperty("errors").EnumerateArray()
                .Select(e => (e.GetProperty("line").GetInt32(), e.GetProperty("column").GetString()));
    }

    [Fact]
    public async Task Import_OverTwentyMegabytes_IsTooLarge()
    {
        var row = $"a,openai,1,2,1000{new string(' ', 80)}\n";
        var text = Header + string.Concat(Enumerable.Repeat(row, (21 << 20) / row.Length));
        Assert.Equal("pricing.import_too_large", Title((await ImportAsync(text)).Body));
    }

    [Fact]
    public async Task Approve_OnAnotherNode_ReachesThisOneByNotification()
    {
        var other = new PriceBook(company.Db);
        var id = await ProposedAsync(Header + "notified,openai,1,2,1000\n");
        Assert.True(ProposalId.TryParse(id, out var known));
        // As another node would: this node's book is told by the database alone.
        await ApproveProposal.RunAsync(
            known, new(), new("another node", null), company.Db, (company.Get<FourEyes>(), company.Clock), Ct);

        for (var tries = 0; Input("notified") is null && tries < 200; tries++) await Task.Delay(50, Ct);
        Assert.Equal(1_000_000_000, Input("notified"));
        await other.ReloadAsync(Ct);
        Assert.Equal(1_000_000_000, other.Find("notified", company.Clock.Now)!.Base.Input);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("GET", "")]
    [InlineData("GET", "/ppl_1")]
    [InlineData("POST", "/ppl_1/approve")]
    [InlineData("POST", "/ppl_1/decline")]
    public async Task Routes_OtherCallers_AreTurnedAway(string method, string path)
    {
        async Task<HttpStatusCode> AsAsync(string caller) =>
            (await company.SendAsync(new HttpMethod(method), Proposals + path, null, caller)).Status;

        Assert.Equal(HttpStatusCode.Forbidden, await AsAsync("prs_00000000000000000000000000000001"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AsAsync("nobody"));
    }
}
