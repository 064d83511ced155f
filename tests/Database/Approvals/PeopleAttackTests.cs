using System.Net;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Approvals;

/// <summary>An administrator who is also an employee raises their own pay: by a file, a change or an address; alone, by
/// another account of theirs, or by somebody whose own row is in the same file.</summary>
public sealed class PeopleAttackTests : IAsyncLifetime
{
    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 5%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private const string Founder = "admin:founder@example.com";

    private readonly Company _company = new();
    private string _eve = "", _bob = "";

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        await _company.ImportAsync(Rows(100_000));
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        _eve = $"admin:eve@example.com:{await PersonAsync("eve")}";
        _bob = $"admin:bob@example.com:{await PersonAsync("bob")}";
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Theory]
    [InlineData("by oneself")]
    [InlineData("by a second account")]
    [InlineData("by an account that became one's own later")]
    [InlineData("by somebody whose row is in it too")]
    public async Task OwnRow_AmongFiveHundred_IsNotApproved(string way)
    {
        var (status, body) = await _company.SendPeopleAsync(Rows(200_000), _eve);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        Assert.Equal(502, body.GetProperty("waits").GetProperty("reach").GetInt32());
        _company.Admins.Known["later@example.com"] = (await PersonAsync("eve")).Value;
        var approver = way switch
        {
            "by oneself" => _eve,
            "by a second account" => $"admin:other@example.com:{await PersonAsync("eve")}",
            "by somebody whose row is in it too" => _bob,
            _ => "admin:later@example.com",
        };
        var done = await ApproveAsync(body, approver);
        Assert.Equal("approvals.input_own", done.Code());
        Assert.Contains(
            "have your own row proposed by itself", done.Body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(502, await _company.ScalarAsync(
            "select count(*) from people.v_person where base_pay_cents = 10000000"));
        var shown = (await _company.GetAsync($"/api/v1/inputs/{IdOf(body)}", approver)).Body;
        Assert.False(shown.GetProperty("youMay").GetBoolean());
        Assert.StartsWith("Your own row is in it. For you changes: pay from base 100000.00",
            shown.GetProperty("onYou").GetString(), StringComparison.Ordinal);

        var other = await ApproveAsync(body, "admin:accountant@example.com"); // whose row is not in it
        Assert.True(other.Status == HttpStatusCode.OK, other.Body.ToString());
        Assert.Equal(502, await _company.ScalarAsync(
            "select count(*) from people.v_person where base_pay_cents = 20000000"));
    }

    // As the refusal says.
    [Fact]
    public async Task OthersWithoutOnesOwnRow_AreApproved_ThoughTheFileHadItAtFirst()
    {
        await _company.SendPeopleAsync(Rows(200_000), _eve);
        var (_, body) = await _company.SendPeopleAsync(Rows(200_000, "bob"), _eve);
        var done = await ApproveAsync(body, _bob);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    // The whole export is sent each week, whatever became of the last one.
    [Fact]
    public async Task OwnRow_OfAFileThatWasDeclined_KeepsNobodyOutOnceItIsDone()
    {
        var export = Rows(100_000).Replace(",L5,", ",L6,", StringComparison.Ordinal);
        var (_, first) = await _company.SendPeopleAsync(export, _eve);
        Assert.Equal(HttpStatusCode.OK, (await _company.DeclineInputAsync(
            first.GetProperty("waits"), "My row is in it.", _bob)).Status);
        await _company.ImportAsync(Row("bob", 100_000).Replace(",L5,", ",L6,", StringComparison.Ordinal));
        var (_, again) = await _company.SendPeopleAsync(export, _eve);
        var done = await ApproveAsync(again, _bob);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    [Fact]
    public async Task OwnRow_ThatSaysNothingElse_KeepsNobodyOut()
    {
        var (_, body) = await _company.SendPeopleAsync(Rows(200_000, "bob") + Row("bob", 100_000), _eve);
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(body, _bob)).Status);
    }

    [Fact]
    public async Task OwnChange_IsRefused_AndOnesOwnAddressWaits()
    {
        var own = await _company.PostAsync(
            "/api/v1/people/eve@example.com/changes", new { basePay = "200000", totalPay = "200000" }, _eve);
        Assert.Equal("people.own_change", own.Code());
        // An address is whose account it is: bob's would be eve's person.
        var sent = await EmailAsync("eve", "consultant@example.com", _eve);
        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Equal("approvals.input_own", (await ApproveAsync(sent.Body, _eve)).Code());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OnlyAdministrator_NeverDecidesAloneWhatIsTheirs(bool newcomer)
    {
        _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        var (caller, rows) = newcomer
            ? (Founder, Row("founder", 900_000)) : (_eve, Row("eve", 900_000) + Row("p1", 101_000));
        var (status, body) = await _company.SendPeopleAsync(rows, caller);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        Assert.Equal("approvals.input_own", (await ApproveAsync(body, caller, alone: true)).Code());
        Assert.Equal(0, await _company.ScalarAsync(
            "select count(*) from people.v_person where base_pay_cents = 90000000"));

        // What is others' alone they do decide, on record.
        var others = await _company.SendPeopleAsync(Row("p1", 101_000), caller);
        Assert.True(others.Status == HttpStatusCode.OK, others.Body.ToString());
        Assert.Equal(1, await _company.ScalarAsync(
            "select count(*) from approvals.v_input where kind = 'people' and decided_alone"));
    }

    // In two steps: raise somebody, then become them.
    [Fact]
    public async Task AddressThatOneSignsInWith_IsOnesOwn()
    {
        _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(Row("p1", 900_000), Founder)).Status);
        var sent = await EmailAsync("p1", "founder@example.com", Founder);
        Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Body.ToString());
        Assert.Equal("approvals.input_own", (await ApproveAsync(sent.Body, Founder, alone: true)).Code());

        _company.Admins.Count = 2;
        var newcomer = await _company.SendPeopleAsync(Row("Cy", 900_000), _eve);
        var own = await ApproveAsync(newcomer.Body, "admin:cy@example.com");
        Assert.Equal("approvals.input_own", own.Code());
        Assert.Contains("The address that you sign in with", own.Body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        var shown = (await _company.GetAsync($"/api/v1/inputs/{IdOf(newcomer.Body)}", "admin:cy@example.com")).Body;
        Assert.False(shown.GetProperty("youMay").GetBoolean());
    }

    // Proposing is of the people role, approving of finance.
    [Theory]
    [InlineData("people:hr2@example.com", HttpStatusCode.Forbidden)]
    [InlineData("administrator:root@example.com", HttpStatusCode.Forbidden)]
    [InlineData("finance:cfo@example.com", HttpStatusCode.OK)]
    public async Task Approval_IsFinances(string caller, HttpStatusCode status)
    {
        var (sent, body) = await _company.SendPeopleAsync(Row("p1", 101_000), "people:hr@example.com");
        Assert.Equal(HttpStatusCode.Accepted, sent);
        Assert.Equal(status, (await ApproveAsync(body, caller)).Status);
    }

    private static string Rows(int pay, string without = "") => string.Concat(
        Enumerable.Range(0, 500).Select(i => $"p{i}").Prepend("bob").Append("eve").Where(name => name != without)
            .Select(name => Row(name, pay)));

    private static string Row(string name, int pay) =>
        Company.Row($"{name}@example.com", $"Engineering,Engineer,L5,US,CC1,2024-01-15,,{pay},{pay},USD,");

    private async Task<PersonId> PersonAsync(string name) =>
        (await _company.Get<PeopleDirectory>().FindAsync($"{name}@example.com", Company.Ct))!.Id;

    private Task<(HttpStatusCode Status, JsonElement Body)> EmailAsync(string name, string email, string by) =>
        _company.SendAsync(
            HttpMethod.Put, $"/api/v1/people/{name}@example.com/email",
            System.Net.Http.Json.JsonContent.Create(new { email }), by);

    private Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(
        JsonElement sent, string by, bool alone = false) =>
        _company.ApproveInputAsync(sent.GetProperty("waits"), by, alone);

    private static string IdOf(JsonElement sent) => InputCalls.IdOf(sent.GetProperty("waits"));
}
