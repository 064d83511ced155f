using Guerdon.Grants.Tiers;
using Guerdon.Kernel;
using Guerdon.People;

namespace Guerdon.Unit.Grants;

/// <summary>Somebody's evidence for a tier is decided by somebody else, once.</summary>
public class TierRequestTests
{
    private static readonly PersonId Ann = new(Guid.NewGuid());

    private static TierRequest Of(string? decision) => new(
        default, Ann, "ann@example.com", "plan", "gold", "", "", default, decision, null, null, null, null)
    { Name = "Ann" };

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData("approved", false, false)]
    [InlineData("declined", false, false)]
    public void MayBeDecidedBy_SomeOther_WhileItWaits(string? decision, bool byAnn, bool may) => Assert.Equal(
        may, Of(decision).MayBeDecidedBy(new Actor("x@example.com", byAnn ? Ann.Value : Guid.NewGuid())));

    [Fact]
    public void Asked_OfARequest_IsByAndForItsPerson()
    {
        var asked = Of(null).Asked;
        Assert.Equal((true, "ann@example.com asks for themselves"), (asked.By.Is(Ann.Value), asked.Deed));
        Assert.Equal([Ann.Value], asked.Beneficiaries);
        Assert.False(asked.LoneAllowed);
    }
}
