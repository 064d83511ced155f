using Guerdon.Kernel;

namespace Guerdon.Identity.Accounts;

/// <summary>Gives an empty installation its first administrator.</summary>
public static class FirstAdministrator
{
    public const string Email = "admin@localhost";

    /// <summary>Makes an administrator, who has no password yet, where there is no account. Safe to repeat, also by
    /// several nodes.</summary>
    /// <returns>The account that was made; null where there was one, or another node was faster: then only that node
    /// may make its link.</returns>
    public static async Task<AccountId?> EnsureAsync(AccountDirectory accounts, CancellationToken ct) =>
        await accounts.AnyAsync(ct) ? null
            : await accounts.CreateAsync(Email, "Administrator", Roles.Founder, null, null, ct);
}
