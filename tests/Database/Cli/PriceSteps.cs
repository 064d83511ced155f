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
        var imported = await walk.DoesAsync(Ann, $"price import {Typed.File("prices.csv", List)}");
        var id = imported.Text("proposal", "id");
        await walk.DoesAsync(Ann, "price show");
        await walk.DoesAsync(Ann, $"price show {id}");
        await walk.DoesAsync(Ann, $"price decline {id}");
        var better = await walk.DoesAsync(
            Ann, "price import - --format csv", input: List.Replace("gpt-5-nano,openai,50,5,400,400000,,", "",
                StringComparison.Ordinal));
        await walk.DoesAsync(Bob, $"price approve {better.Text("proposal", "id")} --from 2027-01-01");
        await walk.DoesAsync(Ann, "price show");

        await WalkUsageAsync(walk);
        await walk.DoesAsync(Ann, "price index --quarter 2027Q1 --base 2026Q4 --buffer 5%");
        await walk.DoesAsync(Ann, "price index --quarter 2027Q1 --base 2026Q4 --apply --from 2027-01-01");
        await WalkReconciliationAsync(walk);
        await walk.DoesAsync(Ann, "overview");
        await walk.DoesAsync(PeopleSteps.Amara, "statement me");
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
        await walk.DoesAsync(Ann, $"reconcile import {file} --provider openai");
        var preview = await walk.DoesAsync(Ann, "reconcile preview --provider openai --from 2026-11-20");
        await walk.DoesAsync(Bob, $"reconcile apply {preview.Text("id")}");
        await walk.DoesAsync(Ann, "reconcile show --from 2026-11-20 --to 2026-11-20");
    }
}
