using System.Text.Json;

namespace Guerdon.Database.Sandbox;

public class GeminiTests
{
    private const string Path = "/v1beta/models/gemini-3.8-flash:";
    private const string Body =
        """{"contents":[{"parts":[{"text":"Hello"}]}],"generationConfig":{"candidateCount":2,"maxOutputTokens":30}}""";

    [Fact]
    public async Task Streams_BothForms_SayWhatTheWholeAnswerSays()
    {
        await using var server = await SandboxServer.Start();
        var whole = await server.PostJson(Path + "generateContent", Body);
        using var array = await server.Post(Path + "streamGenerateContent", Body);
        using var events = await server.Post(Path + "streamGenerateContent?alt=sse", Body);
        var elements = JsonElement.Parse(await TextAsync(array)).EnumerateArray().Select(e => e.GetRawText());
        var data = (await TextAsync(events)).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e["data: ".Length..]).ToArray();

        Assert.Equal(data, elements);
        Assert.Equal("application/json", array.Content.Headers.ContentType?.MediaType);
        Assert.Equal(whole.GetProperty("usageMetadata").GetRawText(),
            JsonElement.Parse(data[^1]).GetProperty("usageMetadata").GetRawText());
        for (var i = 0; i < 2; i++)
        {
            var spoken = data.Select(d => JsonElement.Parse(d)).Where(d => d.TryGetProperty("candidates", out _))
                .Select(d => d.GetProperty("candidates")[0]).Where(c => c.GetProperty("index").GetInt32() == i);
            Assert.Equal(Words(whole.GetProperty("candidates")[i]), string.Concat(spoken.Select(Words)));
        }
    }

    [Theory]
    [InlineData("generateContent", "{", 400, "INVALID_ARGUMENT")]
    [InlineData("generateContent", "{}", 400, "INVALID_ARGUMENT")]
    [InlineData("generateContent", """{"contents":[],"generationConfig":{"candidateCount":9}}""", 400,
        "INVALID_ARGUMENT")]
    [InlineData("countTokens", "{}", 400, "INVALID_ARGUMENT")]
    [InlineData("embedContent", "{}", 404, "NOT_FOUND")]
    public async Task BadRequest_IsRefusedInGooglesShape(string method, string body, int status, string says)
    {
        await using var server = await SandboxServer.Start();
        using var response = await server.Post(Path + method, body);
        var error = JsonElement.Parse(await TextAsync(response)).GetProperty("error");
        Assert.Equal((status, status, says), ((int)response.StatusCode, error.GetProperty("code").GetInt32(),
            error.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Key_AbsentOrGooglesHeader()
    {
        await using var server = await SandboxServer.Start();
        server.Http.DefaultRequestHeaders.Authorization = null;
        using var without = await server.Post(Path + "countTokens", Body);
        server.Http.DefaultRequestHeaders.Add("x-goog-api-key", "any");
        using var with = await server.Post(Path + "countTokens", Body);
        Assert.Equal((403, 200), ((int)without.StatusCode, (int)with.StatusCode));
    }

    private static string Words(JsonElement candidate) =>
        string.Concat(candidate.GetProperty("content").GetProperty("parts").EnumerateArray()
            .Select(p => p.GetProperty("text").GetString()));

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
