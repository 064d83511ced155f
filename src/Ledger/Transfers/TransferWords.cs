namespace Guerdon.Ledger.Transfers;

/// <summary>Kinds of transfers as statements name them.</summary>
public static class TransferWords
{
    public static string Of(TransferKind kind) => kind switch
    {
        TransferKind.Fund => "Funding",
        TransferKind.Grant => "Grant",
        TransferKind.Settle => "AI use",
        TransferKind.Spend => "AI use, imported",
        TransferKind.Expire => "Expired",
        TransferKind.Refund => "Refund",
        TransferKind.Revoke => "Grant revoked",
        TransferKind.Award => "Grant, to vest",
        TransferKind.Vest => "Vested",
        TransferKind.Forfeit => "Forfeited",
        TransferKind.Lock => "Set aside to convert",
        TransferKind.Unlock => "Not converted",
        TransferKind.Convert => "Converted",
        TransferKind.Reconvert => "Conversion reversed",
        TransferKind.Lapse => "Over the rollover cap",
        _ => kind.ToString(),
    };
}
