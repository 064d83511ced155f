using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Tests;
using Guerdon.Identity.Accounts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>What approves money is refused without a sign-in of the last minutes, at every endpoint and form that does,
/// and nothing changes. They are found by their permission, not listed.</summary>
public sealed partial class StepUpTests
{
    private readonly TurnedClock _clock = new() { Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_ThatApproveMoney_NeedASignInOfTheLastMinutes()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var approving = app.Endpoints.Where(endpoint => StepUp.Needs(endpoint)
            && endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null).ToList();
        var calls = approving.SelectMany(
            endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods,
            (endpoint, method) => (Method: new HttpMethod(method), Endpoint: endpoint))
            .DistinctBy(call => (call.Method, call.Endpoint.RoutePattern.RawText)).ToList();
        Assert.Empty(new[]
        {
            "/api/v1/grants/runs/{id}/approve", "/api/v1/grants/runs/{id}/reverse/approve",
            "/api/v1/vesting/facts/{id}/approve", "/api/v1/conversions/{id}/approve",
            "/api/v1/conversions/{id}/reversal/approve", "/api/v1/claims/{id}/approve", "/api/v1/tokens",
        }.Except(calls.Where(call => call.Method == HttpMethod.Post)
            .Select(call => call.Endpoint.RoutePattern.RawText!)));

        var token = await app.Services.GetRequiredService<ApiTokens>().CreateAsync(
            await SessionTests.AccountAsync(app, RealApp.Admin), "bare", Ct);
        using var bare = SessionTests.Bearer(app, token.Token);
        using var signedIn = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        foreach (var (method, endpoint) in calls)
            Assert.NotEqual("host.step_up", await TitleAsync(signedIn, method, endpoint));

        _clock.Now += Access.ConfirmedFor + TimeSpan.FromSeconds(1);
        await SessionTests.AskAsync(signedIn, null, HttpMethod.Get, "/api/v1/me"); // notes that it is used
        await SessionTests.AskAsync(bare, null, HttpMethod.Get, "/api/v1/me");
        var before = await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer);
        foreach (var (method, endpoint) in calls)
        {
            Assert.Equal("host.step_up", await TitleAsync(bare, method, endpoint));
            Assert.Equal("host.step_up", await TitleAsync(signedIn, method, endpoint));
        }

