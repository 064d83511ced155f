using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Simulation;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Browser;

/// <summary>Whoever has one role begins on a page that they may open, and finds no link and no form that is refused.
/// </summary>
[Collection(FullSite.Name)]
public sealed class RoleTests(FullSite full)
{
    private const string Manager = "gil@example.com", Report = "bo@example.com";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Roles.Names];

    [Theory, MemberData(nameof(Names))]
    public async Task Pages_OfOneRole_LeadNowhereThatIsRefused(string role)
    {
        var email = await SignUpAsync(role);
        await using var window = await full.Site.OpenAsync(email);
        var (wrong, pages) = (new List<string>(), new HashSet<string>());
        var links = await Walk.AllAsync(window, ["/"], async (address, response) =>
        {
            pages.Add(new Uri(window.Page.Url).AbsolutePath);
            if (response.Status != 200) wrong.Add($"{address}: {response.Status}");
            var forms = await window.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('form[method=post] [name=_handler]')].map(f => f.value)");
            foreach (var form in forms.Where(form => !MaySend(role, new Uri(window.Page.Url).AbsolutePath, form)))
                wrong.Add($"{address}: the form '{form}' is refused");
        });
        foreach (var link in links)
        {
            var answer = await window.Page.APIRequest.GetAsync(link.To);
            if (answer.Status is 401 or 403) wrong.Add($"{link.From}, '{link.Says}', {link.To}: {answer.Status}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Contains(role == Roles.Employee ? "/keys" : role == Roles.Manager ? "/admin/people"
            : role == Roles.Administrator ? "/admin/access" : "/admin", pages);
    }

    [Fact]
    public async Task Manager_SeesWhatTheirTeamSpends_AndNothingElse()
    {
        var email = await SignUpAsync(Roles.Manager);
        await using var window = await full.Site.OpenAsync(email);
        await window.Page.GotoAsync("/");
        var names = await window.Page.Locator("th[scope=row] a").AllTextContentsAsync();
        var people = full.Site.Services.GetRequiredService<PeopleDirectory>();
        var mine = (await people.FindAsync(Report, Ct))!;
        var other = (await people.FindAsync(FullSite.Employee, Ct))!;
        Assert.Equal(2, names.Count); // oneself and the one
        Assert.Contains(mine.Name, names.Select(name => name.Trim()));
        Assert.Equal(200, (await window.Page.GotoAsync($"/admin/people/{mine.Id}/requests"))!.Status);
        foreach (var address in new[]
        {
            $"/admin/people/{other.Id}/requests", $"/admin/people/{mine.Id}", $"/admin/people/{mine.Id}/statement",
        }) Assert.Equal(403, (await window.Page.GotoAsync(address))!.Status);
    }

    private async Task<string> SignUpAsync(string role)
    {
        var email = $"{role}-only@example.com";
        var accounts = full.Site.Services.GetRequiredService<AccountDirectory>();
        var people = full.Site.Services.GetRequiredService<PeopleDirectory>();
        var person = role switch
        {
            Roles.Employee => await people.FindAsync(FullSite.Employee, Ct),
            Roles.Manager => await people.FindAsync(Manager, Ct),
            _ => null,
        };
        if (role == Roles.Manager)
        {
            var admin = full.ApiOf(Company.Admin);
            await new AppliedFiles(admin, full.ApiOf(FullSite.Second)).ApprovedAsync(
                await admin.PostAsync($"people/{Report}/changes", new { manager = Manager }, Ct), Ct);
        }

        await accounts.CreateAsync(email, $"Only {role}", [role], person?.Id.Value, Company.Password, Ct);
        return email;
    }

    private bool MaySend(string role, string path, string form)
    {
        var page = full.Site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
                && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), [])
                    .TryMatch(path, new RouteValueDictionary()))
            .MinBy(endpoint => endpoint.RoutePattern.Parameters.Count)!;
        var http = new DefaultHttpContext
        {
            User = new(new ClaimsIdentity(
                [new Claim(Access.RoleClaim, role), new Claim(Access.ScopeClaim, Access.AllScopes)], "test")),
        };
        http.SetEndpoint(page);
        return FormNeedsAttribute.AreMet(http, form);
    }
}
