using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;

namespace Guerdon.Unit.Metering.Requests;

/// <summary>One transfer for each wallet, of the sum of what its records were charged.</summary>
public class FlushTests
{
    private static readonly Guid Id = Number(9);
    private static readonly HolderId Node = new(Number(8));

    private static Guid Number(int number) => new(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]);

    private static RequestRecord Record(int wallet, int id, long charged) => new()
    {
        Wallet = new(Number(wallet)), Id = new(Number(id)), StartedAt = default, EndedAt = default,
        Source = Source.Import, Holder = Node, Model = "m", Provider = "p", TokenValueNanos = 1, Usage = default,
        Cost = default, Charged = new(charged), Held = default, State = RecordState.Settled,
        Outcome = Outcome.Answered, HttpStatus = 200,
    };

    private static Flush Of(TransferKind kind) => new(Id, kind,
        [Record(2, 5, 7), Record(1, 4, 0), Record(1, 2, 3), Record(3, 1, 0), Record(1, 3, 4)]);

    [Fact]
    public void Transfers_OfAFlush_AreTheSumsOfEachWallet()
    {
        var flush = Of(TransferKind.Settle);
        Assert.Equal(5, flush.Records);
        Assert.Equal([(Number(1), 7L), (Number(2), 7L)], // the third was charged nothing
            flush.Transfers.Select(t => (t.Wallet.Value, t.Amount.Milli)));
        Assert.All(flush.Transfers, t => Assert.Equal(
            (TransferKind.Settle, $"flush:{Id:N}", (Guid?)Id, (HolderId?)Node), (t.Kind, t.Key, t.SourceId, t.Holder)));
    }

    [Theory]
    [InlineData(TransferKind.Settle, true)]
    [InlineData(TransferKind.Spend, false)] // from what is available, which nobody holds
    public void Transfers_OfAKind_HaveAHolderWhereTheySettle(TransferKind kind, bool hasHolder) =>
        Assert.All(Of(kind).Transfers, t => Assert.Equal(hasHolder, t.Holder is not null));

    [Fact]
    public void Transfers_Evidence_IsOfWhatWasChargedInTheOrderOfIds() => Assert.Equal(
        RecordDigest.OfFlush([RecordDigest.Of(Record(1, 2, 3)), RecordDigest.Of(Record(1, 3, 4))]),
        Of(TransferKind.Spend).Transfers[0].Evidence);

    [Fact]
    public void Transfers_ASumBeyondAllNumbers_IsAnError() => Assert.Throws<OverflowException>(
        () => new Flush(Id, TransferKind.Spend, [Record(1, 1, long.MaxValue), Record(1, 2, 1)]));
}
