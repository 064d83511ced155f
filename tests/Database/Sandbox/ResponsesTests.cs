namespace Guerdon.Database.Sandbox;

public class ResponsesTests
{
    private const string Path = "/v1/responses";

    [Fact]
    public async Task Stream_TextAnswer_HasTheWholeEventSequence()
    {
        await using var server = await SandboxServer.Start();
        var events = await server.PostStream(
            Path, """{"model":"m","stream":true,"input":"Hi","reasoning":{"effort":"low"}}""");
        var names = new List<string>();
        foreach (var (name, _) in events)
            if (names.Count == 0 || names[^1] != name) names.Add(name);
        Assert.Equal([
            "response.created", "response.in_progress", "response.output_item.added", "response.output_item.done",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.completed"], names);
    }

    [Fact]
    public async Task Reply_ToolsSentAsAnItem_AreCounted()
    {
        await using var server = await SandboxServer.Start();
        var tools = "\"tools\":[{\"type\":\"custom\",\"description\":\"" + new string('x', 4_000) + "\"}]";
        var body =
            $$$"""{"model":"m","input":[{"type":"additional_tools",{{{tools}}}},{"role":"user","content":"Hi"}]}""";
        var reply = await server.PostJson(Path, body);
        Assert.InRange(reply.GetProperty("usage").GetProperty("input_tokens").GetInt32(), 1_000, 1_050);
    }

    [Fact]
    public async Task Reply_RequestMembers_AreEchoed()
    {
        await using var server = await SandboxServer.Start();
        var reply = await server.PostJson(
            Path, """{"model":"m","input":"Hi","instructions":"Be brief.","store":false,"metadata":{"team":"a"}}""");
        Assert.Equal("Be brief.", reply.GetProperty("instructions").GetString());
        Assert.False(reply.GetProperty("store").GetBoolean());
        Assert.Equal("a", reply.GetProperty("metadata").GetProperty("team").GetString());
    }
}
