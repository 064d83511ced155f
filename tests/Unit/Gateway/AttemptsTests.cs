using System.Net;
using Guerdon.Gateway.Forwarding;
using Guerdon.Providers;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Gateway;

/// <summary>Which failures are followed by another attempt, with whom, and how soon.</summary>
public sealed class AttemptsTests
{
    private static readonly ProviderOptions One = new() { BaseUrl = "https://one.example", ApiKey = "sk-1" };

    private static ProviderSet Set(bool hasSpare)
    {
        var providers = new Dictionary<string, ProviderOptions> { ["openai"] = One };
        if (hasSpare) providers["spare"] = One with { BaseUrl = "https://two.example", Serves = "openai", Weight = 0 };
        return new ProviderSet(Options.Create(new GatewayOptions { Providers = providers }), TimeProvider.System);
    }

    private static Attempts Of(ProviderSet set, int most = 3) =>
        new(set.Find("openai")!, new GatewayOptions { Attempts = most }, Guid.Empty);

    [Theory]
    // status (0: not reached), the provider says that it is final; another is asked, the same is asked once more
    [InlineData(0, false, true, true)]
    [InlineData(429, false, true, false)]
    [InlineData(500, false, true, false)]
    [InlineData(502, false, true, true)]
    [InlineData(503, false, true, true)]
    [InlineData(529, false, true, true)]
    [InlineData(504, false, false, false)] // the model may have worked, and would be paid twice
    [InlineData(400, false, false, false)]
    [InlineData(404, false, false, false)]
    [InlineData(501, false, false, false)]
    [InlineData(500, true, false, false)]
    [InlineData(0, true, false, false)]
    [InlineData(401, false, true, false)] // of the company's key, and another provider has another
    [InlineData(401, true, true, false)]
    [InlineData(403, true, true, false)]
    public void TryNext_Failure_SaysWhetherAnotherMayFollow(int status, bool isFinal, bool elsewhere, bool again)
    {
        HttpStatusCode? failure = status == 0 ? null : (HttpStatusCode)status;
        using var two = Set(hasSpare: true);
        using (var attempts = Of(two))
        {
            Assert.Equal("openai", attempts.Current!.Name);
            Assert.Equal(elsewhere, attempts.TryNext(failure, isFinal));
            Assert.Equal(elsewhere ? "spare" : "openai", attempts.Current!.Name);
            Assert.Equal(TimeSpan.Zero, attempts.Pause); // another is not made to wait for
        }

        using var one = Set(hasSpare: false);
        using (var attempts = Of(one))
        {
            Assert.Equal(TimeSpan.Zero, attempts.Pause);
            Assert.Equal(again, attempts.TryNext(failure, isFinal));
            Assert.Equal("openai", attempts.Current!.Name);
            Assert.InRange(attempts.Pause, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
            if (again) Assert.False(attempts.TryNext(failure, isFinal)); // once, however many are left
        }
    }

    [Fact]
    public void TryNext_BothFailed_IsTheLastOnceMoreAndThenNobody()
    {
        using var set = Set(hasSpare: true);
        using var attempts = Of(set, most: 9);
        Assert.True(attempts.TryNext(null, isFinal: false));
        Assert.True(attempts.TryNext(null, isFinal: false));
        Assert.Equal("spare", attempts.Current!.Name);
        Assert.False(attempts.TryNext(null, isFinal: false));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void TryNext_Attempts_StopAtTheLimit(int most, int further)
    {
        using var set = Set(hasSpare: true);
        using var attempts = Of(set, most);
        var count = 0;
        while (attempts.TryNext(null, isFinal: false)) count++;
        Assert.Equal(further, count);
    }

    [Fact]
    public void Pause_OfTheSameAgain_IsSpread()
    {
        using var set = Set(hasSpare: false);
        using var attempts = Of(set);
        Assert.True(attempts.TryNext(null, isFinal: false));
        var pauses = Enumerable.Range(0, 100).Select(_ => attempts.Pause).ToArray();
        Assert.InRange(pauses.Distinct().Count(), 50, 100);
        Assert.InRange(pauses.Max(), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void EndAndDispose_Call_LeavesItsGroupAndProvider()
    {
        // Over HTTP/1.1, where each call has a connection: of two, a person may have one.
        var providers = new Dictionary<string, ProviderOptions>
        {
            ["openai"] = One with { BaseUrl = "http://127.0.0.1:9" },
        };
        using var set = new ProviderSet(
            Options.Create(new GatewayOptions { Providers = providers, MaxConnections = 2 }), TimeProvider.System);
        var group = set.Find("openai")!;
        var attempts = Of(set);
        Assert.Equal(1, group.Calls);
        Assert.True(attempts.TryBegin());
        Assert.True(attempts.IsFull);
        attempts.End();
        attempts.End(); // safe to repeat
        Assert.False(attempts.IsFull);
        Assert.True(attempts.TryBegin());
        Assert.True(attempts.IsFull);
        attempts.Dispose();
        Assert.False(attempts.IsFull);
        Assert.Equal(0, group.Calls);
    }
}
