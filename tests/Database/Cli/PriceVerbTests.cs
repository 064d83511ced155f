namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon price …</c> asks the server, and what it shows of the reply.</summary>
public sealed class PriceVerbTests
{
    private const string Id = "ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";

    private const string Full = $$"""
        {"proposal": {"id": "{{Id}}", "format": "litellm", "name": "prices.json", "importedBy": "ada@example.com",
                      "importedAt": "2026-11-17T10:00:00Z", "newCount": 1, "changedCount": 1, "unchangedCount": 40,
                      "outlierCount": 1, "decision": null},
         "added": true,
         "skips": [{"reason": "mode image_generation, not text", "count": 12, "examples": ["dall-e-3", "imagen"]}],
         "lines": [
          {"model": "gpt-new", "provider": "openai", "was": null, "becomes": {"model": "gpt-new"}, "outliers": [],
           "changes": [{"figure": "input", "unit": "nanosPerMillion", "was": null, "becomes": 1250000000},
                       {"figure": "cached input", "unit": "nanosPerMillion", "was": null, "becomes": 125000000},
                       {"figure": "output", "unit": "nanosPerMillion", "was": null, "becomes": 10000000000},
                       {"figure": "audio input", "unit": "nanosPerMillion", "was": null, "becomes": 40000000000}]},
          {"model": "gpt-old", "provider": "openai", "was": {"model": "gpt-old"}, "becomes": {"model": "gpt-old"},
           "changes": [{"figure": "input", "unit": "nanosPerMillion", "was": 2000000000, "becomes": 40000000000,
                        "changePpm": 19000000},
                       {"figure": "context", "unit": "tokens", "was": 128000, "becomes": 400000,
                        "changePpm": 2125000}],
           "outliers": ["input goes from 2.00 to 40.00 USD, more than 10 times up"]}]}
        """;

    private const string Shown = """
        New model  Provider  Input  Cached  Output  USD per million
        gpt-new    openai     1.25   0.125   10.00  audio input 40.00

        Changed model  Figure       Was  Becomes        By
        gpt-old        input       2.00    40.00  +1,900 %
        gpt-old        context  128,000  400,000  +212.5 %

        Outlier  Why
        gpt-old  input goes from 2.00 to 40.00 USD, more than 10 times up

        Skipped  Why                              Such as
             12  mode image_generation, not text  dall-e-3, imagen

        1 new, 1 changed, 40 unchanged, 12 skipped; 1 outlier.

        """;

