using System.Text;
using Guerdon.Metering.Reconciliation;

namespace Guerdon.Unit.Metering;

public sealed class ReportFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);

    private const string Page = """
        {"object": "page", "data": [
          {"object": "bucket", "start_time": 1730419200, "end_time": 1730505600, "results": [
        RESULT
          ]}], "has_more": false}
        """;

    private const string Completion = """
        {"object": "organization.usage.completions.result", "input_tokens": 1000, "output_tokens": 500,
         "input_cached_tokens": 800, "num_model_requests": 5, "project_id": "proj_1", "api_key_id": "key_1",
         "model": "gpt-x", "batch": false}
        """;

    private static ProviderReport Read(string text) => ReportFile.Read(Encoding.UTF8.GetBytes(text), Now);

    private static ProviderReport ReadResult(string result) =>
        Read(Page.Replace("RESULT", result, StringComparison.Ordinal));

    // Vendors' own examples lie beside the repository, on machines that have them.
    private static ProviderReport Fixture(string name)
    {
        for (var folder = new DirectoryInfo(Repository()); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "fixtures", name);
            if (File.Exists(file)) return ReportFile.Read(File.ReadAllBytes(file), Now);
        }

        Assert.Skip($"There is no fixture {name} on this machine.");
        return null!;
    }

    private static string Repository() => Architecture.Repository.Root;

    private static ReportLine Single(ProviderReport report, string shape, string kind)
    {
        Assert.Empty(report.Errors);
        Assert.Equal((shape, kind), (report.Shape, report.Kind));
        return Assert.Single(Assert.Single(report.Buckets).Lines);
    }

    [Fact]
    public void Read_OpenAiUsage_TakesTheCachedOutOfTheInput()
    {
        var report = Fixture("openai_usage_completions.json");
        var line = Single(report, "openai", "usage");
        Assert.Equal(("gpt-x", 200, 800, 500, 5),
            (line.Model, line.Input, line.CachedInput, line.Output, line.Requests));
        Assert.Equal(("user-abc", null, null, false), (line.UserId, line.ProjectId, line.KeyId, line.IsBatch));
        Assert.Equal(
            ("2024-11-01 00:00:00Z", "2024-11-02 00:00:00Z"),
            ($"{report.Buckets[0].StartsAt:u}", $"{report.Buckets[0].EndsAt:u}"));
        Assert.True(report.IsPart);
    }

    [Fact]
    public void Read_OpenAiCosts_AreDollarsOfAModelAndItem()
    {
        var line = Single(Fixture("openai_costs.json"), "openai", "cost");
        Assert.Equal((60_000_000, "0.06", "gpt-x", "gpt-x, input", "proj_abc"),
            (line.AmountNanos, line.Amount, line.Model, line.Item, line.ProjectId));
    }

    [Fact]
    public void Read_AnthropicUsage_KeepsEachClassApart()
    {
        var line = Single(Fixture("anthropic_usage_report_messages.json"), "anthropic", "usage");
        Assert.Equal((1_500, 200, 500, 1_000, 500),
            (line.Input, line.CachedInput, line.CacheWrite5m, line.CacheWrite1h, line.Output));
        Assert.Equal(("claude-opus-4-6", "standard", "0-200k", "apikey_01Rj2N8SVvo6BePZj99NhmiT", null),
            (line.Model, line.Tier, line.ContextWindow, line.KeyId, line.Requests));
    }

    [Fact]
    public void Read_AnthropicCosts_AreCentsExactly()
    {
        var line = Single(Fixture("anthropic_cost_report.json"), "anthropic", "cost");
        Assert.Equal((1_237_891_200, "123.78912", "claude-opus-5"), (line.AmountNanos, line.Amount, line.Model));
    }

    [Theory] // Reports by person are no reports of an organisation's usage.
    [InlineData("anthropic_claude_code.json")]
    [InlineData("anthropic_user_cost_report.json")]
    [InlineData("cursor_filtered_usage_events.json")]
    public void Read_AnotherReport_IsRefused(string name) => Assert.NotEmpty(Fixture(name).Errors);

    [Theory]
    [InlineData("\"input_tokens\": 1000", "\"input_tokens\": 10.5", 3, "data[0].results[0].input_tokens")]
    [InlineData("\"input_tokens\": 1000", "\"input_tokens\": -1", 3, "data[0].results[0].input_tokens")]
    [InlineData("\"input_tokens\": 1000", "\"input_tokens\": 1e3", 3, "data[0].results[0].input_tokens")]
    [InlineData("\"input_tokens\": 1000", "\"other\": 1000", 3, "data[0].results[0]")]
    [InlineData("800", "1001", 3, "data[0].results[0]")]
    [InlineData("\"key_1\"", "17", 4, "data[0].results[0].api_key_id")]
    [InlineData("completions.result", "vector_stores.result", 3, "data[0].results[0]")]
    public void Read_WrongMember_IsNamedWithItsLine(string right, string wrong, int line, string field)
    {
        var report = ReadResult(Completion.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(report.Errors, e => (e.Line, e.Column) == (line, field));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\"data\": [", "not JSON")]
    [InlineData("[1]", "not a page")]
    [InlineData("{\"data\": []}", "no results")]
    public void Read_NoReport_SaysSo(string text, string said) =>
        Assert.Contains(Read(text).Errors, e => e.Reason.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void Read_PagesBehindOneAnother_AreOneReport()
    {
        var one = Page.Replace("RESULT", Completion, StringComparison.Ordinal);
        var next = one.Replace("1730505600", "1730592000", StringComparison.Ordinal)
            .Replace("1730419200", "1730505600", StringComparison.Ordinal);
        Assert.Equal(2, Read(next + "\n" + one).Buckets.Count);
        Assert.Contains(Read(one + one).Errors, e => e.Reason.Contains("overlap", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.06", 60_000_000)]
    [InlineData("1.2e-05", 12_000)]
    [InlineData("-3.5", -3_500_000_000)] // a credit
    [InlineData("0.0000000005", 1)] // half a nano-USD
    public void Read_Dollars_AreCountedInTens(string value, long nanos)
    {
        var report = ReadResult($$"""
            {"object": "organization.costs.result", "amount": {"value": {{value}}, "currency": "usd"},
             "line_item": "web search tool calls"}
            """);
        var line = Single(report, "openai", "cost");
        Assert.Equal((nanos, null), (line.AmountNanos, line.Model));
    }

    [Fact]
    public void Read_AnotherCurrency_IsRefused() => Assert.Contains(
        ReadResult("""{"object": "organization.costs.result", "amount": {"value": 1, "currency": "eur"}}""").Errors,
        e => e.Reason.Contains("USD", StringComparison.Ordinal));

    [Fact]
    public void IsOwn_KeysNamed_OtherKeysAndBatchesAreOthers()
    {
        var line = ReadResult(Completion).Buckets[0].Lines[0];
        Assert.True(line.IsOwn([]));
        Assert.True(line.IsOwn(["key_1"]));
        Assert.True(line.IsOwn(["proj_1", "key_2"]));
        Assert.False(line.IsOwn(["key_2"]));
        Assert.False((line with { IsBatch = true }).IsOwn([]));
    }
}
