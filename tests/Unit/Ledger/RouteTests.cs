using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

public sealed class RouteTests
{
    // What comes back lies again where it was taken last, so that the next spending takes it first.
    [Fact]
    public void Of_KindsThatGiveBack_TakeTheLastLotFirst() => Assert.Equal(
        [TransferKind.Return, TransferKind.Refund, TransferKind.Unlock, TransferKind.Reconvert],
        Enum.GetValues<TransferKind>().Where(kind => Route.Of(kind) is { LastFirst: true }));

    [Fact]
    public void Of_KindsBetweenWallets_AreOfTwo() => Assert.Equal(
        [
            TransferKind.Fund, TransferKind.Grant, TransferKind.Revoke, TransferKind.Award, TransferKind.Forfeit,
        ],
        Enum.GetValues<TransferKind>().Where(kind => Route.Of(kind) is { TwoWallets: true }));

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    [InlineData(-1)]
    public void Of_ANumberThatIsNoKind_IsNothing(short number) => Assert.Null(Route.Of((TransferKind)number));
}
