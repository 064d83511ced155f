using Guerdon.Storage;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// What one caller posts: one transfer, or several that post all-or-nothing, and what is written in the same commit.
/// </summary>
internal sealed class Unit(IReadOnlyList<Transfer> transfers, InSameCommit? with)
{
    public IReadOnlyList<Transfer> Transfers { get; } = transfers;

    public InSameCommit? With { get; } = with;

    /// <summary>What its caller is doing; null: nothing of anybody's.</summary>
    public ActStamp? Act { get; } = with is null ? null : Acting.Stamp();

    public TaskCompletionSource<IReadOnlyList<Posted>> Done { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All wallets its transfers touch, some more than once.</summary>
    public IEnumerable<WalletId> Wallets
    {
        get
        {
            foreach (var transfer in Transfers)
            {
                yield return transfer.Wallet;
                if (transfer.To is { } to) yield return to;
            }
        }
    }
}

/// <summary>A transfer posted earlier under a key.</summary>
internal sealed record Known(TransferId Id, byte[] Content, long AmountMilli);
