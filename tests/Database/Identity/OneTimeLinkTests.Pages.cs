using System.Net;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

// What pages show to those who have an account, and not every right.
public sealed partial class OneTimeLinkTests
{
    // Before anybody gave them a role they read why there is nothing yet.
    [Fact]
    public async Task FirstPage_OfAnAccountWithoutARole_SaysSo()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(link.Split('/')[^1], RealApp.Password, Ct);
        using var client = _app.Client();
        client.DefaultRequestHeaders.Add("Cookie", await _app.SessionAsync(Ines));
        using var page = await PageAsync(client, "/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("has no role yet", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var other = await PageAsync(client, "/admin/access");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    // Nobody sees a form that would be refused, or a text that is for others.
    [Theory]
    [InlineData(Roles.Manager, "/admin/people", "Nobody reports to you", "guerdon import people")]
    [InlineData(Roles.People, "/admin/people", "guerdon import people", "Nobody reports to you")]
    [InlineData(Roles.Board, "/admin/plans", "the people team applies them", "guerdon plan apply")]
    [InlineData(Roles.People, "/admin/plans", "guerdon plan apply", "the people team applies them")]
    [InlineData(Roles.Finance, "/admin/offers", "The people team makes them", "guerdon offer create")]
    [InlineData(Roles.People, "/admin/offers", "guerdon offer create", "The people team makes them")]
    public async Task Pages_OfWhoMayOnlyRead_SayWhatIsForThem(string role, string path, string says, string not)
    {
        await Accounts.CreateAsync("reader@example.com", "R", [role], null, RealApp.Password, Ct);
        using var client = _app.Client();
        client.DefaultRequestHeaders.Add("Cookie", await _app.SessionAsync("reader@example.com"));
        using var page = await PageAsync(client, path);
        var text = await page.Content.ReadAsStringAsync(Ct);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.DoesNotContain(not, text, StringComparison.Ordinal);
    }

    // Whoever made the link is not shown what they would be refused.
    [Fact]
    public async Task Vouch_OnThePage_IsForOthersThanTheLinksMaker()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(link.Split('/')[^1], RealApp.Password, Ct);
        foreach (var (who, isShown) in new[] { (RealApp.Admin, false), (RealApp.Other, true) })
        {
            using var client = _app.Client();
            client.DefaultRequestHeaders.Add("Cookie", await _app.SessionAsync(who));
            using var page = await PageAsync(client, "/admin/access");
            var text = await page.Content.ReadAsStringAsync(Ct);
            Assert.Contains($"by a link of {RealApp.Admin}", text, StringComparison.Ordinal);
            Assert.Equal(isShown, text.Contains($"Vouch for {Ines}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/api/v1/accounts?after=%00")]
    [InlineData("/admin/access?after=%00")]
    public async Task Accounts_AfterWhatCannotBe_AreNoFault(string address)
    {
        using var client = _app.Client();
        client.DefaultRequestHeaders.Add("Cookie", await _app.SessionAsync());
        using var answer = await PageAsync(client, address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    // The only administrator reads how they agree alone.
    [Fact]
    public async Task Access_OfTheOnlyAdministrator_ShowsTheCommandThatAgreesAlone()
    {
        await using var app = await RealApp.StartAsync(("Approvals:LoneAdministrator", "true"));
        await app.OwnerDb.ExecuteAsync("""
            alter table host.second_administrator disable trigger user; delete from host.second_administrator
            """, [], Ct);
        using var admin = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        await DoneAsync(admin, $"accounts/{RealApp.Other}/close", new { });
        await accounts.CreateAsync(Ines, "Inês", [Roles.Employee], null, RealApp.Password, Ct);
        var asked = await DoneAsync(admin, $"accounts/{Ines}/roles", new { role = "board", reason = "x" });
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("Cookie", await app.SessionAsync());
        using var page = await PageAsync(client, "/admin/access");
        Assert.Contains($"guerdon account approve {asked.GetProperty("id").GetString()} --alone",
            await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}
