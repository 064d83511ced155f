using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Unit.Gateway;

/// <summary>What nodes say to each other of escrow; whatever is not quite it is not heard.</summary>
public class RecallTests
{
    private static readonly HolderId Holder = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"));
    private static readonly WalletId Wallet = new(Guid.Parse("00000000-0000-7000-8000-00000000000b"));

    [Theory]
    [InlineData("ask H W 1", 1L)]
    [InlineData("ask H W 9223372036854775807", long.MaxValue)]
    [InlineData("back H W", null)]
    public void Read_ANotification_IsOfItsHolderAndWallet(string text, long? milli) => Assert.Equal(
        new Recall.Notice(Holder, Wallet, milli is { } asked ? new Tokens(asked) : null), Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("back")]
    [InlineData("back H")]
    [InlineData("back W H")]
    [InlineData("back x W")]
    [InlineData("back H x")]
    [InlineData("back H W 5")]
    [InlineData("Back H W")]
    [InlineData("ask H W")]
    [InlineData("ask H W 0")]
    [InlineData("ask H W -1")]
    [InlineData("ask H W 1.5")]
    [InlineData("ask H W 1 2")]
    [InlineData("give H W 1")]
    public void Read_AnythingElse_IsNothing(string text) => Assert.Null(Read(text));

    private static Recall.Notice? Read(string text) => Recall.Read(text
        .Replace("H", Holder.ToString(), StringComparison.Ordinal)
        .Replace("W", Wallet.ToString(), StringComparison.Ordinal));
}
