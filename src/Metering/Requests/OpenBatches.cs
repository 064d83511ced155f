using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Metering.Requests;

/// <summary>The batch that a wallet's next request will be booked with.</summary>
/// <param name="Id">Named by the request's row, and by the transfer.</param>
/// <param name="OpenedAt">UTC, whole microseconds.</param>
/// <param name="IsNew">It has no row yet.</param>
internal sealed record OpenBatch(Guid Id, DateTime OpenedAt, bool IsNew);

/// <summary>
/// Which batch each wallet's requests go to, as one writer of closings remembers it. It may be out of date: the
/// statement that adds to a batch finds out, and then <see cref="Forget"/> lets others be opened.
/// </summary>
/// <param name="window">How long a batch takes requests, at most (<see cref="SettlementWindow"/>).</param>
/// <param name="clock">For ids and times.</param>
internal sealed class OpenBatches(TimeSpan window, TimeProvider clock)
{
    private readonly Dictionary<(HolderId, WalletId), OpenBatch> _open = [];
    private DateTime _prunedAt;

    /// <summary>How many are remembered.</summary>
    public int Count => _open.Count;

    /// <param name="holder">Whose escrow pays.</param>
    /// <param name="wallet">Who pays.</param>
    /// <param name="now">UTC, whole microseconds.</param>
    public OpenBatch For(HolderId holder, WalletId wallet, DateTime now)
    {
        if (_open.TryGetValue((holder, wallet), out var open) && Takes(open, now)) return open;
        return _open[(holder, wallet)] = new(Id.New<RequestId>(clock).Value, now, IsNew: true);
    }

    /// <summary>These have their rows.</summary>
    public void NoteWritten(HolderId holder, IEnumerable<WalletId> wallets, DateTime now)
    {
        foreach (var wallet in wallets)
            if (_open.TryGetValue((holder, wallet), out var open))
                _open[(holder, wallet)] = open with { IsNew = false };
        Prune(now);
    }

    public void Forget(HolderId holder, IEnumerable<WalletId> wallets)
    {
        foreach (var wallet in wallets) _open.Remove((holder, wallet));
    }

    // A clock that was put back ends it too: nobody would book what was opened in the future.
    private bool Takes(OpenBatch open, DateTime now) =>
        now >= open.OpenedAt && now - open.OpenedAt < window
        && SettlementWindow.QuarterOf(now) == SettlementWindow.QuarterOf(open.OpenedAt);

    // Wallets come and go; those that had no request for a window would pile up.
    private void Prune(DateTime now)
    {
        if (now >= _prunedAt && now - _prunedAt < window) return;
        _prunedAt = now;
        foreach (var (key, open) in _open)
            if (!Takes(open, now)) _open.Remove(key);
    }
}
