using System.Text;
using System.Text.Json;

namespace Guerdon.Database.Host;

/// <summary>Every file that can be tried before it is taken, odd in every way: the trial and the import say the same.
/// </summary>
public sealed class DryRunWalkTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Usage = "api/v1/usage/import?map=time%3Dat,input%3Din,output%3Dout,model%3Dm,person%3Dwho";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Files => new()
    {
        { "api/v1/people/import?", string.Join('\n', File.ReadLines(RunningApp.Example("people.csv")).Take(4)) + "\n" },
        {
            "api/v1/grants/awards/import?plan=allowance-full&period=2026-11&",
            $"person,award,amount_usd,reason\n{RunningApp.Person},star,250.50,Shipped\n"
        },
        {
            Usage + "&",
            $"at,in,out,m,who\n2026-11-01T09:30:00Z,100,50,gpt-5-mini,{RunningApp.Person}\n"
                + $"1793525400,10,5,gpt-5-mini,{RunningApp.Person}\n"
        },
    };

    [Theory, MemberData(nameof(Files))]
    public async Task Import_EveryVariant_DoesWhatItsDryRunSays(string path, string file)
    {
        var plan = await File.ReadAllTextAsync(RunningApp.Example("plan-full.yaml"), Ct);
        Assert.Equal(200, (await app.ApplyAsync("plans", plan)).Status); // it has awards
        var (bad, good, tried) = (new List<string>(), 0, 0);
        foreach (var text in Variants(file).Distinct(StringComparer.Ordinal))
        {
            tried++;
            var dry = await SendAsync(path + "dryRun=true", text);
            var real = await SendAsync(path + "dryRun=false", text);
            if (IsGood(real)) good++;
            if (dry.Status >= 500 || real.Status >= 500 || IsGood(dry) != IsGood(real)
                || (!IsGood(real) && Errors(dry.Body) != Errors(real.Body)))
                bad.Add($"{Short(text)}\n    dry {dry.Status} {Short(dry.Body.ToString())}\n    real {real.Status} "
                    + Short(real.Body.ToString()));
        }

        Assert.True(bad.Count == 0, $"{bad.Count} of {tried}\n{string.Join('\n', bad.Take(20))}");
        Assert.True(good >= 3 && tried > 100, $"{good} of {tried} were good.");
    }

    private static IEnumerable<string> Variants(string file)
    {
        yield return file;
        foreach (var text in EdgeValues.TextsOf(file)) yield return text;
        var lines = file.TrimEnd('\n').Split('\n');
        string[] cells =
            ["", " ", "x", "-1", "0", "1e400", "NaN", "\u0663", "\uff15", "1999-12-31", "9999-12-31", "\u202e", "XXX"];
        for (var column = 0; column < lines[0].Split(',').Length; column++)
        {
            var at = column;
            yield return string.Join('\n', lines.Select(
                line => string.Join(',', line.Split(',').Where((_, i) => i != at))));
            foreach (var cell in cells)
                yield return string.Join('\n', lines.Select((line, row) => row != 1 ? line
                    : string.Join(',', line.Split(',').Select((old, i) => i == at ? cell : old))));
        }
    }

    private static bool IsGood((int Status, JsonElement Body) answer) => answer.Status == 200
        && !(answer.Body.TryGetProperty("errorCount", out var errors) && errors.GetInt32() > 0);

    private static string Errors(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("errors", out var errors) ? $"{errors}" : "";

    private static string Short(string text) => text.Length > 300 ? text[..300] + "…" : text;

    private async Task<(int Status, JsonElement Body)> SendAsync(string path, string text)
    {
        using var answer = await app.Admin.PostAsync(
            new Uri("/" + path, UriKind.Relative), new StringContent(text, Encoding.UTF8, "text/csv"), Ct);
        return await app.ApprovedAsync(answer);
    }
}
