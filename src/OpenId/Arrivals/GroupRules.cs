using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Which roles somebody has by their groups. Without I/O.</summary>
internal static class GroupRules
{
    /// <param name="provider">With its roles by group, and who asked for and agreed to them.</param>
    /// <param name="groups">All that the provider says; null: it is not known.</param>
    /// <param name="account">Whose.</param>
    /// <returns>Null: what they have stays as it is.</returns>
    public static IReadOnlyList<string>? RolesOf(
        SignInProvider provider, IReadOnlyCollection<string>? groups, Account account)
    {
        if (provider.GroupClaim is null || groups is null) return null;
        var has = groups.ToHashSet(StringComparer.Ordinal);
        var roles = provider.GroupRoles.Where(rule => has.Contains(rule.Group)).SelectMany(rule => rule.Roles)
            .Distinct();
        // Whoever had a say in the rules would otherwise give themselves what two others have to give.
        var who = new Actor(account.Email, account.PersonId) { Account = account.Id.Value };
        var hadASay = who.Is(provider.Asker) || (provider.Decider is { } decider && who.Is(decider));
        return [.. hadASay ? roles.Where(role => role == Roles.Employee) : roles];
    }
}
