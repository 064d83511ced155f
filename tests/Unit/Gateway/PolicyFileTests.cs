using Stipend.Gateway;
using Stipend.Unit.Architecture;

namespace Stipend.Unit.Gateway;

public sealed class PolicyFileTests
{
    private const string Good = """
        models:
          allow: [gpt-5*, claude-*]
          deny: [gpt-5-pro*]
        services:
          deny: [deepseek]
        max_body_bytes: 100000
        zero_rated: [gpt-5-nano]
        closed: Moving house.
        rates:
          - {per: person, requests: 60, window: 1m}
          - {per: person_and_model, models: [gpt-5*], tokens: 5000, window: 1d}
        """;

    private static (Policy? Policy, IReadOnlyList<Stipend.Kernel.YamlError> Errors) Read(string yaml) =>
        PolicyFile.Read(yaml, name => name is "openai" or "deepseek");

    [Fact]
    public void Read_GoodPolicy_IsExact()
    {
        var (policy, errors) = Read(Good);

        Assert.Empty(errors);
        Assert.Equal(["gpt-5*", "claude-*"], policy!.Models.Allow);
        Assert.Equal(["gpt-5-pro*"], policy.Models.Deny);
        Assert.Equal(["deepseek"], policy.Services.Deny);
        Assert.Equal((100_000, "Moving house."), (policy.MaxBodyBytes, policy.Closed));
        Assert.Equal(["gpt-5-nano"], policy.ZeroRated);
        Assert.Equal(
            ["rule 1: 60 requests a minute per person", "rule 2: 5000 tokens a day per person and model of gpt-5*"],
            policy.Rates.Select(r => r.Words));
    }

    [Fact]
    public void Read_ShippedExample_HasNoErrors() =>
        Assert.Empty(PolicyFile.Read(Repository.Read("examples/policy.yaml"), _ => true).Errors);

    [Theory]
    [InlineData("models:\n", "model:\n", 1, 1, "unknown here. Known: closed")]
    [InlineData("  allow: [gpt-5*, claude-*]", "  allowed: [a]", 2, 3, "unknown here. Known: allow")]
    [InlineData("[gpt-5*, claude-*]", "gpt-5*", 2, 10, "needs a list")]
    [InlineData("[gpt-5*, claude-*]", "[]", 2, 10, "empty list")]
    [InlineData("[gpt-5*, claude-*]", "[gpt-5*, 'claude 4']", 2, 19, "'claude 4', not a model's name")]
    [InlineData("[deepseek]", "[deepsek]", 5, 10, "'deepsek', not a provider of the price book")]
    [InlineData("  deny: [deepseek]", "  {}", 5, 3, "allow, deny or both")]
    [InlineData("100000", "many", 6, 17, "whole number from 1")]
    [InlineData("100000", "0", 6, 17, "whole number from 1")]
    [InlineData("[gpt-5-nano]", "[]", 7, 13, "empty list")]
    [InlineData("Moving house.", "''", 8, 9, "single value")]
    [InlineData("Moving house.", "\"a\\nb\"", 8, 9, "one line")]
    [InlineData("Moving house.", "[a", 8, 9, "not YAML")]
    [InlineData("per: person,", "per: team,", 10, 11, "person, model or person_and_model")]
    [InlineData("per: person,", "", 10, 5, "per is missing")]
    [InlineData("requests: 60, ", "", 10, 5, "both missing")]
    [InlineData("requests: 60", "requests: 0", 10, 29, "whole number")]
    [InlineData("window: 1d", "window: 2d", 11, 69, "1m, 1h or 1d")]
    [InlineData("[gpt-5*],", "[],", 11, 37, "empty list")]
    [InlineData("tokens: 5000", "token: 5000, requests: 1", 11, 47, "unknown here")]
    [InlineData("  - {per: person, requests: 60, window: 1m}", "  - 60", 10, 5, "keys and values")]
    public void Read_OneMistake_IsNamedOnceWithItsPlace(string right, string wrong, int line, int column, string reason)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var (policy, errors) = Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(policy);
        var error = Assert.Single(errors);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Read_ManyMistakes_AreAllNamedInOrder()
    {
        var (_, errors) = Read("services: {deny: [nobody]}\nmax_body_bytes: -1\nmodels: [a]\nopen: yes\n");

        Assert.Equal([(1, 19), (2, 17), (3, 9), (4, 1)], errors.Select(e => (e.Line, e.Column)));
    }

    [Theory]
    [InlineData("", "", "anything", true)]
    [InlineData("gpt-*", "", "gpt-5", true)]
    [InlineData("gpt-*", "", "claude-5", false)]
    [InlineData("gpt-?", "", "gpt-5", true)]
    [InlineData("gpt-?", "", "gpt-55", false)]
    [InlineData("GPT-5", "", "gpt-5", true)]
    [InlineData("", "*-pro", "gpt-5-pro", false)]
    [InlineData("", "*-pro", "gpt-5-pro-max", true)]
    [InlineData("gpt-5", "gpt-5", "gpt-5", false)] // deny wins
    [InlineData("*", "gpt-5", "gpt-5", false)]
    [InlineData("gpt.5", "", "gpt-5", false)] // a dot is a dot
    public void Refuses_GlobsDenyWins(string allow, string deny, string model, bool isApproved)
    {
        var approval = new Approval(allow.Length > 0 ? [allow] : [], deny.Length > 0 ? [deny] : []);
        Assert.Equal(isApproved, approval.Refuses(model, model) is null);
    }

    [Fact]
    public void Refuses_DatedName_IsJudgedByBothNames()
    {
        var price = Make.Price(model: "gpt-4o");
        Policy Of(string[] allow, string[] deny) => new() { Models = new(allow, deny) };

        Assert.Null(Of(["gpt-4o"], []).Refuses("gpt-4o-2024-08-06", price));
        Assert.Null(Of(["gpt-4o-2024-08-06"], []).Refuses("gpt-4o-2024-08-06", price));
        Assert.NotNull(Of(["gpt-4o-2024-08-06"], []).Refuses("gpt-4o", price));
        Assert.NotNull(Of([], ["gpt-4o"]).Refuses("gpt-4o-2024-08-06", price));
        Assert.NotNull(Of([], ["*-2024-*"]).Refuses("gpt-4o-2024-08-06", price));
    }

    [Fact]
    public void Changes_NameEachModelThatFaresOtherwise()
    {
        var (was, becomes) = (Read("max_body_bytes: 10").Policy, Read("zero_rated: [b]\nmodels: {deny: [a]}").Policy);

        var changes = PolicyChanges.Of(was, becomes!, [Make.Price(model: "a"), Make.Price(model: "b"),
            Make.Price(model: "c")]);

        Assert.Equal(
            [
                new("max_body_bytes", "10", "none"), new("model a", "approved", "refused: models.deny has 'a'"),
                new("model b", "approved", "approved, zero-rated"),
            ], changes);
    }
}
