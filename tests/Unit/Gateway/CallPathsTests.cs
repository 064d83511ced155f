using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Gateway.Forwarding;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Gateway;

/// <summary>Which dialect a call is in is told by its path alone, so no two may have one.</summary>
public sealed class CallPathsTests
{
    [Fact]
    public void Of_KnownDialects_HasEachPathOnce()
    {
        var paths = CallPaths.Of(KnownDialects.All);
        Assert.Equal(7, paths.OfOnePath.Count);
        Assert.Contains("/chat/completions", paths.WithoutVersion);
        Assert.NotEmpty(paths.OfModels);
    }

    [Theory]
    [InlineData("/v1/talks", "/v2/talks", "/talks")]
    [InlineData("/v1/talks", "/v2/TALKS", "/talks")]
    [InlineData("/v1/v2/talks", "/v2/talks", "/talks")]
    public void WithoutVersion_PathsThatEndAlike_StandOnce(string one, string other, string tail)
    {
        var paths = new CallPaths([new(Spoken.OpenAi, "A", one), new(Spoken.Anthropic, "B", other)], []);
        Assert.Equal([tail], paths.WithoutVersion);
    }

    [Fact]
    public void New_OnePathOfTwo_IsRefusedAndNamed()
    {
        Api[] apis = [new(Spoken.OpenAi, "Talks", "/v1/talks"), new(Spoken.Anthropic, "Chats", "/v1/Talks")];
        var refused = Assert.Throws<InvalidOperationException>(() => new CallPaths(apis, []));
        Assert.Equal("/v1/talks is claimed twice: OpenAi's Talks and Anthropic's Chats.", refused.Message);
    }

    [Fact]
    public void New_OneRouteOfTwo_HoweverItsParameterIsCalled_IsRefused()
    {
        CallPaths.CallRoute[] routes =
            [new("/v1/models/{call}", Spoken.Gemini), new("/v1/models/{**rest}", Spoken.OpenAi)];
        Assert.Throws<InvalidOperationException>(() => new CallPaths([], routes));
    }
}
