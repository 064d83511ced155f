using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;

namespace Guerdon.Database.Cli;

/// <summary>Accounts are opened, given roles by two, and closed.</summary>
internal static class AccountSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob, Ines = "ines@example.com",
        Cy = "cy@example.com";

    public static async Task WalkAsync(VerbWalk walk)
    {
        await walk.Server.SignUpAsync(Cy, [Roles.Administrator]);
        await walk.DoesAsync(Ann, $"account open {Ines} --name \"Ines Prado\"", sends: new(
            "POST /api/v1/accounts", $$"""{"email": "{{Ines}}", "name": "Ines Prado"}"""));
        var links = walk.Server.Get<OneTimeLinks>();
        await walk.RefusedAsync(Ann, $"account give {Ines} finance --reason \"Runs the books\"", "host.linked_role");
        var reset = await walk.DoesAsync(Bob, $"account reset {Ines}", sends: new(
            $"POST /api/v1/accounts/{Ines}/reset", null));
        Assert.True(await links.UseAsync(reset.Text("link").Split('/')[^1], "what she chose", default));
        var link = (await walk.Server.Get<AccountDirectory>().FindByEmailAsync(Ines, default))!.UsedLink;
        var vouch = $"account vouch {Ines} --link {link} --reason \"Met her\"";
        await walk.RefusedAsync(Bob, vouch, "host.own_vouch");
        await walk.DoesAsync(Cy, vouch, sends: new(
            $"POST /api/v1/accounts/{Ines}/vouch", $$"""{"reason": "Met her", "link": "{{link}}"}"""));
        var asked = await walk.DoesAsync(Ann, $"account give {Ines} finance --reason \"Runs the books\"", sends: new(
            $"POST /api/v1/accounts/{Ines}/roles", """{"role": "finance", "reason": "Runs the books"}"""));
        await walk.DoesAsync(Bob, "account requests");
        await walk.RefusedAsync(Ann, $"account approve {asked.Text("id")}", "host.own_role");
        await walk.DoesAsync(Bob, $"account approve {asked.Text("id")}");
        var another = await walk.DoesAsync(Ann, $"account give {Ines} board --reason \"Votes\"");
        await walk.DoesAsync(Bob, $"account decline {another.Text("id")} --reason \"Not yet\"");
        await walk.DoesAsync(Bob, "account requests --all");
        await walk.RefusedAsync(Ann, $"account give {Ann} board --reason \"Votes\"", "host.own_role");
        await walk.DoesAsync(Ann, $"account take {Ines} finance");
        await walk.DoesAsync(Ann, $"account show {Ines}");
        await walk.DoesAsync(Ann, $"account close {Ines}");
        await walk.DoesAsync(Ann, "account roles");
    }
}
