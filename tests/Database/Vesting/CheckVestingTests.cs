using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;

namespace Guerdon.Database.Vesting;

/// <summary>Vesting terms checked over HTTP.</summary>
public sealed class CheckVestingTests(Company company) : IClassFixture<Company>
{
    private const string Facts = "?quantity=18&start=2026-01-31";

    private const string Terms = """
        {"object_type": "VESTING_TERMS", "id": "quarter", "name": "A quarter", "description": "",
         "allocation_type": "CUMULATIVE_ROUNDING",
         "vesting_conditions": [
           {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}, "next_condition_ids": ["mon"]},
           {"id": "mon", "portion": {"numerator": "1", "denominator": "4"}, "next_condition_ids": [],
            "trigger": {"type": "VESTING_SCHEDULE_RELATIVE", "relative_to_condition_id": "start",
              "period": {"length": 1, "type": "MONTHS", "occurrences": 4, "cliff_installment": 2,
                "day_of_month": "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH"}}}]}
        """;

    private Task<(HttpStatusCode Status, JsonElement Body)> CheckAsync(
        string query, string terms = Terms, string? caller = null) => company.SendAsync(
        HttpMethod.Post, "/api/v1/vesting/check" + query, new StringContent(terms, Encoding.UTF8, "application/json"),
        caller);

    private static string Lines(JsonElement body) => string.Join(", ", body.GetProperty("instalments").EnumerateArray()
        .Select(l => $"{l.GetProperty("date")} {l.GetProperty("amount")} {l.GetProperty("vested")}"
            + $" {l.GetProperty("conditionId")} {l.GetProperty("why")}"));

    [Fact]
    public async Task Check_GoodTerms_ListsTheInstalments()
    {
        var (status, body) = await CheckAsync(Facts);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            "2026-03-31 9 9 mon instalments 1 to 2 of 4, at the cliff, 2026-04-30 5 14 mon instalment 3 of 4,"
            + " 2026-05-31 4 18 mon instalment 4 of 4", Lines(body));
        Assert.Equal(("quarter", "A quarter", 18, 18, 0), (
            body.GetProperty("id").GetString(), body.GetProperty("name").GetString(),
            body.GetProperty("quantity").GetInt64(), body.GetProperty("vested").GetInt64(),
            body.GetProperty("unvested").GetInt64()));
    }

    [Fact]
    public async Task Check_SomebodyLeaves_ForfeitsTheRest()
    {
        var (_, body) = await CheckAsync(Facts + "&left=2026-04-29");
        Assert.Equal((9, 9), (body.GetProperty("vested").GetInt64(), body.GetProperty("unvested").GetInt64()));
    }

    [Fact]
    public async Task Check_BadTerms_AreRefusedWithLineAndColumn()
    {
        var (status, body) = await CheckAsync(
            Facts, Terms.Replace("\"4\"", "\"four\"", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "compensation.vesting_invalid"),
            (status, body.GetProperty("title").GetString()));
        var error = Assert.Single(body.GetProperty("errors").EnumerateArray());
        Assert.Equal((5, 63, "vesting_conditions[2].portion.denominator"), (
            error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32(),
            error.GetProperty("key").GetString()));
        Assert.Contains(
            "'four', not a whole number", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?quantity=18")]
    [InlineData("?quantity=1.5&start=2026-01-31")]
    [InlineData("?quantity=-1&start=2026-01-31")]
    [InlineData("?quantity=9223372036854775808&start=2026-01-31")]
    [InlineData("?quantity=18&start=2026-02-30")]
    [InlineData("?quantity=18&start=2026-01-31&left=soon")]
    public async Task Check_NoFacts_AreRefused(string query)
    {
        var (status, body) = await CheckAsync(query);
        Assert.Equal((HttpStatusCode.BadRequest, "compensation.vesting_facts_invalid"),
            (status, body.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Check_TooLarge_IsRefused()
    {
        var (status, body) = await CheckAsync(Facts, new string(' ', 262_145));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "compensation.vesting_too_large"),
            (status, body.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Check_OtherCallers_AreTurnedAway()
    {
        Assert.Equal(HttpStatusCode.Forbidden,
            (await CheckAsync(Facts, caller: "prs_00000000000000000000000000000001")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CheckAsync(Facts, caller: "nobody")).Status);
    }
}
