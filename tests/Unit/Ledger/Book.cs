using System.Globalization;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

/// <summary>Wallets in memory with a plan over them, so that a test reads as postings and balances.</summary>
internal sealed class Book : TimeProvider
{
    public static readonly WalletId Pool = Wallet(1), Ada = Wallet(2), Bo = Wallet(3);
    public static readonly HolderId Node = new(Number(100)), OtherNode = new(Number(101));
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<WalletId, WalletState> _states =
        new[] { WalletId.Treasury, Pool, Ada, Bo }.ToDictionary(id => id, id => new WalletState(id));
    private int _keys;

    public Book(Dictionary<(WalletId, string), Known>? known = null, DateTime notBefore = default) =>
        Plan = new GroupPlan(_states, known ?? [], this, notBefore);

    public GroupPlan Plan { get; }
    public DateTimeOffset Now { get; set; } = Start;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>
    /// A pool that was funded, and a wallet with a lot for each amount, each lot expiring a month sooner.
    /// </summary>
    public static Book With(params long[] grantedMilli)
    {
        var book = new Book();
        book.Post(new()
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Amount = new(1_000_000),
            Key = "fund"
        });
        foreach (var (i, milli) in grantedMilli.Index())
            book.Post(Grant(Ada, milli, $"grant {i}", Start.AddMonths(grantedMilli.Length - i)));
        return book;
    }

    public static Transfer Grant(WalletId to, long milli, string key, DateTimeOffset? expires) => new()
    {
        Kind = TransferKind.Grant, Wallet = Pool, To = to, Amount = new(milli), Key = key,
        NewLot = new("work_compute", "plan test", expires),
    };

    public Transfer Move(TransferKind kind, long milli, HolderId? holder = null) => new()
    {
        Kind = kind, Wallet = Ada, Amount = new(milli), Key = $"key {++_keys}",
        Holder = Route.Of(kind)!.Value.UsesEscrow ? holder ?? Node : null,
    };

    public Posted Post(Transfer transfer) => PostLinked(transfer)[0];

    public IReadOnlyList<Posted> PostLinked(params Transfer[] linked)
    {
        Plan.Add(new global::Guerdon.Ledger.Transfers.Unit(linked, with: null));
        return Plan.Outcomes[^1].Results;
    }

    /// <summary>What an account holds of each lot, in spending order, as <c>2:300 1:50</c>.</summary>
    public string Holds(AccountKind account, HolderId? holder = null, WalletId? of = null) => string.Join(' ',
        _states[of ?? Ada].InSpendingOrder(Asset.Compute, account, holder?.Value ?? default)
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Lot}:{l.AmountMilli}")));

    private static WalletId Wallet(int number) => new(Number(number));

    private static Guid Number(int number) => new(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]);
}
