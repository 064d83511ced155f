namespace Guerdon.Pricing.Costing;

/// <summary>
/// How a provider serves a call, where it charges for that: each has price rows of its own. Not to be confused with
/// <see cref="Price.Tier"/>, the rates of a long call. Stored and never reused.
/// </summary>
public enum ServiceTier : short
{
    /// <summary>What is served where nothing else is asked; OpenAI's <c>default</c>.</summary>
    Standard = 1,

    /// <summary>Slower and cheaper.</summary>
    Flex = 2,

    /// <summary>Ahead of others, and more expensive.</summary>
    Priority = 3,

    /// <summary>Within a day, and cheaper.</summary>
    Batch = 4,

    /// <summary>Anthropic's <c>speed: fast</c>: faster output at a higher price.</summary>
    Fast = 5,
}
