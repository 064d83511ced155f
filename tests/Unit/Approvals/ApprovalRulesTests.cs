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

    private static Asked By(string asker, string paid = "", bool mayBeAlone = true) =>
        new(People[asker], "ann@example.com prepared run_1", "ann@example.com, who prepared it")
        {
            Pays = paid.Length == 0 ? [] : [People[paid].Person!.Value], PaysWhom = "run_1 pays them",
            MayBeAlone = mayBeAlone,
        };

    [Theory]
    // asker, whom it pays, decider, administrators, setting, says alone: verdict
    [InlineData("ann", "", "bob", 2, false, false, Verdict.Yes)]
    [InlineData("ann", "", "ann", 2, false, false, Verdict.Asker)]
    [InlineData("ann", "", "ann", 2, true, true, Verdict.Asker)] // there is another
    [InlineData("ann", "", "ann's other account", 2, false, false, Verdict.Asker)]
    [InlineData("ann", "", "who has ann's address now", 2, false, false, Verdict.Yes)] // the name is no disguise
    [InlineData("root", "", "root", 2, false, false, Verdict.Asker)]
    [InlineData("root", "", "nobody known", 2, false, false, Verdict.Yes)] // nor does it make two one
    [InlineData("ann", "", "ann", 1, false, false, Verdict.NoOther)]
    [InlineData("ann", "", "ann", 1, false, true, Verdict.NoOther)]
    [InlineData("ann", "", "ann", 1, true, false, Verdict.SayAlone)]
    [InlineData("ann", "", "ann", 1, true, true, Verdict.Alone)]
    [InlineData("ann", "", "ann", 0, true, true, Verdict.Alone)]
    [InlineData("ann", "", "bob", 1, true, true, Verdict.Yes)] // another decided: nobody was alone
    [InlineData("ann", "bob", "bob", 2, false, false, Verdict.Paid)]
    [InlineData("root", "ann", "ann's other account", 2, false, false, Verdict.Paid)]
    [InlineData("ann", "ann", "ann", 1, true, true, Verdict.Paid)] // never what pays them, alone least of all
    [InlineData("ann", "ann", "bob", 2, false, false, Verdict.Yes)]
    [InlineData("ann", "bob", "root", 2, false, false, Verdict.Yes)]
    public void Of_Approval_IsAnothersWhoIsNotPaid(
        string asker, string paid, string by, int administrators, bool setting, bool saysAlone, Verdict expected) =>
        Assert.Equal(expected,
            ApprovalRules.Of(By(asker, paid), People[by], new(administrators, setting), saysAlone));

    [Fact]
    public void Of_WhatHasNoRecordOfIt_IsNotDecidedAlone() => Assert.Equal(
        Verdict.Asker, ApprovalRules.Of(By("ann", mayBeAlone: false), People["ann"], new(1, true), saysAlone: true));

    [Theory]
    // asker, whom it pays, decider, whether it can be withdrawn so: whether they may say no
    [InlineData("ann", "", "ann", true, Verdict.Yes)]
    [InlineData("ann", "", "bob", true, Verdict.Yes)]
    [InlineData("ann", "bob", "bob", true, Verdict.Paid)]
    [InlineData("ann", "ann", "ann", true, Verdict.Yes)] // they withdraw it
    [InlineData("ann", "ann", "ann's other account", true, Verdict.Yes)]
    [InlineData("ann", "ann", "ann", false, Verdict.Paid)]
    public void OfDeclining_IsAnybodysWhoIsNotPaid(
        string asker, string paid, string by, bool withdraws, Verdict expected) =>
        Assert.Equal(expected, ApprovalRules.OfDeclining(By(asker, paid), People[by], withdraws));

    [Theory]
    [InlineData(Verdict.Yes, null)]
    [InlineData(Verdict.Alone, null)]
    [InlineData(Verdict.Paid, "run_1 pays them.")]
    [InlineData(Verdict.Asker, "ann@example.com prepared run_1, so that another administrator must decide.")]
    public void Why_SaysWhatStandsInTheWay(Verdict verdict, string? expected) =>
        Assert.Equal(expected, ApprovalRules.Why(verdict, By("ann")));

    [Fact]
    public void RightOf_SaysWhoMay_AndWhetherTheReaderMay()
    {
        var asked = By("ann", "bob") with { NotWho = "nobody whom it pays" };
        const string Others = "an administrator other than ann@example.com, who prepared it, and nobody whom it pays";
        Assert.Equal(new Right(Others, false, true), ApprovalRules.RightOf(asked, People["ann"], new(2, true)));
        Assert.Equal(new Right(Others, false, false), ApprovalRules.RightOf(asked, People["bob"], new(2, true)));
        Assert.Equal(new Right(Others, true, false), ApprovalRules.RightOf(asked, People["root"], new(2, true)));
        var alone = ApprovalRules.RightOf(By("ann"), People["ann"], new(1, true));
        Assert.Equal(new Right("the only administrator, saying that they decide alone", true, true), alone);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(" \n", false)]
    [InlineData("a\0b", false)]
    [InlineData("Because.", true)]
    public void Reason_SaysSomething(string? text, bool expected) => Assert.Equal(expected, Reason.IsOne(text));

    [Fact]
    public void Reason_HasOneLimit()
    {
        var refusal = new Refusal("x.reason", 400, Retryable: false, "Say why.");
        Assert.Null(Reason.Check(refusal, new string('a', 1_000)));
        var no = Reason.Check(refusal, new string('a', 1_001));
        Assert.Equal((refusal, "The reason must have 1 to 1000 characters."), (no!.Refusal, no.Detail));
    }
}
