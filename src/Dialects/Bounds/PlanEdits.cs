using System.Globalization;
using System.Text;
using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.Bounds;

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
        var edits = new List<Edit>();
        var said = new List<string>();
        foreach (var tool in plan.Tools)
        {
            if (tool.Rule.Bound == Bounded.ByItsMaxUses)
                Lower(tool.Call.MaxUses, plan.UsesOf(tool, ceiling), "max_uses", tool.Call.InsertAt, tool.Rule.Name);
            if (tool.Advisor is { } advisor)
                Lower(advisor.Cap, advisor.Price.MaxOutputTokens, "max_tokens", 0, tool.Rule.Name);
        }

        if (plan.ToolCalls(ceiling) is var calls and > 0)
            Lower(plan.Facts.MaxToolCalls, calls, "max_tool_calls", plan.Facts.InsertAt, "");
        for (var i = 1; i < plan.Models.Count; i++) // by number: a name may hold what no header does
            Lower(plan.Models[i].Cap, plan.Models[i].Price.MaxOutputTokens, "max_tokens", 0, $"fallbacks[{i - 1}]");
        if (setsTier) SetTier();
        if (Thoughts.Unbounded(plan.Facts, plan.Models[0].Price) is { } thoughts)
            said.Add($"held_thinking={thoughts}"); // nothing that can be sent bounds it
        return (edits, said.Count == 0 ? null : string.Join(", ", said));

        void Lower(AskedCap asked, long most, string member, int insertAt, string of)
        {
            if (asked.Tokens <= most || (asked.Tokens is null && insertAt == 0)) return;
            edits.Add(asked.Place.Exists
                ? new Edit(asked.Place.Offset, asked.Place.Length, Number(most))
                : new Edit(insertAt, 0, Encoding.ASCII.GetBytes($"\"{member}\":{most},")));
            said.Add($"{(of.Length == 0 ? "" : of + ".")}{member}={most}");
        }

        void SetTier()
        {
            var tier = plan.Facts.Api.Dialect == Dialect.Anthropic ? "standard_only" : "default";
            var place = plan.Facts.OpenTier;
            edits.Add(place.Exists
                ? new Edit(place.Offset, place.Length, Encoding.ASCII.GetBytes($"\"{tier}\""))
                : new Edit(plan.Facts.InsertAt, 0, Encoding.ASCII.GetBytes($"\"service_tier\":\"{tier}\",")));
            if (plan.Facts.AsksOpenTier) said.Add($"service_tier={tier}");
        }
    }

    private static byte[] Number(long number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
