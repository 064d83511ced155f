using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>What a check calls good can be applied, and what can never be used is refused by both, in the same
/// words.</summary>
public sealed class CheckTests(RunningApp app) : IClassFixture<RunningApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every check, what takes effect after it, and the example that both take.</summary>
    private static readonly (string Check, string Apply, string Example)[] All =
    [
        ("plans/check", "plans", "plan.yaml"),
        ("payroll/check", "payroll", "payroll.yaml"),
        ("conversion-terms/check", "conversion-terms", "conversion.yaml"),
        ("gateway-policy/check", "gateway-policy", "policy.yaml"),
        ("offers/check", "offers", "offer.yaml"),
    ];

    // What takes no effect by itself: terms of vesting are a part of plans.
    private static readonly string[] ChecksAlone = ["vesting/check"];

    [Fact]
    public void Checks_AreAllWalked()
    {
        var endpoints = app.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        var served = endpoints.Select(e => e.RoutePattern.RawText ?? "")
            .Where(path => path.EndsWith("/check", StringComparison.Ordinal))
            .Select(path => path.Replace("/api/v1/", "", StringComparison.Ordinal).Trim('/')).Distinct();

        Assert.Equal(All.Select(one => one.Check).Concat(ChecksAlone).Order(), served.Order());
    }

    [Theory]
    // Good, and every kind of what can never be used.
    [InlineData("plan.yaml", "", "", null)]
    [InlineData("payroll.yaml", "", "", null)]
    [InlineData("conversion.yaml", "", "", null)]
    [InlineData("policy.yaml", "", "", null)]
    [InlineData("offer.yaml", "", "", null)]
    [InlineData("payroll.yaml", "employee_id: email", "employee_id: badge", "compensation.payroll_identity_unknown")]
    [InlineData("payroll.yaml", "employee_id: email", "employee_id: payroll_id", null)]
    [InlineData("conversion.yaml", "*windows", "[{name: w, from: 2021-01-01, to: 2021-02-01}]",
        "compensation.terms_never_open")]
    [InlineData("conversion.yaml", "effective_from: 2026-11-01", "effective_from: 2198-01-01", null)] // spring, yearly
    public async Task CheckAndApply_SayTheSame(string example, string from, string to, string? code)
    {
        var (check, apply, _) = All.Single(one => one.Example == example);
        var text = await File.ReadAllTextAsync(RunningApp.Example(example), Ct);
        text = from == "*windows" ? Windows(text, to)
            : from.Length == 0 ? text : text.Replace(from, to, StringComparison.Ordinal);

        var (checkedAs, said) = await SendAsync(check, text);
        var (applied, saidAgain) = await SendAsync(apply, text);

        Assert.Equal(code is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, checkedAs);
        // What another has to approve is accepted.
        Assert.Equal(checkedAs, applied == HttpStatusCode.Accepted ? HttpStatusCode.OK : applied);
        if (code is null) return;
        Assert.Equal(code, said.GetProperty("title").GetString());
        foreach (var member in new[] { "title", "detail", "nextStep" })
            Assert.Equal(said.GetProperty(member).GetString(), saidAgain.GetProperty(member).GetString());
    }

    private static string Windows(string text, string windows)
    {
        var begin = text.IndexOf("windows:", StringComparison.Ordinal);
        var end = text.IndexOf("\ncash:", StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, begin), "windows: " + windows + "\n", text.AsSpan(end));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string path, string text)
    {
        using var answer = await app.Admin.PostAsync(
            new Uri("/api/v1/" + path, UriKind.Relative), new StringContent(text), Ct);
        return (answer.StatusCode, await RunningApp.JsonAsync(answer));
    }
}
