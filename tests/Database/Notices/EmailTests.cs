using Guerdon.Notices;
using Guerdon.Notices.Deliveries;
using Guerdon.Tests;
using MimeKit;

namespace Guerdon.Database.Notices;

/// <summary>Notices by e-mail, to a mail server that is real and may misbehave.</summary>
public sealed class EmailTests
{
    private static CancellationToken Ct => NoticeScene.Ct;

    [Fact]
    public async Task Notice_Given_ArrivesOnceOverTlsWithItsTextAndId()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var ada = scene.People[0];
        var id = await scene.GiveAsync(ada.Id, NoticeKinds.ConversionSettled, "con_1", "10.00 USD will be paid.\n.");
        var sender = scene.Sender(NoticeScene.Email(NoticeScene.At(server)));

        Assert.Equal(1, await sender.SendDueAsync(Ct));
        Assert.Equal(0, await sender.SendDueAsync(Ct));

        var mail = Assert.Single(server.Taken);
        Assert.Equal((true, MailServer.User), (mail.IsEncrypted, mail.User));
        Assert.Equal([ada.Email], mail.To);
        Assert.Equal($"{id}@example.com", mail.Message.MessageId);
        Assert.Equal("Your conversion is approved and will be paid", mail.Message.Subject);
        Assert.Equal("auto-generated", mail.Message.Headers[HeaderId.AutoSubmitted]);
        Assert.StartsWith("10.00 USD will be paid.", mail.Message.TextBody, StringComparison.Ordinal);
        Assert.Contains("https://guerdon.example.com/notices", mail.Message.TextBody, StringComparison.Ordinal);
        Assert.Equal("sent 1", await scene.StateAsync(id));
        Assert.DoesNotContain(ada.Email, scene.Logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notice_GivenAgain_IsNotSentAgain()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var sender = scene.Sender(NoticeScene.Email(NoticeScene.At(server)));
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x", "First.");
        await sender.SendDueAsync(Ct);
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x", "Second.");
        await sender.SendDueAsync(Ct);
        Assert.Single(server.Taken);
    }

    [Fact]
    public async Task Notice_NoChannelIsOn_StandsOnThePageAlone()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync();
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        Assert.Equal("none", await scene.StateAsync(id));

