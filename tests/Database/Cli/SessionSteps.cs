using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Storage;

namespace Guerdon.Database.Cli;

/// <summary>Signing in and out, and one's sessions.</summary>
internal static class SessionSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var server = walk.Server.Relay.Url + "/";
        await walk.DoesAsync(
            Ann, $"login --email {Ann} --password-stdin", input: "correct horse battery\n", json: exchanges =>
            {
                var reply = JsonElement.Parse(exchanges[0].Text);
                return new JsonObject
                {
                    ["server"] = server, ["email"] = Ann, ["id"] = reply.GetProperty("id").GetString(),
                    ["endsAt"] = reply.GetProperty("endsAt").GetString(),
                    ["file"] = Path.Combine(walk.Server.Home, ".guerdon", "logins.json"),
                }.ToJsonString();
            },
            sends: new("POST /api/v1/login/password", $$"""
                {"email": "{{Ann}}", "password": "correct horse battery"}
                """));
        await walk.RefusedAsync(Ann, $"login --email {Ann} --password-stdin", "host.sign_in_wrong", input: "wrong");
        await ChangeAsync(walk);
        var list = await walk.DoesAsync(Ann, "session list");
        var id = list.Text("0", "id");
        await walk.DoesAsync(Ann, "logout", json: _ => $$"""{"server": "{{server}}", "email": null, "ended": false}""");
        await walk.RefusedAsync(Ann, $"session end {id}", "host.session_not_found");

        await PasskeysAsync(walk);
        await walk.DoesAsync(Bob, "session list");
        await walk.Server.TypeAsync(Bob, ["login", "--email", Bob, "--password-stdin"], input: "correct horse battery");
        var bobs = await walk.DoesAsync(Bob, "session list");
        await walk.DoesAsync(
            Bob, $"session end {bobs.Text("0", "id")}",
            json: _ => $$"""{"id": "{{bobs.Text("0", "id")}}", "ended": true}""");
        await walk.DoesAsync(Bob, "session end-all", json: _ => """{"id": "all", "ended": true}""");
        await walk.DoesAsync(
            Ann, $"session end-all --account {Bob}", json: _ => $$"""{"id": "{{Bob}}", "ended": true}""");
    }

    private static async Task ChangeAsync(VerbWalk walk)
    {
        await walk.RefusedAsync(
            Ann, "account password --password-stdin", "host.password_wrong", input: "wrong\nanother horse battery\n");
        await walk.RefusedAsync(
            Ann, "account password --password-stdin", "host.password_invalid", input: "correct horse battery\nshort\n");
        await walk.DoesAsync(
            Ann, "account password --password-stdin", input: "correct horse battery\nanother horse battery\n",
            json: exchanges =>
            {
                var reply = JsonElement.Parse(exchanges[0].Text);
                return new JsonObject
                {
                    ["email"] = Ann, ["session"] = reply.GetProperty("session").GetString(),
                    ["endsAt"] = reply.GetProperty("endsAt").GetString(),
                }.ToJsonString();
            },
            sends: new("PUT /api/v1/me/password", """
                {"current": "correct horse battery", "password": "another horse battery", "tokens": false}
                """));
        await walk.RefusedAsync(
            Ann, $"login --email {Ann} --password-stdin", "host.sign_in_wrong", input: "correct horse battery");
    }

    // As a browser would have added it.
    private static async Task PasskeysAsync(VerbWalk walk)
    {
        var id = Guid.CreateVersion7(walk.Server.Clock.Now);
        await walk.Server.Database.Db.ExecuteAsync("""
            with added as (
                insert into passkeys.passkey (
                    passkey_id, account_id, credential_id, public_key, domain, transports, is_backup_eligible, name,
                    added_at)
                select $1, account_id, '\x01', '\x02', 'guerdon.example.com', '{internal}', false, 'laptop', $3
                  from host.account where email = $2
                returning passkey_id)
            insert into passkeys.passkey_use (passkey_id, sign_count, is_backed_up, used_at)
            select passkey_id, 0, false, $3 from added
            """, [id, Bob, walk.Server.Clock.Now], TestContext.Current.CancellationToken);
        await walk.DoesAsync(Bob, "passkey list");
        await walk.DoesAsync(
            Bob, $"passkey remove psk_{id:N}", json: _ => $$"""{"id": "psk_{{id:N}}", "ended": true}""");
        await walk.RefusedAsync(Bob, $"passkey remove psk_{id:N}", "passkeys.not_found");
    }
}
