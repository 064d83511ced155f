using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Approvals;

/// <summary>What is looked up before somebody decides, and what follows from it.</summary>
public sealed class FourEyesTests
{
    private static readonly Guid Person = Guid.NewGuid();

    private static readonly Actor Root = new("root@example.com", null) { Account = Guid.NewGuid() };
    private static readonly Actor Other = new("other@example.com", null) { Account = Guid.NewGuid() };
    private static readonly Actor Ann = new("ann@example.com", Person) { Account = Guid.NewGuid() };

    private readonly Counting _administrators = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Counts what it is asked.
    private sealed class Counting : IDeciders
    {
        public Dictionary<Guid, Guid> Persons { get; } = [];
        public int Counts { get; private set; }
        public List<string> LookedUp { get; } = [];

        public bool WereTwo { get; set; }

        public Task<bool> WereTwoAsync(CancellationToken ct) => Task.FromResult(WereTwo);

        public Task<int> CountAsync(string permission, CancellationToken ct)
        {
            Counts++;
            return Task.FromResult(1);
        }

        /// <summary>Those who hold the permission.</summary>
        public List<Guid> Holders { get; } = [];

        public Task<int> CountOutsideAsync(
            string permission, IReadOnlyCollection<Guid> without, CancellationToken ct) =>
            Task.FromResult(Holders.Except(without).Count());

        public Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct)
        {
            LookedUp.Add(actor.Name);
            return Task.FromResult(
                actor.Account is { } account && Persons.TryGetValue(account, out var person) ? person : (Guid?)null);
        }

        public Dictionary<Guid, SignedInBy> Signs { get; } = [];

