namespace Guerdon.Database.Cli;

/// <summary>Grants: a month's run, awards, what vests, and what is decided about each.</summary>
internal static class GrantSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob, Plan = PlanSteps.Plan;

    private const string Vests = """
        name: vests
        effective_from: 2026-11-01
        pool: engineering
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P1Y, tax_class: work_compute,
          vesting: { months: 4 } }
        eligible: { teams: [Engineering/Payments] }
        rates: { EUR: 1.08, GBP: 1.27 }
        """;

    private const string Terms = """
        {"object_type": "VESTING_TERMS", "id": "t", "name": "Two months", "description": "For the walk.",
         "allocation_type": "CUMULATIVE_ROUND_DOWN", "vesting_conditions": [
          {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"},
           "next_condition_ids": ["monthly"]},
          {"id": "monthly", "portion": {"numerator": "1", "denominator": "2"}, "next_condition_ids": [],
           "trigger": {"type": "VESTING_SCHEDULE_RELATIVE", "relative_to_condition_id": "start",
            "period": {"type": "MONTHS", "length": 1, "occurrences": 2,
             "day_of_month": "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH"}}}]}
        """;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var dry = await walk.DoesAsync(Ann, $"grant run --plan {Plan} --period 2026-11 --dry-run", leaves: "runId");
        Assert.Contains("A dry run: nothing was granted.\n", dry.Typed.Messages, StringComparison.Ordinal);
        var run = await PrepareAsync(walk, $"grant run --plan {Plan} --period 2026-11");
        await walk.DoesAsync(Bob, "grant runs");
        await walk.DoesAsync(Bob, $"grant show {run.Id}", json: exchanges => exchanges[0].Text);
        var waits = await walk.DoesAsync(
            Bob, "approvals", leaves: "items[].digest items[].link items[].whoMay youAsked");
        Assert.Equal((run.Id, "True"), (waits.Text("items", "0", "id"), waits.Text("items", "0", "youMay")));
        await walk.DoesAsync(Ann, "approvals", leaves: "forYou items[].command items[].digest items[].link");
        await walk.RefusedAsync(Ann, $"grant approve {run.Id} {run.Digest}", "compensation.own_approval");
        var posted = await walk.DoesAsync(Bob, $"grant approve {run.Id} {run.Digest}", sends: new(
            $"POST /api/v1/grants/runs/{run.Id}/approve", $$"""{"digest": "{{run.Digest}}", "alone": false}"""));
        Assert.EndsWith($"Run {run.Id} is posted.\n", posted.Typed.Results, StringComparison.Ordinal);
        var twice = await walk.DoesAsync(Bob, $"grant approve {run.Id} {run.Digest}");
        Assert.EndsWith($"Run {run.Id} is posted.\n", twice.Typed.Results, StringComparison.Ordinal);
        var again = await walk.DoesAsync(
            Ann, $"grant run --plan {Plan} --period 2026-11",
            leaves: "granted totalMilli totalUsdNanos");
        Assert.StartsWith("Skipped", again.Typed.Results, StringComparison.Ordinal);
        Assert.Contains("Nothing new; ", again.Typed.Results, StringComparison.Ordinal);

        await WalkAwardsAsync(walk);
        await WalkVestingAsync(walk);
    }

    private static async Task WalkAwardsAsync(VerbWalk walk)
    {
        var file = Typed.File(
            "awards.csv", $"person,award,amount_usd,reason\n{PeopleSteps.Bruno},starter,,Welcome\n");
        var starter = await PrepareAsync(
            walk, $"grant award --plan {Plan} --period 2026-11 --file {file}");
        await walk.DoesAsync(Ann, $"grant decline {starter.Id}");
        var star = await PrepareAsync(
            walk, $"grant award --plan {Plan} --period 2026-11 --person {PeopleSteps.Amara} --award star --amount 400"
                + " --reason \"Shipped it\"");
        await walk.DoesAsync(Bob, $"grant approve {star.Id} {star.Digest}");
        var wrong = await PrepareAsync(
            walk, $"grant award --plan {Plan} --period 2026-11 --person chen.wei@example.com --award starter"
                + " --reason \"Shipped it\"");
        await walk.DoesAsync(Bob, $"grant approve {wrong.Id} {wrong.Digest}");
        await walk.DoesAsync(Ann, $"grant reverse {wrong.Id} --reason \"The wrong person\"");
        await walk.DoesAsync(Bob, $"grant reverse {wrong.Id} --approve");
    }

    private static async Task WalkVestingAsync(VerbWalk walk)
    {
        var terms = Typed.File("terms.json", Terms);
        var checkedTerms = await walk.DoesAsync(
            Ann, $"vesting check {terms} --quantity 3000 --start 2026-01-31");
        Assert.Equal("""
            Date        Vests  Vested  Condition  Why
            2026-02-28  1,500   1,500  monthly    instalment 1 of 2
            2026-03-31  1,500   3,000  monthly    instalment 2 of 2
            Two months: 3,000 of 3,000 vest.

            """, checkedTerms.Typed.Results);
        var vests = await walk.DoesAsync(Ann, "plan apply -", input: Vests);
        await PaySteps.ApproveAsync(walk, vests.Reply.GetProperty("waits"));
        var run = await PrepareAsync(walk, "grant run --plan vests --period 2026-11");
        await walk.DoesAsync(Bob, $"grant approve {run.Id} {run.Digest}");
        var fact = await walk.DoesAsync(
            Ann, $"vesting record {run.Id} 1 --on 2026-11-19 --tokens 2500 --reason Agreed", sends: new(
                $"POST /api/v1/grants/runs/{run.Id}/lines/1/vesting",
                """
                {"kind": "acceleration", "happenedOn": "2026-11-19", "reason": "Agreed", "amountMilli": 2500000}
                """));
        await walk.DoesAsync(Bob, "vesting facts");
        await walk.DoesAsync(Bob, $"vesting approve {fact.Text("id")}");
        var other = await walk.DoesAsync(Ann, $"vesting record {run.Id} 1 --on 2026-11-20 --reason Agreed");
        await walk.DoesAsync(Ann, $"vesting decline {other.Text("id")} --reason \"Another day\"");
        await walk.DoesAsync(Ann, "vesting facts --all");
    }

    private static async Task<(string Id, string Digest)> PrepareAsync(VerbWalk walk, string line)
    {
        var prepared = await walk.DoesAsync(Ann, line);
        return (prepared.Text("runId"), prepared.Text("waiting", "0", "digest"));
    }
}
