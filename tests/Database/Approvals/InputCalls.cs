using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;

namespace Guerdon.Database.Approvals;

/// <summary>How tests propose an input of payments, and decide it.</summary>
internal static class InputCalls
{
    /// <summary>Terms with a rate in two currencies.</summary>
    public static readonly string TwoRates =
        PayScene.Terms.Replace("{USD: 0.001}", "{USD: 0.001, EUR: 0.001}", StringComparison.Ordinal);

    /// <summary>Sends a file, which must wait.</summary>
    /// <returns>The proposal.</returns>
    public static async Task<JsonElement> ProposeAsync(this Company company, string path, string text, string caller)
    {
        using var file = new StringContent(text, Encoding.UTF8, "text/yaml");
        var (status, body) = await company.SendAsync(HttpMethod.Post, path, file, caller);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        return body.GetProperty("waits");
    }

    /// <summary>Approves a proposal as it was shown.</summary>
    public static Task<(HttpStatusCode Status, JsonElement Body)> ApproveInputAsync(
        this Company company, JsonElement waits, string caller, bool alone = false) => company.PostAsync(
            $"/api/v1/inputs/{IdOf(waits)}/approve",
            new { digest = waits.GetProperty("digest").GetString(), alone }, caller);

    /// <summary>Declines a proposal, or withdraws it.</summary>
    public static Task<(HttpStatusCode Status, JsonElement Body)> DeclineInputAsync(
        this Company company, JsonElement waits, string? reason, string caller) =>
        company.PostAsync($"/api/v1/inputs/{IdOf(waits)}/decline", new { reason }, caller);

    public static string IdOf(JsonElement waits) => waits.GetProperty("id").GetString()!;

    /// <summary>Hires 25 people in USD, and Eva in EUR.</summary>
    /// <returns>Who calls as her.</returns>
    public static async Task<string> HireManyAndEvaAsync(this Company company, string team, string level)
    {
        await company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))) + Company.Row(
                "eva@example.com", $"{team},Engineer,{level},DE,CC1,2024-01-15,,100000,120000,EUR,"));
        var person = (await company.Get<PeopleDirectory>().FindAsync("eva@example.com", Company.Ct))!.Id;
        return $"admin:eva@example.com:{person}";
    }
}
