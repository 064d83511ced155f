using System.Globalization;
using Guerdon.Dialects.Calls;
using Guerdon.Pricing.Costing;

namespace Guerdon.Bounds.Plans;

/// <summary>
/// What models think beside a cap that bounds their answer alone. Alibaba's do: its <c>max_tokens</c>, and that of its
/// endpoint in Anthropic's form, leaves thoughts out; <c>max_completion_tokens</c> has them in, where a model takes it.
/// </summary>
internal static class Thoughts
{
    private const string Alibaba = "alibaba";

    // The first version of Qwen whose models take max_completion_tokens, so that the cap bounds their thoughts too.
    private const decimal FirstBounded = 3.5m;

    private static readonly string[] NeverThink = ["qwen1", "qwen2", "-instruct", "-coder", "-mt-"];
    private static readonly string[] AlwaysThink = ["thinking", "qwq", "qvq", "-r1"];

    /// <summary>The most tokens that are thought beside the cap, over all choices; 0: the cap bounds all.</summary>
    public static long BesideCap(in CallFacts call, Price price)
    {
        if (price.Provider != Alibaba || call.Api.CapName is null) return 0;
        if (call.Api.DiffersByMaker && VersionOf(price.Model) >= FirstBounded) return 0;
        var each = Budget(call, price.Model) ?? price.ContextTokens; // thoughts and answer share the window
        return Math.Min(each, price.ContextTokens) * call.Choices;
    }

    /// <summary>What is held for thoughts that nothing in the body bounds, in each choice; null: they are bounded.
    /// </summary>
    public static long? Unbounded(in CallFacts call, Price price)
    {
        var beside = BesideCap(call, price);
        return beside > 0 && Budget(call, price.Model) is null ? beside / call.Choices : null;
    }

    private static long? Budget(in CallFacts call, string model)
    {
        if (Has(model, NeverThink)) return 0;
        if (call.AsksThinking && call.Api.DiffersByMaker) return null; // in words that the others may contradict
        if (call.ThinkingIsOff && !Has(model, AlwaysThink)) return 0;
        return model.StartsWith("qwen", StringComparison.Ordinal) ? call.ThoughtBudget : null; // others do not take one
    }

    // qwen3.8-max is 3.8 and qwen3-max 3; qwen-plus is 0, because which version it is changes.
    private static decimal VersionOf(string model)
    {
        const string family = "qwen";
        if (!model.StartsWith(family, StringComparison.Ordinal)) return 0;
        var rest = model.AsSpan(family.Length);
        var end = 0;
        while (end < rest.Length && (char.IsAsciiDigit(rest[end]) || rest[end] == '.')) end++;
        return decimal.TryParse(rest[..end], CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static bool Has(string model, string[] parts)
    {
        foreach (var part in parts)
            if (model.Contains(part, StringComparison.Ordinal)) return true;
        return false;
    }
}
