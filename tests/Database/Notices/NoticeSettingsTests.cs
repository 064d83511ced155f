using Guerdon.Database.Host;
using Guerdon.Host.Running;
using Guerdon.Notices;
using Guerdon.People.Employees;
using Guerdon.Tests;

namespace Guerdon.Database.Notices;

/// <summary>What is configured is what the whole program does: notices leave by themselves, or it does not start.
/// </summary>
public sealed class NoticeSettingsTests
{
    [Fact]
    public async Task Server_WithAMailServer_SendsWhatIsGivenWhileItRuns()
    {
        await using var mail = new MailServer();
        await using var app = await RealApp.StartAsync(
            ("Notices:Email:Server", "localhost"), ("Notices:Email:Port", $"{mail.Port}"),
            ("Notices:Email:From", "guerdon@example.com"), ("Notices:Email:User", MailServer.User),
            ("Notices:Email:Password", MailServer.Password), ("Notices:Email:Authority", mail.AuthorityFile),
            ("Notices:LookEvery", "00:00:00.200"), ("Public:Address", "https://tokens.example.com"));
        await using (var csv = File.OpenRead(RunningApp.Example("people.csv")))
            await ImportPeople.RunAsync(csv, false, app.Db, TimeProvider.System, NoticeScene.Ct);
        var person = (await new PeopleDirectory(app.Db).FindAsync(RunningApp.Person, NoticeScene.Ct))!;

        await NoticeWriter.GiveAsync(app.Db, NoticeWriter.New(
            person.Id, NoticeKinds.ClaimApproved, "clm_1", "Words.", TimeProvider.System.GetUtcNow()), NoticeScene.Ct);
        await mail.WaitAsync(1, NoticeScene.Ct);

        var taken = Assert.Single(mail.Taken);
        Assert.Equal([person.Email], taken.To);
        Assert.Contains("https://tokens.example.com/notices", taken.Message.TextBody, StringComparison.Ordinal);
    }

    // A node that had the settings switched e-mail on, and none has them any more.
    [Fact]
    public async Task Home_ChannelIsOnAndNobodyHasItsSettings_HasAnAlarm()
    {
        await using var app = await RealApp.StartAsync();
        await using (var command = app.Db.CreateCommand("""
            insert into compensation.notice_way (way, is_on, changed_at) values ('email', true, now() - interval '1 h')
            """))
            await command.ExecuteNonQueryAsync(NoticeScene.Ct);
        using var client = app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin");
        request.Headers.Add("Cookie", await app.SessionAsync());
        using var page = await client.SendAsync(request, NoticeScene.Ct);
        var text = await page.Content.ReadAsStringAsync(NoticeScene.Ct);
        Assert.Contains(
            "Notices are to be sent by e-mail, and no node that runs has its settings", text, StringComparison.Ordinal);
        Assert.Contains("0 notices wait.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Notices:Email:Server", "smtp.example.com", "GUERDON_CONFIG_Notices__Email__From: is not an address")]
    [InlineData("Notices:Email:From", "a@example.com", "GUERDON_CONFIG_Notices__Email__Server: is missing")]
    [InlineData("Notices:Webhook:Address", "https://hooks.example.com",
        "GUERDON_CONFIG_Notices__Webhook__Secret: is missing")]
    [InlineData("Notices:Webhook:Address", "http://10.0.0.1",
        "GUERDON_CONFIG_Notices__Webhook__Address: 10.0.0.1 is on this machine or in a private network")]
    [InlineData("Notices:Tries", "0", "GUERDON_CONFIG_Notices__Tries: Tries must be between 1 and 100.")]
    public async Task Server_WhatCannotWork_IsSaidBeforeItStarts(string name, string value, string said)
    {
        var no = await Assert.ThrowsAnyAsync<Exception>(() => RealApp.StartAsync((name, value)));
        Assert.Contains(said, SettingFaults.In(no), StringComparison.Ordinal);
    }
}
