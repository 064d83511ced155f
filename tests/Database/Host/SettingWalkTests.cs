using System.Net.Http.Json;
using System.Text.Json;

namespace Guerdon.Database.Host;

/// <summary>
/// Every file that can be checked and applied, in every way that people get it wrong: what the check calls good is
/// applied, and can be used; what is not applied the check refuses in the same words.
/// </summary>
public sealed class SettingWalkTests(RunningApp app) : IClassFixture<RunningApp>
{
    // What a use may answer besides yes: the person who asks, or the day, does not fit; another's would.
    private static readonly string[] OfThePerson =
    [
        "compensation.window_closed", "compensation.not_eligible", "compensation.no_rate",
        "compensation.form_not_offered", "compensation.offer_over", "compensation.offer_not_ours",
    ];

    private const string Accounts = """

        accounts:
          tokens_held: Assets:Tokens:Ours
          accrued_liability: Liabilities:Accrued:Reward
          compute_cost: Expenses:Compute

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plans", "plan.yaml")]
    [InlineData("plans", "plan-full.yaml")]
    [InlineData("payroll", "payroll.yaml")]
    [InlineData("conversion-terms", "conversion.yaml")]
    [InlineData("gateway-policy", "policy.yaml")]
    [InlineData("offers", "offer.yaml")]
    public async Task Setting_EveryVariant_IsAppliedAndUsedWhereItsCheckIsGood(string kind, string example)
    {
        var right = await File.ReadAllTextAsync(RunningApp.Example(example), Ct);
        if (kind == "payroll") right += Accounts;
        if (kind == "conversion-terms") await app.RewardAsync(1_000_000_000_000);
        var (bad, good, tried) = (new List<string>(), 0, 0);
        foreach (var text in SettingVariants.Of(right))
        {
            tried++;
            var (checkedAs, said) = await SendAsync($"{kind}/check", text);
            var (applied, saidAgain) = await app.ApplyAsync(kind, text);
            if (checkedAs != applied || (applied != 200 && Words(said) != Words(saidAgain)))
                bad.Add($"{Changed(right, text)}\n    check {checkedAs} {Words(said)}\n    apply {applied} "
                    + Words(saidAgain));
            if (applied != 200) continue;
            good++;
            var changed = Changed(right, text);
            foreach (var wrong in await UsedWrongAsync(kind, said, saidAgain)) bad.Add($"{changed}\n    use {wrong}");
            if (IsOfTheLedger(changed))
                foreach (var wrong in await BookedWrongAsync()) bad.Add($"{changed}\n    use {wrong}");
        }

        Assert.True(bad.Count == 0, $"{bad.Count} of {tried}\n{string.Join('\n', bad.Take(30))}");
        Assert.True(good >= 5 && tried > 300, $"{good} of {tried} were good.");
    }

    private Task<List<string>> UsedWrongAsync(string kind, JsonElement said, JsonElement applied) => kind switch
    {
        "plans" => AskAllAsync(("POST", "grants/runs", new
        {
            plan = said.GetProperty("name").GetString(), period = said.GetProperty("period").GetString(), dryRun = true,
        })),
        "payroll" => PaidWrongAsync(said),
        "conversion-terms" => ConvertedWrongAsync(said),
        "gateway-policy" => CalledWrongAsync(),
        _ => OfferedWrongAsync(applied.GetProperty("offer").GetProperty("name").GetString()!),
    };

    private Task<List<string>> PaidWrongAsync(JsonElement said)
    {
        var first = said.GetProperty("periods")[0].GetProperty("first").GetString();
        return AskAllAsync(
            ("GET", $"statements/{RunningApp.Person}/pay-period?period={first}", null), ("GET", "gl/accruals", null));
    }

    private static bool IsOfTheLedger(string changed) => Accounts.Split('\n').Skip(2).Append("currencies:").Any(
        line => line.Length > 0 && changed.TrimStart().StartsWith(line.Trim().Split(':')[0], StringComparison.Ordinal));

    private Task<List<string>> BookedWrongAsync() => AskAllAsync(
        ("GET", "gl/export?format=csv&from=2026-11-01&to=2026-12-01", null),
        ("GET", "gl/export?format=hledger&from=2026-11-01&to=2026-12-01", null),
        ("GET", "gl/export?format=beancount&from=2026-11-01&to=2026-12-01", null));

    // Of each form some amount converts.
    private async Task<List<string>> ConvertedWrongAsync(JsonElement said)
    {
        var wrong = new List<string>();
        foreach (var form in said.GetProperty("forms").EnumerateArray())
        {
            var (name, unit) = (form.GetProperty("name").GetString(), form.GetProperty("tokensMilli").GetInt64());
            var answers = new List<string>();
            foreach (var milli in (long[])[unit, (unit / 100) + 1, unit * 10, 10_000_000_000, 1_000])
            {
                var answer = await AskAsync(
                    "POST", $"people/{RunningApp.Person}/conversions/quote", new { form = name, tokensMilli = milli });
                answers.Add(answer ?? "");
                if (answer is null || OfThePerson.Any(answer.Contains)) break;
            }

            if (answers[^1].Length > 0 && !OfThePerson.Any(answers[^1].Contains))
                wrong.Add($"{name}: {string.Join(" | ", answers.Distinct())}");
        }

        return wrong;
    }

    // Whatever it refuses, it says so.
    private async Task<List<string>> CalledWrongAsync()
    {
        using var body = JsonContent.Create(new
        {
            model = "gpt-5-mini", max_completion_tokens = 10, messages = new[] { new { role = "user", content = "x" } },
        });
        using var answer = await app.Caller.PostAsync("/v1/chat/completions", body, Ct);
        return (int)answer.StatusCode < 500 ? [] : [$"{(int)answer.StatusCode}"];
    }

    private Task<List<string>> OfferedWrongAsync(string offer) => AskAllAsync(
        ("GET", $"offers/{offer}", null), ("GET", $"offers/{offer}/pdf", null),
        ("GET", $"offers/{offer}/listing", null), ("POST", "offers/compare", new { offers = new[] { offer } }),
        ("POST", $"offers/{offer}/links", new { days = 7 }));

    private async Task<List<string>> AskAllAsync(params (string Method, string Path, object? Body)[] all)
    {
        var wrong = new List<string>();
        foreach (var (method, path, body) in all)
            if (await AskAsync(method, path, body) is { } no && !OfThePerson.Any(no.Contains))
                wrong.Add($"{method} {path}: {no}");
        return wrong;
    }

    // Null where the answer is yes.
    private async Task<string?> AskAsync(string method, string path, object? body)
    {
        var at = new Uri("/api/v1/" + path, UriKind.Relative);
        using var request = new HttpRequestMessage(new HttpMethod(method), at);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await app.Admin.SendAsync(request, Ct);
        if (answer.IsSuccessStatusCode) return null;
        return $"{(int)answer.StatusCode} {Words(await RunningApp.JsonAsync(answer))}";
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string path, string text)
    {
        using var answer = await app.Admin.PostAsync(
            new Uri("/api/v1/" + path, UriKind.Relative), new StringContent(text), Ct);
        return ((int)answer.StatusCode, await RunningApp.JsonAsync(answer));
    }

    private static string Words(JsonElement problem) => string.Join(" / ", ((string[])
        ["title", "detail", "nextStep", "errors"]).Select(name =>
            problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(name, out var said) ? $"{said}" : ""));

    private static string Changed(string example, string text)
    {
        var known = example.Split('\n').ToHashSet(StringComparer.Ordinal);
        var line = Array.Find(text.Split('\n'), l => !known.Contains(l)) ?? "a line less, or twice";
        return line.Length > 120 ? line[..120] + "…" : line;
    }
}
