using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Approvals;
using Guerdon.Database.Cli;
using Guerdon.Tests;

namespace Guerdon.Database.Grants;

/// <summary>Looking at what waits changes nothing: the command that the inbox shows is typed for every kind that there
/// is, and afterwards every row of every table is what it was.</summary>
public sealed class LookTests(Company company) : IClassFixture<Company>
{
    // Not as a preview makes them, with calls and reports: that is DeclineTests.
    private const string Corrections = """
        insert into metering.reconciliation (reconciliation_id, provider, from_day, to_day, content, corrections,
                                             refund_milli, charge_milli, made_by, made_at)
        select gen_random_uuid(), 'openai', '2026-11-01', '2026-11-30', sha256('x'), 3, 700, 20, 'ann',
               timestamptz '2026-11-20 10:00:00+00'
        """;

    [Fact]
    public async Task Look_ByTheCommandOfEveryKind_WritesNothing()
    {
        foreach (var name in DecisionScene.All) await new DecisionScene(company).OpenAsync(name);
        await company.ExecuteAsync(Corrections);
        foreach (var kind in company.Get<IEnumerable<IInput>>().Select(input => input.Kind))
            Assert.True((await company.Get<InputProposals>().ProposeAsync(
                kind, InputBodies.Of(kind), new("ann", null), Company.Ct)).ValueOrDefault?.Waits is not null,
                kind);
        // Every source, also one that is added later.
        foreach (var source in company.Get<IEnumerable<IPendingDecisions>>())
            Assert.True((await source.ListAsync(new(new("bob", null), SeesAll: true), 1, Company.Ct)).Count > 0,
                source.GetType().Name);

        var (_, inbox) = await company.GetAsync("/api/v1/approvals?limit=1000", DecisionScene.Bob);
        var kinds = new HashSet<string>();
        foreach (var item in inbox.GetProperty("items").EnumerateArray())
        {
            await WritesNothingAsync(company, item, DecisionScene.Bob);
            kinds.Add(item.GetProperty("kind").GetString()!);
        }

        Assert.Equal(
            [
                "claim", "conversion", "conversion_reversal", "conversion_terms", "corrections", "departure",
                "payroll_settings", "people", "phase", "plan", "prices", "reversal", "run", "tier",
                "token_value", "vesting_fact",
            ], kinds.Order(StringComparer.Ordinal));
    }

    /// <summary>Types the command of a line of the inbox, and compares every table with what it was.</summary>
    /// <returns>What it showed.</returns>
    internal static async Task<string> WritesNothingAsync(Company company, JsonElement item, string caller)
    {
        var command = item.GetProperty("command").GetString()!;
        var before = await DatabaseState.ReadAsync(company.Db, Company.Ct);
        var typed = await Typed.RunAsync(
            command["guerdon ".Length..], new()
            {
                ["GUERDON_URL"] = $"{company.Http.BaseAddress}", ["GUERDON_TOKEN"] = caller,
            });
        Assert.True(typed.Exit == 0, $"{command}: {typed.Messages}");
        Assert.Equal(before, await DatabaseState.ReadAsync(company.Db, Company.Ct));
        Assert.NotEqual("", typed.Results);
        return typed.Results;
    }
}