    [Fact]
    public async Task Import_List_SendsItAndShowsTheProposal()
    {
        await using var server = await StubServer.WithAsync(Full);
        var file = Typed.File("prices.json", "{}");

        var typed = await Typed.RunAsync(server, $"price import {file}");

        Assert.Equal(Shown + $"Proposal {Id} waits for approval.\n", typed.Results);
        Assert.Contains($"guerdon price approve {Id} --accept-outliers", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(0, typed.Exit);
        Assert.Equal(
            new("POST /api/v1/prices/proposals?format=litellm&name=prices.json", null,
                "application/json; charset=utf-8", "{}"),
            server.Request);
    }

    [Fact]
    public async Task Import_StandardInputWithoutFormat_IsMisuseAndWithItIsSent()
    {
        await using var server = await StubServer.WithAsync(Full);

        var typed = await Typed.RunAsync(server, "price import -", "x");
        Assert.Equal(2, typed.Exit);
        Assert.Contains("--format litellm or --format csv", typed.Messages, StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        Assert.Equal(0, (await Typed.RunAsync(server, "price import - --format csv --json", "x")).Exit);
        Assert.Equal("POST /api/v1/prices/proposals?format=csv&name=standard%20input", server.Request.Line);
    }

    [Fact]
    public async Task Import_BadList_ShowsEveryError()
    {
        await using var server = await StubServer.WithAsync("""
            {"title": "pricing.import_invalid", "detail": "The list has 1 errors.", "nextStep": "Correct it.",
             "errors": [{"line": 7, "column": "m.input_cost_per_token", "reason": "is 'x' (at character 9)."}]}
            """, 422);

        var typed = await Typed.RunAsync(server, "price import - --format litellm", "x");

        Assert.Equal(1, typed.Exit);
        Assert.Contains("   7  m.input_cost_per_token  is 'x' (at character 9).", typed.Messages,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ProposalOrNone_ShowsItOrAll()
    {
        await using var one = await StubServer.WithAsync(Full);
        Assert.Equal(
            Shown + $"Proposal {Id}, of prices.json, imported by ada@example.com on 2026-11-17 10:00 UTC, waits for"
            + " approval.\n", (await Typed.RunAsync(one, $"price show {Id}")).Results);
        Assert.Equal($"GET /api/v1/prices/proposals/{Id}", one.Request.Line);

        await using var all = await StubServer.WithAsync($$"""
            {"proposals": [{"id": "{{Id}}", "format": "csv", "name": "p.csv", "importedBy": "ada@example.com",
              "importedAt": "2026-11-17T10:00:00Z", "newCount": 1, "changedCount": 2, "unchangedCount": 3,
              "outlierCount": 0, "decision": {"isApproved": false, "by": "bo@example.com",
              "at": "2026-11-18T10:00:00Z", "effectiveFrom": null, "acceptedOutliers": false}
            }]}
            """);
        Assert.Contains("declined by bo@example.com\n", (await Typed.RunAsync(all, "price show")).Results,
            StringComparison.Ordinal);
        Assert.Equal("GET /api/v1/prices/proposals", all.Request.Line);
    }

    [Theory]
    [InlineData("approve", """{"acceptOutliers":false,"alone":false}""", true,
        "is approved by bo, in effect from 2027-01-01 00:00 UTC")]
    [InlineData("approve --from 2027-01-01 --accept-outliers",
        """{"from":"2027-01-01T00:00:00+00:00","acceptOutliers":true,"alone":false}""", false,
        "was already approved by bo, in effect from 2027-01-01 00:00 UTC")]
    [InlineData("decline", "{}", true, "is declined by bo")]
    public async Task Decide_Proposal_SaysWhatItIs(string verb, string body, bool done, string said)
    {
        var (isApproved, from) = verb[0] == 'a' ? ("true", "\"2027-01-01T00:00:00Z\"") : ("false", "null");
        await using var server = await StubServer.WithAsync($$"""
            {"proposal": {"id": "{{Id}}", "format": "csv", "name": "p.csv", "importedBy": "ada", "newCount": 1,
              "importedAt": "2026-11-17T10:00:00Z", "changedCount": 2, "unchangedCount": 3, "outlierCount": 0,
              "decision": {"isApproved": {{isApproved}}, "by": "bo", "at": "2026-11-18T10:00:00Z",
                           "effectiveFrom": {{from}}, "acceptedOutliers": true}
              },
             "done": {{(done ? "true" : "false")}} }
            """);
        var words = verb.Split(' ', 2);

        var typed = await Typed.RunAsync(server, $"price {words[0]} {Id} {(words.Length > 1 ? words[1] : "")}");

        Assert.Equal($"Proposal {Id} {said}.\n", typed.Results);
        Assert.Equal(($"POST /api/v1/prices/proposals/{Id}/{words[0]}", body),
            (server.Request.Line, server.Request.Body));
    }

    private const string Calibration = """
        {"quarter": "2027Q1", "base": "2026Q4", "isBaseOver": false, "leftOut": ["old-model"],
         "basket": [{"model": "gpt-5-mini", "class": "input", "quantity": 4000000, "baseNanosPerMillion": 250000000,
                     "currentNanosPerMillion": 500000000}],
         "index": {"numerator": "4", "denominator": "3", "ppm": 1333333}, "baseValueNanos": 1000, "valueNanos": 1333,
         "bufferPpm": 50000, "topUp": {"allowanceNanos": 1000000000000, "forPricesNanos": 333333000000,
                                       "bufferNanos": 66666650000, "totalNanos": 1399999650000}}
        """;

    [Fact]
    public async Task Index_Quarter_ShowsBasketIndexValueAndTheBufferApart()
    {
        await using var server = await StubServer.WithAsync(Calibration);

        var typed = await Typed.RunAsync(server, "price index --quarter 2027Q1 --base 2026Q4 --buffer 5%");

        Assert.Equal("""
            Prices in USD per million.
            Model       Class  Used in 2026Q4  Price then  Price in 2027Q1
            gpt-5-mini  input       4,000,000        0.25             0.50

            Index: 1.333333, exactly 4/3.
            Token value: 1.00 USD a million tokens, becomes 1.333 USD a million tokens.
            An allowance of 1,000.00 USD: 333.33 for prices, and a buffer of 5 % 66.66, make 1,399.99 USD.

            """, typed.Results);
        Assert.Contains("old-model", typed.Messages, StringComparison.Ordinal);
        Assert.Contains("2026Q4 is not over", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(
            "GET /api/v1/token-value/index?quarter=2027Q1&base=2026Q4&bufferPpm=50000", server.Request.Line);
    }

    [Theory]
    [InlineData("true", "that is set")]
    [InlineData("false", "that was set before: nothing changed")]
    public async Task Index_Apply_SetsTheValueFromTheDay(string added, string said)
    {
        await using var server = await StubServer.WithAsync(
            $$"""{"calibration": {{Calibration}}, "from": "2027-01-01T00:00:00Z", "added": {{added}}}""");

        var typed = await Typed.RunAsync(server, "price index --quarter 2027Q1 --apply --from 2027-01-01");

        Assert.Equal(
            $"From 2027-01-01 00:00 UTC compute tokens are worth 1.333 USD a million tokens; {said}.\n",
            typed.Results);
        Assert.Equal(("POST /api/v1/token-value", """{"quarter":"2027Q1","from":"2027-01-01T00:00:00+00:00"}"""),
            (server.Request.Line, server.Request.Body));
    }

    [Theory]
    [InlineData("--apply")]
    [InlineData("--from 2027-01-01")]
    [InlineData("--buffer 5")]
    public async Task Index_HalfAnOrder_IsMisuse(string options)
    {
        await using var server = await StubServer.WithAsync(Calibration);

        Assert.Equal(2, (await Typed.RunAsync(server, $"price index --quarter 2027Q1 {options}")).Exit);
        Assert.Empty(server.Requests);
    }
}
