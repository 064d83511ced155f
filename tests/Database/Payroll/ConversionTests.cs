using System.Net;
using Guerdon.Database.Grants;
using Guerdon.Notices;

namespace Guerdon.Database.Payroll;

public sealed class ConversionTests(Company company) : IClassFixture<Company>
{
    [Fact]
    public async Task Request_ApprovedAndSettled_PaysOneLineWithNoticeDownToTheLedger()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(
            ("convertible_cash", 700, company.Clock.Now.AddDays(30)), ("convertible_cash", 900, null));

        var quoted = await scene.PostAsync(
            $"/api/v1/people/me/conversions/quote", new { form = "cash", tokensMilli = 1_000_123 }, $"{ada}");
        Assert.Equal(("1.00 USD", 123L),
            (quoted.Body.GetProperty("pays").GetString(), quoted.Body.GetProperty("staysMilli").GetInt64()));
        Assert.Equal((1_600, 0, 0), await scene.TokensAsync(ada)); // a quote sets nothing aside

        var id = await scene.LockAsync(ada, 1_000);
        Assert.Equal((600, 1_000, 0), await scene.TokensAsync(ada));
        Assert.Empty((await scene.LinesAsync(ada)).EnumerateArray());

        var approved = await scene.DecideAsync(id, "approve", PayScene.One);
        Assert.Equal("settled", approved.State());
        Assert.True(approved.Done());
        Assert.False((await scene.DecideAsync(id, "approve", PayScene.One)).Done()); // a repeat
        Assert.Equal("compensation.conversion_decided", (await scene.DecideAsync(id, "approve", PayScene.Two)).Code());
        Assert.Equal((600, 0, 1_000), await scene.TokensAsync(ada));

        var line = Assert.Single((await scene.LinesAsync(ada)).EnumerateArray());
        Assert.Equal(("conversion", 100L, "2026-12-05", "one@example.com"),
            (line.GetProperty("kind").GetString(), line.GetProperty("amount").GetInt64(),
                line.GetProperty("payOn").GetString(), line.GetProperty("approvedBy").GetString()));
        Assert.Equal(["conversion_settled"], await scene.NoticesAsync(ada));
        Assert.Equal(0, await company.ScalarAsync( // texts go to the webhook, which gets nobody's address
            "select count(*) from compensation.v_notice where text like '%@%'"));

