using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Database.Ledger;

/// <summary>
/// The ledger as one would explain it: lots in a list, each with what is available, spent, expired and in whose escrow.
/// Written without a look at the ledger's own code, to be compared with it.
/// </summary>
internal sealed class LedgerModel
{
    private readonly Dictionary<WalletId, List<ModelLot>> _wallets = [];
    private readonly Dictionary<string, (Transfer Transfer, Expectation Result)> _done = [];

    /// <summary>What must come back.</summary>
    public sealed record Expectation(Refusal? Refused, long Moved, long AvailableAfter, bool Replayed);

    public sealed class ModelLot(int number, long granted, DateTimeOffset? expiresAt)
    {
        public int Number { get; } = number;
        public long Granted { get; } = granted;
        public DateTimeOffset? ExpiresAt { get; } = expiresAt;
        public long Available { get; set; } = granted;
        public long Spent { get; set; }
        public long Expired { get; set; }
        public Dictionary<HolderId, long> Escrow { get; } = [];
    }

    public IEnumerable<WalletId> Wallets => _wallets.Keys;

    /// <summary>In the order they are spent.</summary>
    public List<ModelLot> LotsOf(WalletId wallet) =>
        [.. _wallets[wallet].OrderBy(l => l.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(l => l.Number)];

    public void Grant(WalletId wallet, long amount, DateTimeOffset? expiresAt)
    {
        if (!_wallets.TryGetValue(wallet, out var lots)) _wallets[wallet] = lots = [];
        lots.Add(new(lots.Count + 1, amount, expiresAt));
    }

    public Expectation Post(Transfer t, DateTimeOffset at)
    {
        if (_done.TryGetValue(t.Key, out var earlier))
        {
            return earlier.Transfer == t
                ? earlier.Result with { Replayed = true, AvailableAfter = AvailableAt(t.Wallet, at) }
                : new(LedgerRefusals.KeyReused, 0, 0, false);
        }

        if (t.Kind == TransferKind.Expire && !HasExpired(_wallets[t.Wallet].Find(l => l.Number == t.Lot), at))
            return new(LedgerRefusals.LotNotExpired, 0, 0, false);

        var lots = Paying(t, at);
        var there = Math.Min(t.Amount.Milli, lots.Sum(l => From(l, t)));
        if (there < (t.AtLeast ?? t.Amount).Milli) return new(LedgerRefusals.InsufficientTokens, 0, 0, false);

        var left = there;
        foreach (var lot in lots)
        {
            var part = Math.Min(left, From(lot, t));
            Move(lot, t, part);
            left -= part;
        }

        var result = new Expectation(null, there, AvailableAt(t.Wallet, at), false);
        if (there > 0) _done[t.Key] = (t, result);
        return result;
    }

    private List<ModelLot> Paying(Transfer t, DateTimeOffset at)
    {
        var lots = LotsOf(t.Wallet);
        if (t.Kind is TransferKind.Draw or TransferKind.Spend) lots.RemoveAll(l => HasExpired(l, at));
        if (t.Lot is { } only) lots.RemoveAll(l => l.Number != only);
        if (t.Kind is TransferKind.Return or TransferKind.Refund) lots.Reverse();
        return lots;
    }

    private static long From(ModelLot lot, Transfer t) => t.Kind switch
    {
        TransferKind.Settle or TransferKind.Return => lot.Escrow.GetValueOrDefault(t.Holder!.Value),
        TransferKind.Refund => lot.Spent,
        _ => lot.Available,
    };

    private static void Move(ModelLot lot, Transfer t, long amount)
    {
        if (t.Kind is TransferKind.Draw or TransferKind.Spend or TransferKind.Expire) lot.Available -= amount;
        if (t.Kind is TransferKind.Return or TransferKind.Refund) lot.Available += amount;
        if (t.Kind is TransferKind.Settle or TransferKind.Spend) lot.Spent += amount;
        if (t.Kind == TransferKind.Refund) lot.Spent -= amount;
        if (t.Kind == TransferKind.Expire) lot.Expired += amount;
        if (t.Holder is not { } holder) return;
        lot.Escrow[holder] = lot.Escrow.GetValueOrDefault(holder) + (t.Kind == TransferKind.Draw ? amount : -amount);
    }

    private long AvailableAt(WalletId wallet, DateTimeOffset at) =>
        _wallets[wallet].Where(l => !HasExpired(l, at)).Sum(l => l.Available);

    private static bool HasExpired(ModelLot? lot, DateTimeOffset at) => lot?.ExpiresAt is { } expiry && expiry <= at;
}