        public Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
            IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<Guid, SignedInBy>>(Signs);
    }

    private FourEyes Eyes(bool loneAdministrator = false) =>
        new(_administrators, Options.Create(new ApprovalOptions { LoneAdministrator = loneAdministrator }),
            TimeProvider.System);

    private static Asked By(Actor asker, params Guid[] beneficiaries) =>
        new(asker, "it was asked for", "whoever asked")
        {
            Permission = Permissions.GrantsApprove, Beneficiaries = beneficiaries, LoneAllowed = true,
        };

    // Two founders, both of whom it is for; then an accountant besides.
    [Fact]
    public async Task RightOrNobody_WhereAllWhoCouldAreThoseWhomItIsFor_SaysSo()
    {
        _administrators.Holders.AddRange([Root.Account!.Value, Person]);
        var asked = By(Root, Person) with { LoneAllowed = false };
        var nobody = await Eyes().RightOrNobodyAsync(asked, Ann, Ct);
        Assert.StartsWith("nobody as things are", nobody.WhoMay, StringComparison.Ordinal);
        Assert.Contains("such as an accountant", nobody.WhoMay, StringComparison.Ordinal);

        _administrators.Holders.Add(Other.Account!.Value);
        Assert.DoesNotContain(
            "nobody as", (await Eyes().RightOrNobodyAsync(asked, Ann, Ct)).WhoMay, StringComparison.Ordinal);
    }

    // Nobody else is there, and the exception covers it.
    [Fact]
    public async Task RightOrNobody_OfAnOnlyAdministrator_IsTheirs()
    {
        _administrators.Holders.Add(Root.Account!.Value);
        var right = await Eyes(loneAdministrator: true).RightOrNobodyAsync(By(Root), Other, Ct);
        Assert.StartsWith("the only administrator", right.WhoMay, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MayApprove_AnAccountThatBecameThePersonsSince_IsTheirs()
    {
        _administrators.Persons[Root.Account!.Value] = Person;
        Assert.NotNull((await Eyes().MayApproveAsync(By(Ann), Root, false, Ct)).No);
        Assert.NotNull((await Eyes().MayApproveAsync(By(Root), Ann, false, Ct)).No);
        Assert.NotNull((await Eyes().MayApproveAsync(By(Other, Person), Root, false, Ct)).No);
        Assert.NotNull(await Eyes().WhyNotAsBeneficiaryAsync(By(Other, Person), Root, withdraws: true, Ct));
        Assert.Null(await Eyes().WhyNotAsBeneficiaryAsync(By(Root, Person), Root, withdraws: true, Ct));
    }

    [Fact]
    public async Task MayApprove_SaysWhoTheyWere_AndLooksEachUpOnce()
    {
        _administrators.Persons[Root.Account!.Value] = Person;
        var may = await Eyes().MayApproveAsync(By(Other), Root, false, Ct);
        Assert.Equal((null, false, Person, null), (may.No, may.Alone, may.By.Person, may.Asker.Person));
        Assert.Equal([Root.Name, Other.Name], _administrators.LookedUp);
        Assert.Equal(0, _administrators.Counts); // nobody asked for their own
    }

    [Fact]
    public async Task MayApprove_TheOnlyAdministrator_ByTheSetting()
    {
        Assert.NotNull((await Eyes().MayApproveAsync(By(Root), Root, true, Ct)).No);
        Assert.NotNull((await Eyes(loneAdministrator: true).MayApproveAsync(By(Root), Root, false, Ct)).No);
        var may = await Eyes(loneAdministrator: true).MayApproveAsync(By(Root), Root, true, Ct);
        Assert.Equal((null, true), (may.No, may.Alone));
        Assert.Equal(3, _administrators.Counts);
    }

    // Whoever left since: what one person decides alone would be on a company's word that it is so small.
    [Fact]
    public async Task MayApprove_TheOnlyAdministratorWhereThereWasASecond_IsNotAlone()
    {
        _administrators.WereTwo = true;
        Assert.Contains(
            "nobody else has the finance role",
            (await Eyes(loneAdministrator: true).MayApproveAsync(By(Root), Root, true, Ct)).No);
    }

    [Fact]
    public async Task MayApprove_WithoutThePermission_IsRefused_WhateverElse()
    {
        var holds = Other with { Holds = permission => permission == Permissions.GrantsApprove };
        var lacks = Other with { Holds = permission => permission != Permissions.GrantsApprove };
        Assert.Null((await Eyes().MayApproveAsync(By(Root), holds, false, Ct)).No);
        Assert.Contains(
            "only someone with the finance role decides",
            (await Eyes().MayApproveAsync(By(Root), lacks, false, Ct)).No);
        var (may, mayNot) =
            (await Eyes().RightAsync(By(Root), holds, Ct), await Eyes().RightAsync(By(Root), lacks, Ct));
        Assert.Equal((true, false), (may.YouMay, mayNot.YouMay));
        Assert.Equal(Other, lacks); // it says nothing of who somebody is
    }

    // The last place before a decision, whichever page or route it came by.
    [Fact]
    public async Task MayApprove_Money_WithoutARecentSignIn_IsRefused()
    {
        var (fresh, stale) = (Other with { IsConfirmedAt = _ => true }, Other with { IsConfirmedAt = _ => false });
        foreach (var permission in Permissions.All)
        {
            var asked = By(Root) with { Permission = permission.Name };
            Assert.Null((await Eyes().MayApproveAsync(asked, fresh, false, Ct)).No);
            var no = (await Eyes().MayApproveAsync(asked, stale, false, Ct)).No;
            Assert.Equal(permission.ApprovesMoney, no is not null);
            Assert.True((await Eyes().RightAsync(asked, stale, Ct)).YouMay); // once they have signed in again
        }

        var alone = await Eyes(loneAdministrator: true)
            .MayApproveAsync(By(Root), Root with { IsConfirmedAt = _ => false }, true, Ct);
        Assert.True(alone.Alone); // as its page must say before they sign in again
        Assert.Contains("sign-in of the last 10 minutes", alone.No, StringComparison.Ordinal);
    }

    // Each may have the other's account: whoever made the link, and whoever got the password by it.
    [Theory]
    [InlineData("other by root")]
    [InlineData("root by other")]
    [InlineData("both by a third")]
    [InlineData("other by ann's person")]
    public async Task MayApprove_OfAnAccountMadeByTheOthersLink_IsRefused(string how)
    {
        var (asker, by) = how.EndsWith("person", StringComparison.Ordinal) ? (Ann, Other) : (Root, Other);
        var third = Guid.NewGuid();
        _administrators.Persons[Ann.Account!.Value] = Person;
        if (how == "other by root") Sign(Other, Root.Account!.Value);
        if (how == "root by other") Sign(Root, Other.Account!.Value);
        if (how == "both by a third") Sign(Other, third);
        if (how == "both by a third") Sign(Root, third);
        if (how == "other by ann's person") Sign(Other, Person);
        foreach (var (asks, decides) in new[] { (asker, by), (by, asker) })
        {
            var no = (await Eyes().MayApproveAsync(By(asks), decides, false, Ct)).No;
            Assert.Contains("guerdon account vouch", no, StringComparison.Ordinal);
            var right = await Eyes().RightAsync(By(asks), decides, Ct);
            Assert.Equal((false, false), (right.YouMay, right.YouAsked));
            Assert.True(await Eyes().AreLinkedAsync(asks, decides, Ct));
            // Whom it is for may have that account as well.
            var role = By(Actor.Guerdon) with
            {
                Account = asks.Account,
                Beneficiaries = asks.Person is { } person ? [person] : [],
            };
            Assert.NotNull((await Eyes().MayApproveAsync(role, decides, false, Ct)).No);
            Assert.False((await Eyes().RightAsync(role, decides, Ct)).YouMay);
        }

        _administrators.Signs.Clear();
        Assert.Null((await Eyes().MayApproveAsync(By(asker), by, false, Ct)).No);

        void Sign(Actor whose, Guid maker) => _administrators.Signs[whose.Account!.Value] = new([maker], false);
    }

    // Whoever set Guerdon up has an account of their own besides.
    [Fact]
    public async Task MayApprove_ByOrOfTheInstallationsAccount_IsRefused_ButForTheOnlyAdministrator()
    {
        _administrators.Signs[Root.Account!.Value] = new([], IsInstallers: true);
        foreach (var (asks, decides) in new[] { (Root, Other), (Other, Root) })
        {
            Assert.Contains("came with the installation",
                (await Eyes().MayApproveAsync(By(asks), decides, true, Ct)).No, StringComparison.Ordinal);
            var lone = await Eyes(loneAdministrator: true).MayApproveAsync(By(asks), decides, true, Ct);
            Assert.Equal((null, true), (lone.No, lone.Alone));
        }
    }

    [Fact]
    public async Task Rights_OfMany_LookEachAccountUpOnce()
    {
        var rights = await Eyes().RightsAsync([By(Root), By(Other), By(Root, Person), By(Ann)], Ann, Ct);
        Assert.Equal([true, true, false, false], rights.Select(right => right.YouMay));
        Assert.Equal([false, false, false, true], rights.Select(right => right.YouAsked));
        Assert.Equal([Root.Name, Other.Name], _administrators.LookedUp);
        Assert.Equal(1, _administrators.Counts);
    }
}
