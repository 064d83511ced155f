using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Which roles somebody has by their groups.</summary>
internal static class GroupRules
{
    /// <param name="provider">With its roles by group.</param>
    /// <param name="groups">All that the provider says; null: it is not known.</param>
    /// <returns>Null: what they have stays as it is.</returns>
    public static IReadOnlyList<string>? RolesOf(SignInProvider provider, IReadOnlyCollection<string>? groups)
    {
        if (provider.GroupClaim is null || groups is null) return null;
        var has = groups.ToHashSet(StringComparer.Ordinal);
        return [.. provider.GroupRoles.Where(rule => has.Contains(rule.Group)).SelectMany(rule => rule.Roles)
            .Distinct()];
    }

    /// <summary>Whether somebody asked for the rules or agreed to them, or may be who did, by a link that set their
    /// password: they would otherwise give themselves what two others have to give.</summary>
    public static async Task<bool> HadASayAsync(
        SignInProvider provider, Account account, FourEyes eyes, CancellationToken ct)
    {
        var who = await eyes.KnownAsync(new(account.Email, account.PersonId) { Account = account.Id.Value }, ct);
        foreach (var one in new[] { provider.Asker, provider.Decider }.OfType<Actor>())
            if (await eyes.KnownAsync(one, ct) is var known && (who.Is(known) || who.IsLinkedTo(known))) return true;
        return false;
    }
}
