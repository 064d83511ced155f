using Guerdon.Database.Host;

namespace Guerdon.Database.Cli;

/// <summary>A plan with all that a plan can have: its file, its versions, its tiers, its phases.</summary>
internal static class PlanSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    /// <summary>The plan's name.</summary>
    public const string Plan = "allowance-full";

    public static async Task WalkAsync(VerbWalk walk)
    {
        var file = RunningApp.Example("plan-full.yaml");
        await walk.DoesAsync(Ann, $"plan check {file}");
        var applied = await walk.DoesAsync(Ann, $"plan apply {file}");
        Assert.StartsWith(
            $"Plan {Plan}: nothing is in effect yet, it waits for someone with the finance role",
            applied.Typed.Results, StringComparison.Ordinal);
        await PaySteps.ApproveAsync(walk, applied.Reply.GetProperty("waits"));
        var again = await walk.DoesAsync(Ann, $"plan apply {file}");
        Assert.EndsWith("was applied before: nothing changed.\n", again.Typed.Results, StringComparison.Ordinal);

        var more = Typed.File("more.yaml", (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Replace("share: 25%", "share: 30%", StringComparison.Ordinal));
        await walk.DoesAsync(Ann, $"plan diff {more} --from 2026-12-01");
        var next = await walk.DoesAsync(Ann, $"plan apply {more} --from 2026-12-01");
        await PaySteps.ApproveAsync(walk, next.Reply.GetProperty("waits"));
        await walk.DoesAsync(Ann, $"plan show {Plan} --version 1");
        await walk.DoesAsync(Ann, $"plan history {Plan}");
        await walk.DoesAsync(Ann, "plan list");
        var wrong = await walk.RefusedAsync(Ann, "plan check -", "compensation.plan_invalid", "name: x\nshare: 25\n");
        Assert.Contains("Line  Column  Reason", wrong.Messages, StringComparison.Ordinal);

        await WalkTiersAsync(walk);
        await WalkPhasesAsync(walk);
        await WalkPeopleAsync(walk);
    }

    // What is on file of people waits from here on.
    private static async Task WalkPeopleAsync(VerbWalk walk)
    {
        foreach (var (line, input) in new[]
        {
            ("person change grace.hopper@example.com --level L7", ""),
            ("person email grace.hopper@example.com grace@example.com", ""),
            ("import people -", string.Join('\n', (await File.ReadAllLinesAsync(
                RunningApp.Example("people.csv"), TestContext.Current.CancellationToken)).Take(2))
                .Replace(PeopleSteps.Amara, "newcomer@example.com", StringComparison.Ordinal)
                .Replace("amara-o", "", StringComparison.Ordinal)),
        })
        {
            var done = await walk.DoesAsync(Ann, line, input);
            Assert.Contains(
                ": nothing is in effect yet, it waits for someone with the finance role", done.Typed.Results,
                StringComparison.Ordinal);
            var id = done.Reply.GetProperty("waits").GetProperty("id").GetString();
            await walk.DoesAsync(Bob, $"approvals show {id}");
            await walk.DoesAsync(Bob, $"approvals decline {id} --reason \"Not this month.\"");
        }
    }

    private static async Task WalkTiersAsync(VerbWalk walk)
    {
        const string ask = $"tier request --plan {Plan} --tier expert --use-case \"Review bot\" --impact";
        var asked = await walk.DoesAsync(PeopleSteps.Amara, $"{ask} \"30 % fewer bugs\"");
        await walk.DoesAsync(PeopleSteps.Amara, "tier list");
        await walk.DoesAsync(Bob, "tier list --all --waiting");
        await walk.DoesAsync(Bob, $"tier decline {asked.Text("id")} --reason \"No figures\"");
        var better = await walk.DoesAsync(PeopleSteps.Amara, $"{ask} \"30 % fewer bugs, of 4,100\"");
        await walk.DoesAsync(
            Bob, $"tier approve {better.Text("id")} --reason \"Good evidence\" --from 2026-12-01");
    }

    private static async Task WalkPhasesAsync(VerbWalk walk)
    {
        var report = Typed.File("pilot.md", "The pilot paid for itself.\nBugs fell by 30 %.\n");
        await walk.DoesAsync(Ann, $"phase list {Plan}");
        var proposed = await walk.DoesAsync(
            Ann, $"phase propose {Plan} developers --report {report} --from 2026-12-01");
        await walk.DoesAsync(Ann, $"phase list {Plan}");
        await walk.DoesAsync(
            Bob, $"phase vote {Plan} developers {proposed.Text("digest")} --reason \"The pilot paid for itself\"");
        await walk.DoesAsync(
            Ann, $"phase vote {Plan} developers {proposed.Text("digest")} --against --reason \"Too early\"");
    }
}
