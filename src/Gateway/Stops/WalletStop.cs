using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering;

namespace Stipend.Gateway;

/// <summary>A call that cost more than was held for it. Its wallet makes no further calls until somebody clears
/// it.</summary>
/// <param name="Request">The call.</param>
/// <param name="Wallet">Whose.</param>
/// <param name="Model">As the caller named it.</param>
/// <param name="HeldMilli">In milli-tokens.</param>
/// <param name="CostMilli">What it is to be charged.</param>
/// <param name="StoppedAt">When it ended.</param>
public sealed record WalletStop(
    RequestId Request, WalletId Wallet, string Model, long HeldMilli, long CostMilli, DateTimeOffset StoppedAt)
{
    /// <summary>When somebody cleared it; null: it still stops the wallet.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    public string? ClearedBy { get; init; }

    internal Refused Refused => GatewayRefusals.WalletStopped.With(
        $"Your wallet is stopped: request {Request} to {Model} cost {new Tokens(CostMilli)} tokens, more than the "
        + $"{new Tokens(HeldMilli)} that were held for it.");
}
