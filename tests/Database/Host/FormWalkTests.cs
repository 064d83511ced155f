using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Identity.Accounts;
using Guerdon.Forms;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every form of every page, as an administrator and as an employee, each field given what nobody should type,
/// dropped, doubled, as a file, and in bytes that no browser sends: no page answers 500. Pages and forms are found, not
/// listed.</summary>
public sealed partial class FormWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("root@corp.example", 2_000)]
    [InlineData(null, 500)]
    public async Task Pages_EveryFieldOfEveryForm_NeverGives500(string? email, int least)
    {
        using var browser = await SignInAsync(email ?? RunningApp.Person);
        var account = (await running.App.Services.GetRequiredService<AccountDirectory>()
            .FindByEmailAsync(email ?? RunningApp.Person, Ct))!.Id.Value;
        var tokens = running.App.Services.GetRequiredService<FormTokens>();
        var (bad, worked) = (new ConcurrentBag<string>(), 0);
        foreach (var page in Pages())
        {
            using var shown = await browser.GetAsync(page, Ct);
            if ((int)shown.StatusCode >= 500) bad.Add($"GET {page}: {shown.StatusCode}");
            if (!shown.IsSuccessStatusCode) continue;
            foreach (var form in FormPosts.In(await shown.Content.ReadAsStringAsync(Ct)))
            {
                if (EndsAnAccount(form)) continue;
                await running.ForgetFormsAsync();
                await Parallel.ForEachAsync(
                    form.All(() => tokens.Of(new DefaultHttpContext(), account, byContent: false)),
                    new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (post, ct) =>
                    {
                        using var body = post.Make();
                        using var posted = await browser.PostAsync(page, body, ct);
                        var status = (int)posted.StatusCode;
                        if (status >= 500) bad.Add($"POST {page} {Short(post.What)}: {posted.StatusCode}");
                        if (IsWorked(posted)) Interlocked.Increment(ref worked);
                    });
            }
        }

        Assert.True(bad.IsEmpty, running.Told(bad));
        Assert.True(worked > least, $"Only {worked} forms were worked on.");
        using var still = await browser.GetAsync("/", Ct);
        Assert.NotEqual("/sign-in", still.Headers.Location?.ToString().Split('?')[0]);
    }

    // Of whom the page is read, perhaps. They have no field; RoleRequestTests sends them.
    private static bool EndsAnAccount(FormPosts form) =>
        form.Fields.GetValueOrDefault(FormPosts.Handler, "").Split(' ') is ["take" or "close", _, ..];

    // Sent to where its answer waits: it came to the page's own code.
    private static bool IsWorked(HttpResponseMessage posted) =>
        posted.StatusCode == HttpStatusCode.SeeOther
        && (posted.Headers.Location?.ToString() is not { } place || !Said().IsMatch(place));

    private IEnumerable<string> Pages() => running.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .Select(e => Filled(e.RoutePattern.RawText!)).Distinct();

    private static string Filled(string route) => "/" + Parameter().Replace(route, match => match.Value switch
    {
        "{Name}" or "{name}" => "engineering",
        "{Person}" or "{person}" => RunningApp.Person,
        "{Offer}" or "{offer}" => "ada-lovelace",
        _ => "x",
    }).TrimStart('/');

    private static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private async Task<HttpClient> SignInAsync(string email)
    {
        var client = running.Client(null);
        using var done = await RealApp.SignInAsync(client, email, RunningApp.Password);
        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        var form = (await RealApp.FormAsync(client)).Cookie;
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.Add("Cookie", $"{form}; {RealApp.Cookie(done, "guerdon")}");
        return client;
    }

    // A word in place of an answer: the form was old, or its page was.
    [GeneratedRegex("[?&]done=[a-z-]{1,20}(?:&|$)")]
    private static partial Regex Said();

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex Parameter();
}
