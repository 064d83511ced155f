using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>Which account, whose escrow, which lot.</summary>
internal readonly record struct PositionKey(Asset Asset, AccountKind Account, Guid Holder, int Lot);

/// <summary>
/// What a lane knows of a wallet: the head of its chain and what each account holds of each lot. It may be stale; the
/// statement that writes checks the head, so staleness costs a second try and never a wrong balance.
/// </summary>
internal sealed class WalletState
{
    private readonly Dictionary<PositionKey, long> _positions;
    private readonly Dictionary<int, DateTime?> _expiries; // of lots that hold something, by lot

    public WalletState(WalletId id)
    {
        Id = id;
        _positions = [];
        _expiries = [];
    }

    private WalletState(WalletState other)
    {
        (Id, Seq, Head, At, LastLot) = (other.Id, other.Seq, other.Head, other.At, other.LastLot);
        _positions = new(other._positions);
        _expiries = new(other._expiries);
    }

    public WalletId Id { get; }

    /// <summary>The number of the chain's last entry; 0 before the first, when the wallet has no row yet.</summary>
    public long Seq { get; set; }

    public byte[] Head { get; set; } = ChainHash.Genesis;
    public DateTime At { get; set; } = DateTime.UnixEpoch;

    /// <summary>The highest lot number ever opened.</summary>
    public int LastLot { get; set; }

    public WalletState Clone() => new(this);

    public long this[PositionKey key] => _positions.GetValueOrDefault(key);

    public void Set(PositionKey key, long amountMilli)
    {
        if (amountMilli == 0) _positions.Remove(key);
        else _positions[key] = amountMilli;
    }

    public void SetExpiry(int lot, DateTime? expiresAt) => _expiries[lot] = expiresAt;

    public DateTime? ExpiryOf(int lot) => _expiries.GetValueOrDefault(lot);

    /// <summary>Lots of an account with something in them, the first to expire first, then the older one.</summary>
    public List<(int Lot, long AmountMilli)> InSpendingOrder(Asset asset, AccountKind account, Guid holder)
    {
        var found = new List<(int Lot, long AmountMilli)>(4);
        foreach (var (key, amount) in _positions)
            if (key.Asset == asset && key.Account == account && key.Holder == holder) found.Add((key.Lot, amount));

        if (found.Count > 1) found.Sort((a, b) => Order(a.Lot).CompareTo(Order(b.Lot)));
        return found;

        (DateTime, int) Order(int lot) => (ExpiryOf(lot) ?? DateTime.MaxValue, lot);
    }

    /// <summary>What could be drawn at an instant: available, without lots past their date.</summary>
    public Tokens AvailableAt(Asset asset, DateTime at)
    {
        long sum = 0;
        foreach (var (key, amount) in _positions)
            if (key.Asset == asset && key.Account == AccountKind.Available && !IsExpired(key.Lot, at)) sum += amount;
        return new(sum);
    }

    public bool IsExpired(int lot, DateTime at) => ExpiryOf(lot) is { } expiry && expiry <= at;
}
