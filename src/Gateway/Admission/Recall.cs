using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;

namespace Guerdon.Gateway.Admission;

/// <summary>Hears other nodes ask for escrow, and that it was returned.</summary>
/// <remarks>
/// <c>ask HOLDER WALLET MILLI</c>: the holder lacks so much. <c>back HOLDER WALLET</c>: the holder returned some. A
/// lost notification costs time only: whoever waits asks again.
/// </remarks>
internal static class Recall
{
    /// <summary>What another node said of a wallet.</summary>
    /// <param name="Holder">Which node.</param>
    /// <param name="Wallet">Of whose escrow.</param>
    /// <param name="Asked">What it lacks; null: it returned some.</param>
    public readonly record struct Notice(HolderId Holder, WalletId Wallet, Tokens? Asked);

    /// <summary>The other nodes' words, to this node's escrow.</summary>
    public static Subscription To(WalletHolds admission) => new(
        EscrowDraws.Channel, Begun: static () => { }, words => Heard(admission, words), Deaf: static () => { });

    /// <summary>Reads a notification; null: it says neither.</summary>
    public static Notice? Read(string text)
    {
        var words = text.Split(' ');
        if (words.Length < 3 || !HolderId.TryParse(words[1], out var holder)
            || !WalletId.TryParse(words[2], out var wallet))
        {
            return null;
        }

        if (words is ["back", _, _]) return new Notice(holder, wallet, null);
        return words is ["ask", _, _, var amount] && long.TryParse(amount, out var milli) && milli > 0
            ? new Notice(holder, wallet, new Tokens(milli)) : null;
    }

    private static void Heard(WalletHolds admission, string text)
    {
        if (Read(text) is not { } notice) return;
        if (notice.Asked is { } amount) _ = admission.GiveAsync(notice.Holder, notice.Wallet, amount);
        else admission.NoteReturned(notice.Holder, notice.Wallet);
    }
}
