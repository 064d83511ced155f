using Npgsql;

namespace Stipend.Ledger.Transfers;

/// <summary>
/// What one caller posts: one transfer, or several that post all-or-nothing, and commands of the same commit.
/// </summary>
internal sealed class Unit(IReadOnlyList<Transfer> transfers, IReadOnlyList<Func<NpgsqlBatchCommand>>? with)
{
    public IReadOnlyList<Transfer> Transfers { get; } = transfers;

    /// <summary>Made anew for each try, since a command belongs to one batch.</summary>
    public IReadOnlyList<Func<NpgsqlBatchCommand>> With { get; } = with ?? [];

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
