using Guerdon.Dialects.Calls;

namespace Guerdon.Bounds.Plans;

/// <summary>How far the provider may run one of its own tools in a call.</summary>
/// <param name="MaxUses">How often at most; 0: not at all.</param>
/// <param name="TokensPerUse">Tokens that a use is held to bring into the context; null: as many as the model's window
/// takes.</param>
/// <param name="IsStated">The policy says it.</param>
public sealed record ToolLimit(int MaxUses, long? TokensPerUse, bool IsStated)
{
    public static readonly ToolLimit Default = new(HostedRules.DefaultUses, null, IsStated: false);
    public static readonly ToolLimit Refused = new(0, null, IsStated: true);
}
