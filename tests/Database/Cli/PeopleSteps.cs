using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.Kernel;

namespace Guerdon.Database.Cli;

/// <summary>The company comes in: people, what they are known by elsewhere, and accounts.</summary>
internal static class PeopleSteps
{
    public const string Ann = VerbServer.Ann, Bob = VerbServer.Bob;

    /// <summary>An employee with an account.</summary>
    public const string Amara = "amara.okafor@example.com";

    /// <summary>An employee whose wallet stays small.</summary>
    public const string Bruno = "bruno.silva@example.com";

    public static async Task WalkAsync(VerbWalk walk)
    {
        var people = RunningApp.Example("people.csv");
        var dry = await walk.DoesAsync(Ann, $"import people {people} --dry-run");
        Assert.Equal("A dry run: nothing was changed.\n", dry.Typed.Messages);
        var first = await walk.DoesAsync(Ann, $"import people {people}", sends: new(
            "POST /api/v1/people/import?dryRun=false", Type: "text/csv",
            Body: await File.ReadAllTextAsync(people, TestContext.Current.CancellationToken)));
        Assert.Equal("10 rows: 10 created, 0 updated, 0 unchanged.\n", first.Typed.Results);
        await walk.DoesAsync(Ann, "person kind badge_number --finds-person");
        await walk.DoesAsync(Ann, "person kinds");
        await walk.DoesAsync(Ann, "person email hugo.martin@example.com Hugo@example.com", sends: new(
            "PUT /api/v1/people/hugo.martin@example.com/email", """{"email": "Hugo@example.com"}"""));
        var same = await walk.DoesAsync(Ann, "person email hugo@example.com hugo@example.com");
        Assert.EndsWith(" has hugo@example.com already.\n", same.Typed.Results, StringComparison.Ordinal);
        await WalkHistoryAsync(walk);
        await WalkNumbersAsync(walk);
        await walk.DoesAsync(Ann, "people", json: PeopleOf);
        await walk.DoesAsync(Ann, "people --team Engineering/Payments", json: PeopleOf);

        foreach (var who in new[] { Amara, Bruno }) await walk.Server.SignUpAsync(who, [Roles.Employee]);
    }

    private static async Task WalkHistoryAsync(VerbWalk walk)
    {
        await walk.DoesAsync(
            Ann, "person change hugo@example.com --level L7 --manager " + Bruno + " --from 2026-10-01 --dry-run");
        var changed = await walk.DoesAsync(
            Ann, "person change hugo@example.com --level L7 --from 2026-10-01 --until 2026-10-31", sends: new(
                "POST /api/v1/people/hugo@example.com/changes",
                """{"from": "2026-10-01", "until": "2026-10-31", "level": "L7"}"""));
        Assert.Contains("2026-10-31", changed.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(
            Ann, $"person change hugo@example.com --manager {Bruno} --leave sabbatical --leave-pay unpaid "
                + "--part-time 62.5% --legal-entity Example-GmbH --time-zone Europe/Berlin --employment contractor");
        await walk.DoesAsync(Ann, "person history hugo@example.com");
        var then = await walk.DoesAsync(Ann, "person show hugo@example.com --on 2026-10-15");
        Assert.Contains(", L7\n", then.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "person show hugo@example.com");
        await walk.RefusedAsync(Ann, "person change hugo@example.com --level L99", "people.change_invalid");
    }

    // The pages as one list.
    private static string PeopleOf(IReadOnlyList<Exchange> pages) =>
        $$"""{"people": {{JsonElement.Parse(pages.Single().Reply).GetProperty("people")}}}""";

    // A number finds somebody whose address changed.
    private static async Task WalkNumbersAsync(VerbWalk walk)
    {
        const string header = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,"
            + "currency,badge_number\n";
        const string rest = ",Grace Hall,Research,Scientist,L6,GB,CC-200,2020-10-01,,110000,135000,GBP,B7\n";
        await walk.DoesAsync(Ann, "import people -", input: header + "grace.hall@example.com" + rest);
        var moved = await walk.DoesAsync(
            Ann, "import people -", input: header + "grace.hopper@example.com" + rest);
        Assert.Contains("grace.hopper@example.com, no longer grace.hall@example.com.", moved.Typed.Results,
            StringComparison.Ordinal);
        var refused = await walk.RefusedAsync(
            Ann, "import people - --dry-run", "cli.rows_refused", header + "x" + rest);
        Assert.Contains("   2  email", refused.Messages, StringComparison.Ordinal);
    }
}
