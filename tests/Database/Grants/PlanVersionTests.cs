using System.Net;
using System.Text.Json;

namespace Guerdon.Database.Grants;

/// <summary>Versions of plans: what one changes, what that does to people, and from when it may.</summary>
public sealed class PlanVersionTests : IAsyncLifetime
{
    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private const string One = """
        # ours
        name: plan
        effective_from: "2026-11-01" # the first
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private static string Two(string more) =>
        One.Replace("share: 12%", "share: 24%", StringComparison.Ordinal)
            .Replace("work_compute }", $"work_compute{more} }}", StringComparison.Ordinal);

    private async Task ImportAsync(string email, string team, string level, int pay) => await _company.ImportAsync(
        Company.Row(email, $"{team},Engineer,{level},US,C,2024-01-15,,{pay},{pay},USD,"));

    private static string? Title((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();

    [Fact]
    public async Task Diff_AgainstTheVersionInEffect_NamesSettingsAndWhoGainsAndLoses()
    {
        await ImportAsync("ada@example.com", "Eng", "L5", 100_000);
        await ImportAsync("bo@example.com", "Ops", "L2", 50_000);
        await _company.PlanAsync(One);

        var more = ", factors: { level: { L2: 0.25 } }";
        var (status, diff) = await _company.PlanAsync(Two(more), "/diff?from=2026-12-01");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((1, "2026-12"), (diff.GetProperty("against").GetInt32(), diff.GetProperty("period").GetString()));
        Assert.Equal(
            ["effective_from 2026-11-01 2026-12-01", "allowance.share 12% 24%", "allowance.factors.level.L2  0.25"],
            diff.GetProperty("changes").EnumerateArray().Select(c =>
                $"{c.GetProperty("path")} {c.GetProperty("before")} {c.GetProperty("after")}"));
        var effect = diff.GetProperty("effect");
        Assert.Equal("2 1500000000000 2250000000000 1 1", Group(effect.GetProperty("total")));
        Assert.Equal(["L2: 1 500000000000 250000000000 0 1", "L5: 1 1000000000000 2000000000000 1 0"],
            effect.GetProperty("levels").EnumerateArray().Select(l => $"{l.GetProperty("name")}: {Group(l)}"));
        Assert.Equal(["Eng", "Ops"], effect.GetProperty("teams").EnumerateArray().Select(t =>
            t.GetProperty("name").GetString()));
        var largest = effect.GetProperty("largest").EnumerateArray().ToArray();
        Assert.Equal("ada@example.com", largest[0].GetProperty("email").GetString());
        Assert.Contains("24% on top", largest[0].GetProperty("after").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, diff.GetProperty("usageEffect").ValueKind);
        Assert.Equal(1, await _company.ScalarAsync("select count(*) from compensation.plan"));

        static string Group(JsonElement g) => string.Join(' ',
            new[] { "people", "beforeUsdNanos", "afterUsdNanos", "gain", "lose" }.Select(n =>
                g.GetProperty(n).GetInt64()));
    }

    [Fact]
    public async Task Diff_PlanWithUsageFactor_SaysWhoGainsAndLosesByIt()
    {
        await ImportAsync("ada@example.com", "Eng", "L5", 100_000);
        await _company.PlanAsync(One);
        await _company.RunAsync("plan", "2026-11");
        var usage = ", factors: { usage: { target: 80%, weight: 0.5, least: 0.8, most: 1.2 } }";

        var (_, diff) = await _company.PlanAsync(Two(usage), "/diff?from=2026-12-01");

        // Nothing of November's was used: 1 + 0.5 × (0 − 0.8) = 0.6, at least 0.8.
        var total = diff.GetProperty("usageEffect").GetProperty("total");
        Assert.Equal((2_000_000_000_000, 1_600_000_000_000, 1), (total.GetProperty("beforeUsdNanos").GetInt64(),
            total.GetProperty("afterUsdNanos").GetInt64(), total.GetProperty("lose").GetInt32()));
    }

    [Fact]
    public async Task Apply_From_RewritesThatValueAlone()
    {
        var (status, body) = await _company.PlanAsync(One, "?from=2027-01-01");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(One.Replace("\"2026-11-01\"", "2027-01-01", StringComparison.Ordinal),
            body.GetProperty("plan").GetProperty("yaml").GetString());

        var wrong = await _company.PlanAsync(One, "?from=2027-01-15");
        var error = Assert.Single(wrong.Body.GetProperty("errors").EnumerateArray());
        Assert.Equal((3, 17), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
        Assert.Equal("compensation.plan_invalid", Title(await _company.PlanAsync("a: [", "?from=2027-01-01")));
        Assert.Equal("compensation.plan_invalid", Title(await _company.PlanAsync("a: &x {b: *x}", "?from=2027-01-01")));
    }

    [Fact]
    public async Task Apply_ToAMonthThatIsGranted_IsRefusedUntilThatIsReversed()
    {
        await ImportAsync("ada@example.com", "Eng", "L5", 100_000);
        await _company.PlanAsync(One);
        var (_, run) = await _company.RunAsync("plan", "2026-11");

        var early = await _company.PlanAsync(Two(""));
        Assert.Equal((HttpStatusCode.Conflict, "compensation.plan_too_early"), (early.Status, Title(early)));
        var check = await _company.PlanAsync(Two(""), "/check"); // a check never calls good what cannot be applied
        Assert.Equal((early.Status, Title(early)), (check.Status, Title(check)));
        Assert.Contains("2026-12-01", early.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("2026-12-01", (await _company.PlanAsync(Two(""),
            "/diff")).Body.GetProperty("refused").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(One)).Status); // the newest again

        await _company.PostAsync($"/api/v1/grants/runs/{run.GetProperty("runId").GetString()}/reverse",
            new { reason = "x" });
        await _company.PostAsync(
            $"/api/v1/grants/runs/{run.GetProperty("runId").GetString()}/reverse/approve", caller: "admin:bob");
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Two(""))).Status);
    }

    [Fact]
    public async Task History_OfAPlan_SaysWhatEachVersionChanged()
    {
        await _company.PlanAsync(One);
        await _company.PlanAsync(Two(""), "?from=2027-01-01");

        var (_, history) = await _company.GetAsync("/api/v1/plans/plan/history");
        var versions = history.GetProperty("versions").EnumerateArray().ToArray();
        Assert.Equal((1, 2), (history.GetProperty("inEffect").GetInt32(),
            versions[0].GetProperty("version").GetInt32()));
        Assert.Equal(["effective_from", "allowance.share"],
            versions[0].GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("path").GetString()));

        var (_, one) = await _company.GetAsync("/api/v1/plans/plan?version=1");
        Assert.Equal(One, one.GetProperty("plan").GetProperty("yaml").GetString());
        Assert.Contains("allowance.basis", one.GetProperty("settings").ToString(), StringComparison.Ordinal);
        foreach (var path in (string[])["/api/v1/plans/x", "/api/v1/plans/x/history", "/api/v1/plans/plan?version=9"])
            Assert.Equal("compensation.plan_not_found", Title(await _company.GetAsync(path)));
    }
}
