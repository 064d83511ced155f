using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Approvals;

/// <summary>What a reader finds in the inbox, in which order, and how it is turned over page by page.</summary>
public sealed class InboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);

    private static readonly Actor Ann = new("ann@example.com", Guid.NewGuid()) { Account = Guid.NewGuid() };
    private static readonly Actor Bob = new("bob@example.com", Guid.NewGuid()) { Account = Guid.NewGuid() };

    private sealed class Two : IAdministrators
    {
        public Task<int> CountAsync(CancellationToken ct) => Task.FromResult(2);

        public Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct) => Task.FromResult(actor.Person);
    }

    private sealed class Source(params PendingDecision[] all) : IPendingDecisions
    {
        public Task<IReadOnlyList<PendingDecision>> ListAsync(Actor reader, int most, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<PendingDecision>>([.. all.Take(most)]);
    }

    private static PendingDecision One(string id, Actor asker, int minutes = 0, Actor? paid = null) =>
        new("run", id, $"Grants {id}", new Asked(asker, "x", "y")
        {
            Beneficiaries = paid is null ? [] : [paid.Person!.Value],
        }, Now.AddMinutes(minutes))
        {
            Link = $"/admin/{id}", AskersLink = "/mine", Command = $"guerdon grant show {id}",
        };

    private static Task<Inbox.Contents> ReadAsync(
        Actor reader, IEnumerable<PendingDecision> all, bool decides = true) =>
        new Inbox([new Source([.. all])], new FourEyes(new Two(), Options.Create(new ApprovalOptions())))
            .ReadAsync(reader, decides, TestContext.Current.CancellationToken);

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
        Assert.False((await ReadAsync(Ann, all[1..])).IsCut);
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
