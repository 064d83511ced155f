using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Approvals;

/// <summary>An administrator who is also an employee wants to pay themselves: terms of 10 USD a token without notice or
/// approval, and a conversion by them. No way of applying these terms by one person brings a pay line.</summary>
public sealed class InputAttackTests : IAsyncLifetime
{
    private const string Greedy = """
        effective_from: 2026-01-01
        notice_days: 0
        lock: 72h
        approval: none
        windows:
          - name: autumn
            from: 2026-11-01
            to: 2027-01-31
        cash:
          rates: {USD: 10}
          reason: Because I say so.
        """;

    private readonly Company _company = new();
    private PayScene _scene = null!;
    private PersonId _eve;
    private string _caller = "";

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        _scene = new PayScene(_company);
        _eve = await _scene.HireAsync(100);
        var email = (await _company.Get<PeopleDirectory>().FindAsync($"{_eve}", Company.Ct))!.Email;
        _caller = $"admin:{email}:{_eve}";
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Theory]
    [InlineData("the same account")]
    [InlineData("a second account of the same person")]
    [InlineData("a second account that became the person's later")]
    [InlineData("only administrator, saying alone")]
    [InlineData("only administrator, applying again")]
    public async Task TermsForOneself_ApprovedBy(string way)
    {
        var isLone = way.StartsWith("only", StringComparison.Ordinal);
        if (isLone) _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = isLone;
        var waits = await ProposeAsync(Greedy);

        _company.Admins.Known["later@example.com"] = _eve.Value;
        var approver = way switch
        {
            "a second account of the same person" => $"admin:other@example.com:{_eve}",
            "a second account that became the person's later" => "admin:later@example.com",
            _ => _caller,
        };
        if (way == "only administrator, applying again") await ProposeAsync(Greedy);
        else Assert.Equal("approvals.input_own", (await _company.ApproveInputAsync(waits, approver, isLone)).Code());
        await NothingIsPaidAsync();
    }

    // What the only administrator sets without being on file reaches nobody of theirs; on file, they wait.
    [Fact]
    public async Task TermsForManyAmongThemOneself_AsTheOnlyAdministrator_Wait()
    {
        _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 30).Select(i => Company.Row($"many{i}@example.com"))));

        var waits = await ProposeAsync(Greedy);
        Assert.Equal(31, waits.GetProperty("reach").GetInt32());
        var alone = await _company.ApproveInputAsync(waits, _caller, alone: true);
        Assert.Equal("approvals.input_own", alone.Code());
        await NothingIsPaidAsync();
    }

    // Terms are refused that pay far more than a token is worth, unless payroll says that the currency is worth little.
    [Fact]
    public async Task PayrollSettingsThatMakeARatePass_WaitToo()
    {
        await _company.ProposeAsync("/api/v1/payroll", PayrollTests.Settings, _caller);
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.payroll_settings"));
    }

    private async Task NothingIsPaidAsync()
    {
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.conversion_terms"));
        var asked = await _scene.RequestAsync(_eve, 100, "k");
        Assert.Equal("compensation.no_terms", asked.Code());
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.pay_line"));
    }

    private Task<JsonElement> ProposeAsync(string terms) =>
        _company.ProposeAsync("/api/v1/conversion-terms", terms, _caller);
}
