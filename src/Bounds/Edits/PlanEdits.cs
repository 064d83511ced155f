using System.Globalization;
using System.Text;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;

namespace Guerdon.Bounds.Edits;

/// <summary>Writes what a plan holds into the body that goes out: never more uses, nor another tier.</summary>
public static class PlanEdits
{
    /// <summary>The header that tells the caller what was set or lowered.</summary>
    public const string Header = "x-guerdon-lowered";

    /// <summary>The edits, and what they change in the caller's words, such as <c>web_search.max_uses=5</c>.</summary>
    /// <param name="plan">What was admitted.</param>
    /// <param name="ceiling">The uses that it was admitted with.</param>
    /// <param name="setsTier">The standard tier is to be asked for.</param>
    public static (List<Edit> Edits, string? Lowered) Of(CallPlan plan, int ceiling, bool setsTier)
    {
        var written = new Written([], []);
        foreach (var tool in plan.Tools)
        {
            if (tool.Rule.Bound == Bounded.ByItsMaxUses)
                written.Lower(
                    tool.Call.MaxUses, plan.UsesOf(tool, ceiling), "max_uses", tool.Call.InsertAt, tool.Rule.Name);
            if (tool.Advisor is { } advisor)
                written.Lower(advisor.Cap, advisor.Price.MaxOutputTokens, "max_tokens", 0, tool.Rule.Name);
        }

        if (plan.ToolCalls(ceiling) is var calls and > 0)
            written.Lower(plan.Facts.MaxToolCalls, calls, "max_tool_calls", plan.Facts.InsertAt, "");
        for (var i = 1; i < plan.Models.Count; i++) // by number: a name may hold what no header does
            written.Lower(
                plan.Models[i].Cap, plan.Models[i].Price.MaxOutputTokens, "max_tokens", 0, $"fallbacks[{i - 1}]");
        if (setsTier) written.SetTier(plan.Facts);
        if (Thoughts.Unbounded(plan.Facts, plan.Models[0].Price) is { } thoughts)
            written.Said.Add($"held_thinking={thoughts}"); // nothing that can be sent bounds it
        return (written.Edits, written.Said.Count == 0 ? null : string.Join(", ", written.Said));
    }

    /// <param name="Edits">Of the body.</param>
    /// <param name="Said">What the caller is told of them.</param>
    private readonly record struct Written(List<Edit> Edits, List<string> Said)
    {
        public void Lower(AskedCap asked, long most, string member, int insertAt, string of)
        {
            if (asked.Tokens <= most || (asked.Tokens is null && insertAt == 0)) return;
            Edits.Add(asked.Place.Exists
                ? new Edit(asked.Place.Offset, asked.Place.Length, Number(most))
                : new Edit(insertAt, 0, Encoding.ASCII.GetBytes($"\"{member}\":{most},")));
            Said.Add($"{(of.Length == 0 ? "" : of + ".")}{member}={most}");
        }

        public void SetTier(in CallFacts facts)
        {
            var tier = facts.Api.StandardTier;
            var place = facts.OpenTier;
            Edits.Add(place.Exists
                ? new Edit(place.Offset, place.Length, Encoding.ASCII.GetBytes($"\"{tier}\""))
                : new Edit(facts.InsertAt, 0, Encoding.ASCII.GetBytes($"\"service_tier\":\"{tier}\",")));
            if (facts.AsksOpenTier) Said.Add($"service_tier={tier}");
        }
    }

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
