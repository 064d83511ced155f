using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Payroll;
using Guerdon.Grants.Tiers;

namespace Guerdon.Database.Grants;

/// <summary>What waits stands first in the lists that administrators decide from, the oldest of it on top: where a list
/// is cut it can be decided all the same.</summary>
public sealed class WaitingFirstTests(Company company) : IClassFixture<Company>
{
    private const string Plan = """
        name: tiered
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        tiers: [{ name: expert, adds: 50%, needs: A use case }]
        """;

    private static string Text(JsonElement body, string property) => body.GetProperty(property).GetString()!;

    // Three, a minute apart, of which the second is decided.
    private async Task<string[]> ThreeAsync(Func<int, Task<string>> ask, Func<string, Task<HttpStatusCode>> decline)
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await ask(i));
            company.Clock.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(HttpStatusCode.OK, await decline(ids[1]));
        return [ids[0], ids[2], ids[1]];
    }

    private async Task<HttpStatusCode> DeclineAsync(string path) =>
        (await company.PostAsync($"/api/v1/{path}/decline", new { reason = "No" }, "admin:bob")).Status;

    private async Task<string[]> ListedAsync(string path, string member) =>
        [.. (await company.GetAsync($"/api/v1/{path}")).Body.GetProperty(member).EnumerateArray()
            .Select(one => Text(one, "id"))];

    [Fact]
    public async Task Claims_ThatWait_StandFirst()
    {
        var scene = await PayScene.OpenAsync(company);
        var person = await scene.HireAsync(1_000);
        var ids = await ThreeAsync(
            async i => Text((await scene.ClaimAsync(person, Encoding.ASCII.GetBytes($"%PDF-1.4\n% {i}\n%%EOF\n")))
                .Body.GetProperty("claim"), "id"),
            id => DeclineAsync($"claims/{id}"));
        Assert.Equal(ids, await ListedAsync("claims", "claims"));
        Assert.Equal(ids[..2], await ListedAsync("claims?open=true", "claims"));
        // One's own stay the newest first.
        Assert.Equal([ids[1], ids[2], ids[0]], await ListedAsync($"people/{person}/claims", "claims"));
    }

    [Fact]
    public async Task Conversions_ThatWait_StandFirst()
    {
        var scene = await PayScene.OpenAsync(company);
        var person = await scene.HireAsync(1_000);
        var ids = await ThreeAsync(
            i => scene.LockAsync(person, 100, $"k{i}"), id => DeclineAsync($"conversions/{id}"));
        Assert.Equal(ids, await ListedAsync("conversions", "conversions"));
        Assert.Equal([ids[1], ids[2], ids[0]], await ListedAsync($"people/{person}/conversions", "conversions"));
    }

    [Fact]
    public async Task PriceLists_ThatWait_StandFirst()
    {
        var ids = await ThreeAsync(
            async i =>
            {
                var list = $"model,provider,input,output,context_tokens\nm-{i},openai,1,2,1000\n";
                var (_, body) = await company.SendAsync(
                    HttpMethod.Post, "/api/v1/prices/proposals?format=csv", new StringContent(list), "admin:ann");
                return Text(body.GetProperty("proposal"), "id");
            },
            id => DeclineAsync($"prices/proposals/{id}"));
        Assert.Equal(ids, await ListedAsync("prices/proposals", "proposals"));
    }

    [Fact]
    public async Task Tiers_ThatWait_StandFirst_WhateverIsCut()
    {
        await company.PlanAsync(Plan);
        var scene = await PayScene.OpenAsync(company);
        var asked = new { plan = "tiered", tier = "expert", useCase = "Bots", impact = "Fewer bugs" };
        var ids = await ThreeAsync(
            async _ => Text((await company.PostAsync(
                "/api/v1/tiers/requests", asked, $"{await scene.HireAsync(1)}")).Body, "id"),
            id => DeclineAsync($"tiers/requests/{id}"));
        var requests = company.Get<TierRequests>();
        Assert.Equal(ids, (await requests.ToReviewAsync(200, Company.Ct)).Select(one => $"{one.Id}"));
        Assert.Equal(ids[0], $"{(await requests.ToReviewAsync(1, Company.Ct))[0].Id}");
    }
}
