using System.Security.Claims;
using Guerdon.Kernel;

namespace Guerdon.Identity.Accounts;

/// <summary>What the rest of Guerdon knows of a caller: claims of an account.</summary>
internal static class Principals
{
    public const string Subject = Access.AccountClaim;
    public const string Name = "name";
    public const string Email = "email";
    public const string Role = Access.RoleClaim;

    /// <param name="account">Whose.</param>
    /// <param name="scheme">How they signed in.</param>
    /// <param name="now">When they ask.</param>
    /// <param name="more">What the session or token says.</param>
    public static ClaimsPrincipal Of(Account account, string scheme, DateTimeOffset now, params IEnumerable<Claim> more)
    {
        var identity = new ClaimsIdentity(scheme, Name, Role);
        identity.AddClaim(new(Subject, account.Id.ToString()));
        identity.AddClaim(new(Name, account.Name));
        identity.AddClaim(new(Email, account.Email));
        foreach (var role in account.Roles) identity.AddClaim(new(Role, role));
        if (account.PersonId is { } person) identity.AddClaim(new(Access.PersonClaim, $"prs_{person:N}"));
        if (account.GroupsUntil > now) identity.AddClaim(new(Access.GroupsOnlyClaim, "on"));
        identity.AddClaims(more);
        return new(identity);
    }

    public static AccountId? AccountOf(ClaimsPrincipal caller) =>
        Id.TryParse<AccountId>(caller.FindFirstValue(Subject), out var id) ? id : null;
}
