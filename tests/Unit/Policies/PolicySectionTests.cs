using Guerdon.Policies;

namespace Guerdon.Unit.Policies;

/// <summary>Whom a section of a policy is for.</summary>
public class PolicySectionTests
{
    [Theory]
    [InlineData(null, "Eng", "Eng", true)]
    [InlineData(null, "Eng", "Eng/Platform", true)]
    [InlineData(null, "Eng", "Engineering", false)]
    [InlineData(null, "Eng", "En", false)]
    [InlineData(null, "Eng", "eng", false)]
    [InlineData(null, "Eng/Platform", "Eng", false)]
    [InlineData("pilot", null, "Eng", true)]
    [InlineData("other", null, "Eng", false)]
    [InlineData("pilot", "Eng", "Eng", true)]
    [InlineData("pilot", "Ops", "Eng", false)]
    [InlineData("other", "Eng", "Eng", false)]
    [InlineData(null, null, "Eng", true)]
    public void Includes_AMember_ByPlanAndTeam(string? plan, string? team, string of, bool isIncluded) => Assert.Equal(
        isIncluded, new PolicySection(plan, team, new Policy()).Includes(new Membership(["pilot"], of)));

    [Theory]
    [InlineData("pilot", null, "plan pilot")]
    [InlineData(null, "Eng", "team Eng")]
    [InlineData("pilot", "Eng", "plan pilot in team Eng")]
    public void Words_OfASection_NameWhomItIsFor(string? plan, string? team, string words) =>
        Assert.Equal(words, PolicySection.Words(plan, team));

    [Fact]
    public void For_AMemberOfSeveral_TheFirstBinds()
    {
        Policy one = new() { Version = 1 }, two = new() { Version = 2 };
        var policy = new Policy { Sections = [new("pilot", null, one), new(null, "Eng", two)] };
        Assert.Same(one, policy.For(new Membership(["pilot"], "Eng")));
        Assert.Same(two, policy.For(new Membership([], "Eng/A")));
        Assert.Same(policy, policy.For(new Membership([], "Ops")));
    }
}
