using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

public sealed class PostingRulesTests
{
    private static readonly Transfer Draw = new()
    {
        Kind = TransferKind.Draw, Wallet = Book.Ada, Holder = Book.Node, Amount = new(10), Key = "k",
    };

    private static readonly Transfer Grant = Book.Grant(Book.Ada, 10, "k", null);

    public static readonly TheoryData<string, Transfer> Malformed = new()
    {
        { "0 is not a kind", Draw with { Kind = 0 } },
        { "at least 1 milli-token, not 0", Draw with { Amount = new(0) } },
        { "at least 1 milli-token, not -5", Draw with { Amount = new(-5) } },
        { "AtLeast", Draw with { AtLeast = new(-1) } },
        { "AtLeast", Draw with { AtLeast = new(11) } },
        { "1 to 200 characters, not 0", Draw with { Key = "" } },
        { "1 to 200 characters, not 201", Draw with { Key = new string('k', 201) } },
        { "Draw does not take a receiving wallet", Draw with { To = Book.Bo } },
        { "Draw needs a holder", Draw with { Holder = null } },
        { "Draw does not take the terms", Draw with { NewLot = Grant.NewLot } },
        { "Grant needs a receiving wallet", Grant with { To = null } },
        { "Grant needs the terms", Grant with { NewLot = null } },
        { "Grant does not take a holder", Grant with { Holder = Book.Node } },
        { "cannot pay itself", Grant with { To = Grant.Wallet } },
        { "Expire needs the lot", Draw with { Kind = TransferKind.Expire, Holder = null } },
        { "Refund needs the transfer", Draw with { Kind = TransferKind.Refund, Holder = null } },
        { "Lapse needs the lot", Draw with { Kind = TransferKind.Lapse, Holder = null } },
        { "Vest needs the lot", Draw with { Kind = TransferKind.Vest, Holder = null } },
        { "Forfeit needs the lot", Draw with { Kind = TransferKind.Forfeit, Holder = null, To = Book.Pool } },
        { "Forfeit needs a receiving", Draw with { Kind = TransferKind.Forfeit, Holder = null, Lot = 1 } },
        { "Award needs the terms", Grant with { Kind = TransferKind.Award, NewLot = null } },
        { "Reconvert needs the transfer", Draw with { Kind = TransferKind.Reconvert, Holder = null } },
        { "32 bytes", Draw with { Evidence = new byte[31] } },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void CheckForm_Malformed_SaysWhatIsWrong(string says, Transfer transfer)
    {
        var refused = PostingRules.CheckForm(transfer);
        Assert.Equal(LedgerRefusals.InvalidTransfer, refused?.Refusal);
        Assert.Contains(says, refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckForm_WellFormed_Passes()
    {
        Assert.Null(PostingRules.CheckForm(Draw));
        Assert.Null(PostingRules.CheckForm(Draw with { AtLeast = new(0), Evidence = new byte[32] }));
        Assert.Null(PostingRules.CheckForm(Grant));
    }

    [Fact]
    public void Allocate_Treasury_OwesWhatItIssues()
    {
        var fund = new Transfer
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Book.Pool, Amount = new(long.MaxValue),
            Key = "f",
        };
        var parts = PostingRules.Allocate(new WalletState(WalletId.Treasury), fund, DateTime.UnixEpoch);
        Assert.Equal([new Part(0, long.MaxValue)], parts.ValueOrDefault!);
    }

    [Fact]
    public void Route_EveryKind_HasOne() =>
        Assert.All(Enum.GetValues<TransferKind>(), kind => Assert.NotNull(Route.Of(kind)));
}
