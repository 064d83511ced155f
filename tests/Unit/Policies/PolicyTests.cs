using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Policies;

/// <summary>Which calls a policy refuses, and in which words.</summary>
public class PolicyTests
{
    private static readonly Policy Denies = new()
    {
        Version = 7, Models = new Approval(["gpt-*", "o?"], ["gpt-5-pro*"]), Services = new Approval([], ["deepseek"]),
        ZeroRated = ["gpt-5-nano"], Whom = "plan pilot", Own = new HashSet<string> { "models" },
    };

    [Theory]
    [InlineData("gpt-5", "openai", null, null)]
    [InlineData("GPT-5", "openai", null, null)]
    [InlineData("o3", "openai", null, null)]
    [InlineData("o33", "openai", "gateway.model_not_approved",
        "'o33' is not approved: models.allow does not have it in policy version 7 for plan pilot.")]
    [InlineData("gpt-5-pro-1", "openai", "gateway.model_not_approved",
        "'gpt-5-pro-1' is not approved: models.deny has 'gpt-5-pro*' in policy version 7 for plan pilot.")]
    [InlineData("gpt-5", "deepseek", "gateway.service_not_approved",
        "'deepseek', which serves 'gpt-5', is not approved: services.deny has 'deepseek' in policy version 7.")]
    public void Refuses_AModel_ByItsNameAndItsService(string model, string provider, string? code, string? detail)
    {
        var refused = Denies.Refuses(model, Make.Price(provider, model));
        Assert.Equal((code, detail), (refused?.Refusal.Code, refused?.Detail));
    }

    [Theory] // a dated name is judged by the undated one too
    [InlineData("gpt-5-pro-2026-01-01", "gpt-5-pro", true)]
    [InlineData("x-2026-01-01", "gpt-5", false)]
    public void Refuses_ADatedName_ByItsRowsToo(string model, string row, bool isRefused) =>
        Assert.Equal(isRefused, Denies.Refuses(model, Make.Price("openai", row)) is not null);

    [Theory]
    [InlineData("gpt-5-nano", "x", true)]
    [InlineData("x", "gpt-5-nano", true)]
    [InlineData("gpt-5-nan", "x", false)]
    public void IsZeroRated_AModel_ByEitherName(string model, string row, bool isFree) =>
        Assert.Equal(isFree, Denies.IsZeroRated(model, Make.Price("openai", row)));

    [Theory]
    [InlineData(null, null)]
    [InlineData("We are moving.", "The gateway is closed: We are moving.")]
    [InlineData("We are moving", "The gateway is closed: We are moving.")]
    public void RefusesAll_WhereItIsClosed_SaysWhy(string? closed, string? detail) =>
        Assert.Equal(detail, (Denies with { Closed = closed }).RefusesAll()?.Detail);

    [Theory]
    [InlineData(100, true, "Too large. (max_body_bytes in policy version 7)")]
    [InlineData(null, true, null)]
    [InlineData(100, false, null)]
    public void Limits_ABodyThatIsTooLarge_NamesThePolicy(int? most, bool isTooLarge, string? detail)
    {
        Refusal refusal = isTooLarge ? PolicyRefusals.BodyTooLarge : PolicyRefusals.Closed;
        Assert.Equal(detail, (Denies with { MaxBodyBytes = most }).Limits(refusal.With("Too large."))?.Detail);
    }

    [Fact]
    public void As_AVersion_ThatIsAlsoItsSections()
    {
        var at = DateTimeOffset.UnixEpoch;
        var policy = (Denies with { Sections = [new("pilot", null, new Policy())] }).As(8, at, "closed");
        foreach (var one in (Policy[])[policy, policy.Sections[0].Rules])
            Assert.Equal((8, at, "closed"), (one.Version, one.From, one.Closed));
    }
}
