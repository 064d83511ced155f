using Guerdon.Kernel;

namespace Guerdon.Ledger;

/// <summary>Every expected "no" of a transfer.</summary>
public static class LedgerRefusals
{
    public static readonly Refusal InvalidTransfer =
        new("ledger.invalid_transfer", 400, Retryable: false, "Correct the transfer; nothing was posted.");

    public static readonly Refusal InsufficientTokens =
        new("ledger.insufficient_tokens", 402, Retryable: true, "Ask for a grant, or wait for the next one.");

    public static readonly Refusal KeyReused =
        new("ledger.key_reused", 409, Retryable: false, "Use a new idempotency key for a different transfer.");

    public static readonly Refusal LotNotFound =
        new("ledger.lot_not_found", 404, Retryable: false, "Name a lot of this wallet.");

    public static readonly Refusal LotNotExpired =
        new("ledger.lot_not_expired", 409, Retryable: true, "Wait for the lot's expiry date.");

    public static readonly Refusal LinkedRefused =
        new("ledger.linked_refused", 409, Retryable: false, "Correct the transfer it was posted together with.");

    public static readonly Refusal WalletNotFound =
        new("ledger.wallet_not_found", 404, Retryable: true, "A wallet opens with its first grant.");
}
