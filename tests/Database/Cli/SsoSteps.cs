using Guerdon.Database.OpenId;
using Guerdon.Storage;

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
        // Under this clock nobody comes by a provider.
        await walk.Server.Database.Db.ExecuteAsync("""
            insert into openid.link (link_id, issuer, subject, account_id, provider_id, email, linked_at)
            select gen_random_uuid(), p.issuer, 'u-1', a.account_id, p.provider_id, a.email, p.asked_at
              from openid.provider p cross join host.account a
             where p.name = 'corp' and p.decision = 'approved' and a.email = $1
            """, [Bob], TestContext.Current.CancellationToken);
        await walk.DoesAsync(
            Ann, $"sso unlink {Bob}", sends: new($"DELETE /api/v1/sso/links/{Bob}"));
        await walk.RefusedAsync(Ann, $"sso unlink {Bob}", "openid.no_link");
        await walk.DoesAsync(Ann, "sso remove corp");
    }
}
