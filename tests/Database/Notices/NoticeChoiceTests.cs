using System.Net;
using System.Net.Http.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;
using Guerdon.People.Employees;
using Guerdon.Tests;

namespace Guerdon.Database.Notices;

/// <summary>People choose what comes by e-mail; what must be told cannot be switched off.</summary>
public sealed class NoticeChoiceTests(Company company) : IClassFixture<Company>
{
    private static CancellationToken Ct => NoticeScene.Ct;

    [Fact]
    public async Task Choices_EveryKind_CanBeSwitchedOffUnlessItMustBeTold()
    {
        var (me, path) = await HireAsync("ada@example.com");
        foreach (var kind in NoticeKinds.All)
        {
            var off = await ChooseAsync(path, me, (kind.Name, false));
            Assert.Equal(kind.MustBeTold ? HttpStatusCode.Conflict : HttpStatusCode.OK, off.Status);
            if (kind.MustBeTold) Assert.Equal("compensation.notice_must_be_told", off.Code());
            Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(path, me, (kind.Name, true))).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(path, me, ("grant", false))).Status);
        var (_, now) = await company.GetAsync(path, me);
        Assert.Equal(NoticeKinds.All.Count, now.GetProperty("choices").GetArrayLength());
        Assert.Equal("grant", Assert.Single(
            now.GetProperty("choices").EnumerateArray(), c => !c.GetProperty("byEmail").GetBoolean())
            .GetProperty("kind").GetString());
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Choices_OneOfThemWrong_ChangesNothing()
    {
        var (me, path) = await HireAsync("ben@example.com");
        var both = await ChooseAsync(path, me, ("grant", false), ("claim_approved", false));
        Assert.Equal("compensation.notice_must_be_told", both.Code());
        var unknown = await ChooseAsync(path, me, ("grant", false), ("nobody_has_this", false));
        Assert.Equal((HttpStatusCode.BadRequest, "compensation.notice_kind_unknown"), (unknown.Status, unknown.Code()));
        var others = await ChooseAsync(path, "admin:one@example.com", ("grant", false));
        Assert.Equal((HttpStatusCode.Forbidden, "compensation.not_your_notices"), (others.Status, others.Code()));
        var (_, now) = await company.GetAsync(path, me);
        Assert.All(
            now.GetProperty("choices").EnumerateArray(), c => Assert.True(c.GetProperty("byEmail").GetBoolean()));
    }

    // By the sender itself: a row that says otherwise, however it came there, switches nothing off.
    [Fact]
    public async Task Sender_KindIsSwitchedOff_SkipsItAndTellsWhatMustBeTold()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var ada = scene.People[0].Id;
        await scene.ExecuteAsync("""
            insert into compensation.notice_choice (person_id, kind, by_email, changed_at)
            select $1, k, false, now() from unnest($2::text[]) k
            """, ada.Value, NoticeKinds.All.Select(kind => kind.Name).ToArray());
        foreach (var kind in NoticeKinds.All) await scene.GiveAsync(ada, kind, "x");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server))).SendDueAsync(Ct);

        Assert.Equal(
            NoticeKinds.All.Where(kind => kind.MustBeTold).Select(kind => kind.Title).Order(),
            server.Taken.Select(mail => mail.Message.Subject).Order());
        Assert.Equal("skipped 1 switched off by the person", await scene.StateAsync(
            NoticeId.Of(ada, NoticeKinds.Grant, "x")));
    }

    [Fact]
    public async Task Deliveries_Failed_AreListedAndSentAgainOnce()
    {
        await DeliveryStore.SwitchAsync(company.Db, ["email", "webhook"], [], company.Clock.Now, Ct);
        var (me, _) = await HireAsync("cy@example.com");
        var cy = (await new PeopleDirectory(company.Db).FindAsync(me, Ct))!.Id;
        var notice = NoticeWriter.New(cy, NoticeKinds.ClaimApproved, "clm_9", "Secret words.", company.Clock.Now);
        await NoticeWriter.GiveAsync(company.Db, notice, Ct);
        await FailAsync("email");

        const string list = "/api/v1/notices/deliveries";
        Assert.Equal(HttpStatusCode.Forbidden, (await company.GetAsync(list, me)).Status);
        Assert.Equal("compensation.delivery_state_unknown", (await company.GetAsync($"{list}?state=lost")).Code());
        Assert.Equal("compensation.notice_way_unknown", (await company.GetAsync($"{list}?way=pigeon")).Code());
        var (_, failed) = await company.GetAsync(list);
        var one = Assert.Single(failed.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(($"{notice.Id}", "email", "450 to the recipient"),
            (one.GetProperty("notice").GetString(), one.GetProperty("way").GetString(),
                one.GetProperty("reason").GetString()));
        Assert.DoesNotContain("Secret", $"{failed}", StringComparison.Ordinal);
        Assert.DoesNotContain("cy@example.com", $"{failed}", StringComparison.Ordinal);
        Assert.Equal(1, (await company.GetAsync($"{list}?state=waiting&way=webhook")).Body
            .GetProperty("deliveries").GetArrayLength());

        Assert.Equal("compensation.notice_way_unknown",
            (await company.PostAsync($"{list}/again", new { way = "pigeon" })).Code());
        Assert.Equal(0, await AgainAsync(new { way = "webhook" }));
        var failedAt = company.Clock.Now;
        company.Clock.Now = failedAt.AddDays(31); // all that failed is what failed lately
        Assert.Equal(0, await AgainAsync(new { }));
        company.Clock.Now = failedAt;
        Assert.Equal(1, await AgainAsync(new { notice = $"{notice.Id}" }));
        Assert.Equal(0, await AgainAsync(new { }));
        Assert.Equal(1, await company.ScalarAsync("""
            select count(*) from compensation.v_notice_delivery
             where way = 'email' and state = 'waiting' and tries = 0
            """));
        await DeliveryStore.SwitchAsync(company.Db, [], ["email", "webhook"], company.Clock.Now, Ct);

        async Task<int> AgainAsync(object body) =>
            (await company.PostAsync($"{list}/again", body)).Body.GetProperty("count").GetInt32();
    }

    private async Task FailAsync(string way)
    {
        var now = company.Clock.Now;
        foreach (var due in await DeliveryStore.TakeAsync(company.Db, way, now, 10, now.AddMinutes(1), Ct))
            await DeliveryStore.EndAsync(
                company.Db, way, due, new(DeliveryStates.Failed, "450 to the recipient", now, now), Ct);
    }

    private async Task<(string Person, string Path)> HireAsync(string email)
    {
        await company.ImportAsync(Company.Row(email));
        var person = (await new PeopleDirectory(company.Db).FindAsync(email, Ct))!;
        return ($"{person.Id}", $"/api/v1/people/{person.Id}/notices/choices");
    }

    private Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> ChooseAsync(
        string path, string caller, params (string Kind, bool ByEmail)[] choices) =>
        company.SendAsync(HttpMethod.Put, path, JsonContent.Create(
            new { choices = choices.Select(c => new { kind = c.Kind, byEmail = c.ByEmail }) }), caller);
}
