using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>What kind of a tool a body brings.</summary>
public enum ToolKind
{
    /// <summary>The caller runs it, and the body describes it whole.</summary>
    Declared = 1,

    /// <summary>The caller runs it, and the provider describes it to the model.</summary>
    BuiltIn,

    /// <summary>The provider runs it.</summary>
    Hosted,
}

/// <summary>How often the provider may use a tool by itself in one call.</summary>
public enum Bounded
{
    /// <summary>As often as the tool's <c>max_uses</c> says.</summary>
    ByItsMaxUses = 1,

    /// <summary>All tools together as often as the body's <c>max_tool_calls</c> says.</summary>
    ByMaxToolCalls,

    /// <summary>In each of Anthropic's own turns, which it ends after <see cref="HostedRule.MostTurns"/>.</summary>
    ByTurns,

    /// <summary>Once for each prompt, however much is looked up.</summary>
    Once,

    /// <summary>Once for each prompt, with up to <see cref="HostedRule.MostQueries"/> that are charged each.</summary>
    ByQueries,

    /// <summary>By nothing that the provider says: only the policy can say for how many uses it is held.</summary>
    ByNothing,
}

/// <summary>What is known of a tool that a provider runs by itself.</summary>
/// <param name="Name">As the policy's <c>hosted_tools</c> calls it.</param>
/// <param name="Fee">What a use is charged as; null: nothing but its tokens.</param>
/// <param name="Bound">What bounds its uses.</param>
public sealed record HostedRule(string Name, HostedTool? Fee, Bounded Bound)
{
    /// <summary>Turns of its own tools after which Anthropic ends a call with <c>pause_turn</c>. A tool that has had
    /// its uses may be asked for until then: each try is answered by an error, and the model reads it all again.
    /// </summary>
    public const int MostTurns = 10;

    /// <summary>Queries of a search that Gemini makes for one prompt: many times what was ever seen of it, for it
    /// states no limit.</summary>
    public const int MostQueries = 100;

    /// <summary>Whether what it brings into the context is bounded by nothing but the window. Otherwise it brings what
    /// a model writes.</summary>
    public bool Brings { get; init; } = true;

    /// <summary>What it brings is there before it is first used: servers of tools are asked for their lists.</summary>
    public bool BringsAtOnce { get; init; }

    /// <summary>Whether it is free of a fee where the model's row has none for it.</summary>
    public bool IsFreeUnpriced { get; init; }

    /// <summary>It is used for every answer, which need not tell.</summary>
    public bool IsCertain { get; init; }

    /// <summary>It runs a model that the tool itself names.</summary>
    public bool RunsModel { get; init; }

    /// <summary>The model that it runs where it names none; it must be approved too.</summary>
    public string? Model { get; init; }

    /// <summary>It runs in a container, whose size has a price.</summary>
    public bool HasContainer { get; init; }

    /// <summary>A body can say that the caller runs it.</summary>
    public bool MayBeCallers { get; init; }
}
