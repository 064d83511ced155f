using Microsoft.AspNetCore.Routing;

namespace Guerdon.Database.Grants;

/// <summary>Every endpoint that changes something: it decides, and is held to <see cref="DecisionTests"/>, or does
/// not.</summary>
public sealed class DecisionEndpointTests(Company company) : IClassFixture<Company>
{
    // Terms and files that take effect as they are sent are left out of the rules above on purpose, each by name.
    internal static readonly Dictionary<string, string> Others = new()
    {
        ["POST /api/v1/grants/runs"] = "asks", ["POST /api/v1/grants/awards"] = "asks",
        ["POST /api/v1/grants/awards/import"] = "asks", ["POST /api/v1/grants/runs/{id}/reverse"] = "asks",
        ["POST /api/v1/grants/runs/{id}/lines/{line:int}/vesting"] = "asks", ["POST /api/v1/tiers/requests"] = "asks",
        ["POST /api/v1/plans/{name}/phases/{phase}"] = "asks", ["POST /api/v1/claims"] = "asks",
        ["POST /api/v1/people/{personOrEmail}/conversions"] = "asks", ["POST /api/v1/prices/proposals"] = "asks",
        ["POST /api/v1/conversions/{id}/reversal"] = "asks", ["POST /api/v1/reconciliation/preview"] = "asks",
        ["POST /api/v1/conversions/{id}/withdraw"] = "takes one's own back",
        ["POST /api/v1/people/{personOrEmail}/notices/seen"] = "one's own",
        ["PUT /api/v1/people/{personOrEmail}/notices/choices"] = "one's own",
        ["POST /api/v1/notices/deliveries/again"] = "told once more",
        ["POST /api/v1/plans/check"] = "reads", ["POST /api/v1/plans/diff"] = "reads",
        ["POST /api/v1/vesting/check"] = "reads", ["POST /api/v1/offers/check"] = "reads",
        ["POST /api/v1/offers/compare"] = "reads", ["POST /api/v1/payroll/check"] = "reads",
        ["POST /api/v1/conversion-terms/check"] = "reads",
        ["POST /api/v1/people/{personOrEmail}/conversions/quote"] = "reads",
        ["POST /api/v1/conversion-terms"] = "asks", ["POST /api/v1/payroll"] = "asks",
        ["POST /api/v1/plans"] = "asks",
        ["POST /api/v1/token-value"] = "asks", ["POST /api/v1/people/import"] = "asks",
        ["POST /api/v1/people/{personOrEmail}/changes"] = "asks",
        ["PUT /api/v1/people/{personOrEmail}/email"] = "asks", ["POST /api/v1/people/identity-kinds"] = "terms",
        ["POST /api/v1/usage/import"] = "facts", ["POST /api/v1/reconciliation/reports"] = "facts",
        ["POST /api/v1/payroll/export"] = "writes what is decided", ["POST /api/v1/offers"] = "pays nobody here",
        ["POST /api/v1/offers/{offer}/links"] = "pays nobody here",
        ["DELETE /api/v1/offers/links/{link}"] = "pays nobody here",
    };

    private static readonly string[] Decisions =
    [
        "POST /api/v1/grants/runs/{id}/approve", "POST /api/v1/grants/runs/{id}/decline",
        "POST /api/v1/grants/runs/{id}/reverse/approve", "POST /api/v1/vesting/facts/{id}/approve",
        "POST /api/v1/vesting/facts/{id}/decline", "POST /api/v1/tiers/requests/{id}/approve",
        "POST /api/v1/tiers/requests/{id}/decline", "POST /api/v1/plans/{name}/phases/{phase}/votes",
        "POST /api/v1/conversions/{id}/approve", "POST /api/v1/conversions/{id}/decline",
        "POST /api/v1/conversions/{id}/reversal/approve", "POST /api/v1/conversions/{id}/reversal/decline",
        "POST /api/v1/claims/{id}/approve", "POST /api/v1/claims/{id}/decline",
        "POST /api/v1/prices/proposals/{id}/approve", "POST /api/v1/prices/proposals/{id}/decline",
        "POST /api/v1/departures/{id}/approve", "POST /api/v1/departures/{id}/decline",
        "POST /api/v1/departures/{id}/return", // LeavingDecisionTests
        "POST /api/v1/departures/held/confirm", "POST /api/v1/departures/held/decline", // LeavingTests
        "POST /api/v1/reconciliation/{id}/apply", // ReconciliationTests.Apply_WhoAsked…
        "POST /api/v1/reconciliation/{id}/decline", // DeclineTests
        "POST /api/v1/inputs/{id}/approve", "POST /api/v1/inputs/{id}/decline", // InputTests
    ];

    [Fact]
    public void Endpoints_ThatChangeSomething_AreEachKnownHere()
    {
        var found = company.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(m => m is not ("GET" or "HEAD"))
                .Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}"));
        Assert.Equal(Decisions.Concat(Others.Keys).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