        var detail = (await company.GetAsync($"/api/v1/pay-lines/{line.GetProperty("id")}", $"{ada}")).Body;
        var rows = detail.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([700_000, 300_000], rows.Select(r => r.GetProperty("amountMilli").GetInt64()));
        Assert.Equal(["locked", "approved", "settled"],
            detail.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("state").GetString()));
        Assert.Empty(await scene.VerifyAsync());

        var other = await scene.HireAsync(1);
        Assert.Equal("compensation.pay_line_not_found",
            (await company.GetAsync($"/api/v1/pay-lines/{line.GetProperty("id")}", $"{other}")).Code());
        Assert.Equal(HttpStatusCode.Forbidden, (await company.GetAsync("/api/v1/pay-lines", $"{ada}")).Status);
        var all = await company.GetAsync("/api/v1/pay-lines?from=2026-12-05&to=2026-12-05");
        Assert.Contains(all.Body.GetProperty("payLines").EnumerateArray(),
            l => l.GetProperty("id").GetString() == line.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Request_SameKeyAgain_IsTheFirstAndOtherwiseRefused()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);

        var first = await scene.RequestAsync(ada, 100, "mine");
        var again = await scene.RequestAsync(ada, 100, "mine");

        Assert.True(first.Body.GetProperty("added").GetBoolean());
        Assert.False(again.Body.GetProperty("added").GetBoolean());
        Assert.Equal("compensation.conversion_key_reused", (await scene.RequestAsync(ada, 200, "mine")).Code());
        Assert.Equal((900, 100, 0), await scene.TokensAsync(ada));
        Assert.Equal("compensation.conversion_invalid", (await scene.RequestAsync(ada, 100, "")).Code());
        Assert.Equal("compensation.conversion_invalid", (await scene.RequestAsync(ada, 0, "zero")).Code());
        Assert.Equal("compensation.conversion_invalid", (await scene.RequestAsync(ada, 1, "x", "gold")).Code());
    }

    [Fact]
    public async Task Request_ManyAtOnce_NeverPassTheCap()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(20_000);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => scene.RequestAsync(ada, 1_000, $"k{i}")));

        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK),
            a => Assert.Equal("compensation.over_cap", a.Code()));
        Assert.Equal((15_000, 5_000, 0), await scene.TokensAsync(ada));
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Request_AnotherClass_IsRefusedByName()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(
            ("convertible_time_off", 500, null), ("convertible_equity", 500, null), ("work_compute", 500, null));

        Assert.Equal("compensation.not_enough_reward", (await scene.RequestAsync(ada, 100, "a")).Code());
        var crossed = await scene.RequestAsync(ada, 100, "b", "cash", lot: 3);
        Assert.Equal("compensation.class_crossed", crossed.Code());
        Assert.Contains("work_compute", crossed.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("compensation.form_not_offered", (await scene.RequestAsync(ada, 100, "c", "equity")).Code());
        var days = await scene.RequestAsync(ada, 125, "d", "time_off", lot: 1);
        Assert.Equal("1.25 days", days.Body.GetProperty("conversion").GetProperty("pays").GetString());
    }

    [Fact]
    public async Task Decide_WhoItIsForOrWhoAsked_IsRefused()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        var id = await scene.LockAsync(ada, 100);

        Assert.Equal(HttpStatusCode.Forbidden, (await scene.DecideAsync(id, "approve", $"{ada}")).Status);
        Assert.Equal("compensation.self_approval",
            (await scene.DecideAsync(id, "approve", $"admin:boss@example.com:{ada}")).Code());
        var byOne = await scene.RequestAsync(ada, 100, "asked by one", caller: PayScene.One);
        var second = byOne.Body.GetProperty("conversion").GetProperty("id").GetString()!;
        Assert.Equal("compensation.self_approval", (await scene.DecideAsync(second, "approve", PayScene.One)).Code());
        Assert.Equal("settled", (await scene.DecideAsync(second, "approve", PayScene.Two)).State());
        Assert.Equal("compensation.conversion_not_found",
            (await scene.DecideAsync("cnv_1", "approve", PayScene.One)).Code());
    }

    [Fact]
    public async Task Decline_Withdraw_GiveEverythingBackOnce()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        var declined = await scene.LockAsync(ada, 300, "a");
        var withdrawn = await scene.LockAsync(ada, 200, "b");

        Assert.Equal("compensation.reason_missing",
            (await scene.DecideAsync(declined, "decline", PayScene.One)).Code());
        Assert.Equal("declined", (await scene.DecideAsync(declined, "decline", PayScene.One, "Not now.")).State());
        Assert.False((await scene.DecideAsync(declined, "decline", PayScene.One, "Not now.")).Done());
        Assert.Equal("compensation.conversion_decided",
            (await scene.DecideAsync(declined, "decline", PayScene.Two, "Not now.")).Code());
        Assert.Equal("compensation.conversion_not_found",
            (await scene.DecideAsync(withdrawn, "withdraw", PayScene.One)).Code());
        Assert.Equal("withdrawn", (await scene.DecideAsync(withdrawn, "withdraw", $"{ada}")).State());
        Assert.Equal("compensation.conversion_decided",
            (await scene.DecideAsync(withdrawn, "approve", PayScene.One)).Code());

        Assert.Equal((1_000, 0, 0), await scene.TokensAsync(ada));
        Assert.Equal(["conversion_declined"], await scene.NoticesAsync(ada));
        await scene.LockAsync(ada, 1_000, "the cap counts neither");
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Decide_ApproveAndDeclineAtOnce_OneOfThemHolds()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(5_000);
        for (var round = 0; round < 5; round++)
        {
            var id = await scene.LockAsync(ada, 500, $"{round}");
            var answers = await Task.WhenAll(
                scene.DecideAsync(id, "approve", PayScene.One), scene.DecideAsync(id, "decline", PayScene.Two, "No."),
                scene.DecideAsync(id, "withdraw", $"{ada}"));
            Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        }

        var (available, locked, converted) = await scene.TokensAsync(ada);
        Assert.Equal((5_000, 0), (available + converted, locked));
        Assert.Equal(converted / 500, (await scene.LinesAsync(ada)).GetArrayLength());
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Run_PastTheLock_GivesBackAndFinishesWhatWasApproved()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        var lapses = await scene.LockAsync(ada, 300, "a");
        var approved = await scene.LockAsync(ada, 200, "b");
        // As a node leaves it that is killed between approving and paying out.
        await company.ExecuteAsync($"""
            insert into compensation.conversion_step (conversion_id, number, state, by_name, at)
            values ('{Uuid(approved)}', 2, 'approved', 'one@example.com', '2026-11-21 11:00Z')
            """);

        company.Clock.Now = company.Clock.Now.AddHours(72);
        Assert.Equal("compensation.lock_ended", (await scene.DecideAsync(lapses, "approve", PayScene.One)).Code());
        Assert.InRange(await scene.Job.RunAsync(Company.Ct), 2, 1_000); // other tests' locks end too
        Assert.Equal(0, await scene.Job.RunAsync(Company.Ct));

        Assert.Equal((800, 0, 200), await scene.TokensAsync(ada));
        Assert.Equal(["conversion_lapsed", "conversion_settled"], (await scene.NoticesAsync(ada)).Order());
        Assert.Equal("0.20 USD",
            Assert.Single((await scene.LinesAsync(ada)).EnumerateArray()).GetProperty("pays").GetString());
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Reversal_TwoAdministrators_ReversesWithALineThatNamesTheFirst()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(5_000);
        var id = await scene.LockAsync(ada, 5_000);
        await scene.DecideAsync(id, "approve", PayScene.One);

        Assert.Equal("compensation.conversion_decided",
            (await scene.DecideAsync(id, "reversal/approve", PayScene.Two)).Code());
        Assert.Equal("reversal_asked", (await scene.DecideAsync(id, "reversal", PayScene.One, "Paid twice.")).State());
        Assert.Equal("compensation.self_approval",
            (await scene.DecideAsync(id, "reversal/approve", PayScene.One)).Code());
        Assert.Equal("reversal_declined", (await scene.DecideAsync(id, "reversal/decline", PayScene.Two)).State());
        var first = await PayScene.StepAsync(company, $"/api/v1/conversions/{id}") - 1;
        Assert.Equal("reversal_asked", (await scene.DecideAsync(id, "reversal", PayScene.Two, "It was.")).State());
        foreach (var does in new[] { "reversal/approve", "reversal/decline" })
        {
            Assert.Equal("compensation.conversion_step_differs", // what was asked for first is another reversal
                (await scene.DecideAsync(id, does, PayScene.One, step: first)).Code());
            Assert.Equal("compensation.conversion_step_needed",
                (await scene.PostAsync($"/api/v1/conversions/{id}/{does}", null, PayScene.One)).Code());
        }

        Assert.Equal("reversed", (await scene.DecideAsync(id, "reversal/approve", PayScene.One)).State());
        Assert.False((await scene.DecideAsync(id, "reversal/approve", PayScene.One)).Done());

        Assert.Equal((5_000, 0, 0), await scene.TokensAsync(ada));
        var lines = (await scene.LinesAsync(ada)).EnumerateArray().ToList();
        Assert.Equal([-500L, 500L], lines.Select(l => l.GetProperty("amount").GetInt64()).Order());
        var back = lines.Single(l => l.GetProperty("kind").GetString() == "reversal");
        Assert.Equal(lines.Single(l => l.GetProperty("kind").GetString() == "conversion").GetProperty("id").GetString(),
            back.GetProperty("corrects").GetString());
        Assert.Equal(HttpStatusCode.OK,
            (await company.GetAsync($"/api/v1/pay-lines/{back.GetProperty("id")}", $"{ada}")).Status);
        Assert.Empty(await scene.VerifyAsync());
        await scene.LockAsync(ada, 5_000, "the cap is free again");
    }

    [Fact]
    public async Task ShowPayLine_ChangedInTheDatabase_IsRefusedAndVerifyNamesIt()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        await scene.DecideAsync(await scene.LockAsync(ada, 100), "approve", PayScene.One);
        var line = Assert.Single((await scene.LinesAsync(ada)).EnumerateArray()).GetProperty("id").GetString()!;

        await company.TamperAsync($"update compensation.pay_line set amount = 999 where pay_line_id = '{Uuid(line)}'");
        Assert.Equal("compensation.does_not_re_add",
            (await company.GetAsync($"/api/v1/pay-lines/{line}", $"{ada}")).Code());
        Assert.Contains(await scene.VerifyAsync(),
            f => f.Contains("its conversion makes 10 units", StringComparison.Ordinal));
        await company.TamperAsync($"update compensation.pay_line set amount = 10 where pay_line_id = '{Uuid(line)}'");
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Request_NoApprovalNeeded_IsPaidAtOnce()
    {
        var scene = await PayScene.OpenAsync(
            company, PayScene.Terms.Replace("approval: required", "approval: none", StringComparison.Ordinal));
        var ada = await scene.HireAsync(1_000);

        Assert.Equal("settled", (await scene.RequestAsync(ada, 100, "k")).State());
        Assert.Equal("Guerdon",
            Assert.Single((await scene.LinesAsync(ada)).EnumerateArray()).GetProperty("approvedBy").GetString());
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task Terms_AppliedTwice_AreOneVersionAndWindowsClose()
    {
        var scene = await PayScene.OpenAsync(company, PayScene.Terms + "\n# again");
        var same = await company.SendAsync(
            HttpMethod.Post, "/api/v1/conversion-terms", new StringContent(PayScene.Terms + "\n# again"));
        Assert.False(same.Body.GetProperty("added").GetBoolean());
        var wrong = await company.SendAsync(
            HttpMethod.Post, "/api/v1/conversion-terms/check", new StringContent("effective_from: soon"));
        Assert.Equal("compensation.terms_invalid", wrong.Code());
        Assert.Equal(1, wrong.Body.GetProperty("errors")[0].GetProperty("line").GetInt32());
        var large = await company.SendAsync(
            HttpMethod.Post, "/api/v1/conversion-terms", new StringContent(new string('#', 70_000)));
        Assert.Equal("compensation.terms_too_large", large.Code());

        var ada = await scene.HireAsync(1_000);
        company.Clock.Now = new(2027, 2, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal("compensation.window_closed", (await scene.RequestAsync(ada, 100, "k")).Code());
        company.Clock.Now = new(2025, 12, 31, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal("compensation.no_terms", (await scene.RequestAsync(ada, 100, "k")).Code());
    }

    [Fact]
    public async Task Notices_SeenByTheirPersonOnly_KeepTheirTime()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        var notice = NoticeWriter.New(ada, NoticeKinds.Grant, "x", "First.", company.Clock.Now);
        await NoticeWriter.GiveAsync(company.Db, notice, Company.Ct);
        await NoticeWriter.GiveAsync(
            company.Db, NoticeWriter.New(ada, NoticeKinds.Grant, "x", "Second.", company.Clock.Now), Company.Ct);

        var path = $"/api/v1/people/{ada}/notices";
        Assert.Equal("compensation.not_your_notices",
            (await scene.PostAsync($"{path}/seen", null, PayScene.One)).Code());
        Assert.Equal(1, (await scene.PostAsync($"{path}/seen", null, $"{ada}")).Body.GetProperty("seen").GetInt32());
        Assert.Equal(0, (await scene.PostAsync($"{path}/seen", null, $"{ada}")).Body.GetProperty("seen").GetInt32());
        var (_, body) = await company.GetAsync(path, $"{ada}");
        Assert.Equal("First.",
            Assert.Single(body.GetProperty("notices").EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal(0, body.GetProperty("unseen").GetInt64());
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task PayLine_WithoutItsNotice_CannotBeWritten()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync(1_000);
        await scene.DecideAsync(await scene.LockAsync(ada, 100), "approve", PayScene.One);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => company.ExecuteAsync($"""
            insert into compensation.pay_line select gen_random_uuid(), person_id, 'reversal', form, tax_class, -amount,
                   currency, unit, pay_on, explanation, gen_random_uuid(), conversion_id, null, pay_line_id, created_at,
                   approved_by from compensation.pay_line where person_id = '{ada.Value}'
            """));
        Assert.Single((await scene.LinesAsync(ada)).EnumerateArray());
    }

    private static Guid Uuid(string id) => Guid.ParseExact(id.Split('_')[1], "N");
}
