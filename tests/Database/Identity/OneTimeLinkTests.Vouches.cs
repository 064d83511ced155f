using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

// Who says whose an account is, of which link, and who is told of links.
public sealed partial class OneTimeLinkTests
{
    // What a link's maker may have asked for with the account would become somebody else's by a vouch.
    [Fact]
    public async Task Vouch_WhileSomethingOfTheAccountWaits_IsRefused()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(link.Split('/')[^1], RealApp.Password, Ct);
        await Accounts.CreateAsync("cy@example.com", "Cy", [Roles.Employee], null, RealApp.Password, Ct);
        var id = (await Accounts.FindByEmailAsync(Ines, Ct))!.Id;
        var cy = (await Accounts.FindByEmailAsync("cy@example.com", Ct))!.Id;
        await _app.Db.ExecuteAsync("""
            insert into host.role_request (request_id, account_id, role, reason, asked_by, asked_by_account, asked_at)
            values (gen_random_uuid(), $1, 'board', 'x', 'ines@example.com', $2, now())
            """, [cy.Value, id.Value], Ct);
        var vouch = new { reason = "x", link = (await Accounts.FindByEmailAsync(Ines, Ct))!.UsedLink };
        Assert.Equal("host.vouch_waits", await RefusedAsync(_other, $"accounts/{Ines}/vouch", vouch));
        await _app.Db.ExecuteAsync(
            "update host.role_request set decision = 'declined', decided_by = 'x', decided_at = now()", [], Ct);
        await DoneAsync(_other, $"accounts/{Ines}/vouch", vouch);
    }

    // Whoever vouches has asked about the link that they saw.
    [Fact]
    public async Task Vouch_WhereAnotherLinkWasUsedMeanwhile_IsRefused()
    {
        await Accounts.CreateAsync("cy@example.com", "Cy", [Roles.Administrator], null, RealApp.Password, Ct);
        using var cy = await SignedInAsync("cy@example.com");
        var links = _app.Services.GetRequiredService<OneTimeLinks>();
        async Task<LinkId> UsedAsync(string path, object body)
        {
            Assert.True(await links.UseAsync((await LinkAsync(path, body)).Split('/')[^1], RealApp.Password, Ct));
            return (await Accounts.FindByEmailAsync(Ines, Ct))!.UsedLink!.Value;
        }

        var first = await UsedAsync("accounts", new { email = Ines, name = "Inês" });
        var second = await UsedAsync($"accounts/{Ines}/reset", new { });
        Assert.NotEqual(first, second);
        Assert.Equal("host.vouch_link",
            await RefusedAsync(cy, $"accounts/{Ines}/vouch", new { reason = "x", link = first }));
        Assert.Equal(second, (await Accounts.FindByEmailAsync(Ines, Ct))!.UsedLink);
        await DoneAsync(cy, $"accounts/{Ines}/vouch", new { reason = "x", link = second });
        var after = (await Accounts.FindByEmailAsync(Ines, Ct))!;
        Assert.Equal((null, null), (after.UsedLink, after.LinkMaker)); // for the first too
        Assert.Equal(1, await _app.Db.ScalarAsync<long>("select count(*) from host.account_vouch", [], Ct));
        await CleanAsync();
    }

    // Nobody's account is opened, or its password set, without their being told.
    [Fact]
    public async Task Link_OfAPerson_IsToldToThem_WhenItIsMadeAndUsed()
    {
        var person = Guid.CreateVersion7();
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], person, RealApp.Password, Ct);
        var link = await LinkAsync($"accounts/{Ines}/reset", new { });
        Assert.Equal(["link_made"], await NoticesAsync(person));
        using var client = _app.Client();
        Assert.Equal("/sign-in?why=set", await SetAsync(client, link, Chosen, Chosen));
        Assert.Equal(["link_made", "link_used"], await NoticesAsync(person));
        var texts = await _app.Db.ReadAsync(
            "select subject || ' ' || text as text from compensation.notice", row => row.Text("text"), [], Ct);
        Assert.All(texts, text =>
        {
            Assert.StartsWith("otl_", text, StringComparison.Ordinal);
            Assert.Contains("an administrator", text, StringComparison.Ordinal);
            Assert.DoesNotContain("gro_", text, StringComparison.Ordinal);
        });
        await CleanAsync();
    }

    private Task<List<string>> NoticesAsync(Guid person) => _app.Db.ReadAsync(
        "select kind from compensation.notice where person_id = $1 order by kind", row => row.Text("kind"), [person],
        Ct);
}
