using System.Globalization;

namespace Guerdon.Database.Cli;

/// <summary>What things cost: prices, usage from elsewhere, and whether the bills agree.</summary>
internal static class PriceSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    // A new model, a price that doubles, and one that looks wrong.
    private const string List = """
        model,provider,input,cached_input,output,context_tokens,audio_input,audio_output
        gpt-new,openai,1.25,0.125,10,400000,40,80
        gpt-5-mini,openai,0.5,0.05,4,400000,,
        gpt-5-nano,openai,50,5,400,400000,,
        """;

    public static async Task WalkAsync(VerbWalk walk)
    {
        await walk.DoesAsync(Ann, "prices");
        await WalkProposalsAsync(walk);
        await WalkUsageAsync(walk);
        await WalkIndexAsync(walk);
        await WalkReconciliationAsync(walk);
        await walk.DoesAsync(Ann, "overview");
        await WalkStatementAsync(walk);
    }

    private static async Task WalkProposalsAsync(VerbWalk walk)
    {
        var imported = await walk.DoesAsync(Ann, $"price import {Typed.File("prices.csv", List)}");
        var id = imported.Text("proposal", "id");
        await walk.DoesAsync(Ann, "price show");
        walk.Reads(await walk.DoesAsync(Ann, $"price show {id}"), $"""
            New model  Provider  Input  Cached  Output  USD per million
            gpt-new    openai     1.25   0.125   10.00  audio input 40.00, audio output 80.00

            Changed model  Figure              Was  Becomes         By
            gpt-5-mini     input              0.25     0.50     +100 %
            gpt-5-mini     cached input      0.025     0.05     +100 %
            gpt-5-mini     cache write 5m     0.25     0.50     +100 %
            gpt-5-mini     cache write 1h     0.25     0.50     +100 %
            gpt-5-mini     output             2.00     4.00     +100 %
            gpt-5-mini     max output      128,000  400,000   +212.5 %
            gpt-5-nano     input              0.05    50.00  +99,900 %
            gpt-5-nano     cached input      0.005     5.00  +99,900 %
            gpt-5-nano     cache write 5m     0.05    50.00  +99,900 %
            gpt-5-nano     cache write 1h     0.05    50.00  +99,900 %
            gpt-5-nano     output             0.40   400.00  +99,900 %
            gpt-5-nano     max output      128,000  400,000   +212.5 %

            Outlier     Why
            gpt-5-nano  input goes from 0.05 to 50.00 USD, more than 10 times up
            gpt-5-nano  cached input goes from 0.005 to 5.00 USD, more than 10 times up
            gpt-5-nano  cache write 5m goes from 0.05 to 50.00 USD, more than 10 times up
            gpt-5-nano  cache write 1h goes from 0.05 to 50.00 USD, more than 10 times up
            gpt-5-nano  output goes from 0.40 to 400.00 USD, more than 10 times up

            1 new, 2 changed, 0 unchanged, 0 skipped; 1 outlier.
            Proposal {id}, of prices.csv, imported by ann@example.com on 2026-11-20 10:00 UTC, waits for someone\
             with the finance role other than ann@example.com, who imported it.

            """);
        await walk.DoesAsync(Ann, $"price decline {id}");
        var better = await walk.DoesAsync(
            Ann, "price import - --format csv", input: List.Replace("gpt-5-nano,openai,50,5,400,400000,,", "",
                StringComparison.Ordinal));
        id = better.Text("proposal", "id");
        var approve = $"price approve {id} --from 2027-01-01 --accept-outliers";
        await walk.DoesAsync(Bob, approve, sends: new($"POST /api/v1/prices/proposals/{id}/approve", """
            {"from": "2027-01-01T00:00:00+00:00", "acceptOutliers": true, "alone": false}
            """));
        var again = await walk.DoesAsync(Bob, approve);
        Assert.StartsWith($"Proposal {id} was already approved", again.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "price show");
    }

    private static async Task WalkIndexAsync(VerbWalk walk)
    {
        const string index = "price index --quarter 2027Q1 --base 2026Q4";
        var shown = await walk.DoesAsync(Ann, $"{index} --buffer 5%", sends: new(
            "GET /api/v1/token-value/index?quarter=2027Q1&base=2026Q4&bufferPpm=50000"));
        walk.Reads(shown, """
            Prices in USD per million.
            Model             Class   Used in 2026Q4  Price then  Price in 2027Q1
            claude-haiku-4-5  input               10        1.00             1.00
            claude-haiku-4-5  output         400,000        5.00             5.00
            gpt-5-mini        input        1,002,016        0.25             0.50
            gpt-5-mini        output           2,614        2.00             4.00

            Index: 1.113369, exactly 418579/375957.
            Token value: 1.00 USD a million tokens, becomes 1.113 USD a million tokens.
            An allowance of 1,000.00 USD: 113.36 for prices, and a buffer of 5 % 55.66, make 1,169.03 USD.

            """);
        const string set = $"{index} --apply --from 2027-01-01";
        var waits = (await walk.DoesAsync(Ann, set, sends: new("POST /api/v1/token-value", """
            {"quarter": "2027Q1", "base": "2026Q4", "from": "2027-01-01T00:00:00+00:00"}
            """))).Reply.GetProperty("waits");
        await PaySteps.ApproveAsync(walk, waits);
        var twice = await walk.DoesAsync(Ann, set);
        Assert.EndsWith("was set before: nothing changed.\n", twice.Typed.Results, StringComparison.Ordinal);
    }

    private static async Task WalkStatementAsync(VerbWalk walk)
    {
        var statement = await walk.DoesAsync(PeopleSteps.Amara, "statement me");
        var wallet = statement.Text("wallet");
        walk.Reads(statement, $"""
            Statement of Amara Okafor (amara.okafor@example.com), {wallet}
            2026-11-01 to 2026-11-30, in compute tokens, at today's 1.00 USD a million tokens

            Day         What              Lot  Grant                                          Transfers       USD  \
                       Tokens
            2026-11-01  Opening balance                                                                      0.00  \
                            0
            2026-11-20  Grant               1  Allowance, November 2026, plan allowance-full          1  5,781.25  \
            5,781,250,000.001
            2026-11-20  AI use, imported    1  Allowance, November 2026, plan allowance-full          1     -0.26  \
                     -254,000
            2026-11-20  AI use              1  Allowance, November 2026, plan allowance-full          2    >-0.01  \
                       -715.5
            2026-11-22  Refund              1  Allowance, November 2026, plan allowance-full          1     <0.01  \
                          0.7
            2026-11-30  Closing balance                                                                  5,780.99  \
            5,780,995,285.201

            It re-adds: 0 and 4 lines of 5,780,995,285.201 make 5,780,995,285.201 tokens.

            """);
        await walk.DoesAsync(PeopleSteps.Amara, "statement me --month 2026-11 --csv");
    }

    private static async Task WalkUsageAsync(VerbWalk walk)
    {
        var trace = Typed.File("trace.csv", $"""
            at,in,out,email,m,request
            2026-11-19T10:00:00Z,1000000,2000,{PeopleSteps.Amara},gpt-5-mini,a1
            2026-11-19T10:01:00Z,2000,300,{PeopleSteps.Bruno},gpt-5-mini,a2
            2026-11-19T10:02:00Z,2000,many,{PeopleSteps.Amara},gpt-5-mini,a3

            """);
        const string map = "--map time=at,input=in,output=out,person=email,model=m,id=request";
        await walk.RefusedAsync(Ann, $"import usage {trace} {map} --dry-run", "cli.rows_refused");
        await walk.DoesAsync(Ann, $"import usage {trace} {map} --source elsewhere --skip-bad");
        const string plain = "at,in,out\n2026-11-18T10:00:00Z,100,20\n";
        await walk.DoesAsync(
            Ann, "import usage - --map time=at,input=in,output=out --model gpt-5-mini --assign hash"
                + " --price-date 2026-11-19 --charge never --dry-run", input: plain, sends: new(
                "POST /api/v1/usage/import?map=time%3Dat%2Cinput%3Din%2Coutput%3Dout&model=gpt-5-mini&assign=hash"
                + "&priceDate=2026-11-19&charge=never&skipBad=false&dryRun=true", Type: "text/csv", Body: plain));
        var key = await GatewaySteps.CreateAsync(walk, PeopleSteps.Amara, "provisional");
        Assert.Equal(200, await walk.Server.CallAsync(
            key, GatewaySteps.Chat, GatewaySteps.Question("gpt-5-mini"), "model=gpt-5-mini-2026-11-01"));
        await walk.Server.BookedAsync(PeopleSteps.Amara, calls: 3);
        await walk.DoesAsync(Ann, "price provisional");
    }

    // A call whose provider forgot to say what it used, until its report does.
    private static async Task WalkReconciliationAsync(VerbWalk walk)
    {
        var key = await GatewaySteps.CreateAsync(walk, PeopleSteps.Amara, "reconciled");
        Assert.Equal(200, await walk.Server.CallAsync(
            key, GatewaySteps.Chat, GatewaySteps.Question("gpt-6-luna"), "no-usage"));
        await walk.Server.BookedAsync(PeopleSteps.Amara, calls: 4);
        var (input, output) = await walk.Server.UsedAsync("gpt-6-luna");
        var starts = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var report = string.Create(CultureInfo.InvariantCulture, $$"""
            {"object": "page", "data": [{"object": "bucket", "start_time": {{starts}},
              "end_time": {{starts + 86_400}}, "results": [
              {"object": "organization.usage.completions.result", "input_tokens": {{input + 3}},
               "output_tokens": {{Math.Max(1, output - 2)}}, "num_model_requests": 1, "model": "gpt-6-luna"}]}]}
            """);
        walk.Server.Clock.Now = walk.Server.Clock.Now.AddDays(2);
        var file = Typed.File("usage.json", report);
        await walk.DoesAsync(Ann, $"reconcile import {file} --provider openai", sends: new(
            "POST /api/v1/reconciliation/reports?provider=openai&name=usage.json", report));
        var preview = await walk.DoesAsync(Ann, "reconcile preview --provider openai --from 2026-11-20");
        var request = preview.Text("corrections", "0", "request");
        walk.Reads(preview, $"""
            Tokens as input / output.
            Provider  Model       From                  Of   Calls  Estimated    Booked  Corrected  Reported  Unexp\
            lained  State
            openai    gpt-5-mini  2026-11-20 00:00 UTC  1 d      2          0  16 / 314      0 / 0     0 / 0   -16 \
            / -314  unexplained
            openai    gpt-6-luna  2026-11-20 00:00 UTC  1 d      1          1  25 / 162      0 / 0  28 / 160       \
            3 / -2  correctable
            gpt-5-mini, 2026-11-20 00:00 UTC: 16 tokens of input are booked from the provider's own answers, 0 repo\
            rted. 314 tokens of output are booked from the provider's own answers, 0 reported. Every call booked wa\
            s settled by the provider's own answer, so the rest is another's.
            gpt-6-luna, 2026-11-20 00:00 UTC: 1 calls were estimated; what is reported beyond the certain ones is t\
            heirs.

            Request                               Started               Model            Was   Becomes  Charged   D\
            ue
            {request}  2026-11-20 10:00 UTC  gpt-6-luna  25 / 162  28 / 160     83.5  82.8

            1 call to correct: 0.7 tokens are refunded, 0 are charged in addition.

            """);
        var id = preview.Text("id");
        await walk.DoesAsync(Bob, $"reconcile review {id}");
        await walk.DoesAsync(Ann, $"reconcile decline {id} --reason \"Not yet.\"");
        await walk.RefusedAsync(Bob, $"reconcile apply {id}", "metering.reconciliation_declined");
        preview = await walk.DoesAsync(Ann, "reconcile preview --provider openai --from 2026-11-20");
        var review = await walk.DoesAsync(Bob, $"reconcile review {preview.Text("id")}");
        await walk.DoesAsync(Bob, $"reconcile apply {preview.Text("id")} --digest {review.Text("digest")}");
        var costs = string.Create(CultureInfo.InvariantCulture, $$"""
            {"data": [{"start_time": {{starts}}, "end_time": {{starts + 86_400}}, "results": [
              {"object": "organization.costs.result", "amount": {"value": 0.01, "currency": "usd"},
               "line_item": "web search tool calls"}]}]}
            """);
        var cost = await walk.DoesAsync(Ann, "reconcile import -", input: costs);
        Assert.StartsWith("openai's cost report, ", cost.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "reconcile show --from 2026-11-20 --to 2026-11-20");
    }
}
