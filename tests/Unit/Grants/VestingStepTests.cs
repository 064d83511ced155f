using Guerdon.Grants.Vesting;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Unit.Vesting;
using Guerdon.Vesting;

namespace Guerdon.Unit.Grants;

/// <summary>What a day does to a grant that vests: 1,200 milli-tokens in twelve months from 2026-01-01.</summary>
public class VestingStepTests
{
    private static readonly VestingTerms Monthly = VestingMake.Monthly(AllocationType.CumulativeRounding, 12);

    private static readonly VestingTerms OnEvent = VestingMake.Terms(AllocationType.CumulativeRounding,
        VestingMake.Part("launch", 1, 1, new VestingTrigger.OnEvent()));

    private static readonly DueGrant Grant = new(
        new(Guid.Parse("00000000-0000-7000-8000-00000000000d")), 3, 100, VestingMake.Day("2026-03-01"),
        new WalletId(Guid.Parse("00000000-0000-7000-8000-00000000000e")), GrantKind.SigningBonus, "once", 1_200,
        VestingMake.Day("2026-01-01"), Asset.Reward, 7, Guid.Empty, null, []);

    private static Plan PlanOf(VestingTerms terms) => GrantRulesTests.Plan with
    {
        SigningBonus = GrantRulesTests.Plan.SigningBonus! with
        {
            Tokens = GrantRulesTests.Rules("convertible_cash", null, terms),
        },
    };

    private static string Step(DueGrant grant, string today, VestingTerms? terms = null)
    {
        var step = VestingStep.Of(PlanOf(terms ?? Monthly), grant, VestingMake.Day(today));
        return $"{step.VestMilli} {step.ForfeitMilli} {step.NextOn?.Iso() ?? "over"}";
    }

    [Theory]
    [InlineData("2026-02-28", "0 0 2026-03-01")]
    [InlineData("2026-03-01", "100 0 2026-04-01")]
    [InlineData("2026-03-31", "100 0 2026-04-01")]
    [InlineData("2026-12-31", "1000 0 2027-01-01")]
    [InlineData("2027-01-01", "1100 0 over")]
    public void Of_ADay_VestsWhatIsDueByThen(string today, string step) => Assert.Equal(step, Step(Grant, today));

    [Theory]
    [InlineData("2026-03-10", "2026-03-10", "100 0 2026-04-01")] // their last day still counts
    [InlineData("2026-03-10", "2026-03-11", "100 1000 over")]
    [InlineData("2026-03-01", "2026-05-01", "100 1000 over")] // what vests on the last day is theirs
    [InlineData("2026-02-28", "2026-05-01", "0 1100 over")]
    public void Of_ALeaver_ForfeitsWhatHasNotVested(string left, string today, string step) =>
        Assert.Equal(step, Step(Grant with { LeftOn = VestingMake.Day(left) }, today));

    [Theory]
    [InlineData("", null, "0 0 2026-03-01")]
    [InlineData("event 2026-05-01 launch", null, "1200 0 over")]
    [InlineData("event 2026-05-02 launch", null, "0 0 2026-05-02")]
    [InlineData("event 2026-05-01 other", null, "0 0 2026-03-01")]
    [InlineData("", "2026-04-01", "0 1200 over")] // what waits for an event never comes to a leaver
    [InlineData("acceleration 2026-05-01 - ", null, "1200 0 over")]
    [InlineData("acceleration 2026-05-01 - 500", null, "500 0 2026-03-01")]
    public void Of_WhatWaitsForAnEvent_GoesOnWaiting(string facts, string? left, string step) =>
        Assert.Equal(step, Step(Grant with
        {
            VestedMilli = 0,
            Facts = facts.Length == 0 ? [] : [facts],
            LeftOn = left is null ? null : VestingMake.Day(left),
        }, "2026-05-01", OnEvent));

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(5, 0, "Vest 5 vest:7:100")]
    [InlineData(0, 6, "Forfeit 6 forfeit:{0}:3; Fund 6 return:forfeit:{0}:3")]
    [InlineData(5, 6, "Vest 5 vest:7:100; Forfeit 6 forfeit:{0}:3; Fund 6 return:forfeit:{0}:3")]
    public void Transfers_OfAStep_AreNamedByWhatTheyAreOf(long vest, long forfeit, string transfers)
    {
        var pool = new Guerdon.Grants.PoolId(Guid.NewGuid());
        var all = new VestingStep(vest, forfeit, null).Transfers(Grant, pool);
        Assert.Equal(string.Format(null, transfers, Grant.Run),
            string.Join("; ", all.Select(t => $"{t.Kind} {t.Amount.Milli} {t.Key}")));
        Assert.All(all, t => Assert.Equal(Asset.Reward, t.Asset));
        Assert.All(all.Where(t => t.Kind != TransferKind.Fund),
            t => Assert.Equal((Grant.Wallet, 7), (t.Wallet, t.Lot)));
    }

    [Fact]
    public void TermsOf_AGrantThatDoesNotVest_IsAnError() => Assert.Throws<InvalidOperationException>(
        () => VestingState.TermsOf(GrantRulesTests.Plan, GrantKind.Allowance, "2026-11"));
}
