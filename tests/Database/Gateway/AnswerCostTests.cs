using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Verification;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Database.Gateway;

/// <summary>What answers cost that are more than tokens of the model that was asked, to the nano-USD.</summary>
public sealed class AnswerCostTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Counts = "input=1000; tokens=100; ";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Messages(string model, bool isStream = false) =>
        Body(model, isStream, """ "max_tokens":200,"messages":[{"role":"user","content":"Hello"}] """);

    private static string Responses(string model, bool isStream = false) =>
        Body(model, isStream, """ "max_output_tokens":200,"input":"Hello" """);

    private static string Chat(string model, bool isStream = false) =>
        Body(model, isStream, """ "max_completion_tokens":200,"messages":[{"role":"user","content":"Hello"}] """);

    private static string Body(string model, bool isStream, string members) =>
        $$"""{"model":"{{model}}","stream":{{(isStream ? "true" : "false")}},{{members}}}""";

    private const string Gemini = """
        {"contents":[{"role":"user","parts":[{"text":"Hello"}]}],"generationConfig":{"maxOutputTokens":100}}
        """;

    private sealed record Booked(long CostNanos, short State, short Outcome, long Parts, long ChargedMilli);

    private async Task<Booked> CallAsync(string path, string body, string sandbox)
    {
        var (key, wallet) = await gateway.KeyAsync(20_000_000);
        using (var answer = await gateway.PostAsync(path, key, body, sandbox))
        {
            Assert.Equal(200, (int)answer.StatusCode);
            await answer.Content.ReadAsStringAsync(Ct);
        }

        await gateway.RecordsAsync(wallet);
        await using var command = gateway.Db.CreateCommand("""
            select r.cost_nanos, r.state, r.outcome, (select count(*) from metering.request_part p
                    where p.wallet_id = r.wallet_id and p.request_id = r.request_id), r.charged_milli
              from metering.request r where r.wallet_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = wallet.Value });
        await using var reader = await command.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        return new(
            reader.GetInt64(0), reader.GetInt16(1), reader.GetInt16(2), reader.GetInt64(3), reader.GetInt64(4));
    }

    private async Task PriceAsync(Price price)
    {
        await using var connection = await gateway.Db.OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PriceRow.Insert(price));
        await batch.ExecuteNonQueryAsync(Ct);
        await gateway.Services.GetRequiredService<PriceBook>().ReloadAsync(Ct);
    }

    private Price PriceNow(string model) =>
        gateway.Services.GetRequiredService<PriceBook>().Find(model, TimeProvider.System.GetUtcNow())!;

    [Theory]
    [InlineData("claude-fable-5-1", "model=claude-opus-4-8; iteration=message/claude-fable-5-1/1000/50; "
        + "iteration=fallback_message/claude-opus-4-8/1000/100", 20_000_000, 2)]
    [InlineData("claude-haiku-4-5", "iteration=advisor_message/claude-fable-5-1/159419/7805", 1_985_940_000, 2)]
    [InlineData("claude-haiku-4-5", "iteration=compaction/180000/3500; iteration=message/1000/100", 199_000_000, 2)]
    [InlineData("claude-haiku-4-5", "search=3", 31_500_000, 2)]
    [InlineData("claude-haiku-4-5", "input=1000", 1_500_000, 0)] // nothing more
    public async Task Messages_IterationsAndSearches_AreChargedExactly(
        string model, string more, long nanos, long parts)
    {
        foreach (var isStream in (bool[])[false, true])
        {
            var booked = await CallAsync("/v1/messages", Messages(model, isStream), Counts + more);
            Assert.Equal(
                new Booked(nanos, (short)RecordState.Settled, (short)Outcome.Answered, parts, nanos), booked);
        }
    }

    [Theory]
    [InlineData("search=3", 32_250_000)]
    [InlineData("search=1; file-search=2", 17_250_000)]
    [InlineData("code=2", 32_250_000)] // one container
    public async Task Responses_HostedTools_AreChargedExactly(string more, long nanos)
    {
        foreach (var isStream in (bool[])[false, true])
        {
            var booked = await CallAsync("/v1/responses", Responses("gpt-5", isStream), Counts + more);
            Assert.Equal((nanos, (short)RecordState.Settled), (booked.CostNanos, booked.State));
        }
    }

    [Fact]
    public async Task Chat_ServedTier_IsItsRowOrMarked()
    {
        foreach (var isStream in (bool[])[false, true])
        {
            var marked = await CallAsync(
                "/v1/chat/completions", Chat("gpt-5-mini", isStream), Counts + "tier=priority");
            Assert.Equal((450_000, (short)RecordState.Provisional), (marked.CostNanos, marked.State));
        }

        var standard = PriceNow("gpt-5-nano");
        await PriceAsync(standard with
        {
            Id = Guid.CreateVersion7(),
            ServiceTier = ServiceTier.Flex,
            Base = new(25_000_000, 2_500_000, 25_000_000, 25_000_000, 200_000_000),
        });
        var flex = await CallAsync("/v1/chat/completions", Chat("gpt-5-nano"), Counts + "tier=flex");
        Assert.Equal((45_000, (short)RecordState.Settled, 0), (flex.CostNanos, flex.State, flex.Parts));
    }

    [Fact]
    public async Task Chat_DatedName_IsItsOwnRowOrMarkedAndListed()
    {
        const string dated = "gpt-4o-2024-05-13";
        var marked = await CallAsync("/v1/chat/completions", Chat(dated), Counts);
        Assert.Equal((3_500_000, (short)RecordState.Provisional), (marked.CostNanos, marked.State));
        var (status, listed) = await gateway.AskAsync(HttpMethod.Get, "/api/v1/usage/provisional");
        Assert.Equal(200, status);
        var groups = listed.GetProperty("groups").EnumerateArray();
        var group = groups.Single(g => g.GetProperty("name").GetString() == dated);
        Assert.Equal("gpt-4o", group.GetProperty("pricedAs").GetString());
        var (doubtful, _) = await MeteringAlarms.ReadAsync(gateway.Db, gateway.Clock.GetUtcNow().AddDays(-1), Ct);
        var alarm = doubtful.Single(d => d.Doubts.Contains("priced by the undated name; the dated one has no row"));
        Assert.Equal(1, alarm.Calls);

        await PriceAsync(PriceNow("gpt-4o") with
        {
            Id = Guid.CreateVersion7(),
            Model = dated,
            Base = new(5_000_000_000, 5_000_000_000, 5_000_000_000, 5_000_000_000, 15_000_000_000),
        });
        var exact = await CallAsync("/v1/chat/completions", Chat(dated), Counts);
        Assert.Equal((6_500_000, (short)RecordState.Settled), (exact.CostNanos, exact.State));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/responses")]
    [InlineData("/v1/messages")]
    [InlineData("/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("/v1beta/models/gemini-2.5-flash:streamGenerateContent")]
    public async Task Error_BehindAGoodStatus_IsFreeAndTheProviders(string path)
    {
        foreach (var isStream in path.Contains("gemini", StringComparison.Ordinal) ? (bool[])[false] : [false, true])
        {
            var body = path switch
            {
                "/v1/chat/completions" => Chat("gpt-5", isStream),
                "/v1/responses" => Responses("gpt-5", isStream),
                "/v1/messages" => Messages("claude-haiku-4-5", isStream),
                _ => Gemini,
            };
            var booked = await CallAsync(path, body, "error");
            Assert.Equal((0, 0, (short)Outcome.ProviderError), (booked.CostNanos, booked.ChargedMilli, booked.Outcome));
        }
    }

    private const string OfThisTest =
        " and request_id in (select request_id from metering.request_part where name = 'usage.odd')";

    [Fact]
    public async Task Parts_AreCoveredByVerify()
    {
        await CallAsync("/v1/messages", Messages("claude-haiku-4-5"), Counts + "search=3; counter=odd/7");
        Assert.Empty(await FindingsAsync());

        await using var command = gateway.Database.OwnerDb.CreateCommand(
            "update metering.request_part set uses = 2, cost_femto = 20000000000000 where tool = 1" + OfThisTest);
        Assert.True(await command.ExecuteNonQueryAsync(Ct) > 0);
        Assert.Contains(await FindingsAsync(), f => f.Problem.Contains("digest", StringComparison.Ordinal));
        await using var undo = gateway.Database.OwnerDb.CreateCommand(
            "update metering.request_part set uses = 3, cost_femto = 30000000000000 where tool = 1" + OfThisTest);
        await undo.ExecuteNonQueryAsync(Ct);
    }

    private async Task<List<Finding>> FindingsAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in MeteringVerify.RunAsync(gateway.Db, null, Ct)) findings.Add(finding);
        return findings;
    }
}