        // Switched on later: what was given before stays where it is, and nobody gets a year's mail in an hour.
        await DeliveryStore.SwitchAsync(scene.Db, ["email"], [], scene.Clock.Now, Ct);
        Assert.Equal(0, await scene.Sender(NoticeScene.Email(NoticeScene.At(server))).SendDueAsync(Ct));
        Assert.Single(await NoticeWriter.OfAsync(scene.Db, scene.People[0].Id, Ct));
    }

    [Fact]
    public async Task Notice_RolledBack_IsNeverSent()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        await using (var connection = await scene.Db.OpenConnectionAsync(Ct))
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            var told = new Told(scene.People[0].Id, NoticeKinds.Grant, "x", "Words.");
            Assert.Equal(1, await NoticeWriter.GiveAsync(
                connection, new[] { told }.ToAsyncEnumerable(), scene.Clock.Now, Ct));
            await transaction.RollbackAsync(Ct);
        }

        Assert.Equal(0, await scene.CountAsync("waiting"));
    }

    [Fact]
    public async Task TwoNodes_AtOnce_SendEachNoticeOnce()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        Assert.Equal(300, await scene.GiveManyAsync(300));
        var options = NoticeScene.At(server) with { Connections = 4 };

        var sent = await Task.WhenAll(
            scene.Sender(NoticeScene.Email(options)).SendDueAsync(Ct),
            scene.Sender(NoticeScene.Email(options)).SendDueAsync(Ct));

        Assert.Equal(300, sent.Sum());
        Assert.All(sent, each => Assert.NotEqual(0, each));
        Assert.Equal(300, server.Taken.Count);
        Assert.Equal(300, server.Taken.Select(mail => mail.Message.MessageId).Distinct().Count());
        Assert.Equal(300, await scene.CountAsync("sent"));
    }

    // The sender ends after the server has the mail and before the row says so. That cannot be told from a mail that
    // never arrived, so it is sent again, and says by its Message-ID that it is the same.
    [Fact]
    public async Task SenderEndsBetweenSendingAndMarking_MailComesAgainWithTheSameId()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var channel = NoticeScene.Email(NoticeScene.At(server));
        await using (var dying = channel.Open()) // what a sender did that dies now
        {
            var until = scene.Clock.Now + DeliveryTimes.LeaseOf(NoticeSender.MostTaken, scene.Options);
            var due = Assert.Single(await DeliveryStore.TakeAsync(scene.Db, "email", scene.Clock.Now, 10, until, Ct));
            Assert.Equal(Outcome.Sent, await dying.SendAsync(due, Ct));
        }

        var other = scene.Sender(channel);
        Assert.Equal(0, await other.SendDueAsync(Ct)); // the dead one's lease still runs
        scene.Clock.Now += DeliveryTimes.LeaseOf(NoticeSender.MostTaken, scene.Options);
        Assert.Equal(1, await other.SendDueAsync(Ct));

        Assert.Equal(2, server.Taken.Count);
        Assert.Single(server.Taken.Select(mail => mail.Message.MessageId).Distinct());
        Assert.Equal("sent 2", await scene.StateAsync(id));
        Assert.Equal(1, await scene.CountAsync("sent"));
    }

    // A sender that was only slow finds that its row is another's: it does not say how that ends.
    [Fact]
    public async Task SenderComesBackAfterItsLease_DoesNotMarkWhatAnotherHas()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var now = scene.Clock.Now;
        var slow = Assert.Single(await DeliveryStore.TakeAsync(scene.Db, "email", now, 10, now.AddMinutes(1), Ct));
        Assert.Empty(await DeliveryStore.TakeAsync(scene.Db, "email", now, 10, now.AddMinutes(1), Ct));
        now = now.AddMinutes(1);
        var next = Assert.Single(await DeliveryStore.TakeAsync(scene.Db, "email", now, 10, now.AddMinutes(1), Ct));

        Assert.False(await DeliveryStore.EndAsync(scene.Db, "email", slow, new("failed", "slow", now, now), Ct));
        Assert.True(await DeliveryStore.EndAsync(scene.Db, "email", next, new("sent", null, now, now), Ct));
        Assert.False(await DeliveryStore.EndAsync(scene.Db, "email", next, new("failed", "again", now, now), Ct));
        Assert.Equal("sent 2", await scene.StateAsync(id));
    }

    [Theory]
    [InlineData("RCPT", "450 4.2.1 <{0}> mailbox busy", "waiting 1 450 4.2.1 to the recipient")]
    [InlineData("RCPT", "550 5.1.1 <{0}> unknown user", "failed 1 550 5.1.1 to the recipient")]
    [InlineData("RCPT", "530 5.7.0 sign in first", "waiting 1 the server wants a user and a password")]
    [InlineData("RCPT", "550 5.2.1 <{0}> mailbox closed", "failed 1 550 5.2.1 to the recipient")]
    [InlineData("RCPT", "553 5.6.7 <{0}> is not ASCII", "failed 1 553 5.6.7 to the recipient")]
    [InlineData("MAIL", "553 5.6.7 sender refused", "waiting 1 553 5.6.7 to the sender")]
    [InlineData("RCPT", "550 <{0}> no", "waiting 1 550 to the recipient")]
    [InlineData("RCPT", "550 5.7.1 <{0}>: Relay access denied", "waiting 1 550 5.7.1 to the recipient")]
    [InlineData("RCPT", "554 5.7.1 <{0}>: Relay access denied", "waiting 1 554 5.7.1 to the recipient")]
    [InlineData("MAIL", "550 5.7.1 sender refused", "waiting 1 550 5.7.1 to the sender")]
    [InlineData("DATA", "451 4.3.0 try later", "waiting 1 451 4.3.0 to a command")]
    [InlineData(".", "554 5.7.1 refused for {0}", "failed 1 554 5.7.1 to the message")]
    [InlineData(".", "452 4.3.1 disk full", "waiting 1 452 4.3.1 to the message")]
    [InlineData("AUTH", "535 5.7.8 no", "waiting 1 the server does not take our user and password")]
    [InlineData("EHLO", "drop", "waiting 1 the connection broke")]
    [InlineData("MAIL", "drop", "waiting 1 the connection broke")]
    [InlineData("DATA", "drop", "waiting 1 the connection broke")]
    [InlineData(".", "drop", "waiting 1 the connection broke")]
    [InlineData("CONNECT", "silence", "waiting 1 no answer within 00:00:02")]
    [InlineData(".", "silence", "waiting 1 no answer within 00:00:02")]
    public async Task Server_Misbehaves_NoticeWaitsOrFailsAndSaysWhy(string stage, string answer, string state)
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var ada = scene.People[0];
        server.Answer = (at, _) => at == stage ? string.Format(null, answer, ada.Email) : null;
        if (answer == MailServer.Silence) scene.Options = scene.Options with { TryWithin = TimeSpan.FromSeconds(2) };
        var id = await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "clm_1", "Secret words.");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { Connections = 1 })).SendDueAsync(Ct);

        Assert.Equal(state, await scene.StateAsync(id));
        Assert.Empty(server.Taken);
        Assert.Contains($"{id}", scene.Logged, StringComparison.Ordinal);
        Assert.DoesNotContain(ada.Email, scene.Logged, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", scene.Logged, StringComparison.Ordinal);
        if (!state.StartsWith("waiting", StringComparison.Ordinal)) return;

        server.Answer = static (_, _) => null;
        scene.Options = scene.Options with { TryWithin = TimeSpan.FromSeconds(20) };
        scene.Clock.Now = await scene.NextAsync(id);
        Assert.Equal(1, await scene.Sender(NoticeScene.Email(NoticeScene.At(server))).SendDueAsync(Ct));
        Assert.StartsWith("sent 2", await scene.StateAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_RefusesOneOfMany_TheOthersArriveOnTheSameConnection()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var refused = scene.People[1].Email;
        server.Answer = (stage, line) => stage == "RCPT" && line.Contains(refused, StringComparison.Ordinal)
            ? "550 5.1.1 unknown" : null;
        await scene.GiveManyAsync(scene.People.Count);

        var sender = scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { Connections = 1 }));
        Assert.Equal(scene.People.Count - 1, await sender.SendDueAsync(Ct));

        Assert.Equal(1, server.Connections);
        Assert.Equal((1, 0), (await scene.CountAsync("failed"), await scene.CountAsync("waiting")));
    }

    [Fact]
    public async Task Server_CannotBeTrusted_GetsNothing()
    {
        await using var server = new MailServer(new MailCertificates { Name = "elsewhere.example" });
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var options = NoticeScene.At(server);
        await scene.Sender(NoticeScene.Email(options)).SendDueAsync(Ct); // another server's name
        Assert.Contains("certificate", await scene.StateAsync(id), StringComparison.Ordinal);

        await using var unknown = new MailServer();
        scene.Clock.Now = await scene.NextAsync(id);
        await scene.Sender(NoticeScene.Email(NoticeScene.At(unknown) with { Authority = "" })).SendDueAsync(Ct);
        Assert.Contains("certificate", await scene.StateAsync(id), StringComparison.Ordinal);

        await using var plain = new MailServer // as a machine between that hides the offer
        {
            Answer = (stage, _) => stage == "EHLO" ? "250 localhost" : null,
        };
        scene.Clock.Now = await scene.NextAsync(id);
        await scene.Sender(NoticeScene.Email(NoticeScene.At(plain))).SendDueAsync(Ct);
        Assert.Contains("no encryption", await scene.StateAsync(id), StringComparison.Ordinal);
        Assert.Empty(server.Taken.Concat(unknown.Taken).Concat(plain.Taken));
    }

    [Fact]
    public async Task Server_Away_EachNoticeWaitsLongerAndFailsAtTheLimit()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var sender = scene.Sender(NoticeScene.Email(new() { Server = "localhost", Port = 1, From = "g@example.com" }));
        var waits = new List<TimeSpan>();
        for (var i = 1; i < scene.Options.Tries; i++)
        {
            await sender.SendDueAsync(Ct);
            Assert.StartsWith($"waiting {i} no connection", await scene.StateAsync(id), StringComparison.Ordinal);
            var next = await scene.NextAsync(id);
            waits.Add(next - scene.Clock.Now);
            Assert.Equal(DeliveryTimes.WaitAfter(i, id, scene.Options).TotalSeconds, waits[^1].TotalSeconds, 0.01);
            scene.Clock.Now = next.AddSeconds(-1);
            Assert.Equal(0, await sender.SendDueAsync(Ct));
            Assert.StartsWith($"waiting {i} ", await scene.StateAsync(id), StringComparison.Ordinal);
            scene.Clock.Now = next;
        }

        await sender.SendDueAsync(Ct);
        Assert.StartsWith("failed 24 no connection", await scene.StateAsync(id), StringComparison.Ordinal);
        Assert.InRange(waits.Aggregate((a, b) => a + b).TotalDays, 2, 3);
        Assert.Contains($"Notice {id} failed by email after 24 tries", scene.Logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaver_AfterTheLastDay_GetsNothingAndKeepsThePage()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var (ada, ben) = (scene.People[0], scene.People[1]);
        var today = DateOnly.FromDateTime(scene.Clock.Now.UtcDateTime);
        await scene.ExecuteAsync("update people.person set left_on = $2 where person_id = $1", ada.Id.Value, today);
        await scene.ExecuteAsync(
            "update people.person set left_on = $2 where person_id = $1", ben.Id.Value, today.AddDays(-1));
        await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "a");
        var late = await scene.GiveAsync(ben.Id, NoticeKinds.ClaimApproved, "b");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server))).SendDueAsync(Ct);

        Assert.Equal([ada.Email], Assert.Single(server.Taken).To);
        Assert.Equal("skipped 1 the person has left", await scene.StateAsync(late));
        Assert.Single(await NoticeWriter.OfAsync(scene.Db, ben.Id, Ct));
    }

    [Fact]
    public async Task Email_WithoutText_HasNothingButALink()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x", "You were granted 25.00 USD.");
        await scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { WithText = false })).SendDueAsync(Ct);
        var mail = Assert.Single(server.Taken).Message;
        Assert.DoesNotContain("25.00", mail.ToString(), StringComparison.Ordinal);
        Assert.Contains("https://guerdon.example.com/notices", mail.TextBody, StringComparison.Ordinal);
    }

    // What a hundred thousand people are told in one run is one statement, with what is to be sent of it.
    [Fact]
    public async Task Notices_OfManyPeople_AreOneStatementWithTheirDeliveries()
    {
        await using var scene = await NoticeScene.OpenAsync("email", "webhook");
        Assert.Equal(20_000, await scene.GiveManyAsync(20_000));
        Assert.Equal(40_000, await scene.CountAsync("waiting"));
        Assert.Equal(0, await scene.GiveManyAsync(20_000));
        Assert.Equal(40_000, await scene.CountAsync("waiting"));
    }
}
