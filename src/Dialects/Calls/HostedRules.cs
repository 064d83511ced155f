using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>What holds for tools of every dialect, and the rules of those that a body's members name.</summary>
public static class HostedRules
{
    /// <summary>Tools of the provider's in one body: as many tools of any kind as OpenAI takes.</summary>
    public const int MostTools = 128;

    /// <summary>Uses that a tool is let have where neither the policy nor the caller names fewer.</summary>
    public const int DefaultUses = 5;

    /// <summary>Search models look up once before they answer: <see cref="Member.Search"/>.</summary>
    public static readonly HostedRule ChatSearch = new("web_search", HostedTool.WebSearch, Bounded.Once);

    /// <summary>The same for a model that is made to search: it does so for each answer.</summary>
    public static readonly HostedRule ChatSearchAlways = ChatSearch with { IsCertain = true };

    /// <summary>Servers of tools that the body's root names: <see cref="Member.Servers"/>.</summary>
    public static readonly HostedRule RemoteServers = new("mcp", null, Bounded.ByTurns) { BringsAtOnce = true };

    /// <summary>A container of the provider's, in which a shell runs, or code.</summary>
    public static readonly HostedRule Container =
        new("code_execution", HostedTool.CodeExecution, Bounded.ByMaxToolCalls) { HasContainer = true };

    /// <summary>Takes note of a tool, or refuses the body where it has too many: a plan looks at each of them often.
    /// </summary>
    public static void Add(ref StrictJson json, ref CallFacts facts, HostedCall call)
    {
        if (facts.Hosted?.Count >= MostTools)
            json.Refuse(DialectRefusals.MalformedBody, call.At,
                $"{{0}}, at byte {call.At + 1} of the body, is one too many: it may have up to {MostTools} tools that "
                + "the provider runs.");
        else (facts.Hosted ??= []).Add(call);
    }
}
