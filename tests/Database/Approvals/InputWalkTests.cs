using System.Net;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;

namespace Guerdon.Database.Approvals;

/// <summary>Every endpoint that writes what payments are computed from: none takes effect by one person where another
/// is there to approve, but for those that are named here.</summary>
public sealed class InputWalkTests(Company company) : IClassFixture<Company>
{
    // Nothing is added here; what another approves is taken off.
    private static readonly string[] ByOnePerson = ["POST /api/v1/people/identity-kinds"];

    // Payroll first: what its currencies are worth decides which rates of terms pass.
    private static readonly (string Kind, string Endpoint, string Example, string Table)[] ByTwo =
    [
        ("payroll_settings", "POST /api/v1/payroll", "payroll.yaml", "compensation.payroll_settings"),
        ("conversion_terms", "POST /api/v1/conversion-terms", "conversion.yaml", "compensation.conversion_terms"),
        ("plan", "POST /api/v1/plans", "plan.yaml", "compensation.plan"),
    ];

    [Fact]
    public void Endpoints_ThatTakeEffectByOnePerson_AreNamed() => Assert.Equal(
        ByOnePerson.Order(StringComparer.Ordinal),
        DecisionEndpointTests.Others.Concat(DecisionNamesTests.Others).Where(one => one.Value == "terms")
            .Select(one => one.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Kinds_AreAllWalked() => Assert.Equal( // tokens: CalibrateTokenValueTests; people: PeopleInputTests
        ByTwo.Select(one => one.Kind).Concat(["token_value", "people"]).Order(),
        company.Get<IEnumerable<IInput>>().Select(kind => kind.Kind).Order());

    [Fact]
    public async Task Inputs_SentByOne_AreInEffectOnceAnotherApproves()
    {
        foreach (var (kind, endpoint, example, table) in ByTwo)
        {
            Assert.Equal("asks", DecisionEndpointTests.Others[endpoint]);
            var path = endpoint.Split(' ')[1];
            var text = await File.ReadAllTextAsync(RunningApp.Example(example), Company.Ct);
            var waits = await company.ProposeAsync(path, text, "admin:ann@example.com");

            Assert.Equal(0, await company.ScalarAsync($"select count(*) from {table}"));
            Assert.Equal(kind, waits.GetProperty("kind").GetString());
            var done = await company.ApproveInputAsync(waits, "admin:bob@example.com");
            Assert.True(done.Status == HttpStatusCode.OK, $"{kind}: {done.Body}");
            Assert.Equal(1, await company.ScalarAsync($"select count(*) from {table}"));
        }
    }
}
