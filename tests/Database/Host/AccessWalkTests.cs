using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guerdon.Database.Host;

/// <summary>Keys and providers in every way that people get them wrong: what is taken can be called with.</summary>
public sealed class AccessWalkTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const int Answered = 200, NotPaid = 402;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_EveryVariantThatIsMade_Calls()
    {
        await app.FundAsync(1_000_000_000);
        var sample = JsonNode.Parse($$"""
            {"person":"{{RunningApp.Person}}","name":"k","models":["gpt-5-mini"],"budgetMilli":1000000000000,
             "expiresAt":"2099-11-30T00:00:00Z"}
            """)!;
        var (bad, made) = (new List<string>(), 0);
        foreach (var json in EdgeValues.JsonOf(sample))
        {
            var (status, reply) = await SendAsync(HttpMethod.Post, "keys", json);
            if (status != 201) continue;
            made++;
            using var caller = app.Client(reply.GetProperty("key").GetString());
            var answers = await CallAsync(caller, "gpt-5-mini");
            if (answers[0] is not (Answered or NotPaid)) bad.Add($"{Short(json)}: {answers[0]}"); // the budget is small
        }

        Assert.True(bad.Count == 0, string.Join('\n', bad.Take(20)));
        Assert.True(made > 10, $"Only {made} keys were made.");
    }

    [Fact]
    public async Task Provider_EveryVariantThatIsSet_IsCalled()
    {
        await app.FundAsync(1_000_000_000);
        var model = (string)await app.ValueAsync(
            "select model from pricing.v_price where provider = 'mistral' order by model limit 1");
        var sample = JsonNode.Parse($$"""
            {"dialect":"OpenAi","baseUrl":"{{app.SandboxAddress}}","serves":"mistral","weight":1,"key":"sandbox",
             "capMember":"max_tokens"}
            """)!;
        var (bad, refused, set) = (new List<string>(), new List<string>(), 0);
        foreach (var json in Variants(sample))
        {
            await SendAsync(HttpMethod.Delete, "providers/mistral", null);
            var (status, reply) = await SendAsync(HttpMethod.Put, "providers/mistral", json);
            if (status >= 500) bad.Add($"{Short(json)}: {status}");
            if (status != 200)
            {
                refused.Add($"{Short(json)}: {reply}");
                continue;
            }

            set++;
            var answers = await CallAsync(app.Caller, model);
            if (!answers.Contains(Answered)) bad.Add($"{Short(json)}: {string.Join(' ', answers)} {reply}");
        }

        Assert.True(bad.Count == 0, string.Join('\n', bad.Take(20)));
        Assert.True(set > 10, $"Only {set} were set, and refused: {string.Join('\n', refused)}");
    }

    private static IEnumerable<string> Variants(JsonNode sample)
    {
        foreach (var json in EdgeValues.JsonOf(sample)) yield return json;
        foreach (var (name, value) in new[]
        {
            ("serves", "opnai"), ("serves", "MISTRAL"), ("serves", ""), ("dialect", "anthropic"), ("dialect", "gemini"),
            ("dialect", "Soap"), ("capMember", ""), ("capMember", "max_completion_tokens"), ("capMember", "limit"),
            ("key", "\u0663"), ("weight", "1"),
        })
        {
            var other = sample.DeepClone();
            other[name] = value;
            yield return other.ToJsonString();
        }
    }

    // As every dialect asks; a provider speaks one.
    private static async Task<List<int>> CallAsync(HttpClient caller, string model)
    {
        var said = new[] { new { role = "user", content = "x" } };
        var answers = new List<int>();
        foreach (var (path, body) in new (string, object)[]
        {
            ("/v1/chat/completions", new { model, max_completion_tokens = 10, messages = said }),
            ("/v1/messages", new { model, max_tokens = 10, messages = said }),
            ($"/v1beta/models/{model}:generateContent", new
            {
                contents = new[] { new { role = "user", parts = new[] { new { text = "x" } } } },
                generationConfig = new { maxOutputTokens = 10 },
            }),
        })
        {
            using var content = JsonContent.Create(body);
            using var answer = await caller.PostAsync(new Uri(path, UriKind.Relative), content, Ct);
            answers.Add((int)answer.StatusCode);
        }

        return answers;
    }

    private static string Short(string text) => text.Length > 300 ? text[..300] + "…" : text;

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/" + path, UriKind.Relative));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await (path == "keys" ? app.Employee : app.Admin).SendAsync(request, Ct);
        return ((int)answer.StatusCode, await RunningApp.JsonAsync(answer));
    }
}
