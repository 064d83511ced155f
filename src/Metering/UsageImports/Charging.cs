using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Metering.UsageImports;

/// <summary>
/// How far wallets pay for what was used elsewhere. It was used, so that its cost is booked in any case; only
/// <see cref="Must"/> refuses a row that its wallet cannot pay.
/// </summary>
internal sealed class Charging
{
    /// <summary>Booked as cost, charged to nobody.</summary>
    public const string Never = "never";

    /// <summary>Charged as far as the wallet goes; what is left of the cost is booked without a charge.</summary>
    public const string Available = "available";

    /// <summary>Charged whole, or the row is refused.</summary>
    public const string Must = "must";

    public static readonly string[] All = [Available, Never, Must];

    private readonly string _how;
    private readonly Dictionary<WalletId, Tokens> _left;

    /// <param name="how">One of <see cref="All"/>.</param>
    /// <param name="left">What each wallet has; a wallet that is not there has nothing.</param>
    public Charging(string how, Dictionary<WalletId, Tokens> left) => (_how, _left) = (how, left);

    /// <summary>What the wallet pays for its next row; null where the row is refused.</summary>
    public Tokens? Take(WalletId wallet, Tokens cost)
    {
        if (_how == Never) return Tokens.Zero;

        var has = Left(wallet);
        if (has < cost && _how == Must) return null;

        var paid = Tokens.Min(cost, has);
        _left[wallet] = has - paid;
        return paid;
    }

    public Tokens Left(WalletId wallet) => Tokens.Max(Tokens.Zero, _left.GetValueOrDefault(wallet));
}
