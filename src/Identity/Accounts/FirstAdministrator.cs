using Guerdon.Kernel;

namespace Guerdon.Identity.Accounts;

/// <summary>Gives an empty installation its first administrator.</summary>
public static class FirstAdministrator
{
    public const string Email = "admin@localhost";

    /// <summary>What was made, to be shown once.</summary>
    /// <param name="Account">Whose it is.</param>
    /// <param name="Password">Saved nowhere else.</param>
    public sealed record Created(AccountId Account, string Password);

    /// <summary>Makes an administrator where there is no account. Safe to repeat, also by several nodes.</summary>
    /// <returns>What was made, or null where there was an account.</returns>
    public static async Task<Created?> EnsureAsync(AccountDirectory accounts, CancellationToken ct)
    {
        if (await accounts.AnyAsync(ct)) return null;

        var password = Passwords.Make();
        // Null where another node was faster: then only that node may show a password.
        return await accounts.CreateAsync(Email, "Administrator", Roles.Founder, null, password, ct) is { } id
            ? new(id, password)
            : null;
    }
}
