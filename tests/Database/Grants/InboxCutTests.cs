using System.Net;
using System.Text.Json;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>More waits of a kind than the inbox reads.</summary>
public sealed class InboxCutTests(Company company) : IClassFixture<Company>
{
    private const string Plan = """
        name: many
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        tiers: [{ name: expert, adds: 50%, needs: A use case }]
        """;

    // All older than hers.
    private const string Others = """
        insert into compensation.tier_request (request_id, person_id, plan, tier, use_case, impact, asked_at)
        select gen_random_uuid(), gen_random_uuid(), 'many', 'expert', 'Bots', 'Fewer bugs',
               timestamptz '2026-11-01 00:00:00+00' + n * interval '1 second'
          from generate_series(1, 1001) n
        """;

    [Fact]
    public async Task Inbox_OfWhoAskedAfterAThousandOthers_HasWhatTheyAskedFor()
    {
        await company.ImportAsync(Company.Row("ada@example.com"));
        await company.PlanAsync(Plan);
        await company.ExecuteAsync(Others);
        var ada = $"{(await company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct))!.Id}";
        var (status, asked) = await company.PostAsync(
            "/api/v1/tiers/requests", new { plan = "many", tier = "expert", useCase = "Bots", impact = "Fewer" }, ada);
        Assert.Equal(HttpStatusCode.OK, status);

        var own = await ReadAsync(ada);
        var item = Assert.Single(own.GetProperty("items").EnumerateArray());
        Assert.Equal(asked.GetProperty("id").GetString(), item.GetProperty("id").GetString());
        Assert.False(own.GetProperty("isCut").GetBoolean());

        var all = await ReadAsync("admin:bob");
        Assert.Equal(
            (1_000, true), (all.GetProperty("forYou").GetInt32(), all.GetProperty("isCut").GetBoolean()));
        // Whoever is not on file any more is named by their id.
        Assert.StartsWith(
            "prs_", all.GetProperty("items")[0].GetProperty("subject").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> ReadAsync(string caller)
    {
        var (status, inbox) = await company.GetAsync("/api/v1/approvals", caller);
        Assert.True(status == HttpStatusCode.OK, inbox.ToString());
        return inbox;
    }
}