        Assert.Equal(before, await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer));
    }

    [Fact]
    public async Task Forms_ThatApproveMoney_SendToConfirm_AndAreTakenAfterwards()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        var forms = app.Endpoints
            .SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<FormNeedsAttribute>(), (endpoint, form) => (
                Path: endpoint.RoutePattern.RawText!.Replace("{Id}", "run_1", StringComparison.OrdinalIgnoreCase),
                form))
            .Where(one => Access.ApprovesMoney(one.form.Permission)).Distinct().ToList();
        Assert.Equal(["agree", "approve"], forms.Where(one => one.Path == "/admin/grants/run_1")
            .Select(one => one.form.Form).Order()); // and not what declines, which needs no recent sign-in
        Assert.True(forms.Count >= 4, $"only {forms.Count}");

        var (cookies, form) = await FormAsync(client, session);
        _clock.Now += TimeSpan.FromMinutes(11);
        foreach (var (path, needs) in forms)
            Assert.Equal(
                $"/confirm?ReturnUrl={Uri.EscapeDataString(path)}",
                await SendAsync(client, cookies, form, path, needs.Form));

        // Not with another password, and not by way of another site.
        Assert.Equal("/confirm?ReturnUrl=%2Fadmin%2Fclaims&why=wrong",
            await ConfirmAsync(client, cookies, form, "not the password", "/admin/claims"));
        Assert.StartsWith("/confirm", await SendAsync(client, cookies, form, forms[0].Path, forms[0].form.Form),
            StringComparison.Ordinal);
        var before = cookies;
        using (var confirmed = await SubmitAsync(
            client, cookies, "/confirm", Fields(form, RealApp.Password, "//evil.example")))
        {
            Assert.Equal("/", confirmed.Headers.Location?.OriginalString);
            cookies = cookies.Replace(session, RealApp.Cookie(confirmed, "guerdon")!, StringComparison.Ordinal);
        }

        // The secret from before is nobody's: who had seen it has nothing by the confirmation.
        Assert.NotEqual(before, cookies);
        Assert.StartsWith("/sign-in", await SendAsync(client, before, form, forms[0].Path, forms[0].form.Form),
            StringComparison.Ordinal);
        foreach (var (path, needs) in forms)
            Assert.StartsWith($"{path}?done=", await SendAsync(client, cookies, form, path, needs.Form),
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_WithAToken_IsNothing()
    {
        await using var app = await RealApp.StartAsync();
        var token = await app.Services.GetRequiredService<ApiTokens>().CreateAsync(
            await SessionTests.AccountAsync(app, RealApp.Admin), "bare", Ct);
        using var client = SessionTests.Bearer(app, token.Token);
        var (cookie, form) = await RealApp.FormAsync(client);
        Assert.NotEqual("/", await ConfirmAsync(client, cookie, form, RealApp.Password, "/"));
        var approve = app.Endpoints.Single(one => one.RoutePattern.RawText == "/api/v1/claims/{id}/approve");
        Assert.Equal("host.step_up", await TitleAsync(client, HttpMethod.Post, approve));
    }

    // Any page has a token of the account's, in the form that signs out.
    internal static async Task<(string Cookies, string Token)> FormAsync(HttpClient client, string session)
    {
        using var request = SessionTests.Request(HttpMethod.Get, "/sessions", session);
        using var page = await client.SendAsync(request, Ct);
        var token = Token().Match(await page.Content.ReadAsStringAsync(Ct)).Groups[1].Value;
        return ($"{session}; {RealApp.Cookie(page, "guerdon.form")}", token);
    }

    private static Task<string?> SendAsync(HttpClient client, string cookies, string token, string path, string form) =>
        PostAsync(client, cookies, path,
        [
            new("__RequestVerificationToken", token),
            new("_handler", form.Replace("*", "approve", StringComparison.Ordinal)),
        ]);

    private static Task<string?> ConfirmAsync(
        HttpClient client, string cookies, string token, string password, string back) =>
        PostAsync(client, cookies, "/confirm", Fields(token, password, back));

    private static KeyValuePair<string, string>[] Fields(string token, string password, string back) =>
        [new("__RequestVerificationToken", token), new("password", password), new("returnUrl", back)];

    private static async Task<string?> PostAsync(
        HttpClient client, string cookies, string path, KeyValuePair<string, string>[] fields)
    {
        using var answer = await SubmitAsync(client, cookies, path, fields);
        return answer.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.Redirect
            ? answer.Headers.Location?.OriginalString : $"{answer.StatusCode}";
    }

    private static async Task<HttpResponseMessage> SubmitAsync(
        HttpClient client, string cookies, string path, KeyValuePair<string, string>[] fields)
    {
        using var request = SessionTests.Request(HttpMethod.Post, path, cookies);
        request.Content = new FormUrlEncodedContent(fields);
        return await client.SendAsync(request, Ct);
    }

    private static async Task<string?> TitleAsync(HttpClient client, HttpMethod method, RouteEndpoint endpoint)
    {
        using var request = new HttpRequestMessage(
            method, Parameter().Replace(endpoint.RoutePattern.RawText!, "x_00000000000070008000000000000001"));
        if (method != HttpMethod.Delete) request.Content = EndpointRequests.Nothing(endpoint, "{}");
        using var answer = await client.SendAsync(request, Ct);
        var media = answer.Content.Headers.ContentType?.MediaType ?? ""; // a form is sent on to a page
        if (!media.EndsWith("json", StringComparison.Ordinal)) return null;
        var reply = await RunningApp.JsonAsync(answer);
        return reply.TryGetProperty("title", out var title) ? title.GetString() : null;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
