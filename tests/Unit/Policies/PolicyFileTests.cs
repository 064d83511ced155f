using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Unit.Architecture;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Policies;

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
        closed: We are moving.
        rates:
          - {per: person, requests: 60, window: 1m}
          - {per: person_and_model, models: [gpt-5*], tokens: 5000, window: 1d}
        """;

    private const string Sections = """
        models: {deny: [a]}
        services: {deny: [deepseek]}
        max_body_bytes: 100
        zero_rated: [z]
        rates: [{per: person, requests: 60, window: 1m}]
        for:
          - plan: pilot
            team: Engineering/Platform
            rates: none
            zero_rated: none
          - plan: pilot
            models: {deny: [b]}
            rates: [{per: person, requests: 600, window: 1m}]
          - team: Engineering
            max_body_bytes: 200
        """;

    private static readonly GroupNames Groups =
        new(["pilot", "rest"], ["Engineering", "Engineering/Platform"]);

    private static (Policy? Policy, IReadOnlyList<YamlError> Errors) Read(string yaml) =>
        PolicyFile.Read(yaml, name => name is "openai" or "deepseek", Groups);

    private static Policy RulesFor(string team, params string[] plans) =>
        Read(Sections).Policy!.As(7, default, null).For(new Membership(plans, team));

    [Fact]
    public void Read_GoodPolicy_IsExact()
    {
        var (policy, errors) = Read(Good);

        Assert.Empty(errors);
        Assert.Equal(["gpt-5*", "claude-*"], policy!.Models.Allow);
        Assert.Equal(["gpt-5-pro*"], policy.Models.Deny);
        Assert.Equal(["deepseek"], policy.Services.Deny);
        Assert.Equal((100_000, "We are moving."), (policy.MaxBodyBytes, policy.Closed));
        Assert.Equal(["gpt-5-nano"], policy.ZeroRated);
        Assert.Equal(
            ["rule 1: 60 requests a minute per person", "rule 2: 5,000 tokens a day per person and model of gpt-5*"],
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
    [InlineData("We are moving.", "''", 8, 9, "single value")]
    [InlineData("We are moving.", "\"a\\nb\"", 8, 9, "one line")]
    [InlineData("We are moving.", "[a", 8, 9, "not YAML")]
    [InlineData("per: person,", "per: team,", 10, 11, "person, model or person_and_model")]
    [InlineData("per: person,", "", 10, 5, "per is missing")]
    [InlineData("requests: 60, ", "", 10, 5, "both missing")]
    [InlineData("requests: 60", "requests: 0", 10, 29, "whole number")]
    [InlineData("window: 1d", "window: 2d", 11, 69, "1m, 1h or 1d")]
    [InlineData("[gpt-5*],", "[],", 11, 37, "empty list")]
    [InlineData("tokens: 5000", "token: 5000, requests: 1", 11, 47, "unknown here")]
    [InlineData("  - {per: person, requests: 60, window: 1m}", "  - 60", 10, 5, "keys and values")]
    [InlineData("[gpt-5-nano]", "some", 7, 13, "needs a list")]
    [InlineData("closed: We are moving.", "rates2: none", 8, 1, "unknown here")]
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
    public void Read_HostedTools_AreLimitedByName()
    {
        var (policy, errors) = PolicyFile.Read("""
            hosted_tools:
              web_search: {max_uses: 3, tokens_per_use: 20000}
              code_execution: {max_uses: 0}
            members: [top_n_sigma]
            for:
              - plan: pilot
                hosted_tools: none
                members: none
            """, _ => true);
        Assert.Empty(errors);
        Assert.Equal(new ToolLimit(3, 20_000, true), policy!.LimitOf("web_search"));
        Assert.Equal(0, policy.LimitOf("code_execution").MaxUses);
        Assert.Equal(ToolLimit.Default, policy.LimitOf("web_fetch"));
        Assert.Equal(["top_n_sigma"], policy.Members);
        var pilot = policy.Sections[0].Rules;
        Assert.All(KnownDialects.ToolNames, name => Assert.Equal(0, pilot.LimitOf(name).MaxUses));
        Assert.Empty(pilot.Members);
    }

    [Theory]
    [InlineData("hosted_tools: {web_serch: {max_uses: 3}}", 1, 16, "unknown here")]
    [InlineData("hosted_tools: {web_search: {max_uses: 101}}", 1, 39, "whole number from 0 to 100")]
    [InlineData("hosted_tools: {web_search: {uses: 1}}", 1, 28, "max_uses is missing")]
    [InlineData("hosted_tools: {web_search: {max_uses: 1, tokens_per_use: 0}}", 1, 58, "whole number from 1")]
    [InlineData("hosted_tools: some", 1, 15, "needs keys of its own")]
    [InlineData("hosted_tools: {}", 1, 15, "names no tool")]
    [InlineData("members: []", 1, 10, "empty list")]
    [InlineData("members: ['top k']", 1, 11, "'top k', not the name of a member")]
    public void Read_MistakeInHostedTools_IsNamedWithItsPlace(string yaml, int line, int column, string reason)
    {
        var (policy, errors) = PolicyFile.Read(yaml, _ => true);
        Assert.Null(policy);
        var isNamed = errors.Any(e => (e.Line, e.Column) == (line, column)
            && $"{e.Key} {e.Reason}".Contains(reason, StringComparison.Ordinal));
        Assert.True(isNamed, string.Join('\n', errors));
    }

    [Theory]
    [InlineData("Engineering", new[] { "pilot" }, "plan pilot")]
    [InlineData("Engineering/Platform", new[] { "pilot" }, "plan pilot in team Engineering/Platform")]
    [InlineData("Engineering/Platform/Core", new[] { "rest", "pilot" }, "plan pilot in team Engineering/Platform")]
    [InlineData("Engineering/Platforms", new[] { "rest" }, "team Engineering")]
    [InlineData("Engineering2", new[] { "rest" }, null)]
    [InlineData("Engineering/Platforms", new[] { "pilot" }, "plan pilot")]
    [InlineData("", new string[0], null)]
    public void For_Member_IsTheFirstSectionThatIncludesThem(string team, string[] plans, string? whom) =>
        Assert.Equal(whom, RulesFor(team, plans).Whom);

    [Fact]
    public void For_Section_ReplacesRulesOfTheSameNameAndKeepsTheOthers()
    {
        var (pilot, both, team) = (RulesFor("Sales", "pilot"), RulesFor("Engineering/Platform", "pilot"),
            RulesFor("Engineering"));
        var (a, b, z) = (Make.Price(model: "a"), Make.Price(model: "b"), Make.Price(model: "z"));

        Assert.Null(pilot.Refuses("a", a)); // the section's list stands instead of that for all
        Assert.Contains("models.deny has 'b' in policy version 7 for plan pilot.", pilot.Refuses("b", b)!.Detail,
            StringComparison.Ordinal);
        Assert.Equal((100, true), (pilot.MaxBodyBytes, pilot.IsZeroRated("z", z)));
        Assert.Equal("rule 1 for plan pilot: 600 requests a minute per person", Assert.Single(pilot.Rates).Words);

        Assert.Equal((0, false), (both.Rates.Count, both.IsZeroRated("z", z)));
        Assert.EndsWith("models.deny has 'a' in policy version 7.", both.Refuses("a", a)!.Detail,
            StringComparison.Ordinal); // it is the rule for all

        Assert.Equal("rule 1: 60 requests a minute per person", Assert.Single(team.Rates).Words);
        Assert.Contains("(max_body_bytes in policy version 7 for team Engineering)",
            team.Limits(PolicyRefusals.BodyTooLarge.With("Too large."))!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void As_Closed_ClosesForSectionsToo()
    {
        var rules = Read(Sections).Policy!.As(9, default, "Drill.").For(new Membership(["pilot"], ""));
        Assert.Equal((9, "Drill.", "plan pilot"), (rules.Version, rules.Closed, rules.Whom));
    }

    [Theory]
    [InlineData("- plan: pilot\n    models", "- plan: pilt\n    models", 11, 11, "for[2].plan is 'pilt', not a plan")]
    [InlineData("- team: Engineering\n", "- team: Enginering\n", 14, 11, "are: Engineering, Engineering/Platform.")]
    [InlineData("- team: Engineering\n", "- plan: pilot\n", 14, 11, "repeats the section for plan pilot")]
    [InlineData("- team: Engineering\n    max_body_bytes: 200", "- max_body_bytes: 200", 14, 5, "both missing")]
    [InlineData("- team: Engineering\n    max_body_bytes: 200", "- team: Engineering", 14, 11, "has no rules")]
    [InlineData("max_body_bytes: 200", "closed: Now.", 15, 5, "unknown here. Known: plan, team, max_body_bytes")]
    [InlineData("    rates: none", "    rates: []", 9, 12, "empty list")]
    [InlineData("    rates: none", "    rates: all", 9, 12, "needs a list")]
    [InlineData("requests: 600", "requests: x", 13, 37, "for[2].rates[1].requests is 'x'")]
    public void Read_OneMistakeInASection_IsNamedWithItsPlace(
        string right, string wrong, int line, int column, string reason)
    {
        Assert.Contains(right, Sections, StringComparison.Ordinal);
        var (policy, errors) = Read(Sections.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(policy);
        Assert.Equal((line, column), (errors[0].Line, errors[0].Column));
        Assert.Contains(reason, errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptySections_AreAMistake() =>
        Assert.Contains("empty list", Assert.Single(Read("for: []").Errors).Reason, StringComparison.Ordinal);

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
    public void Changes_Sections_NameWhatDiffersFromTheRulesForAll()
    {
        var (was, becomes) = (Read("rates: [{per: person, requests: 60, window: 1m}]").Policy, Read(Sections).Policy!);

        var changes = PolicyChanges.Of(was, becomes, [Make.Price(model: "a"), Make.Price(model: "b")]);

        Assert.Contains(new("for plan pilot: model a", "as for all", "approved"), changes);
        Assert.Contains(new("for plan pilot: model b", "as for all", "refused: models.deny has 'b'"), changes);
        Assert.Contains(new("for plan pilot in team Engineering/Platform: rates", "as for all", "none"), changes);
        Assert.Contains(new("for team Engineering: max_body_bytes", "as for all", "200"), changes);
        Assert.DoesNotContain(changes, change => change.What == "for team Engineering: model a");
        Assert.Contains(new("for team Engineering: max_body_bytes", "200", "as for all"),
            PolicyChanges.Of(becomes, was!, []));
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
