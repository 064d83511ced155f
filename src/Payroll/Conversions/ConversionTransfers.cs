using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Payroll.Conversions;

/// <summary>The transfers of a conversion, one a lot. The same conversion always makes the same, so a
/// repeat is safe.</summary>
internal static class ConversionTransfers
{
    public static IReadOnlyList<Transfer> Lock(Conversion c) => Of(c, TransferKind.Lock, "lock");

    public static IReadOnlyList<Transfer> Unlock(Conversion c) => Of(c, TransferKind.Unlock, "unlock");

    public static IReadOnlyList<Transfer> Convert(Conversion c)
    {
        var evidence = c.Evidence();
        return [.. Of(c, TransferKind.Convert, "convert").Select(t => t with { Evidence = evidence })];
    }

    /// <param name="c">A settled conversion.</param>
    /// <param name="converted">By lot, the transfer that paid it out.</param>
    public static IReadOnlyList<Transfer> Reconvert(Conversion c, IReadOnlyDictionary<int, TransferId> converted)
    {
        var evidence = c.Evidence();
        return [.. Of(c, TransferKind.Reconvert, "reconvert").Select(t => t with
        {
            Evidence = evidence, Corrects = converted[t.Lot!.Value],
        })];
    }

    /// <summary>The key of the transfer that does something with one lot.</summary>
    public static string Key(string does, ConversionId id, int lot) =>
        $"{does}:{id}:{lot.ToString(CultureInfo.InvariantCulture)}";

    private static Transfer[] Of(Conversion c, TransferKind kind, string does) => [.. c.Lots.Select(part => new Transfer
    {
        Kind = kind,
        Wallet = c.Wallet,
        Asset = Asset.Reward,
        Lot = part.Lot,
        Amount = new Tokens(part.AmountMilli),
        Key = Key(does, c.Id, part.Lot),
        SourceId = c.Id.Value,
    })];
}
