using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Text;
using Guerdon.Approvals.Inputs;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every endpoint of the real application, asked by an account of each role and by a stranger, about
/// themselves, a colleague of their team and somebody else. What is expected follows from <see cref="Permissions"/> and
/// from the permission that the endpoint names, and from nothing else. Endpoints are found, not listed.</summary>
public sealed class PermissionMatrixTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Stranger = "stranger";

    // What has no account: sign-in, the gateway's callers with their keys, whoever has a link, what says that
    // nobody serves an address.
    private static readonly string[] Open =
    [
        "/sign-in", "/sign-out", "/signed-out", "/healthz", "/readyz", "/errors/{code}", "/assets/{version}/{name}",
        "/link/{Secret}", "/link/{secret}", "/offer/{Token}", "/offer/{token}/offer.pdf", "/schemas/plan.json",
        "/{*path}",
        "/api/{**path}", "/", "/v1", "/v1beta", "/upload/v1beta", "/chat/completions",
        "/responses", "/embeddings", "/images/", "/messages", "/models",
        "/api/v1/login", "/scim/v2/ServiceProviderConfig", "/scim/v2/ResourceTypes", "/scim/v2/Schemas",
    ];

    private readonly EndpointRequests _requests = new(running.Address);

    private sealed record Caller(string Role, HttpClient Http, Guid? Person);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints =>
        running.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string? PolicyOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? null
            : endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>() is [{ Policy: { } policy }] ? policy : "";

    private static (string Permission, bool OfAll) Read(string policy) =>
        policy.EndsWith(Access.OfAll, StringComparison.Ordinal)
            ? (policy[..^Access.OfAll.Length], true) : (policy, false);

    [Fact]
    public void Endpoints_NameOnePermission_OrAreListedAsOpen()
    {
        var wrong = Endpoints.Where(endpoint => PolicyOf(endpoint) switch
        {
            null => !Open.Any(open => open.Length > 1
                ? endpoint.RoutePattern.RawText!.StartsWith(open, StringComparison.Ordinal)
                : endpoint.RoutePattern.RawText == open),
            "" => endpoint.RoutePattern.RawText != "/_framework/opaque-redirect", // the framework's; closed, not needed
            var policy => Permissions.Find(Read(policy).Permission) is null,
        }).Select(endpoint => $"{endpoint.RoutePattern.RawText} {PolicyOf(endpoint) ?? "is open"}");
        Assert.Equal("", string.Join('\n', wrong.Distinct()));
    }

    [Fact]
    public void Permissions_AreEachNamedBySomething()
    {
        var named = Endpoints.Select(PolicyOf).OfType<string>().Select(policy => Read(policy).Permission)
            .Concat(Endpoints.SelectMany(e => e.Metadata.GetOrderedMetadata<FormNeedsAttribute>())
                .Select(form => form.Permission))
            // What approving each kind of input takes, at an endpoint that all kinds share: InputTests.
            .Concat(running.App.Services.GetRequiredService<IEnumerable<IInput>>().Select(kind => kind.Approves));
        Assert.Empty(Permissions.All.Select(p => p.Name).Except(named));
    }

    [Fact]
    public async Task Matrix_EachEndpointRoleAndPerson_IsAsTheTableSays()
    {
        var people = running.App.Services.GetRequiredService<PeopleDirectory>();
        var file = File.ReadLines(RunningApp.Example("people.csv")).Skip(1).Select(line => line.Split(',')[0]).ToList();
        var other = (await people.FindAsync(RunningApp.Person, Ct))!;
        var callers = new List<Caller> { new(Stranger, running.Nobody, null) };
        var employed = new List<Person>();
        foreach (var email in file.Skip(1))
            if (await people.FindAsync(email, Ct) is { LeftOn: null } person) employed.Add(person);
        foreach (var (role, person) in Roles.Names.Zip(employed)) callers.Add(await CallerAsync(role, person));
        Assert.Equal(Roles.Names.Count + 1, callers.Count);
        var team = await HireAsync(callers.Select(caller => caller.Person).OfType<Guid>());

        var (wrong, cells) = (new ConcurrentBag<string>(), 0);
        foreach (var endpoint in Endpoints)
        {
            if (PolicyOf(endpoint) is not { Length: > 0 } policy) continue;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var first, ..]
                ? first : "GET";
            if (endpoint.RoutePattern.RawText!.Contains("/live/", StringComparison.Ordinal)) continue; // has no end
            foreach (var caller in callers)
            {
                foreach (var whom in WhomOf(endpoint, caller, team, other.Id.Value))
                {
                    cells++;
                    var (_, of) = whom;
                    using var request = Request(endpoint, method, of);
                    using var answer = await caller.Http.SendAsync(
                        request, HttpCompletionOption.ResponseHeadersRead, Ct);
                    var expected = Expected(caller, endpoint, of, team);
                    if (await SaysAsync(answer, endpoint) is var says && says != expected)
                        wrong.Add($"{method} {endpoint.RoutePattern.RawText} ({policy}) by {caller.Role}, {whom.What}: "
                            + $"{says} ({(int)answer.StatusCode}), expected {expected}");
                }
            }

            foreach (var form in endpoint.Metadata.GetOrderedMetadata<FormNeedsAttribute>())
            {
                foreach (var caller in callers)
                {
                    cells++;
                    var may = caller.Role != Stranger && Permissions.Of(form.Permission).In(caller.Role) != Reach.None;
                    if (FormNeedsAttribute.AreMet(As(caller, endpoint), form.Form.Replace('*', 'x') + " x") != may
                        || FormNeedsAttribute.AreMet(As(caller, endpoint), "") != (may && form.Form == "*"))
                        wrong.Add($"form {form.Form} of {endpoint.RoutePattern.RawText} by {caller.Role}: may {may}");
                }
            }
        }

        Console.WriteLine($"Matrix of permissions: {cells} cells, {callers.Count} callers.");
        Assert.True(cells > 1_500, $"Only {cells} cells were tried.");
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order()));
    }

    private static string Expected(Caller caller, RouteEndpoint endpoint, Guid? of, Guid team)
    {
        var (name, ofAll) = Read(PolicyOf(endpoint)!);
        var reach = caller.Role == Stranger ? Reach.None : Permissions.Of(name).In(caller.Role);
        if (caller.Role == Stranger) return "not signed in";
        if (reach == Reach.None || (ofAll && reach != Reach.Everyone)) return "not allowed";
        if (of is null || reach == Reach.Everyone || (reach == Reach.Team && of == team)) return "taken";
        // One's own has pages of its own; those of others are not for whoever sees nobody else.
        if (IsPageOfAPerson(endpoint)) return of == caller.Person && reach == Reach.Team ? "taken" : "not allowed";
        return of == caller.Person ? "taken" : "nobody";
    }

    private static IEnumerable<(string What, Guid? Person)> WhomOf(
        RouteEndpoint endpoint, Caller caller, Guid team, Guid other)
    {
        if (!IsOfAPerson(endpoint) && !IsPageOfAPerson(endpoint)) return [("nobody's", null)];
        return caller.Person is { } own
            ? [("own", own), ("their team's", team), ("another's", other)] : [("another's", other)];
    }

    private static bool IsPageOfAPerson(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.StartsWith("/admin/people/{Person}", StringComparison.Ordinal);

    // Changing an address is done with everybody's, by whoever may.
    private static bool IsOfAPerson(RouteEndpoint endpoint)
    {
        var route = endpoint.RoutePattern.RawText!;
        return route.Contains("{personOrEmail}", StringComparison.Ordinal)
            && PolicyOf(endpoint) != Permissions.PeopleWrite;
    }

    private HttpRequestMessage Request(RouteEndpoint endpoint, string method, Guid? of)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint, of));
        // Nothing that is done: a body that cannot be read, or an empty one where it is first asked whose it is.
        if (method is not ("GET" or "DELETE"))
        {
            var empty = endpoint.RoutePattern.RawText!.EndsWith("/choices", StringComparison.Ordinal)
                ? "{\"choices\":[]}" : "{}";
            request.Content = EndpointRequests.Nothing(endpoint, of is null ? "{" : empty);
        }

        return request;
    }

    private Uri PathOf(RouteEndpoint endpoint, Guid? of)
    {
        var path = of is { } person
            ? endpoint.RoutePattern.RawText!.Replace("{personOrEmail}", $"prs_{person:N}", StringComparison.Ordinal)
            : EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
        return new Uri(running.Address, path.Replace("{Person}", $"prs_{of:N}", StringComparison.Ordinal));
    }

    private static async Task<string> SaysAsync(HttpResponseMessage answer, RouteEndpoint endpoint)
    {
        var isPage = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (isPage || answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => "not signed in",
                HttpStatusCode.Redirect when IsToSignIn(answer) => "not signed in",
                HttpStatusCode.Forbidden => "not allowed",
                _ => "taken",
            };
        var title = (await RunningApp.JsonAsync(answer)).GetProperty("title").GetString();
        return title switch
        {
            "host.not_signed_in" => "not signed in",
            "host.not_allowed" => "not allowed",
            "people.person_not_found" => "nobody",
            _ => "taken",
        };
    }

    // Somebody who reports to the first of these, who reports to the next, and so on: of the team of each.
    private async Task<Guid> HireAsync(IEnumerable<Guid> managers)
    {
        const string email = "team.mate@example.com";
        var above = managers.Select(id => $"prs_{id:N}").ToList();
        using var file = new StringContent(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency,"
            + "manager_email\n"
            + $"{email},Mate,Ops,Engineer,L5,US,C,2024-01-15,,100000,120000,USD,{above[0]}\n",
            Encoding.UTF8, "text/csv");
        using var hired = await running.Admin.PostAsync("/api/v1/people/import", file, Ct);
        Assert.Equal(200, (await running.ApprovedAsync(hired)).Status);
        foreach (var (person, manager) in above.Zip(above.Skip(1)))
        {
            using var body = new StringContent($$"""{"manager":"{{manager}}"}""", Encoding.UTF8, "application/json");
            using var changed = await running.Admin.PostAsync($"/api/v1/people/{person}/changes", body, Ct);
            Assert.Equal(200, (await running.ApprovedAsync(changed)).Status);
        }

        var people = running.App.Services.GetRequiredService<PeopleDirectory>();
        return (await people.FindAsync(email, Ct))!.Id.Value;
    }

    // The first page also sends whoever has no wallet on to the first of their pages.
    private static bool IsToSignIn(HttpResponseMessage answer) =>
        answer.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal);

    private static DefaultHttpContext As(Caller caller, RouteEndpoint endpoint)
    {
        var claims = caller.Role == Stranger ? [] : new Claim[]
        {
            new(Access.RoleClaim, caller.Role), new(Access.ScopeClaim, Access.AllScopes),
        };
        var http = new DefaultHttpContext
        {
            User = new(new ClaimsIdentity(claims, caller.Role == Stranger ? null : "test")),
        };
        http.SetEndpoint(endpoint);
        return http;
    }

    private async Task<Caller> CallerAsync(string role, Person person)
    {
        var accounts = running.App.Services.GetRequiredService<AccountDirectory>();
        var id = await accounts.CreateAsync(person.Email, role, [role], person.Id.Value, RunningApp.Password, Ct);
        var token = await running.App.Services.GetRequiredService<ApiTokens>().CreateAsync(id!.Value, "matrix", Ct);
        var http = running.Client(token.Token);
        return new(role, http, person.Id.Value);
    }
}
