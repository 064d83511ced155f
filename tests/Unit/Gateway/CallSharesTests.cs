using Guerdon.Gateway.Forwarding;
using Guerdon.Ledger;
using Guerdon.Providers;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Gateway;

public sealed class CallSharesTests
{
    private const int Megabyte = 1 << 20;
    private readonly WalletId _one = new(Guid.CreateVersion7());
    private readonly WalletId _other = new(Guid.CreateVersion7());

    private static CallShares Of(long one, long all, int calls = 256) => new(Options.Create(new GatewayOptions
    {
        MaxBodyBytes = Megabyte, BodyBytesOfOne = one, BodyBytesInAll = all, CallsOfOne = calls,
    }));

    private static CallShare Begin(CallShares shares, WalletId wallet)
    {
        Assert.True(shares.Begin(wallet).Is(out var share, out var refused), refused?.Detail);
        return share;
    }

    [Fact]
    public void GrowTo_BeyondAWalletsShare_IsRefusedUntilSomeIsGivenBack()
    {
        var shares = Of(4 * Megabyte, 64 * Megabyte);
        var first = Begin(shares, _one);
        Assert.Null(first.GrowTo(Megabyte));
        Assert.Null(first.GrowTo(2 * Megabyte)); // in place of the one before
        using var second = Begin(shares, _one);
        Assert.Null(second.GrowTo(2 * Megabyte));
        using var third = Begin(shares, _one);
        Assert.Equal("gateway.bodies_in_flight", third.GrowTo(Megabyte)?.Refusal.Code);
        Assert.Null(Begin(shares, _other).GrowTo(4 * Megabyte));

        first.Dispose();
        first.Dispose(); // no more than it took
        Assert.Null(third.GrowTo(2 * Megabyte));
        Assert.NotNull(Begin(shares, _one).GrowTo(Megabyte));
    }

    [Fact]
    public void GrowTo_BeyondTheNodes_IsRefusedButForSmallOnes()
    {
        var shares = Of(4 * Megabyte, 4 * Megabyte);
        Assert.Null(Begin(shares, _one).GrowTo(4 * Megabyte));
        using var share = Begin(shares, _other);
        var refused = share.GrowTo(Megabyte);
        Assert.Equal("gateway.bodies_in_flight", refused?.Refusal.Code);
        Assert.Contains("4194304 bytes", refused?.Detail, StringComparison.Ordinal);
        Assert.Null(share.GrowTo(CallShares.Uncounted));
    }

    [Fact]
    public void GrowTo_OfTheLargestBodyThatIsRead_AlwaysFits() =>
        Assert.Null(Begin(Of(Megabyte, Megabyte), _one).GrowTo(2 * Megabyte));

    [Fact]
    public void Begin_OneCallMoreThanMayBe_IsRefusedUntilOneEnds()
    {
        var shares = Of(4 * Megabyte, 64 * Megabyte, calls: 2);
        using var first = Begin(shares, _one);
        var second = Begin(shares, _one);
        var refused = shares.Begin(_one).Refused;
        Assert.Equal(("gateway.calls_in_flight", CallShares.AgainIn), (refused?.Refusal.Code, refused?.RetryAfter));
        using var theirs = Begin(shares, _other);

        second.Dispose();
        using var again = Begin(shares, _one);
        Assert.NotNull(shares.Begin(_one).Refused);
    }

    [Fact]
    public async Task BeginInflating_OneBodyMoreThanAtOnce_WaitsForAnotherOfTheSameWallet()
    {
        var ct = TestContext.Current.CancellationToken;
        var shares = Of(4 * Megabyte, 64 * Megabyte, calls: 6);
        var begun = Enumerable.Range(0, 4).Select(_ => Begin(shares, _one)).ToList();
        foreach (var share in begun) await share.BeginInflatingAsync(ct);
        var fifth = Begin(shares, _one);
        var waiting = fifth.BeginInflatingAsync(ct);
        Assert.False(waiting.IsCompleted);
        await Begin(shares, _other).BeginInflatingAsync(ct);

        begun[0].EndInflating();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), ct);

        // Who gives up while it waits gives its share back.
        using var gone = new CancellationTokenSource();
        var sixth = Begin(shares, _one);
        var given = sixth.BeginInflatingAsync(gone.Token);
        Assert.NotNull(shares.Begin(_one).Refused);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        using var again = Begin(shares, _one);
    }
}
