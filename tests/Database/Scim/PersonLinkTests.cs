using Guerdon.Storage;

namespace Guerdon.Database.Scim;

/// <summary>Whose access a user of the directory opens, and who says so.</summary>
public sealed class PersonLinkTests
{
    private const string Ann = "ann@example.com", Bea = "bea@example.com", Cid = "cid@example.com";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // An address at home, or one that stands second, is not whose user it is.
    [Fact]
    public async Task Links_FollowTheFirstOfTheirOrder()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Ann, null), (Bea, null), (Cid, null));
        var byName = await scene.UserAsync(Ann, $$""","emails":[{"value":"{{Bea}}","type":"work","primary":true}]""");
        Assert.Equal(Ann, await LinkedAsync(scene, byName));
        var byPrimary = await scene.UserAsync(
            "one", $$""","emails":[{"value":"{{Ann}}","type":"work"},{"value":"{{Bea}}","primary":true}]""");
        Assert.Equal(Bea, await LinkedAsync(scene, byPrimary));
        var byWork = await scene.UserAsync(
            "two", $$""","emails":[{"value":"{{Ann}}","type":"home"},{"value":"{{Cid}}","type":"work"}]""");
        Assert.Equal(Cid, await LinkedAsync(scene, byWork));
        Assert.Null(await LinkedAsync(scene, await scene.UserAsync(
            "three", $$""","emails":[{"value":"{{Ann}}","type":"home"}]""")));
        Assert.Null(await LinkedAsync(scene, await scene.UserAsync(
            "four", $$""","emails":[{"value":"{{Ann}}"},{"value":"{{Cid}}","type":"work"}]""")));

        // HR's identity says it of all, also of a user who is linked to somebody else.
        await StateAsync(scene, "directory-7", Cid);
        Assert.Equal(Cid, await LinkedAsync(scene, await scene.UserAsync(
            "five@example.com", $$""","externalId":"directory-7","emails":[{"value":"{{Ann}}","primary":true}]""")));
        await StateAsync(scene, "one", Ann);
        await scene.ScimAsync(HttpMethod.Patch, $"/Users/{byPrimary}",
            """{"Operations":[{"op":"replace","path":"displayName","value":"One"}]}""");
        Assert.Equal(Ann, await LinkedAsync(scene, byPrimary));
    }

    // A user who is only linked by a change says nothing about access.
    [Fact]
    public async Task FirstLink_OfAnotherChange_GivesNothingBack()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Ann, null));
        var access = await scene.AccessAsync(Ann);
        var late = await scene.UserAsync("late");
        await scene.ActivateAsync(await scene.UserAsync(Ann), false);
        Assert.False(await scene.HasTokenAsync(access));
        await scene.ScimAsync(HttpMethod.Patch, $"/Users/{late}",
            $$"""{"Operations":[{"op":"add","path":"emails","value":[{"value":"{{Ann}}","type":"work"}]}]}""");
        Assert.Equal(Ann, await LinkedAsync(scene, late));
        Assert.False(await scene.HasTokenAsync(access));

        var later = await scene.UserAsync("later");
        await StateAsync(scene, "later", Ann);
        await scene.ScimAsync(HttpMethod.Delete, $"/Users/{later}", null, 204);
        Assert.False(await scene.HasTokenAsync(access));
    }

    // Each of two users of one person sees that the other goes.
    [Fact]
    public async Task UsersOfOnePerson_WhoGoAtOnce_LeaveNoAccess()
    {
        await using var scene = await LeavingScene.OpenAsync();
        string[] people = [.. Enumerable.Range(0, 12).Select(i => $"p{i}@example.com")];
        await scene.ImportAsync([.. people.Select(email => (email, (DateOnly?)new DateOnly(2026, 12, 31)))]);
        var users = new List<string>();
        foreach (var email in people)
        {
            users.Add(await scene.UserAsync(email));
            users.Add(await scene.UserAsync($"second.{email}", $$""","emails":[{"value":"{{email}}"}]"""));
        }

        await Task.WhenAll(users.Select(user => scene.ActivateAsync(user, false)));
        Assert.Equal(people.Length, await scene.App.Db.ScalarAsync<long>(
            "select count(*) from people.access_end", [], Ct));
    }

    // What was saved by rules of an earlier version may not be what a user may be today.
    [Fact]
    public async Task Delete_OfAUserWhoCannotBeRead_EndsAccess()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Ann, null));
        var access = await scene.AccessAsync(Ann);
        var user = await scene.UserAsync(Ann);
        await scene.App.Db.ExecuteAsync(
            "update scim.user set resource = resource || jsonb_build_object('userName', repeat('x', 300))", [], Ct);
        await scene.ScimAsync(HttpMethod.Delete, $"/Users/{user}", null, 204);
        Assert.False(await scene.HasTokenAsync(access));
    }

    private static Task<string?> LinkedAsync(LeavingScene scene, string user) => scene.App.Db.ScalarAsync<string?>(
        """
        select p.email from scim.person_link l join people.v_person p on p.person_id = l.person_id where l.user_id = $1
        """, [Guid.ParseExact(user["usr_".Length..], "N")], Ct);

    private static async Task StateAsync(LeavingScene scene, string value, string email)
    {
        await scene.App.Db.ExecuteAsync("""
            insert into people.identity_kind (kind, declared_by, declared_at) values ('directory_id', 'hr', now())
            on conflict do nothing
            """, [], Ct);
        await scene.App.Db.ExecuteAsync(
            "insert into people.identity (kind, value, person_id) values ('directory_id', $1, $2)",
            [value, await scene.PersonAsync(email)], Ct);
    }
}
