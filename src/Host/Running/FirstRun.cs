using Guerdon.Client;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;

namespace Guerdon.Host.Running;

/// <summary>The first start of an installation: an administrator, who sets a password by a link, and whose token the
/// command line finds in a file.</summary>
internal static class FirstRun
{
    /// <summary>What was made, to be shown once.</summary>
    /// <param name="Email">To sign in with.</param>
    /// <param name="Link">By which the password is set, once.</param>
    /// <param name="TokenFile">Where the token for the command line was written.</param>
    public sealed record Created(string Email, OneTimeLinks.Made Link, string TokenFile);

    /// <summary>Makes an administrator where there is no account. Safe to repeat, also by several nodes.</summary>
    /// <param name="accounts">Where.</param>
    /// <param name="links">Makes the link.</param>
    /// <param name="tokens">Makes the token.</param>
    /// <param name="home">The token goes to its <c>.guerdon/token</c>, for its owner alone.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What was made, or null where there was an account.</returns>
    public static async Task<Created?> EnsureAdminAsync(
        AccountDirectory accounts, OneTimeLinks links, ApiTokens tokens, string home, CancellationToken ct)
    {
        if (await FirstAdministrator.EnsureAsync(accounts, ct) is not { } admin) return null;
        var link = await links.MakeAsync(admin, LinkPurpose.First, Actor.Guerdon, ct);
        var token = (await tokens.CreateAsync(admin, "first run", ct)).Token;
        var file = await SecretFile.WriteAsync(home, GuerdonFolder.TokenFile, token, ct);
        return new(FirstAdministrator.Email, link, file);
    }
}
