using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Calls booked from what the provider said with its answer.</summary>
/// <param name="Model">By the price book's name where it has it.</param>
/// <param name="First">The bucket it began in, from 1; 0: in none.</param>
/// <param name="Last">The bucket it ended in.</param>
/// <param name="Calls">How many, those that used nothing left out.</param>
/// <param name="Usage">Their sum.</param>
/// <param name="CostNanos">Their cost.</param>
internal sealed record ExactUse(string Model, int First, int Last, long Calls, Usage Usage, long CostNanos);

/// <summary>Calls that are not booked yet.</summary>
internal sealed record OpenUse(string Model, int Place, long Calls);

/// <summary>One call that was booked by estimate, and what corrections have made of it.</summary>
internal sealed record Estimate
{
    public required WalletId Wallet { get; init; }
    public required RequestId Id { get; init; }
    public required DateTime StartedAt { get; init; }

    /// <summary>As the caller named it.</summary>
    public required string Called { get; init; }

    /// <summary>By the price book's name where it has it.</summary>
    public required string Model { get; init; }

    public required int First { get; init; }
    public required int Last { get; init; }
    public Guid? PriceId { get; init; }

    /// <summary>0 where it was settled at its hold.</summary>
    public long TokenValueNanos { get; init; }

    /// <summary>As it was booked first: what shares go by.</summary>
    public Usage Booked { get; init; }

    public Tokens BookedCost { get; init; }
    public Tokens Held { get; init; }

    /// <summary>The flush that charged it; null: it was charged nothing, and no correction charges it.</summary>
    public Guid? SettledBy { get; init; }

    /// <summary>The number of its last correction; 0: none.</summary>
    public int Version { get; init; }

    public Usage Now { get; init; }
    public long NowCostNanos { get; init; }
    public Tokens NowCharged { get; init; }
}

/// <summary>What the journal has of a provider in the time of some buckets.</summary>
internal sealed record Journal(
    IReadOnlyList<ExactUse> Exact, IReadOnlyList<Estimate> Estimates, IReadOnlyList<OpenUse> Open);

/// <summary>What a provider reports of a model in one bucket.</summary>
/// <param name="Own">Of Guerdon's keys.</param>
/// <param name="Others">Of other keys of the organisation, and of batches.</param>
/// <param name="Calls">Of Guerdon's keys; null where the provider does not count them.</param>
/// <param name="OtherTokens">Of Guerdon's keys, in classes that are not compared.</param>
internal sealed record Reported(Usage Own, Usage Others, long? Calls, long OtherTokens)
{
    public static readonly Reported Nothing = new(default, default, 0, 0);

    public Reported Plus(Reported other) => new(
        Own.Plus(other.Own), Others.Plus(other.Others), Calls + other.Calls, OtherTokens + other.OtherTokens);
}

/// <summary>A bucket that was reported.</summary>
/// <param name="IsOver">It had ended when the report was read.</param>
internal sealed record Span(DateTime StartsAt, DateTime EndsAt, bool IsOver, ReportId Report);

/// <summary>What a call costs by a price row and a token value.</summary>
internal readonly record struct Priced(Guid PriceId, long TokenValueNanos, Costing Cost);

/// <summary>What one call is corrected to.</summary>
/// <param name="Call">As it stands.</param>
/// <param name="Usage">Its share of what was reported.</param>
/// <param name="Priced">What that costs.</param>
/// <param name="Report">The newest of its window.</param>
/// <param name="Reason">For the record.</param>
internal sealed record Correction(Estimate Call, Usage Usage, Priced Priced, ReportId Report, string Reason)
{
    /// <summary>What the wallet should have paid in all.</summary>
    public Tokens Due => Call.SettledBy is null ? Tokens.Zero : Priced.Cost.Charge;
}
