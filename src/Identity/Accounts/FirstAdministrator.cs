using Guerdon.Cli.Server;

namespace Guerdon.Host.SignIn;

/// <summary>Gives an empty installation its first administrator.</summary>
internal static class FirstRun
{
    public const string AdminEmail = "admin@localhost";

    /// <summary>What was made, to be shown once.</summary>
    /// <param name="Email">To sign in with.</param>
    /// <param name="Password">Kept nowhere else.</param>
    /// <param name="Token">For the command line.</param>
    /// <param name="TokenFile">Where the token was written, or null.</param>
    public sealed record Created(string Email, string Password, string Token, string? TokenFile);

    /// <summary>Makes an administrator where there is no account. Safe to repeat, also by several nodes.</summary>
    /// <param name="accounts">Where.</param>
    /// <param name="home">The token goes to its <c>.guerdon/token</c>, for its owner alone; null: to no file.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What was made, or null where there was an account.</returns>
    public static async Task<Created?> EnsureAdminAsync(Accounts accounts, string? home, CancellationToken ct)
    {
        if (await accounts.AnyAsync(ct)) return null;

        var password = Passwords.Make();
        if (await accounts.CreateAsync(AdminEmail, "Administrator", Roles.Admin, null, password, ct) is not { } id)
            return null; // another node was faster

        var token = (await accounts.CreateTokenAsync(id, "first run", ct)).Token;
        var file = home is null ? null : await SecretFile.WriteAsync(
            home, GuerdonFolder.TokenFile, token, ct);
        return new(AdminEmail, password, token, file);
    }
}
