using System.Net.Http.Json;
using Guerdon.Database.Grants;

namespace Guerdon.Database.Metering;

/// <summary>Who may ask for reconciliations, and for which.</summary>
public sealed class ReconciliationRoutesTests(Company company) : IClassFixture<Company>
{
    private const string Path = "/api/v1/reconciliation";

    [Theory]
    [InlineData("GET", Path + "?from=2026-11-20&to=2026-11-19", "metering.scope_invalid", 400)]
    [InlineData("GET", Path + "?from=2020-01-01&to=2026-11-19", "metering.scope_invalid", 400)]
    [InlineData("POST", Path + "/rec_00000000000070008000000000000001/apply", "metering.reconciliation_not_found", 404)]
    [InlineData("POST", Path + "/nothing/apply", "metering.reconciliation_not_found", 404)]
    public async Task Ask_NoSuchThing_IsRefused(string method, string path, string code, int status)
    {
        var (said, reply) = await company.SendAsync(new HttpMethod(method), path, null);
        Assert.Equal((status, code), ((int)said, reply.GetProperty("title").GetString()));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/reports")]
    [InlineData("POST", "/preview")]
    [InlineData("POST", "/rec_00000000000070008000000000000001/apply")]
    public async Task Ask_NoAdministrator_IsForbidden(string method, string path)
    {
        foreach (var (caller, status) in new[] { ("nobody", 401), ("prs_00000000000070008000000000000001", 403) })
        {
            var said = await company.SendAsync(
                new HttpMethod(method), Path + path, JsonContent.Create(new { provider = "openai" }), caller);
            Assert.Equal(status, (int)said.Status);
        }
    }
}
