using System.Text.Json.Nodes;
using Npgsql;

namespace Guerdon.Database.Scim;

/// <summary>Groups and their members as Okta and Entra ID change them.</summary>
public sealed class GroupTests(ScimServer scim) : IClassFixture<ScimServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private const string Ghost = "usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";

    [Fact]
    public async Task Post_OfEntra_TakesItsOwnSchema()
    {
        var name = ScimServer.Name("Entra Group ");
        var made = await scim.PostAsync("/Groups", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group",
              "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
             "externalId":"8aa1a0c0","displayName":"{{name}}","meta":{"resourceType":"Group"} }
            """);
        Assert.Equal(201, made.Status);
        Assert.Equal(("8aa1a0c0", name), (made.Text("externalId"), made.Text("displayName")));
        Assert.NotNull(made.Headers.Location);

        var found = await scim.GetAsync(
            $"/Groups?excludedAttributes=members&filter=displayName eq \"{name.ToUpperInvariant()}\"");
        Assert.Equal((200, 1), (found.Status, found.Total));
        Assert.Equal(409, (await scim.PostAsync("/Groups", $$"""{"displayName":"{{name}}"}""")).Status);
        Assert.Equal(400, (await scim.PostAsync("/Groups", "{}")).Status);
    }

    // Each change as one or the other sends it, and who is in the group then.
    [Theory]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"C","display":"c"}]}""", "A B C")]
    [InlineData("""{"op":"Add","path":"members","value":[{"$ref":null,"value":"C"}]}""", "A B C")]
    [InlineData("""{"op":"add","value":{"members":[{"value":"C"}]} }""", "A B C")]
    [InlineData("""{"op":"add","path":"members","value":"C"}""", "A B C")]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"A"}]}""", "A B")]
    [InlineData("""{"op":"remove","path":"members[value eq \"A\"]"}""", "B")]
    [InlineData("""{"op":"Remove","path":"members[value eq \"A\" or value eq \"B\"]"}""", "")]
    [InlineData("""{"op":"Remove","path":"members[value eq \"C\"]"}""", "A B")]
    [InlineData("""{"op":"Remove","path":"members","value":[{"value":"A"}]}""", "B")]
    [InlineData("""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"A"}]}""", "B")]
    [InlineData("""{"op":"remove","path":"members"}""", "")]
    [InlineData("""{"op":"replace","path":"members","value":[{"value":"B"},{"value":"C"}]}""", "B C")]
    [InlineData("""{"op":"replace","path":"members","value":[]}""", "")]
    [InlineData("""{"op":"replace","value":{"members":[{"value":"C"}]} }""", "C")]
    [InlineData("""{"op":"replace","value":{"id":"G","displayName":"NAME"} }""", "A B")]
    [InlineData("""
        {"op":"remove","path":"members[value eq \"A\"]"},{"op":"add","path":"members","value":[{"value":"C"}]}
        """, "B C")]
    [InlineData("""{"op":"remove","path":"members[display sw \"first\"]"}""", "B")]
    public async Task Patch_OfMembers_LeavesExactlyThese(string operation, string left)
    {
        var users = new Dictionary<string, string>
        {
            ["A"] = await scim.UserAsync(ScimServer.Name("first")),
            ["B"] = await scim.UserAsync(ScimServer.Name("second")),
            ["C"] = await scim.UserAsync(ScimServer.Name("third")),
        };
        var group = await scim.GroupAsync(ScimServer.Name("Group "), users["A"], users["B"]);
        foreach (var (letter, id) in users)
            operation = operation.Replace($"\"{letter}\"", $"\"{id}\"", StringComparison.Ordinal)
                .Replace($"\\\"{letter}\\\"", $"\\\"{id}\\\"", StringComparison.Ordinal);
        operation = operation.Replace("NAME", ScimServer.Name("Renamed "), StringComparison.Ordinal);

        var answer = await scim.PatchAsync($"/Groups/{group}", operation);

        Assert.Equal(204, answer.Status);
        Assert.Equal(
            left.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(letter => users[letter])
                .Order(StringComparer.Ordinal),
            await scim.MembersAsync(group));
        if (operation.Contains("Renamed", StringComparison.Ordinal))
            Assert.StartsWith("Renamed", (await scim.GetAsync($"/Groups/{group}")).Text("displayName"),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"op":"remove","path":"members","value":[{}]}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"members","value":[{"value":"GHOST"}]}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"members"}""", "invalidValue")]
    [InlineData("""{"op":"replace","value":{"displayName":"x","members":null} }""", "invalidValue")]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"nobody"}]}""", "invalidValue")]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"GHOST"}]}""", "invalidValue")]
    [InlineData("""{"op":"remove","path":"members"},{"op":"add","path":"members","value":[{"value":"GHOST"}]}""",
        "invalidValue")]
    [InlineData("""{"op":"remove","path":"members"},{"op":"replace","path":"colour","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"remove"}""", "noTarget")]
    [InlineData("""{"op":"add","path":"members[value eq \"U\"]","value":"GHOST"}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"members[value eq \"U\"]","value":[{"value":"GHOST"}]}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"members[value eq \"U\"].value","value":"GHOST"}""", "mutability")]
    [InlineData("""{"op":"add","path":"members[value eq \"U\"].display","value":"x"}""", "mutability")]
    [InlineData("""{"op":"replace","path":"members[value eq \"U\" and value eq \"GHOST\"]"}""", "noTarget")]
    [InlineData("""{"op":"remove","path":"displayName"}""", "mutability")]
    public async Task Patch_ThatCannotBe_ChangesNobody(string operation, string type)
    {
        var user = await scim.UserAsync(ScimServer.Name("stays"));
        var group = await scim.GroupAsync(ScimServer.Name("Group "), user);
        var answer = await scim.PatchAsync(
            $"/Groups/{group}", operation.Replace("GHOST", Ghost, StringComparison.Ordinal)
                .Replace("\"U\\\"", $"\"{user}\\\"", StringComparison.Ordinal));
        Assert.Equal((400, type), (answer.Status, answer.Text("scimType")));
        Assert.Equal([user], await scim.MembersAsync(group));
        Assert.Equal("W/\"1\"", (await scim.GetAsync($"/Groups/{group}")).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Put_WithoutMembers_LeavesThem()
    {
        var user = await scim.UserAsync(ScimServer.Name("put"));
        var group = await scim.GroupAsync(ScimServer.Name("Group "), user);
        var name = ScimServer.Name("Other ");

        var put = await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"{{name}}"}""");
        Assert.Equal((200, name), (put.Status, put.Text("displayName")));
        Assert.Equal([user], await scim.MembersAsync(group));

        await scim.PutAsync($"/Groups/{group}", $$"""
            {"displayName":"{{name}}","urn:ietf:params:scim:schemas:core:2.0:Group:members":[{"value":"{{user}}"}]}
            """);
        Assert.Equal([user], await scim.MembersAsync(group));
        await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"{{name}}","members":[]}""");
        Assert.Empty(await scim.MembersAsync(group));
        var whole = (await scim.GetAsync($"/Groups/{group}")).Body;
        whole["members"] = new JsonArray(new JsonObject { ["value"] = user });
        Assert.Equal(200, (await scim.PutAsync($"/Groups/{group}", whole.ToJsonString())).Status);
        Assert.Equal([user], await scim.MembersAsync(group));
        Assert.Equal(400, (await scim.PutAsync(
            $"/Groups/{group}", $$"""{"displayName":"{{name}}","members":[{"value":"{{Ghost}}"}]}""")).Status);
        Assert.Equal([user], await scim.MembersAsync(group));
    }

    [Fact]
    public async Task Members_AreShownWhereTheyAreAskedFor()
    {
        var user = await scim.UserAsync(ScimServer.Name("shown"), ",\"displayName\":\"Shown\"");
        var group = await scim.GroupAsync(ScimServer.Name("Group "), user);

        var whole = (await scim.GetAsync($"/Groups/{group}")).Body;
        Assert.Equal((user, "Shown", "User"), (whole["members"]![0]!["value"]!.GetValue<string>(),
            whole["members"]![0]!["display"]!.GetValue<string>(), whole["members"]![0]!["type"]!.GetValue<string>()));
        Assert.False((await scim.GetAsync($"/Groups/{group}?excludedAttributes=members")).Body.ContainsKey("members"));
        var patched = await scim.PatchAsync($"/Groups/{group}?attributes=members",
            """{"op":"replace","path":"externalId","value":"x"}""");
        Assert.Equal((200, true), (patched.Status, patched.Body.ContainsKey("members")));
        var own = (await scim.GetAsync($"/Users/{user}")).Body["groups"]![0]!;
        Assert.Equal((group, "direct"), (own["value"]!.GetValue<string>(), own["type"]!.GetValue<string>()));
        foreach (var filter in new[] { $"members eq \"{user}\"", $"members[value eq \"{user}\"]" })
            Assert.Equal(1, (await scim.GetAsync($"/Groups?filter={Uri.EscapeDataString(filter)}")).Total);
        Assert.Equal(1, (await scim.GetAsync($"/Users?filter=groups.value eq \"{group}\"")).Total);
    }

    [Fact]
    public async Task Delete_OfAGroup_LeavesItsMembers()
    {
        var user = await scim.UserAsync(ScimServer.Name("free"));
        var name = ScimServer.Name("Group ");
        var group = await scim.GroupAsync(name, user);
        Assert.Equal(412,
            (await scim.SendAsync("DELETE", $"/Groups/{group}", null, null, ("If-Match", "W/\"7\""))).Status);
        Assert.Equal(204, (await scim.DeleteAsync($"/Groups/{group}")).Status);
        Assert.Equal(404, (await scim.GetAsync($"/Groups/{group}")).Status);
        Assert.Equal(200, (await scim.GetAsync($"/Users/{user}")).Status);
        Assert.NotEqual(group, await scim.GroupAsync(name));
    }

    [Fact]
    public async Task Version_ThatIsOther_ChangesNoMember()
    {
        var user = await scim.UserAsync(ScimServer.Name("tag"));
        var group = await scim.GroupAsync(ScimServer.Name("Group "), user);
        const string body = """{"Operations":[{"op":"remove","path":"members"}]}""";
        Assert.Equal(412,
            (await scim.SendAsync("PATCH", $"/Groups/{group}", body, null, ("If-Match", "W/\"4\""))).Status);
        Assert.Equal([user], await scim.MembersAsync(group));
        var done = await scim.SendAsync("PATCH", $"/Groups/{group}", body, null, ("If-Match", "W/\"1\""));
        Assert.Equal((204, "W/\"2\""), (done.Status, done.Headers.ETag!.ToString()));
        Assert.Empty(await scim.MembersAsync(group));
    }

    // 30 at once: 20 add one each, 10 remove one each of those who were there.
    [Fact]
    public async Task Writers_30AtOneGroup_LeaveExactlyWhoShouldBeThere()
    {
        var users = new List<string>();
        for (var i = 0; i < 40; i++) users.Add(await scim.UserAsync(ScimServer.Name("crowd")));
        var group = await scim.GroupAsync(ScimServer.Name("Crowd "), [.. users.Take(20)]);

        var added = users.Skip(20).Select(user => $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}""");
        var removed = users.Take(10).Select((user, i) => i % 2 == 0
            ? $$"""{"op":"remove","path":"members[value eq \"{{user}}\"]"}"""
            : $$"""{"op":"Remove","path":"members","value":[{"value":"{{user}}"}]}""");
        var answers = await Task.WhenAll(added.Concat(removed).Select(
            operation => scim.PatchAsync($"/Groups/{group}", operation)));

        Assert.Equal(30, answers.Count(answer => answer.Status == 204));
        Assert.Equal(users.Skip(10).Order(StringComparer.Ordinal), await scim.MembersAsync(group));
        Assert.Equal("W/\"31\"", (await scim.GetAsync($"/Groups/{group}")).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Version_OfAGroup_CountsAMemberWhoIsDeleted()
    {
        var stays = await scim.UserAsync(ScimServer.Name("stays"));
        var goes = await scim.UserAsync(ScimServer.Name("goes"));
        var group = await scim.GroupAsync(ScimServer.Name("Group "), stays, goes);
        Assert.Equal(204, (await scim.DeleteAsync($"/Users/{goes}")).Status);
        var now = await scim.SendAsync("GET", $"/Groups/{group}", null, headers: ("If-None-Match", "W/\"1\""));
        Assert.Equal((200, "W/\"2\""), (now.Status, now.Headers.ETag!.ToString()));
        Assert.Equal([stays], await scim.MembersAsync(group));
    }

    // Whoever makes somebody a member refers to the user's row, and must not wait for a change of it.
    [Fact]
    public async Task Deactivation_WhileAMemberIsAdded_DoesNotWait()
    {
        var user = await scim.UserAsync(ScimServer.Name("both"));
        await using var connection = await scim.App.Db.OpenConnectionAsync(Ct);
        await using var other = await connection.BeginTransactionAsync(Ct);
        await using (var refers = new NpgsqlCommand(
            "select 1 from scim.user where user_id = $1 for key share", connection))
        {
            refers.Parameters.Add(new() { Value = Guid.ParseExact(user["usr_".Length..], "N") });
            await refers.ExecuteNonQueryAsync(Ct);
        }

        var done = await scim.PatchAsync($"/Users/{user}", """{"op":"replace","value":{"active":false} }""")
            .WaitAsync(TimeSpan.FromSeconds(15), Ct);
        Assert.Equal(200, done.Status);
    }

    // More members than a page has are on several, each group with all of its own.
    [Fact]
    public async Task Pages_OfLargeGroups_AreShorterAndWhole()
    {
        var tag = ScimServer.Name("large");
        var groups = new List<string>();
        for (var i = 0; i < 3; i++) groups.Add(await scim.GroupAsync($"{tag} {i}"));
        await using (var connection = await scim.App.Db.OpenConnectionAsync(Ct))
        await using (var fill = new NpgsqlCommand("""
            with made as (
                insert into scim.user (
                    user_id, user_name, active, resource, folded, version, created_at, changed_at)
                select gen_random_uuid(), $1 || n, true, jsonb_build_object('userName', $1 || n), '{}', 1, now(), now()
                  from generate_series(1, 9000) n
                returning user_id)
            insert into scim.member (group_id, user_id, added_at)
            select g, user_id, now() from made cross join unnest($2::uuid[]) g
            """, connection))
        {
            fill.Parameters.Add(new() { Value = tag });
            Guid[] ids = [.. groups.Select(id => Guid.ParseExact(id["grp_".Length..], "N"))];
            fill.Parameters.Add(new() { Value = ids });
            await fill.ExecuteNonQueryAsync(Ct);
        }

        var filter = $"filter=displayName sw \"{tag}\"";
        var first = await scim.GetAsync($"/Groups?{filter}");
        Assert.Equal((3, 2), (first.Total, first.Items.Length));
        Assert.All(first.Items, group => Assert.Equal(9_000, group["members"]!.AsArray().Count));
        var rest = await scim.GetAsync($"/Groups?{filter}&startIndex=3");
        Assert.Equal(9_000, Assert.Single(rest.Items)["members"]!.AsArray().Count);
        var byCursor = await scim.GetAsync($"/Groups?{filter}&cursor=");
        Assert.Equal(2, byCursor.Items.Length);
        Assert.Single((await scim.GetAsync($"/Groups?{filter}&cursor={byCursor.Text("nextCursor")}")).Items);
        Assert.Equal(3, (await scim.GetAsync($"/Groups?{filter}&excludedAttributes=members")).Items.Length);
    }

    // Users who are deleted while groups change: every answer is one that a directory understands.
    [Fact]
    public async Task Users_DeletedWhileGroupsChange_AreGoneEverywhere()
    {
        var users = new List<string>();
        for (var i = 0; i < 16; i++) users.Add(await scim.UserAsync(ScimServer.Name("leaves")));
        string[] groups =
        [
            await scim.GroupAsync(ScimServer.Name("One "), [.. users]), await scim.GroupAsync(ScimServer.Name("Two ")),
        ];

        var work = users.Take(8).Select(user => scim.DeleteAsync($"/Users/{user}"))
            .Concat(Enumerable.Range(0, 8).Select(i => scim.PatchAsync($"/Groups/{groups[i % 2]}", $$"""
                {"op":"replace","path":"members","value":[{"value":"{{users[8 + i]}}"},{"value":"{{users[i]}}"}]}
                """)));
        var answers = await Task.WhenAll(work);

        Assert.All(answers, answer => Assert.True(answer.Status is 204 or 400 or 503, $"{answer}"));
        foreach (var user in users.Take(8)) await scim.DeleteAsync($"/Users/{user}");
        foreach (var group in groups)
            Assert.Empty((await scim.MembersAsync(group)).Intersect(users.Take(8)));
    }
}
