namespace Guerdon.Plans;

/// <summary>What a grant is for. The names are stored and part of keys.</summary>
public static class GrantKind
{
    public const string Allowance = "allowance", SigningBonus = "signing_bonus", Match = "match", Tier = "tier";

    /// <summary>What is given out of a catalogue, by name and for a reason.</summary>
    public static readonly IReadOnlyList<string> Awarded = ["performance", "package", "training", "exception"];
}
