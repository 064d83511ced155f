using System.Text.Json.Nodes;

namespace Guerdon.Database.Scim;

/// <summary>Users as Okta and Entra ID send and ask for them.</summary>
public sealed class UserTests(ScimServer scim) : IClassFixture<ScimServer>
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Test_OfAConnection_IsAnswered()
    {
        var okta = await scim.GetAsync("/Users?startIndex=1&count=2");
        Assert.Equal(200, okta.Status);
        Assert.Equal("application/scim+json", okta.MediaType);
        Assert.Equal(System.Text.Json.JsonValueKind.Number, okta.Body["totalResults"]!.GetValueKind());
        Assert.Equal(System.Text.Json.JsonValueKind.Number, okta.Body["startIndex"]!.GetValueKind());
        Assert.Equal(200, (await scim.GetAsync("/Groups?startIndex=1&count=100")).Status);

        var entra = await scim.GetAsync($"/Users?filter=userName eq \"{Guid.NewGuid()}\"");
        Assert.Equal((200, 0), (entra.Status, entra.Total));
        Assert.Empty(entra.Items);
    }

    [Fact]
    public async Task Post_OfOkta_LeavesOutPasswordAndGroups()
    {
        var name = ScimServer.Name("Okta.User");
        var made = await scim.PostAsync("/Users", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{name}}",
             "name":{"givenName":"Test","familyName":"User"},
             "emails":[{"primary":true,"value":"{{name}}","type":"work"}],
             "displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","groups":[],
             "password":"1mz050nq","active":true}
            """);

        Assert.Equal(201, made.Status);
        Assert.Equal(name, made.Text("userName"));
        Assert.False(made.Body.ContainsKey("password"));
        Assert.False(made.Body.ContainsKey("groups"));
        Assert.True(made.Body["active"]!.GetValue<bool>());
        Assert.Equal($"{scim.App.Address.GetLeftPart(UriPartial.Authority)}/scim/v2/Users/{made.Id}",
            made.Headers.Location!.ToString());
        Assert.Equal("W/\"1\"", made.Headers.ETag!.ToString());
        Assert.Equal("W/\"1\"", made.Body["meta"]!["version"]!.GetValue<string>());
        Assert.Equal(0L, await CountAsync("select count(*) from scim.user where resource::text like '%1mz050nq%'"));
    }

    [Fact]
    public async Task Filters_OfBothDirectories_FindTheUser()
    {
        var name = ScimServer.Name("Find.Me");
        var id = await scim.UserAsync(name, $$"""
            ,"externalId":"Ext-{{name}}","displayName":"Find Me","emails":[{"type":"work","value":"{{name}}"}],
            "{{Enterprise}}":{"department":"R & D","manager":"usr_00000000000000000000000000000001"}
            """);

        foreach (var filter in new[]
        {
            $"userName eq \"{name.ToUpperInvariant()}\"", $"externalId eq \"Ext-{name}\"", $"externalId eq Ext-{name}",
            $"emails[type eq \"work\"].value eq \"{name}\"", $"emails[type eq \"work\" and value eq \"{name}\"]",
            $"emails.value eq \"{name}\" and active eq true", $"id eq \"{id}\"",
            $"id eq {id} and manager eq usr_00000000000000000000000000000001",
            $"userName sw \"{name[..9]}\" and id eq {id}",
            $"{Enterprise}:department co \"r & d\" and id eq {id}", $"not (active eq false) and id eq {id}",
            $"(userName ew \"example.com\" or nickName pr) and id eq {id}",
            $"meta.created gt \"2020-01-01\" and id eq {id}",
            $"nickName eq null and id eq {id}", $"emails[type ne \"home\" and value co \"find\"] and id eq {id}",
            $"nickName ne \"x\" and id eq {id}", $"schemas eq \"{Enterprise}\" and id eq {id}",
        })
        {
            var found = await scim.GetAsync($"/Users?startIndex=1&count=100&filter={Uri.EscapeDataString(filter)}");
            Assert.True(found is { Status: 200, Total: 1 }, $"{filter}: {found}");
            Assert.Equal(id, found.Items[0]["id"]!.GetValue<string>());
        }

        foreach (var filter in new[]
        {
            $"externalId eq \"ext-{name}\"", $"id eq \"{id[..^1]}\"", "externalId eq \"nobody\"", "nickName eq \"x\"",
            $"emails[type eq \"home\"].value eq \"{name}\"", $"userName eq \"{name}\" and active eq false",
            $"userName eq \"find_me%\"", "groups.value eq \"grp_00000000000000000000000000000001\"",
        })
            Assert.Equal((200, 0), Brief(await scim.GetAsync($"/Users?filter={Uri.EscapeDataString(filter)}"), filter));
    }

    [Theory]
    [InlineData("userName")]
    [InlineData("blah")]
    [InlineData("favouriteColour eq \"x\"")]
    public async Task Filter_ThatIsNone_IsInvalidFilter(string filter)
    {
        var answer = await scim.GetAsync($"/Users?filter={Uri.EscapeDataString(filter)}");
        Assert.Equal((400, "invalidFilter"), (answer.Status, answer.Text("scimType")));
        Assert.Equal("400", answer.Text("status"));
    }

    [Fact]
    public async Task Put_OfTheWholeBody_DeactivatesAndClears()
    {
        var id = await scim.UserAsync(ScimServer.Name("put"), ",\"title\":\"T\",\"nickName\":\"N\"");
        var got = (await scim.GetAsync($"/Users/{id}")).Body;
        got["active"] = false;
        got.Remove("title");
        got["groups"] = new JsonArray(new JsonObject { ["value"] = "grp_1" });

        var put = await scim.PutAsync($"/Users/{id}", got.ToJsonString());

        Assert.Equal(200, put.Status);
        Assert.False(put.Body["active"]!.GetValue<bool>());
        Assert.Equal((false, true), (put.Body.ContainsKey("title"), put.Body.ContainsKey("nickName")));

        // Without active it stays as it is.
        got.Remove("active");
        Assert.False((await scim.PutAsync($"/Users/{id}", got.ToJsonString())).Body["active"]!.GetValue<bool>());
        Assert.Equal(400, (await scim.PutAsync($"/Users/{id}", "{}")).Status);
    }

    [Theory]
    [InlineData("""{"op":"replace","value":{"active":false} }""")]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""")]
    [InlineData("""{"op":"replace","path":"active","value":false}""")]
    [InlineData("""{"op":"Add","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":"false"}""")]
    public async Task Patch_InEachSpelling_Deactivates(string operation)
    {
        var id = await scim.UserAsync(ScimServer.Name("patch"));
        var patched = await scim.PatchAsync($"/Users/{id}", operation);
        Assert.Equal(200, patched.Status);
        Assert.False(patched.Body["active"]!.GetValue<bool>());
        Assert.False((await scim.GetAsync($"/Users/{id}")).Body["active"]!.GetValue<bool>());

        patched = await scim.PatchAsync($"/Users/{id}", """{"op":"Add","path":"active","value":"True"}""");
        Assert.True(patched.Body["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Patch_OfEntra_WritesAttributesOfAllKinds()
    {
        var manager = await scim.UserAsync(ScimServer.Name("boss"));
        var id = await scim.UserAsync(ScimServer.Name("entra"));
        var patched = await scim.PatchAsync($"/Users/{id}",
            """{"op":"Add","path":"emails[type eq \"work\"].value","value":"w@example.com"}""",
            """{"op":"Replace","path":"name.familyName","value":"Lovelace"}""",
            $$"""{"op":"Add","path":"{{Enterprise}}:department","value":"Research"}""",
            $$"""{"op":"Add","path":"manager","value":[{"$ref":"../Users/x","value":"{{manager}}"}]}""",
            $$"""
            {"op":"replace",
             "value":{"displayName":"Ada","name.givenName":"Ada","{{Enterprise}}:employeeNumber":"1"} }
            """);

        Assert.Equal(200, patched.Status);
        var user = (await scim.GetAsync($"/Users/{id}")).Body;
        Assert.Equal("w@example.com", user["emails"]![0]!["value"]!.GetValue<string>());
        Assert.Equal("Ada Lovelace", $"{user["name"]!["givenName"]} {user["name"]!["familyName"]}");
        Assert.DoesNotContain(user, each => each.Key.Contains('.', StringComparison.Ordinal)
            && !each.Key.StartsWith("urn:", StringComparison.Ordinal));
        Assert.Equal("Research", user[Enterprise]!["department"]!.GetValue<string>());
        Assert.Equal(manager, user[Enterprise]!["manager"]!["value"]!.GetValue<string>());
        Assert.EndsWith($"/scim/v2/Users/{manager}", user[Enterprise]!["manager"]!["$ref"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OfWhoIsThere_IsUniquenessUnlessInactive()
    {
        var name = ScimServer.Name("again");
        var body = $$"""{"userName":"{{name}}","externalId":"id-{{name}}","title":"First"}""";
        var first = await scim.PostAsync("/Users", body);
        foreach (var taken in new[] { body, $$"""{"userName":"{{name.ToUpperInvariant()}}"}""" })
        {
            var answer = await scim.PostAsync("/Users", taken);
            Assert.Equal((409, "uniqueness"), (answer.Status, answer.Text("scimType")));
        }

        await scim.PatchAsync($"/Users/{first.Id}", """{"op":"replace","value":{"active":false} }""");
        var stays = await scim.PostAsync("/Users", body.Replace("{", "{\"active\":false,", StringComparison.Ordinal));
        Assert.Equal((409, "uniqueness"), (stays.Status, stays.Text("scimType"))); // who stays away is there already
        var back = await scim.PostAsync("/Users", body.Replace("First", "Second", StringComparison.Ordinal));
        Assert.Equal((201, first.Id), (back.Status, back.Id));
        Assert.True(back.Body["active"]!.GetValue<bool>());
        Assert.Equal("Second", back.Text("title"));
        Assert.Equal(409, (await scim.PostAsync("/Users", body)).Status);
    }

    // A name is handed on: whoever gets it is not whoever had it.
    [Fact]
    public async Task Post_OfAnotherWithTheNameOfAnInactive_IsUniqueness()
    {
        var name = ScimServer.Name("handed");
        var id = await scim.UserAsync(name, $",\"externalId\":\"one-{name}\",\"active\":false");
        Assert.Equal(409,
            (await scim.PostAsync("/Users", $$"""{"userName":"{{name}}","externalId":"two-{{name}}"}""")).Status);
        Assert.False((await scim.GetAsync($"/Users/{id}")).Body["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Delete_OfAUser_FreesTheName()
    {
        var name = ScimServer.Name("gone");
        var id = await scim.UserAsync(name);
        var group = await scim.GroupAsync($"Group of {name}", id);
        Assert.Equal(204, (await scim.DeleteAsync($"/Users/{id}")).Status);
        foreach (var answer in new[]
        {
            await scim.GetAsync($"/Users/{id}"), await scim.DeleteAsync($"/Users/{id}"),
            await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":true}"""),
            await scim.PutAsync($"/Users/{id}", $$"""{"userName":"{{name}}"}"""),
            await scim.GetAsync("/Users/nobody"),
        })
            Assert.Equal((404, "404"), (answer.Status, answer.Text("status")));
        Assert.Empty(await scim.MembersAsync(group));
        Assert.NotEqual(id, await scim.UserAsync(name));
    }

    [Fact]
    public async Task Pages_AreExactAndDoNotOverlap()
    {
        var tag = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 11; i++) await scim.UserAsync(ScimServer.Name("page"), $",\"title\":\"{tag}\"");
        var filter = $"filter=title eq \"{tag}\"";

        var all = (await scim.GetAsync($"/Users?{filter}")).Items.Select(IdOf).ToArray();
        Assert.Equal(11, all.Length);
        var last = await scim.GetAsync($"/Users?{filter}&startIndex=10&count=5");
        Assert.Equal((11, 10, 2), (last.Total, last.Body["startIndex"]!.GetValue<int>(),
            last.Body["itemsPerPage"]!.GetValue<int>()));
        Assert.Equal(all[9..], last.Items.Select(IdOf));
        var none = await scim.GetAsync($"/Users?{filter}&count=0");
        Assert.Equal((11, 0), (none.Total, none.Items.Length));
        Assert.Equal((11, 0), Brief(await scim.GetAsync($"/Users?{filter}&startIndex=12")));
        Assert.Equal(all[..2], (await scim.GetAsync($"/Users?{filter}&startIndex=-1&count=2")).Items.Select(IdOf));

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await scim.GetAsync($"/Users?{filter}&count=4&cursor={cursor}");
            seen.AddRange(page.Items.Select(IdOf));
            cursor = page.Body["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal(all, seen);
        var bad = await scim.GetAsync("/Users?cursor=nonsense");
        Assert.Equal((400, "invalidCursor"), (bad.Status, bad.Text("scimType")));

        static (int, int) Brief(ScimServer.Answer answer) => (answer.Total, answer.Items.Length);
    }

    [Fact]
    public async Task Sort_ByEachKindOfAttribute_PutsWhatIsMissingLast()
    {
        var tag = Guid.NewGuid().ToString("N");
        var b = await scim.UserAsync(ScimServer.Name("b"), $",\"title\":\"{tag}\",\"nickName\":\"B\","
            + "\"emails\":[{\"value\":\"x@a\"},{\"value\":\"a@a\",\"primary\":true}]");
        var none = await scim.UserAsync(ScimServer.Name("c"), $",\"title\":\"{tag}\"");
        var a = await scim.UserAsync(ScimServer.Name("a"), $",\"title\":\"{tag}\",\"nickName\":\"a\","
            + "\"emails\":[{\"value\":\"m@a\"}]");

        Assert.Equal([a, b, none], await SortedAsync("nickName"));
        Assert.Equal([none, b, a], await SortedAsync("nickName&sortOrder=descending"));
        Assert.Equal([b, a, none], await SortedAsync("emails.value"));
        Assert.Equal([b, a, none], await SortedAsync("emails"));
        Assert.Equal([b, none, a], await SortedAsync("meta.created"));
        Assert.Equal([a, b, none], await SortedAsync("userName"));
        Assert.Equal(400, (await scim.GetAsync("/Users?sortBy=colour")).Status);

        async Task<string[]> SortedAsync(string by) =>
            [.. (await scim.GetAsync($"/Users?filter=title eq \"{tag}\"&sortBy={by}")).Items.Select(IdOf)];
    }

    [Fact]
    public async Task Version_ThatIsOther_ChangesNothing()
    {
        var id = await scim.UserAsync(ScimServer.Name("tag"));
        var change = """{"Operations":[{"op":"replace","path":"title","value":"T"}]}""";
        foreach (var (method, body) in new[]
        {
            ("PATCH", change), ("PUT", $$"""{"userName":"{{ScimServer.Name("t")}}"}"""), ("DELETE", null),
        })
            Assert.Equal(412,
                (await scim.SendAsync(method, $"/Users/{id}", body, null, ("If-Match", "W/\"9\""))).Status);

        var patched = await scim.SendAsync("PATCH", $"/Users/{id}", change, null, ("If-Match", "W/\"1\""));
        Assert.Equal((200, "W/\"2\""), (patched.Status, patched.Headers.ETag!.ToString()));
        var known = await scim.SendAsync("GET", $"/Users/{id}", null, null, ("If-None-Match", "W/\"2\""));
        Assert.Equal(304, known.Status);
        Assert.Equal(200,
            (await scim.SendAsync("GET", $"/Users/{id}", null, null, ("If-None-Match", "W/\"1\""))).Status);

        // What changes nothing is no new version.
        Assert.Equal("W/\"2\"", (await scim.SendAsync("PATCH", $"/Users/{id}", change)).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Attributes_ThatAreChosen_AreShown()
    {
        var id = await scim.UserAsync(ScimServer.Name("few"), ",\"title\":\"T\",\"nickName\":\"N\"");
        Assert.Equal(["schemas", "id", "title"],
            (await scim.GetAsync($"/Users/{id}?attributes=title")).Body.Select(each => each.Key));
        Assert.False((await scim.GetAsync($"/Users/{id}?excludedAttributes=title")).Body.ContainsKey("title"));
        Assert.Equal(["schemas", "id", "nickName"],
            (await scim.PatchAsync($"/Users/{id}?attributes=nickName",
                """{"op":"replace","path":"title","value":"U"}""")).Body.Select(each => each.Key));
    }

    [Fact]
    public async Task Writers_OfOneUserAtOnce_EachHold()
    {
        var id = await scim.UserAsync(ScimServer.Name("many"));
        string[] attributes = ["title", "nickName", "locale", "timezone", "userType", "preferredLanguage"];
        var answers = await Task.WhenAll(attributes.Select(attribute => scim.PatchAsync(
            $"/Users/{id}", $$"""{"op":"replace","path":"{{attribute}}","value":"V"}""")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var user = (await scim.GetAsync($"/Users/{id}")).Body;
        Assert.All(attributes, attribute => Assert.Equal("V", user[attribute]!.GetValue<string>()));
    }

    [Fact]
    public async Task Users_300_AreProvisioned()
    {
        var tag = Guid.NewGuid().ToString("N");
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions
        {
            MaxDegreeOfParallelism = 5, CancellationToken = Ct,
        }, async (i, _) =>
        {
            var name = $"u{i}.{tag}@example.com";
            Assert.Equal(0, (await scim.GetAsync($"/Users?filter=userName eq \"{name}\"")).Total);
            var id = await scim.UserAsync(name, $",\"externalId\":\"{tag}-{i}\",\"title\":\"{tag}\"");
            Assert.Equal(200,
                (await scim.PatchAsync($"/Users/{id}", """{"op":"Add","path":"nickName","value":"n"}""")).Status);
        });

        var (seen, start) = (new HashSet<string>(), 1);
        while (true)
        {
            var page = await scim.GetAsync($"/Users?filter=title eq \"{tag}\"&startIndex={start}&count=100");
            Assert.Equal(300, page.Total);
            if (page.Items.Length == 0) break;
            seen.UnionWith(page.Items.Select(IdOf));
            start += page.Items.Length;
        }

        Assert.Equal(300, seen.Count);
    }

    private static string IdOf(JsonObject resource) => resource["id"]!.GetValue<string>();

    private static (int, int) Brief(ScimServer.Answer answer, string filter)
    {
        Assert.True(answer.Status == 200, $"{filter}: {answer}");
        return (answer.Status, answer.Total);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = scim.App.Db.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
