using Guerdon.Database.OpenId;

namespace Guerdon.Database.Cli;

/// <summary>A sign-in provider is asked for by one, approved by another, changed and removed.</summary>
internal static class SsoSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    public static async Task WalkAsync(VerbWalk walk)
    {
        await using var provider = await TestProvider.StartAsync();
        var asked = await walk.DoesAsync(
            Ann, $"sso add corp --issuer {provider.Issuer} --client-id guerdon --secret-file - --label \"Corp login\"",
            input: "a secret\n", sends: new(
                "PUT /api/v1/sso/corp", $$"""
                {"issuer": "{{provider.Issuer}}", "clientId": "guerdon", "clientSecret": "a secret",
                 "label": "Corp login"}
                """));
        await walk.DoesAsync(Bob, "sso list");
        await walk.DoesAsync(Bob, "sso test corp");
        await walk.RefusedAsync(Ann, $"sso approve {asked.Text("id")}", "openid.own_provider");
        await walk.DoesAsync(Bob, $"sso approve {asked.Text("id")}");
        var groups = await walk.DoesAsync(
            Bob, "sso add corp --group-claim groups --group \"Finance team=finance,employee\" --strangers admit",
            sends: new(
                "PUT /api/v1/sso/corp", """
                {"groupClaim": "groups", "strangers": "admit",
                 "groupRoles": [{"group": "Finance team", "roles": ["finance", "employee"]}]}
                """));
        await walk.DoesAsync(Ann, $"sso decline {groups.Text("id")} --reason \"Not yet\"");
        await walk.DoesAsync(Ann, "sso list --all");
        await walk.DoesAsync(Ann, "sso remove corp");
    }
}
