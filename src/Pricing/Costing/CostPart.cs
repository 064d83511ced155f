namespace Guerdon.Pricing.Costing;

/// <summary>
/// A part of what a call cost: the tokens of one model, or the uses of one of the provider's tools. A call that one
/// model answered without tools has one.
/// </summary>
/// <param name="Price">The row that it is priced by.</param>
/// <param name="Usage">Tokens; none for a tool's uses.</param>
/// <param name="Tool">Whose uses they are; null for tokens.</param>
/// <param name="Uses">How many; 0 for tokens.</param>
public readonly record struct CostPart(Price Price, Usage Usage, HostedTool? Tool, long Uses)
{
    public static CostPart OfTokens(Price price, Usage usage) => new(price, usage, null, 0);

    /// <summary>Uses of a tool. One that the row has no fee for costs nothing, and must be marked.</summary>
    public static CostPart OfUses(Price price, HostedTool tool, long uses) => new(price, default, tool, uses);
}

/// <summary>
/// The most that a part of a call can be: what one model may read and write, or how often a tool may be used.
/// </summary>
/// <param name="Price">The row that it is priced by.</param>
/// <param name="Input">Input tokens, over all runs of the model.</param>
/// <param name="Output">Output tokens, over all runs of the model.</param>
/// <param name="Media">What it may use beside text.</param>
/// <param name="Tool">A tool; null for tokens.</param>
/// <param name="Uses">How often the tool; 0 for tokens.</param>
public readonly record struct CostBound(Price Price, long Input, long Output, Media Media, HostedTool? Tool, long Uses)
{
    public static CostBound OfTokens(Price price, long input, long output, Media media = Media.None) =>
        new(price, input, output, media, null, 0);

    /// <exception cref="InvalidOperationException">The row has no fee for the tool.</exception>
    public static CostBound OfUses(Price price, HostedTool tool, long uses) => price.FeeOf(tool) is null
        ? throw new InvalidOperationException($"{price.Model} has no fee for {tool}.")
        : new(price, 0, 0, Media.None, tool, uses);
}
