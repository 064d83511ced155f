using System.Net;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;

namespace Guerdon.Database.Approvals;

/// <summary>In a company of many, what changes something for somebody of another currency or country is theirs; and a
/// proposal tells nobody what others are paid.</summary>
public sealed class InputNarrowTests : IAsyncLifetime
{
    private const string Terms = "/api/v1/conversion-terms", Settings = "/api/v1/payroll";
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";

    private readonly Company _company = new();
    private string _eva = "";

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        _eva = await _company.HireManyAndEvaAsync("Engineering", "L5");
        await PayrollTests.ApplyAsync(_company, PayrollTests.Settings);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Theory]
    [InlineData("EUR: 0.001}", "EUR: 0.002}", 1)] // hers alone
    [InlineData("USD: 0.001,", "USD: 0.002,", 25)]
    [InlineData("notice_days: 14", "notice_days: 30", 26)]
    public async Task Terms_ThatChangeARate_ReachWhoConvertsAtIt(string was, string becomes, int reach)
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, InputCalls.TwoRates)).Status);
        await ReachesAsync(Terms, InputCalls.TwoRates.Replace(was, becomes, StringComparison.Ordinal), reach);
    }

    [Theory]
    [InlineData("EUR: 1.08", "EUR: 1.20", 1)]
    [InlineData("code: RSU", "code: RSX", 1)] // of her country alone
    [InlineData("code: FRINGE", "code: OTHER", 25)]
    [InlineData("code: TOKEN", "code: TOKENS", 26)]
    [InlineData("pay_after_days: 5", "pay_after_days: 6", 26)]
    public async Task Payroll_ThatChangesACurrencyOrACode_ReachesWhosePayItIs(string was, string becomes, int reach)
    {
        var next = PayrollTests.Settings.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal);
        await ReachesAsync(Settings, next.Replace(was, becomes, StringComparison.Ordinal), reach);
    }

    // Of a plan for one, what it comes to is their pay.
    [Fact]
    public async Task Plan_IsShownWithoutWhatItComesTo_ToWhoDoesNotSeePay()
    {
        const string plan = """
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 25%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            """;
        var waits = await SendAsync("/api/v1/plans", plan);
        var id = InputCalls.IdOf(waits);
        foreach (var (caller, sees) in new[] { ("board:bea@example.com", false), ("finance:fay@example.com", true) })
        {
            var shown = (await _company.GetAsync($"/api/v1/inputs/{id}", caller)).Body.GetProperty("proposal");
            var listed = (await _company.GetAsync("/api/v1/inputs", caller)).Body.GetProperty("inputs")[0];
            Assert.Equal(
                waits.GetProperty("digest").GetString(),
                shown.GetProperty("digest").GetString());
            foreach (var one in new[] { shown, listed })
            {
                Assert.Equal(sees, one.GetProperty("changes").ToString().Contains("USD in", StringComparison.Ordinal));
                Assert.Contains("allowance.share", one.GetProperty("changes").ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task DeclinedWhileItIsReplaced_OneOfBothIsTold()
    {
        for (var round = 0; round < 8; round++)
        {
            var first = await SendAsync(Terms, $"{InputCalls.TwoRates}\n# {round}");
            var declining = _company.DeclineInputAsync(first, "No.", Bob);
            var replacing = SendAsync(Terms, $"{InputCalls.TwoRates}\n# {round} again");
            var (status, body) = await declining;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Conflict, body.ToString());
            Assert.Equal("waiting", (await replacing).GetProperty("state").GetString());
        }
    }

    private async Task ReachesAsync(string path, string text, int reach)
    {
        _company.Clock.Now += TimeSpan.FromDays(HeldSince.Days + 1); // people have what holds
        var waits = await SendAsync(path, text);
        Assert.Equal(reach, waits.GetProperty("reach").GetInt32());
        var done = await _company.ApproveInputAsync(waits, _eva);
        Assert.Equal(reach == 1 ? HttpStatusCode.Forbidden : HttpStatusCode.OK, done.Status);
    }

    private Task<JsonElement> SendAsync(string path, string text) => _company.ProposeAsync(path, text, Ann);
}
