using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Requests;

/// <summary>Where a record came from. Stored and never reused.</summary>
public enum Source : short
{
    Gateway = 1,
    Import = 2,

    /// <summary>A tuning job: its input is what it was trained on, at the price row's training rate.</summary>
    Tuning = 3,
}

/// <summary>How sure a record's figures are. Stored and never reused.</summary>
public enum RecordState : short
{
    /// <summary>From the provider's own usage.</summary>
    Settled = 1,

    /// <summary>The provider gave no usage: estimated from what was delivered, or from the hold.</summary>
    Estimated = 2,

    /// <summary>The provider's own usage, at a price that may not cover it: the record's parts say why.</summary>
    Provisional = 3,

    /// <summary>No price was known: metered, not charged, and to be priced later.</summary>
    Unpriced = 4,

    /// <summary>Estimated or provisional once, and corrected from the provider's report. Only
    /// <c>metering.v_request</c> says so; the journal's row keeps its own state.</summary>
    Corrected = 5,
}

/// <summary>How a request ended. Stored and never reused.</summary>
public enum Outcome : short
{
    /// <summary>Answered in full.</summary>
    Answered = 1,

    /// <summary>The provider refused it or failed.</summary>
    ProviderError = 2,

    /// <summary>The provider's answer broke off.</summary>
    Cut = 3,

    /// <summary>The caller went away before the end.</summary>
    HungUp = 4,

    /// <summary>The provider could not be reached.</summary>
    Unreachable = 5,

    /// <summary>The node that had it in flight died; settled at its hold by another.</summary>
    Lost = 6,

    /// <summary>Not forwarded after all: its opening could not be made durable.</summary>
    Withdrawn = 7,
}

/// <summary>A request that was admitted and is in flight. Durable before its first response byte leaves.</summary>
/// <param name="Wallet">Who pays.</param>
/// <param name="Id">Given by Guerdon; its time is <paramref name="StartedAt"/>.</param>
/// <param name="StartedAt">UTC, whole microseconds.</param>
/// <param name="Holder">In whose escrow it is held.</param>
/// <param name="KeyId">The key it came with.</param>
/// <param name="Model">As the caller named it.</param>
/// <param name="Held">Its worst case.</param>
public sealed record Opening(
    WalletId Wallet, RequestId Id, DateTime StartedAt, HolderId Holder, Guid KeyId, string Model, Tokens Held);

/// <summary>
/// What became of a request, as <c>metering.request</c> has it. No prompt and no answer, only their sizes.
/// </summary>
public sealed record RequestRecord
{
    public required WalletId Wallet { get; init; }
    public required RequestId Id { get; init; }

    /// <summary>UTC, whole microseconds, as all times here.</summary>
    public required DateTime StartedAt { get; init; }

    public required DateTime EndedAt { get; init; }
    public required Source Source { get; init; }
    public HolderId? Holder { get; init; }
    public Guid? KeyId { get; init; }
    public required string Model { get; init; }
    public required string Provider { get; init; }

    /// <summary>The price row it was priced by; null where it is unpriced.</summary>
    public Guid? PriceId { get; init; }

    public required long TokenValueNanos { get; init; }
    public Usage Usage { get; init; }

    /// <summary>In money and in compute tokens, from price row, usage and token value.</summary>
    public Costing Cost { get; init; }

    /// <summary>What it is made of, where several models, tools or doubts are in it; their usage adds up to the
    /// record's, and their cost, rounded up once, is the record's. Empty: one model, at its price row.</summary>
    public IReadOnlyList<RequestPart> Parts { get; init; } = [];

    /// <summary>What the wallet pays; less than the cost only where the wallet had no more.</summary>
    public Tokens Charged { get; init; }

    public Tokens Held { get; init; }
    public long? AskedCap { get; init; }
    public long? SentCap { get; init; }
    public required RecordState State { get; init; }
    public required Outcome Outcome { get; init; }
    public short HttpStatus { get; init; }
    public int FirstByteUs { get; init; }
    public long DurationUs { get; init; }
    public int RequestBytes { get; init; }
    public long ResponseBytes { get; init; }
}
