using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guerdon.Unit.Scim;

/// <summary>Resources as they are sent, saved and shown; pages and cursors.</summary>
public sealed class DocumentTests
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    [Theory]
    [InlineData("""{"USERNAME":"a","id":"x","meta":{},"groups":[{"value":"g"}],"password":"p","shoe":5}""",
        $$"""{"userName":"a","schemas":["{{Core}}"]}""")]
    [InlineData("""{"userName":"a","active":"True","title":null,"nickName":"","emails":[]}""",
        $$"""{"userName":"a","active":true,"schemas":["{{Core}}"]}""")]
    [InlineData("""{"userName":"a","emails":{"value":"x","shoe":1}}""",
        $$"""{"userName":"a","emails":[{"value":"x"}],"schemas":["{{Core}}"]}""")]
    [InlineData("""{"userName":"a","emails":["x"]}""",
        $$"""{"userName":"a","emails":[{"value":"x"}],"schemas":["{{Core}}"]}""")]
    [InlineData("""{"userName":"a","emails":[{"value":"x","primary":true},{"value":"y","primary":"true"}]}""",
        $$"""
        {"userName":"a","emails":[{"value":"x","primary":true},{"value":"y","primary":false}],"schemas":["{{Core}}"]}
        """)]
    [InlineData($$"""{"userName":"a","{{Enterprise}}":{"EmployeeNumber":7,"manager":"usr_1"} }""",
        $$"""
        {"userName":"a","{{Enterprise}}":{"employeeNumber":"7","manager":{"value":"usr_1"} },
         "schemas":["{{Core}}","{{Enterprise}}"]}
        """)]
    public void Read_WhatIsSent_IsWhatTheSchemaSays(string sent, string read)
    {
        Assert.True(ResourceReader.Read(ResourceType.User, JsonNode.Parse(sent)!.AsObject()).Is(out var user, out _));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(read), user), user.ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"userName":""}""")]
    [InlineData("""{"userName":null}""")]
    [InlineData("""{"userName":"a","active":5}""")]
    [InlineData("""{"userName":"a","name":"Ada"}""")]
    [InlineData("""{"userName":"a","emails":[[1]]}""")]
    [InlineData("""{"userName":{"a":1}}""")]
    public void Read_WhatCannotBe_IsInvalidValue(string sent)
    {
        Assert.False(
            ResourceReader.Read(ResourceType.User, JsonNode.Parse(sent)!.AsObject()).Is(out _, out var refused));
        Assert.Equal("scim.value_invalid", refused.Refusal.Code);
    }

    [Theory]
    [InlineData("[]", "scim.syntax_invalid")]
    [InlineData("{", "scim.syntax_invalid")]
    [InlineData("""{"a":1,"a":2}""", "scim.syntax_invalid")]
    [InlineData("""{"a":"\u0000"}""", "scim.value_invalid")]
    [InlineData("""{"a":["\ud800"]}""", "scim.value_invalid")]
    [InlineData("""{"\udfff":1}""", "scim.value_invalid")]
    public void Body_ThatNothingCanHold_IsRefused(string body, string code)
    {
        Assert.False(WireJson.Read(body).Is(out _, out var refused));
        Assert.Equal(code, refused.Refusal.Code);
    }

    [Fact]
    public void Body_DeeperThanAnyResource_IsRefused() =>
        Assert.False(WireJson.Read($$"""{"a":{{new string('[', 40)}}{{new string(']', 40)}}}""").Is(out _, out _));

    [Theory]
    [InlineData("userName", null, "schemas,id,userName")]
    [InlineData("USERNAME,name.familyName", null, "schemas,id,userName,name(familyName)")]
    [InlineData("emails.value", null, "schemas,id,emails(value)")]
    [InlineData(Enterprise + ":department", null, "schemas,id," + Enterprise + "(department)")]
    [InlineData(Enterprise, null, "schemas,id," + Enterprise + "(division,department)")]
    [InlineData(null, "name,emails.type,id,schemas," + Enterprise, "schemas,id,meta,userName,emails(value)")]
    [InlineData("nothing", null, "schemas,id")]
    [InlineData("", "", "schemas,id,meta,userName,name(familyName,givenName),emails(value,type)," + Enterprise
        + "(division,department)")]
    public void Projection_OfAUser_HasTheseAttributes(string? wanted, string? excluded, string has)
    {
        var user = JsonNode.Parse($$"""
            {"meta":{},"id":"usr_1","schemas":[],"userName":"a","name":{"familyName":"L","givenName":"F"},
             "emails":[{"value":"x","type":"work"}],"{{Enterprise}}":{"department":"R","division":"D"} }
            """)!.AsObject();
        user["meta"] = new JsonObject { ["version"] = "1" };

        var shown = new Projection(ResourceType.User, wanted, excluded).Apply(user);

        Assert.Equal(has.Replace("meta", "meta(version)", StringComparison.Ordinal),
            string.Join(',', shown.Select(each => each.Key + PartsOf(each.Value))));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "members", false)]
    [InlineData("displayName", null, false)]
    [InlineData("members.value", null, true)]
    [InlineData(null, "members.display", true)]
    public void Members_AreReadWhereTheyAreShown(string? wanted, string? excluded, bool areRead) =>
        Assert.Equal(areRead, new Projection(ResourceType.Group, wanted, excluded).Has(GroupSchema.Members));

    [Theory]
    [InlineData("startIndex=0&count=-1", 1, 0)]
    [InlineData("startIndex=-5&count=0", 1, 0)]
    [InlineData("startIndex=10&count=5000", 10, 200)]
    [InlineData("startIndex=99999999999999999999", int.MaxValue, 100)]
    [InlineData("", 1, 100)]
    public void Page_AsItIsAskedFor_IsWithinBounds(string query, long start, int count)
    {
        Assert.True(ListRequest.Of(Query(query)).Is(out var request, out _));
        Assert.Equal((start, count), (request.StartIndex, request.Count));
    }

    [Theory]
    [InlineData("count=many", "scim.value_invalid")]
    [InlineData("startIndex=1.5", "scim.value_invalid")]
    [InlineData("cursor=&count=many", "scim.count_invalid")]
    [InlineData("sortOrder=up", "scim.value_invalid")]
    [InlineData("cursor=&sortBy=userName", "scim.value_invalid")]
    public void Page_ThatCannotBe_IsRefused(string query, string code)
    {
        Assert.False(ListRequest.Of(Query(query)).Is(out _, out var refused));
        Assert.Equal(code, refused.Refusal.Code);
    }

    [Fact]
    public void Cursor_OfAnotherListOrTooOld_IsRefused()
    {
        var now = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        var (id, of) = (Guid.Parse("01990f6c-6a6e-7b3f-8f0e-0c1d2e3f4a5b"), PageCursor.Digest("User", "userName pr"));
        var text = PageCursor.At(id, now, of).ToString();

        Assert.True(PageCursor.Read(text, of, now.AddMinutes(59)).Is(out var cursor, out _));
        Assert.Equal(id, cursor.After);
        Assert.Equal("scim.cursor_expired", CodeOf(PageCursor.Read(text, of, now.AddMinutes(61))));
        Assert.Equal("scim.cursor_invalid", CodeOf(PageCursor.Read(text, PageCursor.Digest("User", null), now)));
        Assert.Equal("scim.cursor_invalid", CodeOf(PageCursor.Read(text[1..], of, now)));
        Assert.Equal("scim.cursor_invalid", CodeOf(PageCursor.Read("!", of, now)));
    }

    // Members as Okta and Entra ID name them.
    [Theory]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"ID"}]}""", "Add 1")]
    [InlineData("""{"op":"Add","path":"members","value":[{"$ref":null,"value":"ID"}]}""", "Add 1")]
    [InlineData("""{"op":"add","path":"members","value":"ID"}""", "Add 1")]
    [InlineData("""{"op":"remove","path":"members","value":[{"value":"ID"},{"value":"gone"}]}""", "Remove 1")]
    [InlineData("""{"op":"remove","path":"members[value eq \"ID\"]"}""", "Remove by choice")]
    [InlineData("""{"op":"remove","path":"members"}""", "Replace 0")]
    [InlineData("""{"op":"remove","path":"members","value":[]}""", "Remove 0")]
    [InlineData("""{"op":"replace","path":"members","value":[]}""", "Replace 0")]
    [InlineData("""{"op":"replace","value":{"members":[{"value":"ID"}]} }""", "Replace 1")]
    [InlineData("""{"op":"replace","value":{"id":"grp_1","displayName":"N"} }""", "")]
    [InlineData("""{"op":"remove","path":"members","value":[{}]}""", "scim.value_invalid")]
    [InlineData("""{"op":"remove","path":"members","value":[5]}""", "scim.value_invalid")]
    [InlineData("""{"op":"replace","path":"members","value":[{"value":"ghost"}]}""", "scim.value_invalid")]
    [InlineData("""{"op":"remove","path":"displayName"}""", "scim.read_only")]
    [InlineData("""{"op":"replace","path":"displayName","value":""}""", "scim.value_invalid")]
    [InlineData("""{"op":"replace","path":"colour","value":"x"}""", "scim.path_invalid")]
    public void Patch_OfAGroup_DoesThisToItsMembers(string operation, string does)
    {
        var body = new JsonObject
        {
            ["Operations"] = new JsonArray(JsonNode.Parse(operation.Replace(
                "ID", "usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", StringComparison.Ordinal))),
        };
        Assert.True(PatchOperation.ReadAll(body).Is(out var operations, out _));
        var found = GroupPatch.Read(operations).Is(out var patch, out var refused)
            ? string.Join(", ", patch.Members.Select(
                change => $"{change.Action} {(change.Chosen is null ? $"{change.Users.Count}" : "by choice")}"))
            : refused.Refusal.Code;
        Assert.Equal(does, found);
    }

    private static string? CodeOf<T>(Result<T> result) where T : notnull => result.Refused?.Refusal.Code;

    private static QueryCollection Query(string text) => new(text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => new StringValues(pair[1])));

    private static string PartsOf(JsonNode? value) => (value is JsonArray list ? list.FirstOrDefault() : value)
        is JsonObject parts ? $"({string.Join(',', parts.Select(part => part.Key))})" : "";
}
