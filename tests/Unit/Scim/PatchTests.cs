using System.Text.Json.Nodes;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Schemas;

namespace Guerdon.Unit.Scim;

/// <summary>What operations make of a user, in the spellings of Okta and Entra ID.</summary>
public sealed class PatchTests
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    // What a user with the attributes on the left becomes. Attributes that are not shown are as they were.
    [Theory]
    // Entra ID, without its flag: capitals, and booleans as texts.
    [InlineData("{}", """{"op":"Add","path":"active","value":"True"}""", """{"active":true}""")]
    [InlineData("""{"active":true}""", """{"op":"Replace","path":"active","value":"False"}""", """{"active":false}""")]
    [InlineData("""{"active":true}""", """{"op":"replace","value":{"active":false}}""", """{"active":false}""")]
    [InlineData("{}", """{"op":"Add","path":"name.familyName","value":"L"}""", """{"name":{"familyName":"L"}}""")]
    // With it: one operation whose keys are paths.
    [InlineData("""{"name":{"familyName":"L"}}""", """{"op":"replace","value":{"name.givenName":"F"}}""",
        """{"name":{"familyName":"L","givenName":"F"}}""")]
    [InlineData("{}", $$"""{"op":"replace","value":{"displayName":"D","{{Enterprise}}:employeeNumber":"7"} }""",
        $$"""{"displayName":"D","{{Enterprise}}":{"employeeNumber":"7"} }""")]
    [InlineData("{}", $$"""{"op":"replace","value":{"{{Enterprise}}":{"department":"R"} } }""",
        $$"""{"{{Enterprise}}":{"department":"R"} }""")]
    [InlineData("{}", $$"""{"op":"Add","path":"{{Enterprise}}:department","value":"R"}""",
        $$"""{"{{Enterprise}}":{"department":"R"} }""")]
    // A value path without a match makes the element, for replace too.
    [InlineData("""{"emails":[{"type":"home","value":"h"}]}""",
        """{"op":"Add","path":"emails[type eq \"work\"].value","value":"w"}""",
        """{"emails":[{"type":"home","value":"h"},{"type":"work","value":"w"}]}""")]
    [InlineData("{}", """{"op":"Replace","path":"emails[type eq \"work\"].value","value":"w"}""",
        """{"emails":[{"type":"work","value":"w"}]}""")]
    [InlineData("""{"emails":[{"type":"work","value":"w"}]}""",
        """{"op":"replace","value":{"emails[type eq \"work\"].value":"x"} }""",
        """{"emails":[{"type":"work","value":"x"}]}""")]
    [InlineData("""{"emails":[{"type":"Work","value":"w"}]}""",
        """{"op":"replace","path":"emails[TYPE EQ \"WORK\"].VALUE","value":"x"}""",
        """{"emails":[{"type":"Work","value":"x"}]}""")]
    [InlineData("""{"roles":[{"primary":true,"value":"a"}]}""",
        """{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"b"}""",
        """{"roles":[{"primary":true,"value":"b"}]}""")]
    // A role as JSON in a text.
    [InlineData("{}", """
        {"op":"Add","path":"roles","value":[{"value":"{\"id\":\"1\",\"value\":\"A\",\"displayName\":\"B\"}"}]}
        """,
        """{"roles":[{"value":"A","display":"B"}]}""")]
    // A manager in each of its forms.
    [InlineData("{}", """{"op":"Add","path":"manager","value":"usr_1"}""",
        $$"""{"{{Enterprise}}":{"manager":{"value":"usr_1"} } }""")]
    [InlineData("{}", """{"op":"Add","path":"manager","value":[{"$ref":"x","value":"usr_1"}]}""",
        $$"""{"{{Enterprise}}":{"manager":{"value":"usr_1","$ref":"x"} } }""")]
    [InlineData("{}", $$"""
        {"op":"replace","path":"{{Enterprise}}:manager","value":{"value":"usr_1","displayName":"M"} }
        """,
        $$"""{"{{Enterprise}}":{"manager":{"value":"usr_1"} } }""")]
    [InlineData($$"""{"{{Enterprise}}":{"manager":{"value":"usr_1"},"department":"R"} }""",
        """{"op":"remove","path":"manager"}""", $$"""{"{{Enterprise}}":{"department":"R"} }""")]
    [InlineData($$"""{"{{Enterprise}}":{"manager":{"value":"usr_1"} } }""",
        """{"op":"replace","path":"manager","value":""}""", "{}")]
    // Okta's own: id and groups are the server's; a password is saved nowhere.
    [InlineData("{}", """{"op":"replace","value":{"id":"usr_2","groups":[],"displayName":"D","password":"p"} }""",
        """{"displayName":"D"}""")]
    [InlineData("{}", """{"op":"replace","path":"password","value":"p"}""", "{}")]
    [InlineData("{}", """{"op":"replace","value":{"favouriteColour":"red"} }""", "{}")]
    // Lists.
    [InlineData("""{"emails":[{"value":"a"}]}""", """{"op":"add","path":"emails","value":[{"value":"b"}]}""",
        """{"emails":[{"value":"a"},{"value":"b"}]}""")]
    [InlineData("""{"emails":[{"value":"a"}]}""", """{"op":"add","path":"emails","value":{"value":"a"} }""",
        """{"emails":[{"value":"a"}]}""")]
    [InlineData("""{"emails":[{"value":"a","primary":true}]}""",
        """{"op":"add","path":"emails","value":[{"value":"b","primary":true}]}""",
        """{"emails":[{"value":"a","primary":false},{"value":"b","primary":true}]}""")]
    [InlineData("""{"emails":[{"value":"a"}]}""", """{"op":"replace","path":"emails","value":[{"value":"b"}]}""",
        """{"emails":[{"value":"b"}]}""")]
    [InlineData("""{"emails":[{"value":"a"}]}""", """{"op":"replace","path":"emails","value":[]}""", "{}")]
    [InlineData("""{"emails":[{"value":"a"},{"value":"b"}]}""",
        """{"op":"remove","path":"emails","value":[{"value":"a"}]}""", """{"emails":[{"value":"b"}]}""")]
    [InlineData("""{"emails":[{"value":"a","type":"work"},{"value":"b"}]}""",
        """{"op":"remove","path":"emails[type eq \"work\"]"}""", """{"emails":[{"value":"b"}]}""")]
    [InlineData("""{"emails":[{"value":"a","type":"work"}]}""",
        """{"op":"remove","path":"emails[type eq \"work\"].type"}""", """{"emails":[{"value":"a"}]}""")]
    [InlineData("""{"emails":[{"value":"a"},{"value":"b"}]}""",
        """{"op":"replace","path":"emails[value eq \"a\" or value eq \"b\"].type","value":"work"}""",
        """{"emails":[{"value":"a","type":"work"},{"value":"b","type":"work"}]}""")]
    [InlineData("""{"title":"T"}""", """{"op":"remove","path":"title"}""", "{}")]
    [InlineData("""{"title":"T"}""", """{"op":"replace","path":"title","value":null}""", "{}")]
    [InlineData("""{"name":{"familyName":"L","givenName":"F"}}""",
        """{"op":"replace","path":"name","value":{"givenName":"G"} }""",
        """{"name":{"familyName":"L","givenName":"G"}}""")]
    [InlineData($$"""{"title":"T","{{Enterprise}}":{"department":"R"} }""",
        $$"""{"op":"remove","path":"{{Enterprise}}"}""", """{"title":"T"}""")]
    public void Patch_OfAUser_MakesThis(string user, string operation, string becomes)
    {
        var patched = Apply(user, operation);

        Assert.True(patched.Error is null, patched.Error);
        var expected = User(becomes);
        Assert.True(JsonNode.DeepEquals(expected, patched.User), $"{patched.User!.ToJsonString()}");
    }

    [Theory]
    [InlineData("""{"op":"remove"}""", "scim.no_target")]
    [InlineData("""{"op":"remove","path":""}""", "scim.no_target")]
    [InlineData("""{"op":"replace","path":"favouriteColour","value":"x"}""", "scim.path_invalid")]
    [InlineData("""{"op":"replace","path":"name.colour","value":"x"}""", "scim.path_invalid")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"","value":"x"}""", "scim.path_invalid")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"]value","value":"x"}""", "scim.path_invalid")]
    [InlineData("""{"op":"replace","path":"emails[type]","value":"x"}""", "scim.filter_invalid")]
    [InlineData("""{"op":"replace","path":"title[value eq \"x\"]","value":"x"}""", "scim.path_invalid")]
    [InlineData("""{"op":"remove","path":"emails[type eq \"fax\"]"}""", "scim.no_target")]
    [InlineData("""{"op":"replace","path":"emails[type ne \"work\"].value","value":"x"}""", "scim.no_target")]
    [InlineData("""{"op":"replace","path":"id","value":"x"}""", "scim.read_only")]
    [InlineData("""{"op":"add","path":"groups","value":[{"value":"x"}]}""", "scim.read_only")]
    [InlineData("""{"op":"remove","path":"userName"}""", "scim.read_only")]
    [InlineData("""{"op":"remove","path":"active"}""", "scim.read_only")]
    [InlineData("""{"op":"replace","path":"userName","value":""}""", "scim.value_invalid")]
    [InlineData("""{"op":"replace","path":"active","value":"maybe"}""", "scim.value_invalid")]
    [InlineData("""{"op":"replace","path":"title","value":{"a":1} }""", "scim.value_invalid")]
    [InlineData("""{"op":"add","path":"emails","value":[5,true]}""", "scim.value_invalid")]
    [InlineData("""{"op":"move","path":"title","value":"x"}""", "scim.syntax_invalid")]
    [InlineData("""{"path":"title","value":"x"}""", "scim.syntax_invalid")]
    [InlineData("""{"op":"replace","value":"x"}""", "scim.syntax_invalid")]
    public void Patch_ThatCannotBe_IsRefused(string operation, string code) =>
        Assert.StartsWith(code + ":", Apply("{}", operation).Error, StringComparison.Ordinal);

    [Fact]
    public void Patch_WhoseLastOperationCannotBe_ChangesNothing()
    {
        var user = User("""{"title":"T"}""");
        var before = user.ToJsonString();
        var body = JsonNode.Parse("""
            {"Operations":[{"op":"replace","path":"title","value":"X"},{"op":"replace","path":"no","value":"X"}]}
            """)!.AsObject();
        Assert.True(PatchOperation.ReadAll(body).Is(out var operations, out _));
        Assert.False(ResourcePatch.Apply(ResourceType.User, user, operations).Is(out _, out _));
        Assert.Equal(before, user.ToJsonString());
    }

    [Theory]
    [InlineData("""{"operations":[]}""", "scim.syntax_invalid")]
    [InlineData("""{"Operations":{}}""", "scim.syntax_invalid")]
    [InlineData("""{"Operations":[5]}""", "scim.syntax_invalid")]
    [InlineData("{}", "scim.syntax_invalid")]
    public void Body_ThatHasNoOperations_IsRefused(string body, string code)
    {
        Assert.False(PatchOperation.ReadAll(JsonNode.Parse(body)!.AsObject()).Is(out _, out var refused));
        Assert.Equal(code, refused.Refusal.Code);
    }

    private static (JsonObject? User, string? Error) Apply(string user, string operation)
    {
        var body = new JsonObject { ["OPERATIONS"] = new JsonArray(JsonNode.Parse(operation)) };
        if (!PatchOperation.ReadAll(body).Is(out var operations, out var unread)) return (null, $"{unread}");
        return ResourcePatch.Apply(ResourceType.User, User(user), operations).Is(out var patched, out var refused)
            ? (patched, null) : (null, $"{refused}");
    }

    private static JsonObject User(string attributes)
    {
        var sent = JsonNode.Parse(attributes)!.AsObject();
        sent["userName"] = "ada";
        Assert.True(ResourceReader.Read(ResourceType.User, sent).Is(out var user, out var refused), $"{refused}");
        return user;
    }
}
