using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Database.Host;

namespace Guerdon.Database.Scim;

/// <summary>What the protocol asks of a service whatever the resource: discovery, errors, sign-in, search.</summary>
public sealed class ProtocolTests(ScimServer scim) : IClassFixture<ScimServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ServiceProviderConfig")]
    [InlineData("/ResourceTypes")]
    [InlineData("/ResourceTypes/User")]
    [InlineData("/Schemas")]
    [InlineData("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group")]
    public async Task Discovery_IsReadWithAndWithoutAToken(string path)
    {
        var own = await scim.GetAsync(path);
        var strangers = await scim.SendAsync("GET", path, null, scim.Nobody);
        Assert.Equal((200, 200), (own.Status, strangers.Status));
        Assert.Equal("application/scim+json", strangers.MediaType);
        Assert.True(JsonNode.DeepEquals(own.Body, strangers.Body));
        Assert.DoesNotContain("null", strangers.Body.ToJsonString(), StringComparison.Ordinal);
        var filtered = await scim.GetAsync($"{path}?filter=id eq \"User\"");
        Assert.Equal((403, "403"), (filtered.Status, filtered.Text("status")));
        foreach (var method in (string[])["POST", "PUT", "PATCH", "DELETE"])
        {
            var answer = await scim.SendAsync(method, path, "{}", scim.Nobody);
            Assert.Equal((405, "405"), (answer.Status, answer.Text("status")));
        }
    }

    [Fact]
    public async Task Config_SaysWhatIsServed()
    {
        var config = (await scim.GetAsync("/ServiceProviderConfig")).Body;
        Assert.All((string[])["patch", "bulk", "filter", "sort", "etag"],
            name => Assert.True(config[name]!["supported"]!.GetValue<bool>(), name));
        Assert.Equal(200, config["filter"]!["maxResults"]!.GetValue<int>());
        Assert.True(config["pagination"]!["cursor"]!.GetValue<bool>());
        Assert.Equal("oauthbearertoken", config["authenticationSchemes"]![0]!["type"]!.GetValue<string>());

        var schemas = await scim.GetAsync("/Schemas");
        Assert.Equal(
            ["User", "EnterpriseUser", "Group", "ServiceProviderConfig", "ResourceType", "Schema"],
            schemas.Items.Select(schema => schema["name"]!.GetValue<string>()));
        var user = schemas.Items[0]["attributes"]!.AsArray();
        var name = user.Single(one => one!["name"]!.GetValue<string>() == "userName")!;
        Assert.Equal(("string", true, "server", false), (name["type"]!.GetValue<string>(),
            name["required"]!.GetValue<bool>(), name["uniqueness"]!.GetValue<string>(),
            name["caseExact"]!.GetValue<bool>()));
        Assert.Equal(404, (await scim.GetAsync("/Schemas/nothing")).Status);
        Assert.Equal(404, (await scim.GetAsync("/ResourceTypes/Device")).Status);
    }

    [Theory]
    [InlineData("GET", "/Users")]
    [InlineData("POST", "/Groups")]
    [InlineData("GET", "/Users/usr_1")]
    [InlineData("POST", "/.search")]
    public async Task Strangers_AreAskedForAToken(string method, string path)
    {
        foreach (var headers in new (string, string)[][]
        {
            [], [("Authorization", "Bearer grd_nonsense")], [("Authorization", "Bearer other")],
            [("Authorization", "Basic eDp5")],
        })
        {
            var answer = await scim.SendAsync(method, path, method == "GET" ? null : "{}", scim.Nobody, headers);
            Assert.True(answer.Status == 401, $"{string.Join(' ', headers)}: {answer}");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Equal("application/scim+json", answer.MediaType);
            Assert.Equal("401", answer.Text("status"));
        }
    }

    [Theory]
    [InlineData("GET", "/Users", 401)]
    [InlineData("POST", "/Users", 403)] // as every write that comes with a session alone
    public async Task Sessions_DoNotSpeakForTheDirectory(string method, string path, int status)
    {
        var answer = await scim.SendAsync(method, path, method == "GET" ? null : """{"userName":"by-session"}""",
            scim.Nobody, ("Cookie", await scim.App.SessionAsync()));
        Assert.Equal((status, "application/scim+json"), (answer.Status, answer.MediaType));
        Assert.Equal(0, (await scim.GetAsync("/Users?filter=userName eq \"by-session\"")).Total);
    }

    [Fact]
    public async Task Employees_MayNotSpeakForTheDirectory()
    {
        using var client = await scim.EmployeeAsync();
        var answer = await scim.SendAsync("GET", "/Users", null, client);
        Assert.Equal((403, "application/scim+json"), (answer.Status, answer.MediaType));
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", answer.Body["schemas"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "/Me", 501)]
    [InlineData("PATCH", "/Me", 501)]
    [InlineData("GET", "/Nothing", 404)]
    [InlineData("POST", "/Users/usr_1", 405)]
    [InlineData("PUT", "/Users", 405)]
    [InlineData("DELETE", "/Groups", 405)]
    [InlineData("GET", "/.search", 405)]
    [InlineData("GET", "/Users/usr_1/emails", 404)]
    public async Task Addresses_ThatAreNotServed_SaySo(string method, string path, int status)
    {
        var answer = await scim.SendAsync(method, path, method == "GET" ? null : "{}");
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/scim+json", answer.MediaType);
    }

    [Theory]
    [InlineData("{", "application/scim+json", 400, "invalidSyntax")]
    [InlineData("[]", "application/json", 400, "invalidSyntax")]
    [InlineData("", "application/json", 400, "invalidSyntax")]
    [InlineData("{\"userName\":\"a\\u0000\"}", "application/json", 400, "invalidValue")]
    [InlineData("{\"userName\":5,\"userName\":6}", "application/json", 400, "invalidSyntax")]
    [InlineData("{\"userName\":11111111111111111111111111111111111111111}", "application/json", 400, "invalidValue")]
    [InlineData("{}", "text/plain", 415, null)]
    [InlineData("{}", "application/xml", 415, null)]
    public async Task Body_ThatCannotBeRead_IsRefused(string body, string type, int status, string? scimType)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await scim.Directory.PostAsync(ScimServer.Root + "/Users", content, Ct);
        Assert.Equal((status, "application/scim+json"),
            ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal(scimType, said["scimType"]?.GetValue<string>());
    }

    [Fact]
    public async Task Body_LongerThanMayBe_Is413AsScimSaysIt()
    {
        var answer = await scim.PostAsync("/Users", $$"""{"userName":"a","title":"{{new string('a', 1 << 20)}}"}""");
        Assert.Equal((413, "413"), (answer.Status, answer.Text("status")));
        Assert.Equal("application/scim+json", answer.MediaType);
        Assert.Equal(413, (await scim.PostAsync("/Groups",
            $$"""{"displayName":"a","externalId":"{{new string('a', 4 << 20)}}"}""")).Status);
    }

    [Fact]
    public async Task Search_OnEachAddress_FindsWhatTheFilterSays()
    {
        var name = ScimServer.Name("search");
        var user = await scim.UserAsync(
            name, $",\"displayName\":\"S {name}\",\"emails\":[{{\"value\":\"w-{name}\",\"type\":\"work\"}}]");
        var group = await scim.GroupAsync($"S {name}", user);
        var body = $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["displayName"],
             "filter":"displayName eq \"s {{name}}\"","startIndex":1,"count":10}
            """;

        Assert.Equal([user], Ids(await scim.PostAsync("/Users/.search", body)));
        Assert.Equal([group], Ids(await scim.PostAsync("/Groups/.search", body)));
        var both = await scim.PostAsync("/.search", body);
        Assert.Equal((2, 2), (both.Total, both.Items.Length));
        Assert.Equal([user, group], Ids(both));
        Assert.All(both.Items, one => Assert.False(one.ContainsKey("meta")));
        Assert.Equal([group], Ids(await scim.PostAsync(
            "/.search", body.Replace("\"startIndex\":1", "\"startIndex\":2", StringComparison.Ordinal))));
        // An attribute that only users have.
        Assert.Equal([user], Ids(await scim.PostAsync("/.search", $$"""{"filter":"userName eq \"{{name}}\""}""")));
        foreach (var filter in (string[])
            [
                $"emails[type eq \\\"work\\\" and value sw \\\"w\\\"].value eq \\\"w-{name}\\\"",
                $"emails[value eq \\\"w-{name}\\\"]", $"emails[value eq \\\"w-{name}\\\"].type pr",
            ])
            Assert.Equal([user], Ids(await scim.PostAsync("/.search", $$"""{"filter":"{{filter}}"}""")));
        Assert.Equal([group], Ids(await scim.PostAsync(
            "/.search", $$"""{"filter":"members[value eq \"{{user}}\"]"}""")));
        foreach (var wrong in (string[])["userName", "emails[value eq 1", "colour[value eq 1].x", "a[b[c eq 1]]"])
            Assert.Equal(400, (await scim.PostAsync("/.search", $$"""{"filter":"{{wrong}}"}""")).Status);
        var digits = new string('9', 500_000);
        foreach (var start in (string[])[digits, $"\"{digits}\""])
            Assert.Equal(400, (await scim.PostAsync("/.search", $$"""{"startIndex":{{start}}}""")).Status);
    }

    // Accounts that were made here are not the directory's.
    [Fact]
    public async Task LocalAdministrators_AreInvisible()
    {
        foreach (var email in new[] { RealApp.Admin, RealApp.Other })
        {
            Assert.Equal(0, (await scim.GetAsync($"/Users?filter=userName eq \"{email}\"")).Total);
            Assert.Equal(0, (await scim.GetAsync($"/Users?filter=emails.value eq \"{email}\"")).Total);
        }
    }

    private static IEnumerable<string> Ids(ScimServer.Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer}");
        return answer.Items.Select(one => one["id"]!.GetValue<string>());
    }
}
