namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon person</c> asks the server, and what it shows.</summary>
public sealed class PersonVerbTests
{
    [Fact]
    public async Task Email_Changed_SaysWhoseAndBothAddresses()
    {
        await using var server = await StubServer.WithAsync(
            """{"person": "prs_1", "was": "ada@example.com", "now": "lovelace@example.com"}""");

        var typed = await Typed.RunAsync(server, "person email ada@example.com Lovelace@example.com");

        Assert.Equal("prs_1 has lovelace@example.com from now on, no longer ada@example.com.\n", typed.Results);
        Assert.Equal(
            ("PUT /api/v1/people/ada@example.com/email", """{"email":"Lovelace@example.com"}"""),
            (server.Request.Line, server.Request.Body));
    }

    [Fact]
    public async Task Kinds_DeclaredAndListed_SayWhatFindsThePerson()
    {
        await using var one = await StubServer.WithAsync("""{"kind": "badge_no", "findsPerson": true}""");
        var declared = await Typed.RunAsync(one, "person kind badge_no --finds-person");
        Assert.Equal("badge_no is a column of the file of people. It finds the person.\n", declared.Results);
        Assert.Equal("""{"kind":"badge_no","findsPerson":true}""", one.Request.Body);

        await using var all = await StubServer.WithAsync("""
            {"kinds": [{"kind": "badge_no", "findsPerson": true}, {"kind": "github_login", "findsPerson": false}]}
            """);
        var listed = await Typed.RunAsync(all, "person kinds");
        Assert.Equal("GET /api/v1/people/identity-kinds", all.Request.Line);
        Assert.Contains("github_login", listed.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AddressesChange_AreListed()
    {
        await using var server = await StubServer.WithAsync("""
            {"rows": 1, "created": 0, "updated": 1, "unchanged": 0, "errorCount": 0, "errors": [],
             "emailChanges": [{"person": "prs_1", "was": "a@example.com", "now": "b@example.com"}]}
            """);

        var typed = await Typed.RunAsync(server, "import people - --dry-run", "x");

        Assert.Contains("prs_1: b@example.com, no longer a@example.com.\n", typed.Results, StringComparison.Ordinal);
    }
}
