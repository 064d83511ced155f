using System.Text;
using Dapper;
using Guerdon.Notices;
using Guerdon.People.Employees;
using Guerdon.Tests;

namespace Guerdon.Chaos;

/// <summary>kill -9 of nodes that are sending notices: each arrives, a repeat says that it is one, and each is marked
/// as sent once.</summary>
[Collection(Alone.Name)]
public sealed class KillSenderTests
{
    private const int OfARound = 60, Rounds = 3, Notices = OfARound * Rounds;

    // The lease of what a dead node had, the start of the next, and the sending itself.
    private static readonly TimeSpan AllWithin = TimeSpan.FromSeconds(120);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledWhileSending_EveryNoticeArrivesAndRepeatsHaveTheSameId()
    {
        var (random, _) = Chance.New();
        await using var scene = await Scene.SetAsync();
        await using var mail = new MailServer();
        mail.Answer = (stage, _) =>
        {
            if (stage == ".") Thread.Sleep(30); // between sending and marking there is time to die
            return null;
        };
        (string, string)[] settings =
        [
            ("Notices:Email:Server", "localhost"), ("Notices:Email:Port", $"{mail.Port}"),
            ("Notices:Email:From", "guerdon@example.com"), ("Notices:Email:User", MailServer.User),
            ("Notices:Email:Password", MailServer.Password), ("Notices:Email:Authority", mail.AuthorityFile),
            ("Notices:TryWithin", "00:00:01"), ("Notices:LookEvery", "00:00:00.200"),
        ];
        await HireAsync(scene);

        for (var round = 0; round < Rounds; round++)
        {
            await using var first = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort(), null, settings);
            await using var second = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort(), null, settings);
            var before = mail.Taken.Count;
            await GiveAsync(scene, round);
            await mail.WaitAsync(before + 5, Ct);
            await random.WaitAsync(0, 200);
            await first.KillAsync();
            await random.WaitAsync(0, 200);
            await second.KillAsync();
        }

        Assert.True(
            await CountAsync(scene, "waiting") > 0, "All was sent before anybody died: this test shows nothing.");
        await using var heir = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort(), null, settings);
        Assert.True(await Scene.WithinAsync(AllWithin, 0, () => CountAsync(scene, "waiting")) == 0, heir.LastWords);

        var ids = mail.Taken.Select(taken => taken.Message.MessageId).ToList();
        Assert.Equal(Notices, ids.Distinct().Count());
        Assert.InRange(ids.Count, Notices, Notices + (Rounds * 2 * 2)); // one for each connection of each of the dead
        Assert.All(mail.Taken.GroupBy(taken => taken.Message.MessageId),
            same => Assert.Single(same.Select(taken => taken.Message.TextBody).Distinct()));
        Assert.Equal(Notices, await CountAsync(scene, "sent"));
        await scene.AssertSoundAsync();
    }

    private static async Task HireAsync(Scene scene)
    {
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency,github_login\n"
            + "ada@example.com,Ada,Engineering,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD,\n"));
        await using var db = scene.NewPool();
        await ImportPeople.RunAsync(csv, false, db, TimeProvider.System, Ct);
    }

    private static async Task GiveAsync(Scene scene, int round)
    {
        await using var db = scene.NewPool();
        var ada = (await new PeopleDirectory(db).FindAsync("ada@example.com", Ct))!.Id;
        await using var connection = await db.OpenConnectionAsync(Ct);
        Told[] told =
        [
            .. from i in Enumerable.Range(0, OfARound)
               select new Told(ada, NoticeKinds.ExpiryWeek, $"lot {round}/{i}", $"Lot {i} of {round}."),
        ];
        Assert.Equal(OfARound, await NoticeWriter.GiveAsync(
            connection, told.ToAsyncEnumerable(), TimeProvider.System.GetUtcNow(), Ct));
    }

    private static async Task<long> CountAsync(Scene scene, string state)
    {
        await using var connection = await scene.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from compensation.v_notice_delivery where state = @state", new { state });
    }
}
