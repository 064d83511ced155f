using System.Collections.Frozen;

namespace Guerdon.Ledger.Transfers;

/// <summary>Kinds of transfers as statements name them.</summary>
public static class TransferWords
{
    private static readonly FrozenDictionary<TransferKind, string> Words = new Dictionary<TransferKind, string>
    {
        { TransferKind.Fund, "Funding" },
        { TransferKind.Grant, "Grant" },
        { TransferKind.Settle, "AI use" },
        { TransferKind.Spend, "AI use, imported" },
        { TransferKind.Expire, "Expired" },
        { TransferKind.Refund, "Refund" },
        { TransferKind.Revoke, "Grant revoked" },
        { TransferKind.Award, "Grant, to vest" },
        { TransferKind.Vest, "Vested" },
        { TransferKind.Forfeit, "Forfeited" },
        { TransferKind.Lock, "Set aside to convert" },
        { TransferKind.Unlock, "Not converted" },
        { TransferKind.Convert, "Converted" },
        { TransferKind.Reconvert, "Conversion reversed" },
        { TransferKind.Lapse, "Over the rollover cap" },
    }.ToFrozenDictionary();

    /// <summary>A kind that no statement shows is named as it is in code.</summary>
    public static string Of(TransferKind kind) => Words.GetValueOrDefault(kind) ?? kind.ToString();
}
