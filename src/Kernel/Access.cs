using System.Security.Claims;

namespace Guerdon.Kernel;

/// <summary>Who may call what. Every endpoint names one of these policies; Host defines them.</summary>
public static class Access
{
    /// <summary>Policy: any signed-in account.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Policy: runs the programme: imports people, applies plans, runs grants, reads every wallet.</summary>
    public const string Admin = "admin";

    /// <summary>
    /// Claim with the person an account belongs to, as <c>prs_…</c>; absent for accounts that are nobody's.
    /// </summary>
    public const string PersonClaim = "guerdon:person";

    /// <summary>Claim with the caller's account, as <c>acc_…</c>.</summary>
    public const string AccountClaim = "sub";

    /// <summary>True where the caller runs the programme, or is the very person (or wallet) asked for.</summary>
    public static bool MayRead(ClaimsPrincipal caller, Guid person) =>
        caller.IsInRole(Admin) || PersonOf(caller) == person;

    /// <summary>The caller's own person, or null.</summary>
    public static Guid? PersonOf(ClaimsPrincipal caller) => IdIn(caller.FindFirstValue(PersonClaim));

    /// <summary>The caller's account, or null.</summary>
    public static Guid? AccountOf(ClaimsPrincipal caller) => IdIn(caller.FindFirstValue(AccountClaim));

    /// <summary>Who did it, for records that name an administrator: the account's e-mail, else the person.</summary>
    public static string NameOf(ClaimsPrincipal caller) =>
        caller.FindFirstValue("email") ?? caller.FindFirstValue(PersonClaim) ?? "an administrator";

    private static Guid? IdIn(string? text) =>
        text is not null && Guid.TryParseExact(text.Split('_')[^1], "N", out var id) ? id : null;
}
