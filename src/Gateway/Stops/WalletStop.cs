using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;

namespace Guerdon.Gateway.Stops;

/// <summary>A call that cost more than was held for it. Its wallet makes no further calls until that is charged in
/// whole, or somebody clears it.</summary>
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

    /// <summary>Who; <c>settled</c> where the wallet covered it.</summary>
    public string? ClearedBy { get; init; }

    /// <summary>Whose wallet it is; null where it was not read for people to see, or is nobody's on file.</summary>
    public string? Name { get; init; }

    /// <summary>Their e-mail address; null likewise.</summary>
    public string? Email { get; init; }

    /// <summary>The same once its wallet has paid for it.</summary>
    internal WalletStop Settled(DateTimeOffset at) => this with { ClearedAt = at, ClearedBy = "settled" };

    internal Refused Refused => GatewayRefusals.WalletStopped.With(
        $"Your wallet is stopped: request {Request} to {Model} cost {new Tokens(CostMilli)} tokens, more than the "
        + $"{new Tokens(HeldMilli)} that were held for it.");
}
