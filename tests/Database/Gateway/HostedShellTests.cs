using Dapper;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Database.Gateway;

/// <summary>OpenAI's shell in a container of its own: held and charged at the book's fee, or refused before it goes up.
/// </summary>
public sealed class HostedShellTests : IAsyncLifetime
{
    private const string Hosted = """{"type":"shell","environment":{"type":"container_auto"}}""";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        await _gateway.InitializeAsync();
    }

    // 1,000 and 100 tokens of gpt-5 are 0.00225 USD, a container is 0.03.
    [Theory]
    [InlineData(Hosted, """
        {"type":"shell_call","environment":{"type":"container_reference","container_id":"cntr_1"},"action":{}},
        {"type":"shell_call_output","output":[]},
        {"type":"shell_call","environment":{"type":"container_reference","container_id":"cntr_1"},"action":{}},
        {"type":"shell_call_output","output":[]},
        """, 32_250_000)]
    [InlineData(Hosted, """{"type":"shell_call","action":{}},{"type":"shell_call_output","output":[]},""", 32_250_000)]
    [InlineData(Hosted, "", 2_250_000)] // it was not used
    [InlineData("""{"type":"shell","environment":{"type":"local"}}""",
        """{"type":"shell_call","environment":{"type":"local"},"action":{}},""", 2_250_000)]
    [InlineData("""{"type":"shell"}""", """{"type":"shell_call","action":{}},""", 2_250_000)]
    public async Task Shell_ByWhereItRan_IsChargedTheContainerOrNothing(string tool, string items, long nanos)
    {
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 200,
            """{"id":"r","object":"response","model":"gpt-5","status":"completed","output":[""" + items
            + """{"type":"message","content":[]}],"usage":{"input_tokens":1000,"output_tokens":100}}""");
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);

        using var answer = await _gateway.PostAsync("/v1/responses", key, Body("gpt-5", tool));

        Assert.True((int)answer.StatusCode == 200, await answer.Content.ReadAsStringAsync(Ct));
        await _gateway.RecordsAsync(wallet);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        var booked = await connection.QuerySingleAsync<(long Cost, short State, long Held, long Charged)>("""
            select cost_nanos, state, held_milli, charged_milli from metering.request where wallet_id = @wallet
            """, new { wallet = wallet.Value });
        Assert.Equal((nanos, (short)RecordState.Settled), (booked.Cost, booked.State));
        Assert.True(booked.Held >= booked.Charged, $"{booked}");
    }

    [Fact]
    public async Task HostedShell_WithoutAFeeInTheBook_IsRefusedBeforeItGoesUp()
    {
        var book = _gateway.Services.GetRequiredService<PriceBook>();
        var price = book.Find("gpt-5-mini", TimeProvider.System.GetUtcNow())!;
        await using (var connection = await _gateway.Db.OpenConnectionAsync(Ct))
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(PriceRow.Insert(price with
            {
                Id = Guid.CreateVersion7(),
                EffectiveFrom = TimeProvider.System.GetUtcNow(),
                Fees = price.Fees with { CodeExecution = null },
            }));
            await batch.ExecuteNonQueryAsync(Ct);
        }

        await book.ReloadAsync(Ct);
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);

        using var answer = await _gateway.PostAsync("/v1/responses", key, Body("gpt-5-mini", Hosted));

        var said = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains("gateway.unpriced", said, StringComparison.Ordinal);
        Assert.Contains("tools[0]", said, StringComparison.Ordinal);
        Assert.Empty(_provider.Calls);
        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
    }

    private static string Body(string model, string tool) =>
        $$"""{"model":"{{model}}","max_output_tokens":200,"input":"Hello","tools":[{{tool}}]}""";

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
