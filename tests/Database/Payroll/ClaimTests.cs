using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;

namespace Guerdon.Database.Payroll;

public sealed class ClaimTests(Company company) : IClassFixture<Company>
{
    [Fact]
    public async Task File_Approve_PaysItBackWithANoticeAndTheReceipt()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync();
        var receipt = Pdf();
        var filed = await scene.ClaimAsync(ada, receipt);
        var id = Id(filed);

        Assert.Equal("compensation.self_approval",
            (await DecideAsync(scene, id, "approve", $"admin:boss@example.com:{ada}")).Code());
        Assert.Equal(HttpStatusCode.Forbidden, (await DecideAsync(scene, id, "approve", $"{ada}")).Status);
        Assert.True((await DecideAsync(scene, id, "approve", PayScene.One)).Done());
        Assert.False((await DecideAsync(scene, id, "approve", PayScene.One)).Done());
        Assert.Equal("compensation.claim_decided", (await DecideAsync(scene, id, "approve", PayScene.Two)).Code());
        Assert.Equal("compensation.claim_decided",
            (await DecideAsync(scene, id, "decline", PayScene.Two, "No.")).Code());

        var line = Assert.Single((await scene.LinesAsync(ada)).EnumerateArray());
        Assert.Equal(("reimbursement", "reimbursement", 2_000L, "2026-12-05"),
            (line.GetProperty("kind").GetString(), line.GetProperty("taxClass").GetString(),
                line.GetProperty("amount").GetInt64(), line.GetProperty("payOn").GetString()));
        Assert.Equal(["claim_approved"], await scene.NoticesAsync(ada));
        Assert.Equal(0, await company.ScalarAsync( // texts go to the webhook, which gets nobody's address
            "select count(*) from compensation.v_notice where text like '%@%'"));
        var detail = await company.GetAsync($"/api/v1/pay-lines/{line.GetProperty("id")}", $"{ada}");
        Assert.Equal(id, detail.Body.GetProperty("claim").GetProperty("id").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/claims/{id}/receipt");
        using var response = await company.Http.SendAsync(request, Company.Ct);
        Assert.Equal("application/pdf", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(receipt, await response.Content.ReadAsByteArrayAsync(Company.Ct));
        var other = await scene.HireAsync();
        Assert.Equal("compensation.claim_not_found",
            (await company.GetAsync($"/api/v1/claims/{id}/receipt", $"{other}")).Code());
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task File_SameReceiptAgain_IsFoundWhoeverHandsItIn()
    {
        var scene = await PayScene.OpenAsync(company);
        var (ada, bob) = (await scene.HireAsync(), await scene.HireAsync());
        var receipt = Pdf();
        var first = await scene.ClaimAsync(ada, receipt);

        var again = await scene.ClaimAsync(ada, receipt, "21.00");
        Assert.Equal("compensation.receipt_used", again.Code());
        Assert.Contains(Id(first), again.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var others = await scene.ClaimAsync(bob, receipt);
        Assert.Equal("The receipt is in a claim of somebody else.", others.Body.GetProperty("detail").GetString());

        var both = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => scene.ClaimAsync(i % 2 == 0 ? ada : bob, Pdf(7))));
        Assert.Single(both, a => a.Status == HttpStatusCode.OK);

        await DecideAsync(scene, Id(first), "decline", PayScene.One, "Another month.");
        Assert.Equal("compensation.receipt_used", (await scene.ClaimAsync(bob, receipt)).Code());
        Assert.Equal("ok", (await scene.ClaimAsync(ada, receipt)).Code()); // declined, their own may come again
        Assert.Contains("claim_declined", await scene.NoticesAsync(ada));
        Assert.Equal(1, await company.ScalarAsync($"""
            select count(*) from compensation.receipt_content where content = '\x{Convert.ToHexString(receipt)}'
            """));
        Assert.Empty(await scene.VerifyAsync());
    }

    [Fact]
    public async Task File_AlikeButAnotherReceipt_IsFlagged()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync();
        var first = Id(await scene.ClaimAsync(ada, Pdf()));
        await scene.ClaimAsync(ada, Pdf(), "22.00");
        var alike = await scene.ClaimAsync(ada, Pdf());

        Assert.Equal(first, Assert.Single(
            alike.Body.GetProperty("claim").GetProperty("alike").EnumerateArray()).GetString());
        var open = (await company.GetAsync("/api/v1/claims?open=true")).Body.GetProperty("claims");
        Assert.Contains(open.EnumerateArray(), c => c.GetProperty("id").GetString() == first);
        Assert.Equal(3, (await company.GetAsync($"/api/v1/people/{ada}/claims", $"{ada}")).Body
            .GetProperty("claims").GetArrayLength());
    }

    [Fact]
    public async Task File_BadForm_IsRefusedAndNothingIsKept()
    {
        var scene = await PayScene.OpenAsync(company);
        var ada = await scene.HireAsync();

        Assert.Equal("compensation.receipt_unreadable", (await scene.ClaimAsync(ada, "<svg/>"u8.ToArray())).Code());
        Assert.Equal("compensation.receipt_unreadable", (await scene.ClaimAsync(ada, [])).Code());
        Assert.Equal("compensation.receipt_too_large",
            (await scene.ClaimAsync(ada, [.. Pdf(), .. new byte[5 * 1024 * 1024]])).Code());
        var wrong = await scene.ClaimAsync(ada, Pdf(), "-1");
        Assert.Equal("compensation.claim_invalid", wrong.Code());
        Assert.Equal("amount", wrong.Body.GetProperty("errors")[0].GetProperty("column").GetString());
        Assert.Equal("compensation.claim_invalid", (await company.SendAsync(
            HttpMethod.Post, "/api/v1/claims", new StringContent("a=b", Encoding.UTF8, "text/plain"),
            $"{ada}")).Code());
        Assert.Equal("people.person_not_found", (await scene.ClaimAsync(ada, Pdf(), caller: PayScene.One)).Code());
        Assert.Equal(0, await company.ScalarAsync(
            $"select count(*) from compensation.claim where person_id = '{ada.Value}'"));
    }

    [Fact]
    public async Task File_TermsWithoutClaims_IsRefused()
    {
        var scene = await PayScene.OpenAsync(
            company, PayScene.Terms[..PayScene.Terms.IndexOf("claims:", StringComparison.Ordinal)]);

        Assert.Equal("compensation.claims_not_offered",
            (await scene.ClaimAsync(await scene.HireAsync(), Pdf())).Code());
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> DecideAsync(
        PayScene scene, string id, string does, string caller, string? reason = null) =>
        scene.PostAsync($"/api/v1/claims/{id}/{does}", new { reason }, caller);

    private static byte[] Pdf(int? number = null) =>
        Encoding.ASCII.GetBytes($"%PDF-1.7 {(object?)number ?? Guid.NewGuid()}");

    private static string Id((HttpStatusCode, JsonElement Body) answer) =>
        answer.Body.GetProperty("claim").GetProperty("id").GetString()!;
}
