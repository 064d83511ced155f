using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

public class YamlSettingsTests
{
    private const string Before = """
        name: eng # comment
        from: 2026-01-01
        allowance:
          percent: 25
          teams: [A, B]
        awards:
          - {name: spot, usd: 10}
          - {id: big, usd: 20}
          - {usd: 30}
        """;

    private static string Changes(string? before, string after) =>
        string.Join("; ", YamlSettings.Changes(before, after)
            .Select(c => $"{c.Path}: {c.Before ?? "-"} > {c.After ?? "-"}"));

    [Theory]
    [InlineData("percent: 25", "percent: 30", "allowance.percent: 25 > 30")]
    [InlineData("[A, B]", "[A]", "allowance.teams: A, B > A")]
    [InlineData("  percent: 25\n", "", "allowance.percent: 25 > -")]
    [InlineData("percent: 25", "percent: 25\n  most: 9", "allowance.most: - > 9")]
    [InlineData("usd: 10", "usd: 11", "awards[spot].usd: 10 > 11")]
    [InlineData("usd: 20", "usd: 21", "awards[big].usd: 20 > 21")]
    [InlineData("usd: 30", "usd: 31", "awards[3].usd: 30 > 31")]
    [InlineData("# comment", "# another", "")]
    [InlineData("[A, B]", "[\"A, B\"]", "allowance.teams: A, B > \"A, B\"")]
    [InlineData("[A, B]", "[]", "allowance.teams: A, B > []")]
    [InlineData("percent: 25", "percent: \"\"", "allowance.percent: 25 > \"\"")]
    [InlineData("  percent: 25", "  percent: 25\n  none: {}", "allowance.none: - > {}")]
    public void Changes_OneValue_IsNamedByItsPath(string was, string becomes, string change) =>
        Assert.Equal(change, Changes(Before, Before.Replace(was, becomes, StringComparison.Ordinal)));

    [Fact]
    public void Changes_NothingAndTheWord_AreTold() =>
        Assert.Equal("a: null > \"null\"", Changes("a: null", "a: \"null\""));

    [Fact]
    public void Changes_ItemsOfOneName_AreComparedTogether() => Assert.Equal(
        "a[x].usd: 1, 2 > 3, 2",
        Changes("a:\n- {name: x, usd: 1}\n- {name: x, usd: 2}", "a:\n- {name: x, usd: 3}\n- {name: x, usd: 2}"));

    [Fact]
    public void Changes_Codes_InAnotherOrder_AreNone() => Assert.Equal(
        "", Changes("codes:\n- {tax_class: a, form: cash}\n- {tax_class: b, form: cash}",
            "codes:\n- {tax_class: b, form: cash}\n- {tax_class: a, form: cash}"));

    [Fact]
    public void Changes_AFirstPlan_IsAllOfIt() =>
        Assert.Equal("name: - > eng; day: - > 2026", Changes(null, "name: eng\nday: 2026"));

    [Theory]
    [InlineData("effective_from: 2026-01-01 # day\nname: a", "effective_from: 2026-03-01 # day\nname: a")]
    [InlineData("name: a", "name: a")]
    [InlineData("effective_from: [1]", "effective_from: [1]")]
    [InlineData("- effective_from", "- effective_from")]
    [InlineData("effective_from: [", "effective_from: [")]
    public void WithFrom_RewritesThatValueAlone(string yaml, string written) =>
        Assert.Equal(written, YamlSettings.WithFrom(yaml, new(2026, 3, 1)));
}
