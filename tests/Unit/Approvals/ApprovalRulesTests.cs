using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Unit.Approvals;

/// <summary>Who may decide what somebody asked for: by account and by person, whatever they are called.</summary>
public sealed class ApprovalRulesTests
{
    private static readonly Guid AnnsPerson = Guid.NewGuid(), BobsPerson = Guid.NewGuid();

    private static readonly Dictionary<string, Actor> People = new()
    {
        ["ann"] = new("ann@example.com", AnnsPerson) { Account = Guid.NewGuid() },
        ["ann's other account"] = new("boss@example.com", AnnsPerson) { Account = Guid.NewGuid() },
        ["who has ann's address now"] = new("ann@example.com", null) { Account = Guid.NewGuid() },
        ["bob"] = new("bob@example.com", BobsPerson) { Account = Guid.NewGuid() },
        ["root"] = new("root@example.com", null) { Account = Guid.NewGuid() },
        ["nobody known"] = new("root@example.com", null),
    };

    private static Asked By(string asker, string paid = "", bool loneAllowed = true) =>
        new(People[asker], "ann@example.com prepared run_1", "ann@example.com, who prepared it")
        {
            Permission = Permissions.GrantsApprove,
            Beneficiaries = paid.Length == 0 ? [] : [People[paid].Person!.Value], Benefit = "run_1 pays you",
            LoneAllowed = loneAllowed,
        };

    [Theory]
    // asker, whom it pays, decider, administrators, setting, says alone: verdict
    [InlineData("ann", "", "bob", 2, false, false, Verdict.Yes)]
    [InlineData("ann", "", "ann", 2, false, false, Verdict.Asker)]
    [InlineData("ann", "", "ann", 2, true, true, Verdict.Asker)] // there is another
    [InlineData("ann", "", "ann's other account", 2, false, false, Verdict.Asker)]
    [InlineData("ann", "", "who has ann's address now", 2, false, false, Verdict.Yes)] // another has the address now
    [InlineData("root", "", "root", 2, false, false, Verdict.Asker)]
    [InlineData("root", "", "nobody known", 2, false, false, Verdict.Yes)] // nor is one who only has the name
    [InlineData("ann", "", "ann", 1, false, false, Verdict.NoOther)]
    [InlineData("ann", "", "ann", 1, false, true, Verdict.NoOther)]
    [InlineData("ann", "", "ann", 1, true, false, Verdict.SayAlone)]
    [InlineData("ann", "", "ann", 1, true, true, Verdict.Alone)]
    [InlineData("ann", "", "ann", 0, true, true, Verdict.Alone)]
    [InlineData("ann", "", "bob", 1, true, true, Verdict.Yes)] // another decided: nobody was alone
    [InlineData("ann", "bob", "bob", 2, false, false, Verdict.Beneficiary)]
    [InlineData("root", "ann", "ann's other account", 2, false, false, Verdict.Beneficiary)]
    [InlineData("ann", "ann", "ann", 1, true, true, Verdict.Beneficiary)] // never, whoever else there is
    [InlineData("ann", "ann", "bob", 2, false, false, Verdict.Yes)]
    [InlineData("ann", "bob", "root", 2, false, false, Verdict.Yes)]
    public void Of_Approval_IsAnothersWhoIsNotPaid(
        string asker, string paid, string by, int administrators, bool setting, bool saysAlone, Verdict expected) =>
        Assert.Equal(expected,
            ApprovalRules.Of(By(asker, paid), People[by], new(administrators, setting), saysAlone));

    // The exception is the founder's, who is the administrator: not whoever is the only one of finance.
    [Theory]
    [InlineData(true, Verdict.Alone)]
    [InlineData(false, Verdict.NoOther)]
    public void Of_TheOnlyOneOfARole_IsAloneAsAdministrator(bool givesRoles, Verdict expected) => Assert.Equal(
        expected, ApprovalRules.Of(
            By("ann"), People["ann"] with { Holds = name => givesRoles || name != Permissions.RolesGive },
            new(1, true), saysAlone: true));

    [Fact]
    public void Of_WhatHasNoRecordOfIt_IsNotDecidedAlone() => Assert.Equal(
        Verdict.Asker, ApprovalRules.Of(By("ann", loneAllowed: false), People["ann"], new(1, true), saysAlone: true));

    [Theory]
    // asker, whom it pays, decider, whether it can be withdrawn so: whether they may say no
    [InlineData("ann", "", "ann", true, Verdict.Yes)]
    [InlineData("ann", "", "bob", true, Verdict.Yes)]
    [InlineData("ann", "bob", "bob", true, Verdict.Beneficiary)]
    [InlineData("ann", "ann", "ann", true, Verdict.Yes)] // they withdraw it
    [InlineData("ann", "ann", "ann's other account", true, Verdict.Yes)]
    [InlineData("ann", "ann", "ann", false, Verdict.Beneficiary)]
    public void OfBeneficiary_HasNoSay_ButWithdraws(
        string asker, string paid, string by, bool withdraws, Verdict expected) =>
        Assert.Equal(expected, ApprovalRules.OfBeneficiary(By(asker, paid), People[by], withdraws));

    [Theory]
    [InlineData(Verdict.Yes, null)]
    [InlineData(Verdict.Alone, null)]
    [InlineData(Verdict.Beneficiary, "run_1 pays you, and nobody decides what is for themselves.")]
    [InlineData(
        Verdict.Asker, "ann@example.com prepared run_1, so that someone else with the finance role must decide.")]
    [InlineData(Verdict.NoOther, "ann@example.com prepared run_1, and nobody else has the finance role.")]
    [InlineData(Verdict.SayAlone, "ann@example.com prepared run_1. As the only administrator, say that")]
    public void Why_SaysWhatStandsInTheWay(Verdict verdict, string? expected)
    {
        var why = ApprovalRules.Why(verdict, By("ann"));
        if (expected is null) Assert.Null(why);
        else Assert.StartsWith(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public void RightOf_SaysWhoMay_AndWhetherTheReaderMay()
    {
        var asked = By("ann", "bob") with { NotWho = "nobody whom it pays" };
        const string Others =
            "someone with the finance role other than ann@example.com, who prepared it, and nobody whom it pays";
        Assert.Equal(new Right(Others, false, true), ApprovalRules.RightOf(asked, People["ann"], new(2, true)));
        Assert.Equal(new Right(Others, false, false), ApprovalRules.RightOf(asked, People["bob"], new(2, true)));
        Assert.Equal(new Right(Others, true, false), ApprovalRules.RightOf(asked, People["root"], new(2, true)));
    }

    [Theory]
    // administrators, setting, whether the exception covers it: whether it is offered
    [InlineData(1, true, true, true)]
    [InlineData(1, false, true, false)]
    [InlineData(1, true, false, false)]
    [InlineData(2, true, true, false)]
    public void RightOf_OfTheOnlyAdministrator_FollowsTheException(
        int administrators, bool setting, bool loneAllowed, bool expected)
    {
        var right = ApprovalRules.RightOf(
            By("ann", loneAllowed: loneAllowed), People["ann"], new(administrators, setting));
        var who = expected ? "the only administrator, saying that they decide alone"
            : "someone with the finance role other than ann@example.com, who prepared it";
        Assert.Equal(new Right(who, expected, true), right);
    }
}
