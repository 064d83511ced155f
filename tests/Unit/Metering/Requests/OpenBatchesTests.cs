using Guerdon.Ledger;
using Guerdon.Metering.Requests;

namespace Guerdon.Unit.Metering.Requests;

public sealed class OpenBatchesTests
{
    private static readonly DateTime Start = new(2027, 3, 8, 10, 2, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);
    private static readonly HolderId Node = new(new Guid(1, 2, 3, [0, 0, 0, 0, 0, 0, 0, 1]));
    private static readonly WalletId Alice = new(new Guid(2, 2, 3, [0, 0, 0, 0, 0, 0, 0, 1]));
    private static readonly WalletId Bob = new(new Guid(3, 2, 3, [0, 0, 0, 0, 0, 0, 0, 1]));

    private readonly OpenBatches _batches = new(Window, TimeProvider.System);

    [Fact]
    public void For_WithinTheWindow_IsOneBatchPerWalletAndHolder()
    {
        var first = _batches.For(Node, Alice, Start);
        Assert.True(first.IsNew);
        Assert.Equal(first, _batches.For(Node, Alice, Start + Window - TimeSpan.FromTicks(10)));
        Assert.NotEqual(first.Id, _batches.For(Node, Bob, Start).Id);
        Assert.NotEqual(first.Id, _batches.For(new(Guid.Empty), Alice, Start).Id);
    }

    [Theory]
    [InlineData(120_000)] // the window is over
    [InlineData(-1)] // the clock was put back: nobody would book what lies in the future
    public void For_OutsideTheWindow_IsAnother(int milliseconds)
    {
        var first = _batches.For(Node, Alice, Start);
        _batches.NoteWritten(Node, [Alice], Start);
        var second = _batches.For(Node, Alice, Start.AddMilliseconds(milliseconds));
        Assert.NotEqual(first.Id, second.Id);
        Assert.True(second.IsNew);
    }

    [Fact]
    public void For_NextQuarterOfAnHour_IsAnother()
    {
        var opened = new DateTime(2027, 3, 8, 10, 14, 59, DateTimeKind.Utc);
        var first = _batches.For(Node, Alice, opened);
        Assert.Equal(first.Id, _batches.For(Node, Alice, opened.AddMilliseconds(999)).Id);
        Assert.NotEqual(first.Id, _batches.For(Node, Alice, opened.AddSeconds(1)).Id);
    }

    [Fact]
    public void NoteWritten_OfSome_MakesOnlyTheseOld()
    {
        _batches.For(Node, Alice, Start);
        _batches.For(Node, Bob, Start);
        _batches.NoteWritten(Node, [Alice], Start);
        Assert.False(_batches.For(Node, Alice, Start).IsNew);
        Assert.True(_batches.For(Node, Bob, Start).IsNew);
    }

    [Fact]
    public void Forget_OfOne_OpensAnotherForIt()
    {
        var (alice, bob) = (_batches.For(Node, Alice, Start), _batches.For(Node, Bob, Start));
        _batches.Forget(Node, [Alice]);
        Assert.NotEqual(alice.Id, _batches.For(Node, Alice, Start).Id);
        Assert.Equal(bob.Id, _batches.For(Node, Bob, Start).Id);
    }

    [Fact]
    public void Count_WalletsThatComeAndGo_IsBoundedByThoseOfTwoWindows()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            var now = Start.AddMinutes(minute);
            var wallets = Enumerable.Range(0, 100).Select(i => new WalletId(Guid.NewGuid())).ToList();
            foreach (var wallet in wallets) _batches.For(Node, wallet, now);
            _batches.NoteWritten(Node, wallets, now);
        }

        Assert.InRange(_batches.Count, 100, 500);
    }
}
