using Guerdon.Grants.Lines;
using Guerdon.Plans;
using Guerdon.Vesting;

namespace Guerdon.Grants.Vesting;

/// <summary>Where a grant's vesting stands on a day, from the plan that it was granted by.</summary>
internal static class VestingState
{
    /// <summary>The rules of a grant.</summary>
    /// <exception cref="InvalidOperationException">The plan has no such grant, or it does not vest.</exception>
    public static VestingTerms TermsOf(Plan plan, string kind, string term) =>
        plan.RulesOf(kind, term.Split('/')[0])?.Vesting
        ?? throw new InvalidOperationException($"By {plan.Name}, {kind} {term} does not vest.");

    /// <summary>The first day on which something of a grant vests; its first day where that waits
    /// for an event.</summary>
    public static DateOnly FirstOn(Plan plan, GrantLine line) =>
        VestingSchedule.Of(
                TermsOf(plan, line.Kind, line.Term), line.Amount.Tokens.Milli, new VestingFacts(line.VestFrom!.Value))
            .NextAfter(line.VestFrom.Value.AddDays(-1))?.Date ?? line.VestFrom.Value;
}
