using FsCheck;
using FsCheck.Fluent;
using Guerdon.Metering.Reconciliation;

namespace Guerdon.Unit.Metering;

public sealed class SharesTests
{
    // Totals and weights as large as tokens get, small ones often, and weights of zero among them.
    private static readonly Gen<long> Sizes = Gen.OneOf(
        Gen.Choose(0, 20).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(Large));

    private static readonly Arbitrary<(long Total, long[] Weights)> Cases = (
        from total in Sizes
        from n in Gen.Choose(1, 8)
        from weights in Sizes.ArrayOf(n)
        select (total, weights)).ToArbitrary();

    private static long Large(int n) => n * 400_000L;

    private static (Guid, long)[] Rows(long[] weights) =>
        [.. weights.Select((w, i) => (new Guid(i * 7919, 0, 0, new byte[8]), w))];

    private static void Holds(Func<long, long[], bool> law) =>
        Prop.ForAll(Cases, c => law(c.Total, c.Weights)).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_AnyTotal_AddsUpAndIsNeverNegative() => Holds((total, weights) =>
    {
        var shares = Shares.Of(total, Rows(weights));
        return shares.Sum() == total && shares.All(s => s >= 0);
    });

    [Fact]
    public void Of_AnyTotal_IsWithinOneOfItsProportion() => Holds((total, weights) =>
    {
        var sum = weights.Aggregate((Int128)0, (s, w) => s + w);
        return sum == 0 || Shares.Of(total, Rows(weights)).Zip(weights)
            .All(s => Int128.Abs(s.First * sum - (Int128)total * s.Second) < sum);
    });

    [Fact]
    public void Of_AnotherOrder_GivesEachTheSame() => Holds((total, weights) =>
    {
        var rows = Rows(weights);
        var shares = rows.Zip(Shares.Of(total, rows)).ToDictionary(r => r.First.Item1, r => r.Second);
        var turned = rows.Reverse().ToArray();
        return turned.Zip(Shares.Of(total, turned)).All(r => shares[r.First.Item1] == r.Second);
    });

    [Theory]
    [InlineData(10, new long[] { 1, 1, 1 }, new long[] { 4, 3, 3 })]
    [InlineData(10, new long[] { 0, 0 }, new long[] { 5, 5 })]
    [InlineData(7, new long[] { 0, 3 }, new long[] { 0, 7 })]
    [InlineData(100, new long[] { 2, 1 }, new long[] { 67, 33 })]
    public void Of_ByHand(long total, long[] weights, long[] shares) =>
        Assert.Equal(shares, Shares.Of(total, Rows(weights)));
}
