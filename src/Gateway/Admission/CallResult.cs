using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Gateway.Admission;

/// <summary>What became of an admitted call.</summary>
internal readonly record struct CallResult
{
    public required Usage Usage { get; init; }

    /// <summary>True where the provider reported no usage and this is estimated from what was delivered.</summary>
    public bool Estimated { get; init; }

    /// <summary>What it cost, where that is not the usage at the call's own price.</summary>
    public PricedAnswer? Priced { get; init; }

    /// <summary>It is settled at its hold, as what a dead node left open is: what it used is not known.</summary>
    public bool IsAtHold { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>Whom it went to.</summary>
    public required string Provider { get; init; }
    public short HttpStatus { get; init; }
    public TimeSpan FirstByte { get; init; }
    public int RequestBytes { get; init; }
    public long ResponseBytes { get; init; }
}

/// <summary>What a call cost and what is left.</summary>
/// <param name="Cost">By the price it began with.</param>
/// <param name="Balance">What the owner has left, as far as this node knows.</param>
/// <param name="Owing">Where it cost more than its node had at hand: ends with what the wallet does not cover.</param>
internal readonly record struct Settled(Costing Cost, Tokens Balance, Task<Tokens>? Owing = null);
