using System.Text.Json;
using System.Text.Json.Nodes;

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
        var list = await walk.DoesAsync(Ann, "session list");
        var id = list.Text("0", "id");
        await walk.DoesAsync(Ann, "logout", json: _ => $$"""{"server": "{{server}}", "email": null, "ended": false}""");
        await walk.RefusedAsync(Ann, $"session end {id}", "host.session_not_found");

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
}
