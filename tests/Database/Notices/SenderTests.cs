using System.Diagnostics;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;
using Guerdon.Tests;

namespace Guerdon.Database.Notices;

/// <summary>Senders that stop, die, wait for somebody slow or are configured otherwise than another.</summary>
public sealed class SenderTests
{
    private static CancellationToken Ct => NoticeScene.Ct;

    [Fact]
    public async Task OneWayIsSilent_TheOtherGoesOnLooking()
    {
        await using var scene = await NoticeScene.OpenAsync("email", "webhook");
        scene.Options = scene.Options with { LookEvery = TimeSpan.FromMilliseconds(100) };
        var (silent, other) = (new TestChannel("email"), new TestChannel("webhook"));
        silent.Send = async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return Outcome.Sent;
        };
        using var sender = scene.Sender(silent, other);
        await sender.StartAsync(Ct);

        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "first");
        await other.WaitAsync(1);
        await silent.WaitAsync(1);
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "second");
        await other.WaitAsync(2);

        Assert.Single(silent.Begun);
        await sender.StopAsync(Ct);
    }

    // What the server has is marked, and what was not tried is due for others at once, with its try.
    [Fact]
    public async Task NodeStopsWhileTheServerAnswers_MarksTheMailAndGivesTheRestBack()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        await scene.GiveManyAsync(3);
        var (channel, answer) = (new TestChannel("email"), new TaskCompletionSource<Outcome>());
        channel.Send = (_, ct) => answer.Task.WaitAsync(ct);
        using var sender = scene.Sender(channel);
        await sender.StartAsync(Ct);
        await channel.WaitAsync(1);

        var stopping = sender.StopAsync(Ct);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct); // a server that takes its time
        answer.SetResult(Outcome.Sent);
        await stopping;

        Assert.Single(channel.Begun);
        Assert.Equal((1, 2), (await scene.CountAsync("sent"), await scene.CountAsync("waiting")));
        Assert.Equal(2, await scene.ScalarAsync("""
            select count(*) from compensation.v_notice_delivery where state = 'waiting' and tries = 0 and next_at <= $1
            """, scene.Clock.Now));
    }

    // The node ends soon all the same; that the try was made is on record, and it comes again.
    [Fact]
    public async Task NodeStopsAndTheServerStaysSilent_EndsSoonAndCountsTheTry()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        scene.Options = scene.Options with { TryWithin = TimeSpan.FromMinutes(5) };
        var channel = new TestChannel("email")
        {
            Send = async (_, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct);
                return Outcome.Sent;
            },
        };
        using var sender = scene.Sender(channel);
        await sender.StartAsync(Ct);
        await channel.WaitAsync(1);

        var took = Stopwatch.StartNew();
        await sender.StopAsync(Ct);

        Assert.InRange(took.Elapsed.TotalSeconds, 0, 25);
        Assert.Equal("waiting 1 the node stopped before the answer", await scene.StateAsync(id));
        Assert.InRange((await scene.NextAsync(id) - scene.Clock.Now).TotalMinutes, 0.7, 1);
    }

    [Fact]
    public async Task SenderDiesAtEachTry_NoticeFailsAtTheLimitWithoutAnotherTry()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        for (var i = 0; i < scene.Options.Tries; i++)
        {
            var until = scene.Clock.Now.AddMinutes(1);
            Assert.Single(await DeliveryStore.TakeAsync(scene.Db, "email", scene.Clock.Now, 10, until, Ct));
            scene.Clock.Now = until;
        }

        var channel = new TestChannel("email");
        Assert.Equal(0, await scene.Sender(channel).SendDueAsync(Ct));

        Assert.Empty(channel.Begun);
        Assert.Equal($"failed {scene.Options.Tries + 1} its sender ended each time", await scene.StateAsync(id));
    }

    // A row that was given back has its number of tries again: what tells the slow one from the next is the lease.
    [Fact]
    public async Task SenderComesBackAfterItsRowWasGivenBack_DoesNotMarkIt()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var slow = await TakeAsync();
        scene.Clock.Now = scene.Clock.Now.AddMinutes(2);
        var second = await TakeAsync();
        await DeliveryStore.ReturnAsync(scene.Db, "email", [second], scene.Clock.Now, Ct);
        Assert.Equal("waiting 1", await scene.StateAsync(id));

        var now = scene.Clock.Now;
        Assert.False(await DeliveryStore.EndAsync(scene.Db, "email", slow, new("failed", "slow", now, now), Ct));
        scene.Clock.Now = now.AddSeconds(1);
        var third = await TakeAsync();
        await DeliveryStore.ReturnAsync(scene.Db, "email", [second], now, Ct); // no longer its own
        Assert.Equal("waiting 2", await scene.StateAsync(id));
        Assert.False(await DeliveryStore.EndAsync(
            scene.Db, "email", second with { LeasedUntil = slow.LeasedUntil }, new("failed", "slow", now, now), Ct));
        Assert.True(await DeliveryStore.EndAsync(scene.Db, "email", third, new("sent", null, now, now), Ct));

        async Task<DueNotice> TakeAsync() => Assert.Single(await DeliveryStore.TakeAsync(
            scene.Db, "email", scene.Clock.Now, 10, scene.Clock.Now.AddMinutes(1), Ct));
    }

    [Fact]
    public async Task SecondNode_HasNoSettings_SwitchesNothingOff()
    {
        await using var scene = await NoticeScene.OpenAsync();
        await StartAsync(scene.Sender(new TestChannel("email")));
        Assert.Contains("Notices are sent by email from now on", scene.Logged, StringComparison.Ordinal);
        await StartAsync(scene.Sender());
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        Assert.Equal("waiting 0", await scene.StateAsync(id));
        Assert.DoesNotContain("no longer", scene.Logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_IsTrue_SwitchesTheWayOffAndSaysSo()
    {
        await using var scene = await NoticeScene.OpenAsync("email", "webhook");
        var channel = new TestChannel("email");
        var before = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var off = scene.Sender(new NoticesOff([NoticeChannels.Email]), channel);
        Assert.Equal(0, await off.SendDueAsync(Ct));
        await StartAsync(off);

        var after = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_2");
        Assert.Equal(("waiting 0", "none", "waiting 0"), (
            await scene.StateAsync(before), await scene.StateAsync(after), await scene.StateAsync(after, "webhook")));
        Assert.Empty(channel.Begun);
        Assert.Contains("no longer sent by email", scene.Logged, StringComparison.Ordinal);
    }

    // Somebody without an address who must be told is a failure that people see; with an address it is sent again.
    [Fact]
    public async Task Person_HasNoAddress_WhatMustBeToldFailsAndTheRestIsSkipped()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var ada = scene.People[0];
        await scene.ExecuteAsync("update people.person set email = 'nowhere' where person_id = $1", ada.Id.Value);
        var must = await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "clm_1");
        var may = await scene.GiveAsync(ada.Id, NoticeKinds.Grant, "x");
        var sender = scene.Sender(NoticeScene.Email(NoticeScene.At(server)));
        await sender.SendDueAsync(Ct);
        Assert.Equal("failed 1 the person has no address", await scene.StateAsync(must));
        Assert.Equal("skipped 1 the person has no address", await scene.StateAsync(may));

        await scene.ExecuteAsync(
            "update people.person set email = $2 where person_id = $1", ada.Id.Value, ada.Email);
        Assert.Equal(1, await DeliveryReads.AgainAsync(scene.Db, null, null, scene.Clock.Now, Ct));
        Assert.Equal(1, await sender.SendDueAsync(Ct));
        Assert.Equal([ada.Email], Assert.Single(server.Taken).To);
    }

    [Fact]
    public async Task Channel_IsOnAndNoNodeThatRunsHasItsSettings_IsTold()
    {
        await using var scene = await NoticeScene.OpenAsync();
        await StartAsync(scene.Sender(new TestChannel("email")));
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var last = scene.Clock.Now;
        Assert.Empty(await UnservedAsync(scene));

        scene.Clock.Now += DeliveryReads.UnservedAfter + TimeSpan.FromSeconds(1);
        await StartAsync(scene.Sender()); // a node without them changes nothing
        Assert.Equal([("email", last, 1)], await UnservedAsync(scene));

        scene.Options = scene.Options with { LookEvery = TimeSpan.FromMilliseconds(100) };
        using (var runs = scene.Sender(new TestChannel("email")))
        {
            await runs.StartAsync(Ct);
            Assert.Empty(await UnservedAsync(scene));
            scene.Clock.Now += DeliveryReads.UnservedAfter + TimeSpan.FromSeconds(1);
            for (var i = 0; i < 100 && (await UnservedAsync(scene)).Count > 0; i++) await Task.Delay(100, Ct);
            Assert.Empty(await UnservedAsync(scene)); // it says so again and again
            await runs.StopAsync(Ct);
        }

        scene.Clock.Now += DeliveryReads.UnservedAfter + TimeSpan.FromSeconds(1);
        Assert.Single(await UnservedAsync(scene));
        await StartAsync(scene.Sender(new NoticesOff([NoticeChannels.Email])));
        Assert.Empty(await UnservedAsync(scene));
    }

    private static Task<IReadOnlyList<(string Channel, DateTimeOffset Since, long Waiting)>> UnservedAsync(
        NoticeScene scene) => DeliveryReads.UnservedAsync(scene.Db, scene.Clock.Now, Ct);

    private static async Task StartAsync(NoticeSender sender)
    {
        using (sender)
        {
            await sender.StartAsync(Ct);
            await sender.StopAsync(Ct);
        }
    }
}
