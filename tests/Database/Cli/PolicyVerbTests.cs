namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon policy …</c> and <c>guerdon gateway …</c> ask the server, and what they show.</summary>
public sealed class PolicyVerbTests
{
    private const string Applied = """
        {"version": 3, "effectiveFrom": "2027-01-01T09:00:00Z", "appliedAt": "2026-11-21T10:00:00Z",
         "appliedBy": "ada@example.com", "text": "models:\n  deny: [a]\n"}
        """;

    [Fact]
    public async Task Check_Changes_AreATable()
    {
        await using var server = await StubServer.WithAsync("""
            {"version": 2, "changes": [
              {"what": "model a", "was": "approved", "becomes": "refused: models.deny has 'a'"},
              {"what": "max_body_bytes", "was": "none", "becomes": "100"}]}
            """);

        var typed = await Typed.RunAsync(server, "policy check -", "max_body_bytes: 100");

        Assert.Equal("""
            What            Is        Becomes
            model a         approved  refused: models.deny has 'a'
            max_body_bytes  none      100

            - is a good policy; it makes 2 changes against version 2, which is in force.

            """, typed.Results);
        Assert.Equal(
            new("POST /api/v1/gateway-policy/check", null, "text/yaml; charset=utf-8", "max_body_bytes: 100"),
            server.Request);
    }

    [Fact]
    public async Task Check_BadPolicy_ShowsEveryErrorWithLineAndColumn()
    {
        await using var server = await StubServer.WithAsync("""
            {"title": "gateway.policy_invalid", "detail": "One error.", "nextStep": "Correct it.",
             "errors": [{"line": 7, "column": 12, "key": "models.deny", "reason": "models.deny is wrong."}]}
            """, 422);

        var typed = await Typed.RunAsync(server, "policy check -", "x");

        Assert.Equal(1, typed.Exit);
        Assert.Contains("   7  12      models.deny is wrong.", typed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", true, "is applied")]
    [InlineData("--from 2027-01-01T09:00Z", "?from=2027-01-01T09%3A00%3A00.0000000%2B00%3A00", false,
        "was applied before: nothing changed")]
    public async Task Apply_File_SaysWhichVersion(string option, string query, bool added, string said)
    {
        await using var server = await StubServer.WithAsync(
            $$"""{"policy": {{Applied}}, "added": {{(added ? "true" : "false")}} }""");

        var typed = await Typed.RunAsync(server, $"policy apply - {option}", "x: y");

        Assert.Equal($"Policy version 3, in force from 2027-01-01 09:00 UTC, {said}.\n", typed.Results);
        Assert.Equal("POST /api/v1/gateway-policy" + query, server.Request.Line);
    }

    [Fact]
    public async Task Apply_NoTime_IsMisuse()
    {
        await using var server = await StubServer.WithAsync("{}");
        Assert.Equal(2, (await Typed.RunAsync(server, "policy apply - --from tomorrow", "x")).Exit);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Show_Policy_IsItsTextAndTheSwitch()
    {
        await using var server = await StubServer.WithAsync($$"""
            {"policy": {{Applied}}, "switch": {"reason": "Drill.", "at": "2027-01-02T09:00:00Z", "by": "bo"} }
            """);
        Assert.Equal(
            "models:\n  deny: [a]\nThe gateway is closed since 2027-01-02 09:00 UTC by bo: Drill.\n",
            (await Typed.RunAsync(server, "policy show")).Results);

        await using var none = await StubServer.WithAsync("""{"policy": null, "switch": null}""");
        Assert.Equal("There is no policy: everything is allowed.\n",
            (await Typed.RunAsync(none, "policy show")).Results);

        await using var other = await StubServer.WithAsync(Applied);
        Assert.Equal("models:\n  deny: [a]\n", (await Typed.RunAsync(other, "policy show --version 3")).Results);
        Assert.Equal("GET /api/v1/gateway-policy/versions/3", other.Request.Line);
    }

    [Fact]
    public async Task Show_SectionThatBinds_IsSaid()
    {
        await using var server = await StubServer.WithAsync(
            $$"""{"policy": {{Applied}}, "switch": null, "for": "plan pilot"}""");
        var typed = await Typed.RunAsync(server, "policy show");
        Assert.Equal("models:\n  deny: [a]\n", typed.Results);
        Assert.Contains("What it says for plan pilot binds you.", typed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("close Drill.", "close", """{"reason":"Drill."}""", "\"Drill.\"", true,
        "The gateway is closed: Drill.")]
    [InlineData("open", "open", "{}", "null", true, "The gateway is open.")]
    [InlineData("open", "open", "{}", "null", false, "The gateway was open. Nothing changed.")]
    public async Task Gateway_Switch_IsTurned(
        string verb, string path, string body, string reason, bool done, string said)
    {
        await using var server = await StubServer.WithAsync($$"""
            {"switch": {"reason": {{reason}}, "at": "2027-01-02T09:00:00Z", "by": "bo"},
             "done": {{(done ? "true" : "false")}} }
            """);

        Assert.Equal(said + "\n", (await Typed.RunAsync(server, $"gateway {verb}")).Results);
        Assert.Equal(($"POST /api/v1/gateway-policy/{path}", body), (server.Request.Line, server.Request.Body));
    }
}
