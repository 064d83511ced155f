using Guerdon.Kernel;
using Guerdon.Metering.Reconciliation;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Metering;

public class JournalTests
{
    private static readonly Usage One = new(1, 2, 3, 4, 5, 0), Other = new(10, 20, 30, 40, 50, 0);

    [Fact]
    public void Plus_OfTwoReports_AddsClassByClass()
    {
        Reported a = new(One, Other, 7, 8), b = new(Other, One, 70, 80);
        var sum = new Usage(11, 22, 33, 44, 55, 0);
        Assert.Equal(new Reported(sum, sum, 77, 88), a.Plus(b));
        Assert.Equal(a, Reported.Nothing.Plus(a));
        Assert.Null(a.Plus(b with { Calls = null }).Calls); // not every provider says how many
    }

    [Fact]
    public void Minus_AndSum_OfUsages_AreClassByClass()
    {
        Assert.Equal(new Usage(9, 18, 27, 36, 45, 0), Other.Minus(One));
        Assert.Equal(new Usage(-9, -18, -27, -36, -45, 0), One.Minus(Other));
        Assert.Equal(new Usage(21, 42, 63, 84, 105, 0), TokenClasses.Sum([One, Other, Other]));
        Assert.Throws<OverflowException>(() => TokenClasses.Sum([One with { Output = long.MaxValue }, One]));
        Assert.Throws<OverflowException>(() => (One with { Output = long.MinValue }).Minus(One));
        Assert.True(One.Minus(One).IsZero());
        foreach (var token in TokenClasses.All) Assert.False(token.With(default, 1).IsZero());
        Assert.Equal(["output"], TokenClasses.All.Where(c => !c.IsInput).Select(c => c.Name));
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 0)] // nothing was charged for it
    public void Due_OfACorrection_IsWhatIsChargedNow(bool isSettled, long milli)
    {
        var call = new Estimate
        {
            Wallet = default, Id = default, StartedAt = default, Called = "m", Model = "m", First = 0, Last = 0,
            SettledBy = isSettled ? Guid.Empty : null,
        };
        var priced = new Priced(Guid.Empty, 1_000, new Costing(new Usd(9), new Tokens(5)));
        Assert.Equal(new Tokens(milli), new Correction(call, One, priced, default, "why").Due);
    }
}
