namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon provider …</c> asks the server, and what it shows.</summary>
public sealed class ProviderVerbTests
{
    private const string Item = """
        {"name": "openai", "source": "database", "dialect": "OpenAi", "baseUrl": "https://api.openai.com",
         "serves": "openai", "weight": 1, "firstKey": {"hint": "NEW2", "fingerprint": "0123456789ab",
         "setAt": "2026-11-21T10:00:00Z", "setBy": "bo", "retiresAt": null},
         "secondKey": {"hint": "OLD1", "fingerprint": "ba9876543210", "setAt": "2026-11-01T10:00:00Z",
         "setBy": "bo", "retiresAt": "2026-11-22T10:00:00Z"},
         "health": {"state": "OnSecondKey", "since": "2026-11-21T10:01:00Z", "until": null, "reason": null},
         "version": 3, "changedAt": "2026-11-21T10:00:00Z", "changedBy": "bo", "hidesConfiguration": true}
        """;

    private static readonly string Reply = $$"""{"provider": {{Item}}, "changed": true}""";

    [Fact]
    public async Task Set_KeyOnStandardInput_IsSentAndNotShown()
    {
        await using var server = await StubServer.WithAsync(Reply);

        var typed = await Typed.RunAsync(
            server, "provider set openai --base-url https://api.openai.com --weight 0 --key-file -", "sk-secret\n");

        Assert.Equal("""
            Provider openai is set, on every node (version 3).
            Key       …NEW2 (0123456789ab)
            Second    …OLD1 (ba9876543210) until 2026-11-22 10:00 UTC

            """, typed.Results);
        Assert.Equal("It holds instead of the one of that name in the configuration.\n", typed.Messages);
        Assert.Equal(
            ("PUT /api/v1/providers/openai",
                """{"baseUrl":"https://api.openai.com","weight":0,"key":"sk-secret"}"""),
            (server.Request.Line, server.Request.Body));
    }

    [Theory]
    [InlineData("provider set openai --key-file sk-typed-by-mistake", "")]
    [InlineData("provider set openai --key-file -", "\n")]
    [InlineData("provider rotate openai", "")]
    [InlineData("provider rotate openai --retire --key-file -", "sk-1")]
    [InlineData("provider rotate openai --key-file - --grace 721", "sk-1")]
    public async Task Keys_Misused_NothingIsAskedOrEchoed(string line, string input)
    {
        await using var server = await StubServer.WithAsync(Reply);
        var typed = await Typed.RunAsync(server, line, input);
        Assert.Equal(2, typed.Exit);
        Assert.Empty(server.Requests);
        Assert.DoesNotContain("sk-", typed.Messages + typed.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_FileAndGrace_AreSent()
    {
        await using var server = await StubServer.WithAsync(Reply);
        var file = Typed.File("new.key", "sk-new\n");

        var typed = await Typed.RunAsync(server, $"provider rotate openai --key-file {file} --grace 2");

        Assert.StartsWith("Provider openai is called with the new key, on every node (version 3).\n", typed.Results,
            StringComparison.Ordinal);
        Assert.Equal(("POST /api/v1/providers/openai/rotate", """{"key":"sk-new","graceSeconds":7200}"""),
            (server.Request.Line, server.Request.Body));
    }

    [Fact]
    public async Task Rotate_Retire_IsAsked()
    {
        await using var server = await StubServer.WithAsync(Reply[..^5] + "false}");
        var typed = await Typed.RunAsync(server, "provider rotate openai --retire");
        Assert.StartsWith("Provider openai was so before: nothing changed.\n", typed.Results,
            StringComparison.Ordinal);
        Assert.Equal("POST /api/v1/providers/openai/retire", server.Request.Line);
    }

    [Theory]
    [InlineData("Healthy", "healthy")]
    [InlineData("OnSecondKey", "first key refused since 2026-11-21 10:01 UTC")]
    [InlineData("KeyRefused", "key refused since 2026-11-21 10:01 UTC")]
    [InlineData("Unusable", "not called: ")]
    public async Task List_Providers_SaysHowTheyAre(string state, string said)
    {
        await using var server = await StubServer.WithAsync($"[{Item.Replace("OnSecondKey", state)}]");
        var typed = await Typed.RunAsync(server, "provider list");
        Assert.Equal(0, typed.Exit);
        Assert.Contains(said, typed.Results, StringComparison.Ordinal);
        Assert.Contains("…NEW2 (0123456789ab)", typed.Results, StringComparison.Ordinal);
        Assert.Equal("GET /api/v1/providers", server.Request.Line);
    }

    [Fact]
    public async Task Remove_Provider_SaysWhatHoldsThen()
    {
        await using var server = await StubServer.WithAsync("""{"name": "openai", "configurationHolds": true}""");
        var typed = await Typed.RunAsync(server, "provider remove openai");
        Assert.Equal("Provider openai is removed, and its keys are erased.\n", typed.Results);
        Assert.Equal("The one of that name in the configuration is called from now on.\n", typed.Messages);
        Assert.Equal("DELETE /api/v1/providers/openai", server.Request.Line);
    }
}
