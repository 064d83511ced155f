using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Identity.Accounts;

/// <summary>What the rest of Guerdon knows of a caller: claims of an account.</summary>
internal static class Principals
{
    public const string Subject = Access.AccountClaim;
    public const string Name = "name";
    public const string Email = "email";
    public const string Role = Access.RoleClaim;

    /// <summary>Changes with roles and password, so that a session made before ends. Whose account it is and its
    /// address are read with each request.</summary>
    public const string Stamp = "guerdon:stamp";

    public static ClaimsPrincipal Of(Account account, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, Name, Role);
        identity.AddClaim(new(Subject, account.Id.ToString()));
        identity.AddClaim(new(Name, account.Name));
        identity.AddClaim(new(Email, account.Email));
        foreach (var role in account.Roles) identity.AddClaim(new(Role, role));
        identity.AddClaim(new(Stamp, StampOf(account)));
        if (account.PersonId is { } person) identity.AddClaim(new(Access.PersonClaim, $"prs_{person:N}"));
        return new(identity);
    }

    public static AccountId? AccountOf(ClaimsPrincipal caller) =>
        Id.TryParse<AccountId>(caller.FindFirstValue(Subject), out var id) ? id : null;

    public static string StampOf(Account account) => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{string.Join(' ', account.Roles)} {account.PasswordHash}")), 0, 8);
}
