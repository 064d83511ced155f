using Guerdon.Scim.Filters;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;
using Npgsql;

namespace Guerdon.Unit.Scim;

/// <summary>Filters as directories write them, and as nobody should.</summary>
public sealed class FilterParserTests
{
    // What a filter becomes in SQL, with the values that it is compared with.
    [Theory]
    [InlineData("userName eq \"Ada@Example.com\"", "r.user_name = $1", "ada@example.com")]
    [InlineData("USERNAME EQ \"ada\"", "r.user_name = $1", "ada")]
    [InlineData("externalId eq jyoung", "r.external_id = $1", "jyoung")]
    [InlineData("externalId eq \"JYoung\"", "r.external_id = $1", "JYoung")]
    [InlineData("externalId eq 5", "r.external_id = $1", "5")]
    [InlineData("active eq true", "r.active = $1", "True")]
    [InlineData("active eq \"False\"", "r.active = $1", "False")]
    [InlineData("userName ne \"x\"", "r.user_name is distinct from $1", "x")]
    [InlineData("userName co \"100%_\"", "strpos(r.user_name, $1) > 0", "100%_")]
    [InlineData("userName sw \"a\"", "starts_with(r.user_name, $1)", "a")]
    [InlineData("userName ew \"A\"", "right(r.user_name, length($1)) = $1", "a")]
    [InlineData("userName gt \"a\"", "r.user_name collate \"C\" > $1", "a")]
    [InlineData("displayName eq \"Ada L\"", "r.folded @> $1", "{\"displayName\":\"ada l\"}")]
    [InlineData("displayName pr", "r.folded -> 'displayName' is not null")]
    [InlineData("nickName eq null", "(not coalesce(r.folded -> 'nickName' is not null, false))")]
    [InlineData("name.familyName co \"x\"", "strpos((r.folded -> 'name' ->> 'familyName'), $1) > 0", "x")]
    [InlineData("emails eq \"A@B\"", "r.folded @> $1", "{\"emails\":[{\"value\":\"a@b\"}]}")]
    [InlineData("emails[type eq \"work\" and value eq \"A@B\"]", "r.folded @> $1",
        "{\"emails\":[{\"type\":\"work\",\"value\":\"a@b\"}]}")]
    [InlineData("emails[type eq \"work\"].value eq \"A@B\"", "r.folded @> $1",
        "{\"emails\":[{\"type\":\"work\",\"value\":\"a@b\"}]}")]
    [InlineData("roles[primary eq \"True\"]", "r.folded @> $1", "{\"roles\":[{\"primary\":true}]}")]
    [InlineData("manager eq \"usr_1\"", "r.folded @> $1",
        "{\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"manager\":{\"value\":\"usr_1\"}}}")]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw \"R\"",
        "starts_with((r.folded -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' ->> 'department'), $1)",
        "r")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"a\"", "r.user_name = $1", "a")]
    [InlineData("id eq \"usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b\"", "r.user_id = $1",
        "01990f6c-6a6e-7b3f-8f0e-0c1d2e3f4a5b")]
    [InlineData("id eq \"nobody\"", "false")]
    [InlineData("meta.created ge \"2026-11-30T09:00:00Z\"", "r.created_at >= $1", "11/30/2026 09:00:00 +00:00")]
    [InlineData("userName eq \"a\" or userName eq \"b\" and active eq true",
        "(r.user_name = $1 or (r.user_name = $2 and r.active = $3))", "a", "b", "True")]
    [InlineData("not (userName eq \"a\") and active eq true",
        "((not coalesce(r.user_name = $1, false)) and r.active = $2)", "a", "True")]
    public void Filter_OfUsers_IsThisSql(string filter, string sql, params string[] values)
    {
        var (where, compared) = Sql(filter);

        Assert.Equal(sql, where);
        Assert.Equal(values, compared);
    }

    [Theory]
    [InlineData("userName")]
    [InlineData("")]
    [InlineData("userName eq")]
    [InlineData("userName is \"a\"")]
    [InlineData("userName eq \"a")]
    [InlineData("userName eq \"a\" and")]
    [InlineData("(userName eq \"a\"")]
    [InlineData("userName eq \"a\")")]
    [InlineData("emails[type eq \"work\"")]
    [InlineData("emails[type[value eq \"x\"]]")]
    [InlineData("userName[value eq \"x\"]")]
    [InlineData("emails[colour eq \"work\"]")]
    [InlineData("favouriteColour eq \"red\"")]
    [InlineData("name eq \"Ada\"")]
    [InlineData("active gt true")]
    [InlineData("active eq \"perhaps\"")]
    [InlineData("meta.created gt \"yesterday\"")]
    [InlineData("meta.created co \"2026\"")]
    [InlineData("userName eq \"\\x\"")]
    [InlineData("userName eq \"\\u0000\"")]
    [InlineData("userName eq \"\\ud800\"")]
    [InlineData("userName gt null")]
    [InlineData("userName eq \"a\" userName eq \"b\"")]
    [InlineData("and userName eq \"a\"")]
    public void Filter_ThatIsNone_IsInvalidFilter(string filter)
    {
        Assert.False(FilterParser.Read(filter, ResourceType.User).Is(out _, out var refused));
        Assert.Equal("scim.filter_invalid", refused.Refusal.Code);
        Assert.StartsWith("The filter ", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Filter_AsDeepAsMayBe_IsRead(int depth, bool isRead)
    {
        var filter = new string('(', depth) + "userName pr" + new string(')', depth);
        Assert.Equal(isRead, FilterParser.Read(filter, ResourceType.User).Is(out _, out _));
        var negated = string.Concat(Enumerable.Repeat("not ", depth)) + "userName pr";
        Assert.Equal(isRead, FilterParser.Read(negated, ResourceType.User).Is(out _, out _));
    }

    [Fact]
    public void Filter_AsLongAsMayBe_IsRead()
    {
        var value = new string('a', FilterParser.MostChars - "userName eq \"\"".Length);
        Assert.True(FilterParser.Read($"userName eq \"{value}\"", ResourceType.User).Is(out _, out _));
        Assert.False(FilterParser.Read($"userName eq \"{value}a\"", ResourceType.User).Is(out _, out _));
    }

    // All of it is a parameter or a name of a schema.
    [Theory]
    [InlineData("userName eq \"'; drop table scim.user; --\"")]
    [InlineData("emails[value co \"') or true --\"]")]
    [InlineData("externalId eq ');--")]
    public void Filter_WhateverItSays_IsNoSql(string filter)
    {
        if (!FilterParser.Read(filter, ResourceType.User).Is(out var read, out _)) return;
        var where = new FilterSql(ResourceTable.Users, []).Where(read);
        Assert.DoesNotContain("--", where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("members eq \"usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b\"", "m.user_id = $1")]
    [InlineData("members[value eq \"usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b\"]", "m.user_id = $1")]
    [InlineData("members.display sw \"a\"", "starts_with(coalesce(o.folded ->> 'displayName', o.user_name), $1)")]
    public void Members_AreAskedForAsRows(string filter, string condition)
    {
        Assert.True(FilterParser.Read(filter, ResourceType.Group).Is(out var read, out _));
        Assert.Equal(
            "exists (select from scim.member m join scim.user o on o.user_id = m.user_id "
            + $"where m.group_id = r.group_id and {condition})",
            new FilterSql(ResourceTable.Groups, []).Where(read));
    }

    [Fact]
    public void Filter_OfSeveralTypes_LeavesOutWhatOneDoesNotHave()
    {
        Assert.True(FilterParser.Read("userName eq \"a\" or displayName eq \"b\"", ResourceType.Group, true)
            .Is(out var filter, out _));
        Assert.Equal("(false or r.folded_name = $1)", new FilterSql(ResourceTable.Groups, []).Where(filter));
    }

    private static (string Where, string[] Values) Sql(string filter)
    {
        Assert.True(FilterParser.Read(filter, ResourceType.User).Is(out var read, out var refused), $"{refused}");
        var values = new List<object?>();
        var where = new FilterSql(ResourceTable.Users, values).Where(read);
        return (where, [.. values.Select(value => FormattableString.Invariant(
            $"{(value is NpgsqlParameter made ? made.Value : value)}"))]);
    }
}
