using System.Text.Json.Nodes;

namespace Guerdon.Database.Scim;

/// <summary>Groups and their members as Okta and Entra ID change them.</summary>
public sealed class GroupTests(ScimServer scim) : IClassFixture<ScimServer>
{
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
    [InlineData("""{"op":"remove","path":"displayName"}""", "mutability")]
    public async Task Patch_ThatCannotBe_ChangesNobody(string operation, string type)
    {
        var user = await scim.UserAsync(ScimServer.Name("stays"));
        var group = await scim.GroupAsync(ScimServer.Name("Group "), user);
        var answer = await scim.PatchAsync(
            $"/Groups/{group}", operation.Replace("GHOST", Ghost, StringComparison.Ordinal));
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
