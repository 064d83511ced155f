using Npgsql;

namespace Guerdon.Database.Scim;

/// <summary>Several operations in one request.</summary>
public sealed class BulkTests(ScimServer scim) : IClassFixture<ScimServer>
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    [Fact]
    public async Task Operations_ThatNameLaterOnes_FindThem()
    {
        var (ada, group) = (ScimServer.Name("bulk"), ScimServer.Name("Bulk "));
        var answer = await BulkAsync(
            Post("/Groups", "g", $$"""{"displayName":"{{group}}","members":[{"value":"bulkId:u"}]}"""),
            Post("/Users", "u", $$"""{"userName":"{{ada}}"}"""),
            """
            {"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[{"op":"add","path":"title","value":"T"}]}}
            """);

        Assert.Equal(["201", "201", "200"], Statuses(answer));
        var user = IdAt(answer, 1);
        Assert.Equal([user], await scim.MembersAsync(IdAt(answer, 0)));
        Assert.Equal("T", (await scim.GetAsync($"/Users/{user}")).Text("title"));
        Assert.Equal("W/\"2\"", answer.Body["Operations"]![2]!["version"]!.GetValue<string>());
        Assert.Equal(("POST", "u"), (answer.Body["Operations"]![1]!["method"]!.GetValue<string>(),
            answer.Body["Operations"]![1]!["bulkId"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // one of them was here before, and is given their place again
    public async Task Operations_ThatNameEachOther_AreBothDone(bool wasHere)
    {
        var (one, two) = (ScimServer.Name("one"), ScimServer.Name("two"));
        var before = wasHere ? await scim.UserAsync(one, $",\"externalId\":\"e-{one}\",\"active\":false") : null;
        var answer = await BulkAsync(
            Post("/Users", "1", $$"""
                {"userName":"{{one}}","externalId":"e-{{one}}","{{Enterprise}}":{"manager":{"value":"bulkId:2"} } }
                """),
            Post("/Users", "2", $$"""{"userName":"{{two}}","{{Enterprise}}":{"manager":{"value":"bulkId:1"} } }"""));

        Assert.Equal(["201", "201"], Statuses(answer));
        var (first, second) = (IdAt(answer, 0), IdAt(answer, 1));
        if (before is not null) Assert.Equal(before, first);
        Assert.Equal(second, await ManagerAsync(first));
        Assert.Equal(first, await ManagerAsync(second));
    }

    [Fact]
    public async Task Operation_ThatFails_UndoesNoOther()
    {
        var (good, taken) = (ScimServer.Name("good"), ScimServer.Name("taken"));
        await scim.UserAsync(taken);
        var answer = await BulkAsync(
            Post("/Users", "bad", $$"""{"userName":"{{taken}}"}"""),
            Post("/Groups", "g", GroupOf("G ", "bulkId:bad")), Post("/Groups", "h", GroupOf("H ", "bulkId:no")),
            Post("/Users", "good", $$"""{"userName":"{{good}}"}"""),
            Post("/Users", "good", """{"userName":"another"}"""),
            """{"method":"DELETE","path":"/Users/usr_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b"}""",
            """{"method":"GET","path":"/Users"}""", """{"method":"POST","path":"/Devices"}""", "5");

        Assert.Equal(["409", "400", "400", "201", "400", "404", "405", "404", "404"], Statuses(answer));
        Assert.Equal("uniqueness",
            answer.Body["Operations"]![0]!["response"]!["scimType"]!.GetValue<string>());
        Assert.Equal(1, (await scim.GetAsync($"/Users?filter=userName eq \"{good}\"")).Total);
    }

    [Fact]
    public async Task FailOnErrors_EndsTheRequest()
    {
        var names = Enumerable.Range(0, 4).Select(_ => ScimServer.Name("end")).ToArray();
        var answer = await scim.PostAsync("/Bulk", $$"""
            {"failOnErrors":1,"Operations":[{{Post("/Users", "a", $$"""{"userName":"{{names[0]}}"}""")}},
             {{Post("/Users", "b", "{}")}},{{Post("/Users", "c", $$"""{"userName":"{{names[2]}}"}""")}}]}
            """);
        Assert.Equal(["201", "400"], Statuses(answer));
        Assert.Equal(0, (await scim.GetAsync($"/Users?filter=userName eq \"{names[2]}\"")).Total);
        foreach (var bad in new[] { "0", "-1", "\"x\"" })
            Assert.Equal(400, (await scim.PostAsync("/Bulk",
                $$"""{"failOnErrors":{{bad}},"Operations":[{"method":"POST","path":"/Users"}]}""")).Status);
    }

    [Fact]
    public async Task Request_ThatIsTooLong_Is413()
    {
        var one = """{"method":"DELETE","path":"/Users/x"}""";
        var answer = await BulkAsync([.. Enumerable.Repeat(one, 1_001)]);
        Assert.Equal((413, "413"), (answer.Status, answer.Text("status")));
        Assert.Equal(1_000, Statuses(await BulkAsync([.. Enumerable.Repeat(one, 1_000)])).Length);
        Assert.Equal(413, (await scim.PostAsync("/Bulk", new string(' ', 4 << 20) + "{}")).Status);
        Assert.Equal(400, (await scim.PostAsync("/Bulk", "{}")).Status);
    }

    [Fact]
    public async Task Version_ThatIsOther_IsRefused()
    {
        var user = await scim.UserAsync(ScimServer.Name("version"));
        var answer = await BulkAsync(
            $$"""{"method":"DELETE","path":"/Users/{{user}}","version":"W/\"3\""}""",
            $$"""{"method":"DELETE","path":"/Users/{{user}}","version":"W/\"1\""}""");
        Assert.Equal(["412", "204"], Statuses(answer));
    }

    // Whatever becomes of one operation, those before and after it have their answers.
    [Fact]
    public async Task Operation_ThatTheServerCannotDo_HasItsOwnAnswer()
    {
        var names = Enumerable.Range(0, 3).Select(_ => ScimServer.Name("fault")).ToArray();
        await using (var connection = await scim.App.OwnerDb.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var breaks = new NpgsqlCommand($$$"""
            create function public.break_users() returns trigger language plpgsql as $$
            begin
                if new.user_name = '{{{names[1]}}}' then
                    raise exception 'a disk is full' using errcode = '53100';
                end if;
                return new;
            end $$;
            create trigger aaa_break before insert on scim.user for each row execute function public.break_users();
            """, connection))
            await breaks.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var answer = await BulkAsync(
            [.. names.Select((name, i) => Post("/Users", $"{i}", $$"""{"userName":"{{name}}"}"""))]);

        Assert.Equal(["201", "503", "201"], Statuses(answer));
        Assert.Contains("scim.not_done",
            answer.Body["Operations"]![1]!["response"]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string GroupOf(string name, string member) =>
        $$"""{"displayName":"{{ScimServer.Name(name)}}","members":[{"value":"{{member}}"}]}""";

    private static string Post(string path, string bulkId, string data) =>
        $$"""{"method":"POST","path":"{{path}}","bulkId":"{{bulkId}}","data":{{data}}}""";

    private Task<ScimServer.Answer> BulkAsync(params string[] operations) => scim.PostAsync("/Bulk", $$"""
        {
            "schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations":[{{string.Join(',', operations)}}]
        }
        """);

    private static string[] Statuses(ScimServer.Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer}");
        return [.. answer.Body["Operations"]!.AsArray().Select(one => one!["status"]!.GetValue<string>())];
    }

    private static string IdAt(ScimServer.Answer answer, int at) =>
        answer.Body["Operations"]![at]!["location"]!.GetValue<string>().Split('/')[^1];

    private async Task<string?> ManagerAsync(string user) =>
        (await scim.GetAsync($"/Users/{user}")).Body[Enterprise]?["manager"]?["value"]?.GetValue<string>();
}
