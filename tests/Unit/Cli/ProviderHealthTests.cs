using Guerdon.Cli.Providers;

namespace Guerdon.Unit.Cli;

public sealed class ProviderHealthTests
{
    [Theory]
    [InlineData("Healthy", "healthy")]
    [InlineData("OnSecondKey", "first key refused since 2026-11-21 10:01 UTC")]
    [InlineData("LeftAlone", "left alone until 2026-11-21 10:02 UTC")]
    [InlineData("KeyRefused", "key refused since 2026-11-21 10:01 UTC")]
    [InlineData("Unusable", "not called: its key cannot be read")]
    public void Shown_EachState_SaysSinceOrUntilWhenAndWhy(string state, string said) => Assert.Equal(
        said,
        new ProviderVerbs.Health(
            state, new(2026, 11, 21, 10, 1, 0, TimeSpan.Zero), new(2026, 11, 21, 10, 2, 0, TimeSpan.Zero),
            "its key cannot be read").Shown);
}
