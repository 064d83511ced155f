using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Requests;

/// <summary>What a part of a request is. Stored and never reused.</summary>
public enum PartKind : short
{
    /// <summary>Tokens of one run of a model.</summary>
    Tokens = 1,

    /// <summary>Uses of one of the provider's tools.</summary>
    Uses = 2,

    /// <summary>Something the answer counts that the price book has no word for. It costs nothing here.</summary>
    Unknown = 3,
}

/// <summary>Why a part may cost something else than its price row says. Stored and never reused.</summary>
[Flags]
public enum Doubts : short
{
    None = 0,

    /// <summary>Priced by the row of the undated name: the dated one has none.</summary>
    UndatedPrice = 1,

    /// <summary>Another model answered, and it has no row: priced as the model that was asked.</summary>
    OtherModel = 2,

    /// <summary>Served in a tier or a region that the model has no row for.</summary>
    OtherTier = 4,

    /// <summary>The provider's tool has no fee: nothing is charged for it.</summary>
    UnpricedTool = 8,

    /// <summary>The answer counts uses of a tool that is not known.</summary>
    UnknownTool = 16,

    /// <summary>A kind of iteration that is not known, priced as tokens of the model it names.</summary>
    UnknownIteration = 32,

    /// <summary>The usage has a count that is not known, or totals that pass what is known of it.</summary>
    UnknownUsage = 64,

    /// <summary>Too long to be read whole: what else it used is not known.</summary>
    Unread = 128,
}

/// <summary>
/// A part of what a request used and cost. A request that one model answered without tools, at a price that covers it,
/// has none: its record says all.
/// </summary>
/// <param name="Kind">Tokens, uses, or what is not known.</param>
/// <param name="Name">The model, tool or counter, as the answer names it; at most 200 characters.</param>
/// <param name="PriceId">The row it was priced by.</param>
public sealed record RequestPart(PartKind Kind, string Name, Guid PriceId)
{
    public Usage Usage { get; init; }

    public HostedTool? Tool { get; init; }

    /// <summary>Of a tool, or the count that is not known.</summary>
    public long Uses { get; init; }

    public Doubts Doubts { get; init; }

    /// <summary>Exactly, in millionths of a nano-USD: parts are rounded together, once.</summary>
    public Int128 CostFemto { get; init; }

    /// <summary>What it costs by a row: nothing where it is not known what it is.</summary>
    public Int128 CostBy(Price price) => Kind == PartKind.Unknown ? 0 : Cost.FemtoOf(new(price, Usage, Tool, Uses));
}
