using System.Text;
using System.Text.Json;

namespace Guerdon.Database.Cli;

/// <summary>What verbs make of more than they show, or than a page holds.</summary>
public sealed class LongListTests(VerbServer server) : IClassFixture<VerbServer>
{
    private const string Header =
        "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n";

    private const string Plan = """
        name: everybody
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private static string Row(string email) =>
        $"{email},Somebody,R&D,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD\n";

    private Task<Typed> TypeAsync(string line, string input = "") =>
        server.TypeAsync(VerbServer.Ann, line.Split(' '), input: input);

    [Fact]
    public async Task People_SeveralPages_AreOneListAndALongRunIsCut()
    {
        var rows = new StringBuilder(Header);
        for (var i = 0; i < 1_203; i++) rows.Append(Row($"p{i:0000}@example.com"));
        Assert.Equal("1,203 rows: 1,203 created, 0 updated, 0 unchanged.\n",
            (await TypeAsync("import people -", rows.ToString())).Results);
        server.Relay.Forget();

        var people = await TypeAsync("people --team R&D");

        Assert.Equal(1_204, people.Results.Count(c => c == '\n'));
        Assert.Contains("p0000@example.com", people.Results, StringComparison.Ordinal);
        Assert.Contains("p1202@example.com", people.Results, StringComparison.Ordinal);
        Assert.EndsWith("1,203 people.\n", people.Messages, StringComparison.Ordinal);
        Assert.Equal(
            ["GET /api/v1/people?team=R%26D&limit=1000",
                "GET /api/v1/people?team=R%26D&after=p0999%40example.com&limit=1000"],
            server.Relay.Exchanges.Select(e => e.Asked.Line));

        var json = JsonElement.Parse((await TypeAsync("people --team R&D --json")).Results).GetProperty("people");
        Assert.Equal(
            Enumerable.Range(0, 1_203).Select(i => $"p{i:0000}@example.com"),
            json.EnumerateArray().Select(person => person.GetProperty("email").GetString()));

        await TypeAsync("plan apply -", Plan);
        var waits = JsonElement.Parse(server.Relay.Exchanges[^1].Reply).GetProperty("waits");
        var id = waits.GetProperty("id").GetString()!;
        var file = await server.TypeAsync(VerbServer.Bob, ["approvals", "show", id, "--file"]);
        Assert.Equal(Plan, file.Results);
        await server.TypeAsync(
            VerbServer.Bob, ["approvals", "approve", id, "--digest", waits.GetProperty("digest").GetString()!]);
        var run = await TypeAsync("grant run --plan everybody --period 2026-11 --dry-run");
        Assert.Contains("and 1,183 more.\n", run.Results, StringComparison.Ordinal);
        Assert.Contains("1,203 grants of 1,203,000.00 USD, ", run.Results, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" --json")]
    public async Task Import_ManyErrors_ListsFiftyAndCountsAll(string json)
    {
        var rows = new StringBuilder(Header);
        for (var i = 0; i < 77; i++) rows.Append(Row($"x{i}"));

        var typed = await TypeAsync("import people - --dry-run" + json, rows.ToString());

        Assert.Equal(1, typed.Exit);
        Assert.Contains("cli.rows_refused: 77 errors in the file. Correct the rows listed and try again; nothing"
            + " changed.\n\nLine  Column  Reason\n   2  email   ", typed.Messages, StringComparison.Ordinal);
        Assert.EndsWith("\nand 27 more.\n", typed.Messages, StringComparison.Ordinal);
        if (json.Length == 0) Assert.Equal("", typed.Results);
        else Assert.Contains("\"errorCount\": 77", typed.Results, StringComparison.Ordinal);
    }
}
