using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Metering;
using Guerdon.Pricing.Costing;

namespace Guerdon.Gateway.Admission;

/// <summary>What must be known of a call to admit it.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Price">The row that holds now; the call keeps it.</param>
/// <param name="TokenValueNanos">What a compute token is worth now.</param>
/// <param name="Model">As the caller named it.</param>
/// <param name="InputBound">At least as many tokens as its input can have.</param>
/// <param name="OutputCap">The most it can generate, all choices together.</param>
/// <param name="OutputFloor">The least cap that makes sense for it, all choices together.</param>
/// <param name="AskedCap">The cap the caller named, null where none.</param>
/// <param name="IsZeroRated">Metered as any other, but nothing is held and nothing charged.</param>
/// <param name="Plan">All that the provider may do for it.</param>
public sealed record PlannedCall(
    ApiKey Key, Price Price, long TokenValueNanos, string Model, long InputBound, long OutputCap, long OutputFloor,
    long? AskedCap, bool IsZeroRated, CallPlan Plan)
{
    /// <summary>No tool is used more often in it.</summary>
    public int Ceiling { get; init; } = CallPlan.NoCeiling;

    /// <summary>The same with fewer uses of tools, or null where none can be taken away.</summary>
    public PlannedCall? WithFewerUses() => Plan.Lower(Ceiling) is { } lower ? this with { Ceiling = lower } : null;

    /// <summary>How often its model may read the whole context.</summary>
    public int Turns => Plan.Turns(Ceiling);

    /// <summary>The most it can cost with this output cap.</summary>
    public Tokens WorstCase(long outputCap)
    {
        if (IsZeroRated) return Tokens.Zero;
        if (!Plan.IsPlain) return Plan.AtMost(outputCap, Ceiling, TokenValueNanos).Charge;
        return Cost.AtMost(
            HeldPrice, InputBound, outputCap + BesideCap, TokenValueNanos, MediaRules.MayUse(Plan.Facts)).Charge;
    }

    /// <summary>The output cap that these tokens cover beside the input; negative where not even that.</summary>
    public long Affordable(Tokens tokens)
    {
        if (IsZeroRated) return long.MaxValue;
        if (!Plan.IsPlain) return AffordableByPlan(tokens);
        return Cost.AffordableOutput(
            HeldPrice, InputBound, tokens, TokenValueNanos, MediaRules.MayUse(Plan.Facts)) - BesideCap;
    }

    /// <summary>The most tokens that it can use, which rates count while it is in flight.</summary>
    public long TokensAtMost(long outputCap) =>
        Plan.IsPlain ? InputBound + outputCap + BesideCap : Plan.TokensAtMost(outputCap, Ceiling);

    /// <summary>It is held, and will be charged, by one row of the price book and nothing else.</summary>
    public bool IsOnePrice => Plan.IsPlain && HeldPrice.Id == Price.Id;

    /// <summary>Output tokens beyond the cap that it is held for.</summary>
    public long BesideCap => CallBounds.BesideCap(Plan.Facts, HeldPrice);

    private Price HeldPrice => Plan.Models[0].Price;

    // Searched rather than computed, since the worst case does not grow evenly with the cap:
    // the context may reach the window.
    private long AffordableByPlan(Tokens tokens)
    {
        if (WorstCase(0) > tokens) return -1;
        var (least, most) = (0L, OutputCap);
        while (least < most)
        {
            var middle = least + (most - least + 1) / 2;
            if (WorstCase(middle) <= tokens) least = middle;
            else most = middle - 1;
        }

        return least;
    }

    /// <summary>What the owner pays of what it cost.</summary>
    public Tokens DueOf(Costing cost) => IsZeroRated ? Tokens.Zero : cost.Charge;
}

/// <summary>When a call began, by the wall clock and by one that is never set back.</summary>
internal readonly record struct Begun(DateTime At, long Timestamp);

/// <summary>A call's worst case, held in this node's escrow of the wallet until it is settled, once.</summary>
internal sealed class Hold(
    WalletHolds admission, NodeEscrow escrow, PlannedCall call, RequestId id, Begun begun, Tokens amount,
    long outputCap)
{
    private int _settled;

    public RequestId Id { get; } = id;
    public Begun Begun { get; } = begun;
    public Tokens Amount { get; } = amount;
    public long OutputCap { get; } = outputCap;
    public PlannedCall Call { get; } = call;
    public NodeEscrow NodeEscrow { get; } = escrow;

    /// <summary>The key's budget, of which it holds as much as of its wallet; null where
    /// its key has no budget.</summary>
    public KeyBudget? Budget { get; set; }

    /// <summary>
    /// Ends when the call is on record. No response byte may leave before; it fails where the database is away.
    /// </summary>
    public Task Opened { get; internal set; } = Task.CompletedTask;

    public Tokens Balance => NodeEscrow.Balance;

    /// <summary>
    /// Replaces the hold by what the call cost, and hands it to the journal. In memory; nothing waits.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was settled before.</exception>
    public Settled Settle(in CallResult result)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            throw new InvalidOperationException($"{Id} was settled before.");
        return admission.Settle(this, result);
    }
}
