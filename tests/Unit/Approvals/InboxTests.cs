using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Approvals;

/// <summary>What a reader finds in the inbox, in which order, and how it is turned over page by page.</summary>
public sealed class InboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);

    private static readonly Actor Ann = new("ann@example.com", Guid.NewGuid()) { Account = Guid.NewGuid() };
    private static readonly Actor Bob = new("bob@example.com", Guid.NewGuid()) { Account = Guid.NewGuid() };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private sealed class Two : IDeciders
    {
        public Task<int> CountAsync(string permission, CancellationToken ct) => Task.FromResult(2);

        public Task<int> CountOutsideAsync(
            string permission, IReadOnlyCollection<Guid> without, CancellationToken ct) => Task.FromResult(2);

        public Task<bool> WereTwoAsync(CancellationToken ct) => Task.FromResult(true);

        public Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct) => Task.FromResult(actor.Person);

        public Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
            IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<Guid, SignedInBy>>(new Dictionary<Guid, SignedInBy>());
    }

    // Of a kind that everybody reads of their own.
    private sealed class Source(params PendingDecision[] all) : IPendingDecisions
    {
        public string Reads => Permissions.ConversionsRead;

        public Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<PendingDecision>>([.. all.Take(most)]);
    }

    /// <summary>How often it is read, and a failure where there is one.</summary>
    private sealed class Counted : IPendingDecisions
    {
        public string Reads => Permissions.GrantsRead;

        public int Times { get; private set; }

        public Exception? Fails { get; set; }

        public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
        {
            Times++;
            await Task.Yield();
            return Fails is null ? [One("a", Bob)] : throw Fails;
        }
    }

    private sealed class Turned : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private static PendingDecision One(string id, Actor asker, int minutes = 0, Actor? paid = null) =>
        new("run", id, $"Grants {id}", new Asked(asker, "x", "y")
        {
            Permission = Permissions.GrantsApprove, Beneficiaries = paid is null ? [] : [paid.Person!.Value],
        }, Now.AddMinutes(minutes))
        {
            Link = $"/admin/{id}", AskersLink = "/mine", Command = $"guerdon grant show {id}",
        };

    private static Task<Inbox.Contents> ReadAsync(
        Actor reader, IEnumerable<PendingDecision> all, bool decides = true) =>
        Of(new Source([.. all])).ReadAsync(Caller(reader, decides ? Roles.Founder : [Roles.Employee]), Ct);

    private static ClaimsPrincipal AsAnn => Caller(Ann, Roles.Founder);

    private static ClaimsPrincipal AsBob => Caller(Bob, Roles.Founder);

    private static ClaimsPrincipal Caller(Actor who, IEnumerable<string> roles) => new(new ClaimsIdentity(
        [
            new("email", who.Name), new(Access.ScopeClaim, Access.AllScopes),
            new(Access.PersonClaim, $"prs_{who.Person:N}"),
            new(Access.AccountClaim, $"acc_{who.Account:N}"),
            .. roles.Select(role => new Claim(Access.RoleClaim, role)),
        ], "test"));

    private static Inbox Of(IPendingDecisions source, InboxCounts? counts = null) => new(
        [source], new FourEyes(new Two(), Options.Create(new ApprovalOptions()), TimeProvider.System),
        counts ?? new InboxCounts(TimeProvider.System), NullLogger<Inbox>.Instance);

    private static IEnumerable<string> Ids(Inbox.Contents contents) => contents.Items.Select(item => item.Id);

    [Fact]
    public async Task Read_WhatWaitsForTheReader_ComesFirst_ThenTheOldest()
    {
        var inbox = await ReadAsync(
            Ann, [One("mine", Ann, -9), One("new", Bob, 2), One("old", Bob, 1), One("pays-me", Bob, 0, Ann)]);
        Assert.Equal(["old", "new", "mine"], Ids(inbox));
        Assert.Equal((2, false), (inbox.ForYou, inbox.IsCut));
        Assert.Equal("/admin/mine", inbox.Items[2].Link);
    }

    [Fact]
    public async Task Read_WhoDoesNotRunTheProgramme_SeesWhatTheyAskedFor()
    {
        var inbox = await ReadAsync(Ann, [One("mine", Ann, paid: Ann), One("other", Bob)], decides: false);
        var item = Assert.Single(inbox.Items);
        Assert.Equal(("mine", false, true, "/mine"), (item.Id, item.YouMay, item.YouAsked, item.Link));
        Assert.Equal(0, inbox.ForYou);
    }

    // Ann ran the programme when she asked for it.
    [Fact]
    public async Task Read_WhoNoLongerRunsTheProgramme_SeesNothingOfOthers()
    {
        PendingDecision[] all =
        [
            One("of-many", Ann), One("of-bob", Ann, paid: Bob),
            One("no-page", Ann, paid: Ann) with { AskersLink = null },
            One("own", Ann, paid: Ann) with { Digest = new string('a', 64) },
        ];
        Assert.Equal(4, (await ReadAsync(Ann, all)).Items.Count);
        var item = Assert.Single((await ReadAsync(Ann, all, decides: false)).Items);
        Assert.Equal(("own", null, null, "/mine"), (item.Id, item.Digest, item.Command, item.Link));
    }

    [Fact]
    public async Task Read_WhatTheReaderHasAnswered_WaitsForOthers()
    {
        var voted = One("phase", Bob) with { IsAnswered = true };
        Assert.Empty((await ReadAsync(Ann, [voted])).Items);
        Assert.Equal(["phase"], Ids(await ReadAsync(Bob, [voted])));
    }

    [Fact]
    public async Task Read_MoreOfAKindThanAreRead_SaysSo()
    {
        var all = Enumerable.Range(0, Inbox.MostOfKind + 1).Select(i => One($"{i}", Bob, i)).ToArray();
        var inbox = await ReadAsync(Ann, all);
        Assert.Equal((Inbox.MostOfKind, true), (inbox.Items.Count, inbox.IsCut));
        Assert.Equal("1,000+", inbox.ForYouText);
        inbox = await ReadAsync(Ann, all[1..]);
        Assert.Equal((false, "1,000"), (inbox.IsCut, inbox.ForYouText));
    }

    // The navigation, the home page and the list are of one request.
    [Fact]
    public async Task Read_SeveralTimesInARequest_ReadsOnce()
    {
        var source = new Counted();
        var inbox = Of(source);
        var all = await Task.WhenAll(inbox.ReadAsync(AsAnn, Ct), inbox.ReadAsync(AsAnn, Ct));
        Assert.Same(all[0], all[1]);
        Assert.Equal(("1", 1), (await inbox.CountAsync(AsAnn, isFresh: true, Ct), source.Times));
        await inbox.ReadAsync(AsBob, Ct);
        Assert.Equal(2, source.Times);
    }

    [Fact]
    public async Task Count_OfOtherRequests_IsReadOnceInSomeSeconds_OfEachAccount()
    {
        var (source, clock) = (new Counted(), new Turned());
        var counts = new InboxCounts(clock);
        for (var i = 0; i < 3; i++) Assert.Equal("1", await Of(source, counts).CountAsync(AsAnn, isFresh: false, Ct));
        Assert.Equal(1, source.Times);
        Assert.Null(await Of(source, counts).CountAsync(AsBob, isFresh: false, Ct)); // he asked for it
        await Of(source, counts).CountAsync(AsAnn, isFresh: true, Ct);
        Assert.Equal(3, source.Times);
        clock.Now += InboxCounts.Age + TimeSpan.FromMilliseconds(1);
        await Of(source, counts).CountAsync(AsAnn, isFresh: false, Ct);
        Assert.Equal(4, source.Times);
    }

    [Fact]
    public async Task Count_ThatCannotBeRead_IsNone_AndTriedAgain_ButCancellationIsPassedOn()
    {
        var source = new Counted { Fails = new InvalidOperationException("away") };
        var inbox = Of(source);
        Assert.Null(await inbox.CountAsync(AsAnn, isFresh: false, Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => inbox.ReadAsync(AsAnn, Ct));
        source.Fails = null;
        Assert.Equal("1", await inbox.CountAsync(AsAnn, isFresh: false, Ct));

        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        source.Fails = new OperationCanceledException(stopped.Token);
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            Of(source).CountAsync(AsAnn, isFresh: true, stopped.Token));
    }

    [Fact]
    public async Task PageAfter_TurnsOverAll_EachOnce_AlsoOfOneMoment()
    {
        string[] ids = ["a.b/c", "b", "c", "d", "e"];
        var inbox = await ReadAsync(Ann, ids.Select((id, i) => One(id, i < 3 ? Bob : Ann)));
        var (seen, after) = (new List<string>(), (string?)null);
        do
        {
            var page = inbox.PageAfter(after, 2)!.Value;
            seen.AddRange(page.Items.Select(item => item.Id));
            after = page.Next;
        }
        while (after is not null && seen.Count < 10);
        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task PageAfter_ALineThatIsGone_GoesOnAfterItsPlace()
    {
        var all = new[] { One("a", Bob, 1), One("b", Bob, 2), One("c", Bob, 3) };
        var next = (await ReadAsync(Ann, all)).PageAfter(null, 2)!.Value.Next;
        var left = await ReadAsync(Ann, [all[0], all[2]]);
        Assert.Equal(["c"], left.PageAfter(next, 2)!.Value.Items.Select(item => item.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2.1.run.a")]
    [InlineData("0.x.run.a")]
    [InlineData("0.1.run")]
    [InlineData("0.99999999999999999999.run.a")]
    public async Task PageAfter_WhatNoPageGave_IsNone(string after) =>
        Assert.Null((await ReadAsync(Ann, [One("a", Bob)])).PageAfter(after, 2));
}
