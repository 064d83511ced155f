using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

// What somebody asks for whose password was set by a real link.
public sealed partial class OneTimeLinkTests
{
    [Theory]
    [InlineData(LinkPurpose.Open)]
    [InlineData(LinkPurpose.Reset)]
    public async Task Request_OfAnAccountWithALink_IsNotApprovedByItsMaker_UntilAnotherVouches(string purpose)
    {
        await Accounts.CreateAsync("joe@example.com", "Joe", [Roles.Employee], null, RealApp.Password, Ct);
        if (purpose == LinkPurpose.Reset)
            await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], null, RealApp.Password, Ct);
        var link = purpose == LinkPurpose.Open ? await LinkAsync("accounts", new { email = Ines, name = "Inês" })
            : await LinkAsync($"accounts/{Ines}/reset", new { });
        await UseAsync(link);
        Assert.Null((await _app.Services.GetRequiredService<AccountLinks>().GiveHereAsync(
            Ines, Roles.Administrator, new("the server's machine", null), Ct)).Refused);
        using var ines = await SignedInAsync(Ines);

        var first = await AskAsync(ines);
        Assert.Equal("host.own_role", await RefusedAsync(_admin, first + "/approve", new { }));
        await DoneAsync(_other, first + "/decline", new { reason = "Not yet" });
        var used = (await Accounts.FindByEmailAsync(Ines, Ct))!.UsedLink;
        await DoneAsync(_other, $"accounts/{Ines}/vouch", new { reason = "Met her", link = used });

        var second = await AskAsync(ines);
        await DoneAsync(_admin, second + "/approve", new { });
        Assert.Contains(Roles.Board, (await Accounts.FindByEmailAsync("joe@example.com", Ct))!.Roles);
        await CleanAsync();
    }

    // Whoever set Guerdon up has an account of their own besides: nobody could approve it.
    [Fact]
    public async Task Request_OfTheFirstAdministrator_IsNobodysToApprove()
    {
        await Accounts.CreateAsync("joe@example.com", "Joe", [Roles.Employee], null, RealApp.Password, Ct);
        var first = (await Accounts.CreateAsync(FirstAdministrator.Email, "A", Roles.Founder, null, null, Ct))!.Value;
        var made = await _app.Services.GetRequiredService<OneTimeLinks>().MakeAsync(
            first, LinkPurpose.First, new("the first start", null), Ct);
        await UseAsync(made.Path);
        using var admin = await SignedInAsync(FirstAdministrator.Email);
        Assert.Equal("host.role_no_decider",
            await RefusedAsync(admin, "accounts/joe@example.com/roles", new { role = "board", reason = "Votes" }));
        Assert.DoesNotContain(Roles.Board, (await Accounts.FindByEmailAsync("joe@example.com", Ct))!.Roles);
    }

    // Otherwise one proposes with a program's token, and approves with their own account.
    [Fact]
    public async Task Request_OfAProgram_IsNotApprovedByWhoeverAnswersForIt()
    {
        var owner = (await Accounts.FindByEmailAsync(RealApp.Admin, Ct))!.Id;
        var id = (await Accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.Platform], "a test", owner, Ct))!;
        var token = await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(id.Value, "a test", Ct);
        using var program = _app.Client();
        program.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        using var list = new StringContent("model,provider,input,output,context_tokens\nm-ci,openai,1,2,1000\n");
        using var sent = await program.PostAsync("/api/v1/prices/proposals?format=csv", list, Ct);
        var proposal = (await sent.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("proposal");
        var path = $"prices/proposals/{proposal.GetProperty("id").GetString()}/approve";
        Assert.Equal("pricing.own_approval", await RefusedAsync(_admin, path, new { }));
        await DoneAsync(_other, path, new { });
    }

    private async Task UseAsync(string link) => Assert.True(
        await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(
            link.Split('/')[^1], RealApp.Password, Ct));

    private static async Task<string> AskAsync(HttpClient by) =>
        "role-requests/" + (await DoneAsync(
            by, "accounts/joe@example.com/roles", new { role = "board", reason = "Votes" })).GetProperty("id")
            .GetString();
}
