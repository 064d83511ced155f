using System.Text.RegularExpressions;
using Dapper;
using Guerdon.Database.Grants;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Database.Host;

/// <summary>
/// A decision names what is decided: either the id of what never changes once it is asked for, which the database holds
/// the application to, or also what tells one state of the thing from another. Every endpoint that changes something is
/// in one of the tables: a new one fails until somebody has said which it is.
/// </summary>
public sealed partial class DecisionNamesTests
{
    // What the body must have beside the id. Each is refused without it, and with another than the thing's:
    // RunApprovalTests, TierAndPhaseTests, ConversionTests, HoldTests.
    private static readonly Dictionary<string, string> Named = new()
    {
        ["POST /api/v1/grants/runs/{id}/approve"] = "Digest",
        ["POST /api/v1/plans/{name}/phases/{phase}/votes"] = "Digest",
        ["POST /api/v1/inputs/{id}/approve"] = "Digest", // InputTests
        ["POST /api/v1/conversions/{id}/reversal/approve"] = "Step",
        ["POST /api/v1/conversions/{id}/reversal/decline"] = "Step",
        ["POST /api/v1/gateway-stops/{wallet}/clear"] = "Requests",
        ["POST /api/v1/departures/held/confirm"] = "Digest", // LeavingTests
        ["POST /api/v1/departures/held/decline"] = "Digest",
    };

    // Where what is asked for is written once.
    private static readonly Dictionary<string, string> Immutable = new()
    {
        ["POST /api/v1/vesting/facts/{id}/approve"] = "compensation.vesting_fact",
        ["POST /api/v1/vesting/facts/{id}/decline"] = "compensation.vesting_fact",
        ["POST /api/v1/tiers/requests/{id}/approve"] = "compensation.tier_request",
        ["POST /api/v1/tiers/requests/{id}/decline"] = "compensation.tier_request",
        ["POST /api/v1/conversions/{id}/approve"] = "compensation.conversion",
        ["POST /api/v1/conversions/{id}/decline"] = "compensation.conversion",
        ["POST /api/v1/claims/{id}/approve"] = "compensation.claim",
        ["POST /api/v1/claims/{id}/decline"] = "compensation.claim",
        ["POST /api/v1/prices/proposals/{id}/approve"] = "pricing.proposal",
        ["POST /api/v1/prices/proposals/{id}/decline"] = "pricing.proposal",
        ["POST /api/v1/reconciliation/{id}/decline"] = "metering.reconciliation",
        ["POST /api/v1/role-requests/{id}/approve"] = "host.role_request",
        ["POST /api/v1/role-requests/{id}/decline"] = "host.role_request",
    };

    private static readonly Dictionary<string, string> ForOtherReasons = new()
    {
        ["POST /api/v1/departures/{id}/approve"] = "person and day are never changed; decided ones are refused",
        ["POST /api/v1/departures/{id}/return"] = "person and day are never changed, and the newest is meant",
        ["POST /api/v1/departures/{id}/decline"] = "whatever it has become, nothing is lost",
        ["POST /api/v1/inputs/{id}/decline"] = "whatever it has become is not applied",
        ["POST /api/v1/grants/runs/{id}/decline"] = "whatever it has become is not paid",
        ["POST /api/v1/grants/runs/{id}/reverse/approve"] = "asked for once: who asks again changes nothing",
        ["POST /api/v1/sso/requests/{id}/approve"] = "settings never change; a secret is only erased",
        ["POST /api/v1/sso/requests/{id}/decline"] = "settings never change",
        ["POST /api/v1/reconciliation/{id}/apply"] = "compared again with what was shown: ReconciliationTests",
    };

    // Of modules that DecisionTests does not start.
    internal static readonly Dictionary<string, string> Others = new()
    {
        ["POST /api/v1/keys"] = "one's own", ["DELETE /api/v1/keys/{id}"] = "one's own",
        ["POST /api/v1/tokens"] = "one's own", ["DELETE /api/v1/tokens/{token}"] = "one's own",
        ["DELETE /api/v1/sessions"] = "one's own", ["DELETE /api/v1/sessions/{session}"] = "one's own",
        ["DELETE /api/v1/accounts/{emailOrAccount}/sessions"] = "whose they are",
        ["POST /api/v1/login"] = "asks", ["POST /api/v1/login/poll"] = "one's own",
        ["POST /api/v1/login/password"] = "one's own",
        ["POST /api/v1/accounts"] = "without a role", ["POST /api/v1/accounts/{account}/close"] = "takes",
        ["POST /api/v1/accounts/{account}/reset"] = "on record, and only of whoever has no role that its maker lacks",
        ["POST /api/v1/accounts/{account}/vouch"] = "whose it is",
        ["POST /api/v1/accounts/{account}/roles"] = "asks",
        ["POST /api/v1/accounts/{account}/roles/{role}/take"] = "takes",
        ["POST /api/v1/gateway-policy"] = "asks", ["POST /api/v1/gateway-policy/check"] = "reads",
        ["POST /api/v1/gateway-policy/close"] = "an emergency", ["POST /api/v1/gateway-policy/open"] = "asks",
        ["PUT /api/v1/sso/{name}"] = "asks", ["DELETE /api/v1/sso/{name}"] = "takes",
        ["POST /api/v1/sso/{name}/test"] = "reads",
        ["PUT /api/v1/providers/{name}"] = "asks", ["DELETE /api/v1/providers/{name}"] = "asks",
        ["POST /api/v1/providers/{name}/rotate"] = "another key, to where two said; on record (ADR 0058)",
        ["POST /api/v1/providers/{name}/retire"] = "takes",
    };

    [Fact]
    public async Task Decisions_OfTheWholeProduct_NameWhatIsDecided()
    {
        await using var app = await RealApp.StartAsync();
        var changing = app.Endpoints
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(m => m is not ("GET" or "HEAD"))
                .Select(m => (Name: $"{m} /{e.RoutePattern.RawText!.Trim('/')}", Endpoint: e)))
            .Where(e => e.Name.Contains("/api/", StringComparison.Ordinal)).ToList();

        var known = Named.Keys.Concat(Immutable.Keys).Concat(ForOtherReasons.Keys).Concat(Others.Keys)
            .Concat(DecisionEndpointTests.Others.Keys);
        Assert.Equal(known.Order(StringComparer.Ordinal), changing.Select(e => e.Name).Order(StringComparer.Ordinal));

        foreach (var (name, member) in Named)
        {
            var body = changing.Single(e => e.Name == name).Endpoint.Metadata.GetMetadata<IAcceptsMetadata>();
            Assert.Contains(member, body!.RequestType!.GetProperties().Select(p => p.Name));
        }

        await using var connection = await app.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var table in Immutable.Values.Distinct())
        {
            var log = await connection.ExecuteScalarAsync<string>("""
                select pg_get_triggerdef(oid) from pg_trigger where tgrelid = @table::regclass
                   and tgname = 'zzz_log_update'
                """, new { table });
            var columns = Arguments().Matches(log!)[1].Groups[1].Value
                .Split(',', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(columns, column => Assert.Matches(
                "^(is_approved|decision|reason|from_on|(decided|approved|declined)_[a-z_]+)$", column));
        }
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Arguments();
}
