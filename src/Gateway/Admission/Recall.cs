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
    /// <summary>The other nodes' words, to this node's escrow.</summary>
    public static Subscription To(WalletHolds admission) => new(
        EscrowDraws.Channel, Begun: static () => { }, words => Heard(admission, words.Split(' ')),
        Deaf: static () => { });

    private static void Heard(WalletHolds admission, string[] words)
    {
        if (words.Length < 3 || !HolderId.TryParse(words[1], out var holder)
            || !WalletId.TryParse(words[2], out var wallet))
        {
            return;
        }

        if (words is ["back", _, _]) admission.NoteReturned(holder, wallet);
        else if (words is ["ask", _, _, var text] && long.TryParse(text, out var milli) && milli > 0)
            _ = admission.GiveAsync(holder, wallet, new(milli));
    }
}
