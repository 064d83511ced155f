using Guerdon.Bounds.Edits;

namespace Guerdon.Unit.Bounds;

public sealed class CapMemberTests
{
    [Theory]
    [InlineData("openai", null, false)]
    [InlineData("zai", null, false)]
    [InlineData("mistral", "max_tokens", false)]
    // What caps words alone leaves what the model thinks without a bound.
    [InlineData("alibaba", "max_completion_tokens", true)]
    [InlineData("XAI", "max_completion_tokens", true)]
    public void Of_WhomItServes_IsTheNameThatBoundsAllOfTheOutput(string served, string? member, bool isSent)
    {
        Assert.Equal(member, CapMembers.Of("", served));
        Assert.Equal(isSent, CapMembers.MustBeSent(served));
        Assert.Equal("max_tokens", CapMembers.Of("max_tokens", served)); // as it is set
    }
}
