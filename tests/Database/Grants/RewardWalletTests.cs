using System.Net;
using System.Text.Json;

namespace Guerdon.Database.Grants;

/// <summary>Reward tokens are seen: in the wallet with every lot and what is still to vest, and in a notice of each
/// award.</summary>
public sealed class RewardWalletTests : IAsyncLifetime
{
    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        awards:
          - { name: star, kind: performance, amount_usd: 250, expires_after: never, tax_class: convertible_cash }
          - name: stay
            kind: performance
            amount_usd: 1000
            expires_after: P2Y
            tax_class: convertible_time_off
            vesting: { months: 12, cliff_months: 3 }
        """;

    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public async Task Award_OfRewardTokens_StandsInTheWalletAndIsTold()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.ImportAsync(Company.Row("ada@example.com"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        await AwardAsync("star");
        await AwardAsync("stay");

        var rewards = (await _company.GetAsync("/api/v1/wallets/ada@example.com")).Body.GetProperty("rewards");
        Assert.Equal((250_000_000_000, 1_000_000_000_000, 0), Of(rewards.GetProperty("balance")));
        var lots = rewards.GetProperty("lots").EnumerateArray().OrderBy(l => l.GetProperty("number").GetInt32());
        Assert.Equal(
            [
                ("convertible_cash", 250_000_000_000, 250_000_000_000, 0),
                ("convertible_time_off", 1_000_000_000_000, 0, 1_000_000_000_000),
            ],
            lots.Select(l => (l.GetProperty("taxClass").GetString(), Milli(l, "granted"), Milli(l, "available"),
                Milli(l, "unvested"))));

        var notices = (await _company.GetAsync("/api/v1/people/ada@example.com/notices")).Body.GetProperty("notices");
        var told = notices.EnumerateArray().Where(n => n.GetProperty("kind").GetString() == "grant")
            .Select(n => n.GetProperty("text").GetString()!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, told.Count);
        Assert.StartsWith("You were granted 1,000.00 USD, 1,000,000,000 reward tokens: ", told[0],
            StringComparison.Ordinal);
        Assert.Contains("They can become days off. They vest from 2026-11-01 on. What is left lapses at ", told[0],
            StringComparison.Ordinal);
        Assert.StartsWith("You were granted 250.00 USD, 250,000,000 reward tokens: ", told[1],
            StringComparison.Ordinal);
        Assert.EndsWith("They can become money. They are yours now.", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Allowance_OfAMonth_IsNoNotice()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.ImportAsync(Company.Row("ada@example.com"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.RunAsync("plan", "2026-11")).Status);

        Assert.Equal(1, await _company.ScalarAsync(
            "select count(*) from compensation.v_grant where transfer_id is not null"));
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.v_notice where kind = 'grant'"));
    }

    private async Task AwardAsync(string award)
    {
        var (status, body) = await _company.ApprovedAsync(await _company.PostAsync("/api/v1/grants/awards", new
        {
            plan = "plan", period = "2026-11",
            awards = new[] { new { person = "ada@example.com", award, reason = "Well done." } },
        }));
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private static (long Available, long Unvested, long Locked) Of(JsonElement balance) =>
        (Milli(balance, "available"), Milli(balance, "unvested"), Milli(balance, "locked"));

    private static long Milli(JsonElement of, string name) => of.GetProperty(name + "Milli").GetInt64();
}
