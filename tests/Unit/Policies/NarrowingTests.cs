using Guerdon.Policies;

namespace Guerdon.Unit.Policies;

/// <summary>Which policies refuse more than others, and nothing less: those are in force by one person.</summary>
public class NarrowingTests
{
    private const string Rules = """
        max_body_bytes: 1000
        models: {deny: [a-*]}
        services: {allow: [openai, anthropic]}
        zero_rated: [z]
        rates: [{per: person, requests: 5, window: 1m}]
        hosted_tools: {web_search: {max_uses: 3}}
        members: [one, two]
        for:
          - plan: pilot
            models: {deny: [b]}
        """;

    private static Policy Read(string yaml) => PolicyFile.Read(yaml, _ => true).Policy!;

    [Theory]
    [InlineData("", "max_body_bytes: 5")]
    [InlineData("", "models: {deny: [a]}")]
    [InlineData("", "models: {allow: [a]}")]
    [InlineData("", "closed: A key leaked.")]
    [InlineData("closed: A key leaked.", "closed: Another did.")]
    [InlineData("", "rates: [{per: model, tokens: 5, window: 1d}]")]
    [InlineData("", "hosted_tools: none")]
    [InlineData("models: {allow: [a, b]}", "models: {allow: [b], deny: [c]}")]
    public void OnlyRefusesMore_MoreIsRefused_Is(string was, string becomes)
    {
        Assert.True(Narrowing.OnlyRefusesMore(Of(was), Of(becomes)));
        if (!was.StartsWith("closed", StringComparison.Ordinal))
            Assert.False(Narrowing.OnlyRefusesMore(Of(becomes), Of(was))); // to take it back lets more pass

        static Policy Of(string yaml) => yaml.Length == 0 ? new Policy() : Read(yaml);
    }

    [Theory]
    [InlineData("max_body_bytes: 1000", "max_body_bytes: 999", true)]
    [InlineData("max_body_bytes: 1000", "max_body_bytes: 1001", false)]
    [InlineData("deny: [a-*]", "deny: [a-*, c]", true)]
    [InlineData("deny: [a-*]", "deny: [a-x]", false)]
    [InlineData("deny: [a-*]", "{allow: [b], deny: [a-*]}", true, "models: {deny: [a-*]}")]
    [InlineData("allow: [openai, anthropic]", "allow: [openai]", true)]
    [InlineData("allow: [openai, anthropic]", "allow: [openai, xai]", false)]
    [InlineData("zero_rated: [z]", "zero_rated: [z, y]", false)]
    [InlineData("zero_rated: [z]", "zero_rated: none", false)] // what calls cost is no refusal
    [InlineData("requests: 5,", "requests: 4,", false)] // counted anew
    [InlineData("window: 1m}]", "window: 1m}, {per: person, requests: 9, window: 1d}]", true)]
    [InlineData("max_uses: 3", "max_uses: 0", true)]
    [InlineData("max_uses: 3", "max_uses: 4", false)]
    [InlineData("members: [one, two]", "members: [two]", true)]
    [InlineData("members: [one, two]", "members: [two, three]", false)]
    [InlineData("plan: pilot", "plan: other", false)]
    [InlineData("deny: [b]", "deny: [b, c]", true)]
    [InlineData("deny: [b]", "deny: [c]", false)]
    public void OnlyRefusesMore_OneRuleDiffers_IsByThatRule(
        string was, string becomes, bool isSo, string? instead = null)
    {
        var edited = instead is null ? Rules.Replace(was, becomes, StringComparison.Ordinal)
            : Rules.Replace(instead, $"models: {becomes}", StringComparison.Ordinal);
        Assert.NotEqual(Rules, edited);
        Assert.Equal(isSo, Narrowing.OnlyRefusesMore(Read(Rules), Read(edited)));
        Assert.True(Narrowing.OnlyRefusesMore(Read(Rules), Read(Rules)));
    }

    [Fact]
    public void OnlyRefusesMore_SectionMoreOrLess_IsNot()
    {
        var (with, without) = (Read(Rules), Read(Rules[..Rules.IndexOf("for:", StringComparison.Ordinal)]));
        Assert.False(Narrowing.OnlyRefusesMore(with, without));
        Assert.False(Narrowing.OnlyRefusesMore(without, with));
    }
}
