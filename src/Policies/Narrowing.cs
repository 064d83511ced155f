using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Known;

namespace Guerdon.Policies;

/// <summary>Whether a policy refuses all that another refuses, for everybody, and lets nothing pass, or pass free, that
/// the other does not. By what the files say, not by the models that there are: what it says no to it may still be.
/// </summary>
internal static class Narrowing
{
    /// <param name="was">The one before.</param>
    /// <param name="becomes">The other. Its sections are for the same people in the same order: a section more or less
    /// changes who is bound by what.</param>
    public static bool OnlyRefusesMore(Policy was, Policy becomes) =>
        (was.Closed is null || becomes.Closed is not null)
        && IsWithin(was, becomes)
        && was.Sections.Count == becomes.Sections.Count
        && was.Sections.Zip(becomes.Sections).All(both =>
            both.First.Plan == both.Second.Plan && both.First.Team == both.Second.Team
            && IsWithin(both.First.Rules, both.Second.Rules));

    // What costs callers nothing stays what it was: to take that away is no refusal.
    private static bool IsWithin(Policy was, Policy becomes) =>
        becomes.ZeroRated.Order(StringComparer.Ordinal).SequenceEqual(was.ZeroRated.Order(StringComparer.Ordinal))
        && (was.MaxBodyBytes is not { } most || becomes.MaxBodyBytes <= most)
        && IsWithin(was.Models, becomes.Models)
        && IsWithin(was.Services, becomes.Services)
        // A rule is counted by its words: one that is said in another way begins at nothing, and lets more pass.
        && becomes.Rates.Take(was.Rates.Count).Select(rule => rule.Words).SequenceEqual(
            was.Rates.Select(rule => rule.Words))
        && KnownDialects.ToolNames.All(tool => IsWithin(was.LimitOf(tool), becomes.LimitOf(tool)))
        && becomes.Members.All(was.Members.Contains);

    private static bool IsWithin(Approval was, Approval becomes) =>
        was.Deny.All(becomes.Deny.Contains)
        && (was.Allow.Count == 0 || (becomes.Allow.Count > 0 && becomes.Allow.All(was.Allow.Contains)));

    private static bool IsWithin(ToolLimit was, ToolLimit becomes) => becomes == was || becomes.MaxUses == 0;
}
