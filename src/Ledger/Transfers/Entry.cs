using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>One line of a wallet's chain, as <c>ledger.entry</c> has it.</summary>
internal sealed record Entry
{
    public required Guid Wallet { get; init; }
    public required long Seq { get; init; }
    public required Guid Transfer { get; init; }
    public Guid? Link { get; init; }
    public required TransferKind Kind { get; init; }
    public required Asset Asset { get; init; }

    /// <summary>The account it leaves, 0 where that is the other wallet's.</summary>
    public required AccountKind From { get; init; }

    /// <summary>The account it enters, 0 where that is the other wallet's.</summary>
    public required AccountKind To { get; init; }

    public Guid? Other { get; init; }
    public Guid? Holder { get; init; }
    public required int Lot { get; init; }
    public required long AmountMilli { get; init; }
    public required string Key { get; init; }
    public required byte[] Content { get; init; }
    public Guid? Corrects { get; init; }

    /// <summary>The id of what it was booked for.</summary>
    public Guid? SourceId { get; init; }

    public byte[]? Evidence { get; init; }

    /// <summary>UTC, whole microseconds, never before the entry it follows.</summary>
    public required DateTime At { get; init; }

    public byte[] Hash { get; init; } = [];
}
