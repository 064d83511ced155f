namespace Stipend.Host.SignIn;

/// <summary>Gives an empty installation its first administrator.</summary>
public static class FirstRun
{
    public const string AdminEmail = "admin@localhost";

    /// <summary>What was made, to be shown once.</summary>
    /// <param name="Email">To sign in with.</param>
    /// <param name="Password">Kept nowhere else.</param>
    /// <param name="Token">For the command line.</param>
    /// <param name="TokenFile">Where the token was written, or null.</param>
    public sealed record Created(string Email, string Password, string Token, string? TokenFile);

    /// <summary>
    /// Makes an administrator where there is no account at all. Safe to repeat, and on several nodes at once.
    /// </summary>
    /// <param name="accounts">Where.</param>
    /// <param name="home">The token goes to <c>.stipend/token</c> in it, readable by its owner alone; null: to no
    /// file.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What was made, or null where there was an account.</returns>
    public static async Task<Created?> EnsureAdminAsync(Accounts accounts, string? home, CancellationToken ct)
    {
        if (await accounts.AnyAsync(ct)) return null;

        var password = Passwords.Make();
        if (await accounts.CreateAsync(AdminEmail, "Administrator", Roles.Admin, null, password, ct) is not { } id)
            return null; // another node was faster

        var token = (await accounts.CreateTokenAsync(id, "first run", ct)).Token;
        return new(AdminEmail, password, token, home is null ? null : await WriteAsync(home, token, ct));
    }

    private static async Task<string> WriteAsync(string home, string token, CancellationToken ct)
    {
        var folder = Path.Combine(home, ".stipend");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "token");
        File.Delete(path); // an old file would keep its mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteLineAsync(token.AsMemory(), ct);
        return path;
    }
}
