using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public sealed class CentsColumnTests
{
    [Fact]
    public void Of_RowsBelowACent_AddUpToTheTotalAsShown()
    {
        // 0.666666666 + 0.666666666 + 0.666666667 = 1.999999999, shown as 1.99: alone each row would be 0.66.
        var rows = CentsColumn.Of([new(666_666_666), new(666_666_666), new(666_666_667)]);

        Assert.Equal(["0.66", "0.67", "0.66"], rows.Select(r => r.Cents));
    }

    [Fact]
    public void Of_ARowThatAddsNoCent_IsNotShownAsNothing() => Assert.Equal(
        ["<0.01", "0.01", "0.00"], CentsColumn.Of([new(6_000_000), new(6_000_000), Usd.Zero]).Select(r => r.Cents));

    [Theory] // a row of less than a cent, and one that is just a cent
    [InlineData(1_000_000, 5_000)]
    [InlineData(1_999_999_999, 9_999_999)]
    [InlineData(2_000_000_000, 10_000_000)]
    public void Of_TokensBelowACent_AreWorthWhatTheyAre(long nanosPerToken, long nanos) =>
        Assert.Equal([new Usd(nanos)], CentsColumn.Of(Tokens.Zero, [new(5)], nanosPerToken));

    [Fact]
    public void Of_MoreThanUsdHolds_IsNull() => Assert.Equal(
        [null, new Usd(0)], CentsColumn.Of(Tokens.Zero, [new(long.MaxValue), Tokens.Zero], long.MaxValue / 2));

    /// <summary>Opening, rows and closing as they are shown add up, to the cent.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(1_333)]
    [InlineData(10_000_001)]
    public void Of_ABalanceAndItsRows_AddUpToTheClosingOneAsShown(long nanosPerToken)
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var (opening, balance) = (new Tokens(random.NextInt64(1_000_000_000_000)), Tokens.Zero);
            balance = opening;
            var rows = new List<Tokens>();
            for (var i = 0; i < 20; i++)
            {
                rows.Add(new(random.NextInt64(-balance.Milli, 10_000_000_000)));
                balance += rows[^1];
            }

            var shown = CentsColumn.Of(opening, rows, nanosPerToken);

            Assert.Equal(
                Cents(balance.WorthAt(nanosPerToken)),
                Cents(opening.WorthAt(nanosPerToken)) + shown.Sum(Cents));
            Assert.All(shown.Zip(rows), r => Assert.InRange(
                Cents(r.First) - Cents(r.Second.WorthAt(nanosPerToken)), -1, 1));
        }
    }

    private static long Cents(Usd? usd) => usd!.Value.Nanos / Usd.Cent;
}
