using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Ledger;

/// <summary>
/// A wallet. Its id is its owner's id (a person's, a team's, a pool's), so that no table maps one to the other.
/// </summary>
[JsonConverter(typeof(IdConverter<WalletId>))]
public readonly record struct WalletId(Guid Value) : IId<WalletId>
{
    /// <summary>
    /// Where all tokens come from: the one wallet that may go below zero, by what the company has issued.
    /// </summary>
    public static readonly WalletId Treasury = new(new Guid("00000000-0000-7000-8000-000000000001"));

    public static string Prefix => "wal";
    public static WalletId From(Guid value) => new(value);
    public static bool TryParse(string? text, out WalletId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One transfer, the same in the chain of every wallet it touches.</summary>
[JsonConverter(typeof(IdConverter<TransferId>))]
public readonly record struct TransferId(Guid Value) : IId<TransferId>
{
    public static string Prefix => "tra";
    public static TransferId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TransferId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Who has a part of a wallet in escrow: one run of one gateway node.</summary>
[JsonConverter(typeof(IdConverter<HolderId>))]
public readonly record struct HolderId(Guid Value) : IId<HolderId>
{
    public static string Prefix => "nod";
    public static HolderId From(Guid value) => new(value);
    public static bool TryParse(string? text, out HolderId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
