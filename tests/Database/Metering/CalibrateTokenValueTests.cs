using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Pricing.Book;

namespace Guerdon.Database.Metering;

public sealed class CalibrateTokenValueTests(CalibrateTokenValueTests.Used used)
    : IClassFixture<CalibrateTokenValueTests.Used>
{
    private const string Index = "/api/v1/token-value/index?quarter=2027Q1";
    private static readonly DateTimeOffset NewYear = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A company that used gpt-5-mini in 2026Q4, whose input doubles with the year; and a gemini past its
    /// threshold.</summary>
    public sealed class Used : IAsyncLifetime
    {
        public Company Company { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Company.InitializeAsync();
            await UseAsync("gpt-5-mini", new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), 4_000_000, 1_000_000);
            await UseAsync("gpt-5-mini", new(2026, 9, 30, 23, 59, 59, TimeSpan.Zero), 9_000_000, 0); // a day early
            var (_, import) = await Company.SendAsync(
                HttpMethod.Post, "/api/v1/prices/proposals?format=csv", new StringContent("""
                    model,provider,input,cached_input,output,context_tokens
                    gpt-5-mini,openai,0.5,0.025,2,400000
                    """));
            await Company.SendAsync(
                HttpMethod.Post,
                $"/api/v1/prices/proposals/{import.GetProperty("proposal").GetProperty("id")}/approve",
                new StringContent("""{"from": "2027-01-01T00:00:00Z", "acceptOutliers": true}""",
                    System.Text.Encoding.UTF8, "application/json"), "admin:approver");
        }

        public Task UseAsync(string model, DateTimeOffset at, long input, long output) => Company.ExecuteAsync($"""
            insert into metering.request (wallet_id, request_id, started_at, ended_at, source, model, provider,
                price_id, token_value_nanos, input, cached_input, cache_write_5m, cache_write_1h, output, reasoning,
                cost_nanos, cost_milli, charged_milli, held_milli, state, outcome, http_status, first_byte_us,
                duration_us, request_bytes, response_bytes, digest)
            select gen_random_uuid(), gen_random_uuid(), '{at:O}', '{at:O}', 1, model, provider,
                   id, 1000, {input}, 0, 0, 0, {output}, 0, 0, 0, 0, 0, 1, 1, 200, 0, 0, 0, 0, sha256('')
              from pricing.v_price where model = '{model}' and effective_from < '{at:O}'::timestamptz + interval '1 day'
             order by effective_from desc limit 1
            """);

        public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body) => Company.SendAsync(
            HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));

        public ValueTask DisposeAsync() => Company.DisposeAsync();
    }

    private static string Title(JsonElement problem) => problem.GetProperty("title").GetString()!;

    private Task<(HttpStatusCode Status, JsonElement Body)> ApplyAsync(string from, string quarter = "2027Q1") =>
        used.Company.ApprovedInputAsync(used.PostAsync(
            "/api/v1/token-value", $$"""{"quarter": "{{quarter}}", "from": "{{from}}T00:00:00Z"}"""));

    [Fact]
    public async Task Apply_Calibration_SetsTheValueOnceAndNeverBackwards()
    {
        var company = used.Company;
        var (_, shown) = await company.GetAsync(Index + "&base=2026Q4&bufferPpm=50000");

        Assert.Equal(
            [("input", 4_000_000, 250_000_000, 500_000_000), ("output", 1_000_000, 2_000_000_000, 2_000_000_000)],
            shown.GetProperty("basket").EnumerateArray().Select(r => (r.GetProperty("class").GetString(),
                r.GetProperty("quantity").GetInt64(), r.GetProperty("baseNanosPerMillion").GetInt64(),
                r.GetProperty("currentNanosPerMillion").GetInt64())));
        var index = shown.GetProperty("index"); // (4 × 0.50 + 1 × 2) / (4 × 0.25 + 1 × 2)
        Assert.Equal(("4", "3", 1_333_333), (index.GetProperty("numerator").GetString(),
            index.GetProperty("denominator").GetString(), index.GetProperty("ppm").GetInt64()));
        Assert.Equal((1_000, 1_333, false), (shown.GetProperty("baseValueNanos").GetInt64(),
            shown.GetProperty("valueNanos").GetInt64(), shown.GetProperty("isBaseOver").GetBoolean()));
        var top = shown.GetProperty("topUp");
        Assert.Equal((333_333_000_000, 66_666_650_000, 1_399_999_650_000),
            (top.GetProperty("forPricesNanos").GetInt64(), top.GetProperty("bufferNanos").GetInt64(),
                top.GetProperty("totalNanos").GetInt64()));
        Assert.Equal(1_000, company.Get<PriceBook>().TokenValueAt(NewYear)); // shown, not set

        var (sent, _) = await used.PostAsync(
            "/api/v1/token-value", """{"quarter": "2027Q1", "from": "2027-01-01T00:00:00Z"}""");
        Assert.Equal(HttpStatusCode.Accepted, sent);
        Assert.Equal(1_000, company.Get<PriceBook>().TokenValueAt(NewYear)); // proposed, not set
        Assert.True((await ApplyAsync("2027-01-01")).Body.GetProperty("added").GetBoolean());
        Assert.False((await ApplyAsync("2027-01-01")).Body.GetProperty("added").GetBoolean());
        var book = company.Get<PriceBook>();
        Assert.Equal((1_000, 1_333), (book.TokenValueAt(NewYear.AddTicks(-1)), book.TokenValueAt(NewYear)));

        await used.UseAsync("gpt-5-mini", new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), 1_000_000, 0);
        Assert.Equal("pricing.token_value_taken", Title((await ApplyAsync("2027-01-01")).Body));
        Assert.Equal("metering.index_invalid", Title((await ApplyAsync("2026-12-31")).Body));
        Assert.Equal("metering.index_invalid", Title((await ApplyAsync("2027-04-01")).Body));
        company.Clock.Now = NewYear.AddDays(30);
        Assert.Equal("pricing.from_past", Title((await ApplyAsync("2027-01-15")).Body));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Show_LongCalls_AreARowOfTheirOwnAtTheTiersPrices()
    {
        await used.UseAsync("gemini-2.5-pro", new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero), 200_001, 10);
        await used.UseAsync("gemini-2.5-pro", new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero), 200_000, 0);

        var (_, shown) = await used.Company.GetAsync("/api/v1/token-value/index?quarter=2028Q2");

        Assert.Equal(
            [("input", 200_000, 1_250_000_000), ("long input", 200_001, 2_500_000_000),
                ("long output", 10, 15_000_000_000)],
            shown.GetProperty("basket").EnumerateArray().Select(r => (r.GetProperty("class").GetString(),
                r.GetProperty("quantity").GetInt64(), r.GetProperty("currentNanosPerMillion").GetInt64())));
        Assert.Equal(1_000_000, shown.GetProperty("index").GetProperty("ppm").GetInt64());
    }

    [Theory]
    [InlineData("?quarter=2027", "metering.index_invalid")]
    [InlineData("", "metering.index_invalid")]
    [InlineData("?quarter=2027Q1&base=2027Q1", "metering.index_invalid")]
    [InlineData("?quarter=2027Q1&bufferPpm=1000001", "metering.index_invalid")]
    [InlineData("?quarter=2026Q2", "metering.basket_empty")]
    public async Task Show_NothingToCompute_IsRefused(string query, string title) =>
        Assert.Equal(title, Title((await used.Company.GetAsync("/api/v1/token-value/index" + query)).Body));

    [Theory]
    [InlineData("GET", "/api/v1/token-value/index")]
    [InlineData("POST", "/api/v1/token-value")]
    public async Task Routes_OtherCallers_AreTurnedAway(string method, string path)
    {
        async Task<HttpStatusCode> AsAsync(string caller) =>
            (await used.Company.SendAsync(new HttpMethod(method), path, null, caller)).Status;

        Assert.Equal(HttpStatusCode.Forbidden, await AsAsync("prs_00000000000000000000000000000001"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AsAsync("nobody"));
    }
}
