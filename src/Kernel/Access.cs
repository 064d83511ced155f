using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Guerdon.Kernel;

/// <summary>What a caller may do: what their roles give (<see cref="Permissions"/>), narrowed by the scopes of the
/// token that they come with.</summary>
public static class Access
{
    /// <summary>
    /// Claim with the person an account belongs to, as <c>prs_…</c>; absent for accounts that are nobody's.
    /// </summary>
    public const string PersonClaim = "guerdon:person";

    /// <summary>Claim with the caller's account, as <c>acc_…</c>.</summary>
    public const string AccountClaim = "sub";

    /// <summary>Claim with the name of a role; one for each.</summary>
    public const string RoleClaim = "role";

    /// <summary>Claim with the name of a permission, one for each: nothing else is allowed, whatever the roles give.
    /// A token has one at least, <see cref="AllScopes"/> where it was not narrowed, and without any it opens nothing; a
    /// session has none, and may do all that its roles give.</summary>
    public const string ScopeClaim = "guerdon:scope";

    /// <summary>The scope of a token that may do all that its owner may.</summary>
    public const string AllScopes = "all";

    /// <summary>Claim with the session that the caller has, as <c>ses_…</c>; absent for a token.</summary>
    public const string SessionClaim = "guerdon:session";

    /// <summary>Claim with the time at which the caller last gave their password in this session; milliseconds since
    /// 1970.</summary>
    public const string ConfirmedClaim = "guerdon:confirmed";

    /// <summary>Claim of every caller while the company is in works-council mode: what shows somebody's use reaches
    /// no further than oneself, and sums are of groups (module Privacy).</summary>
    public const string GroupsOnlyClaim = "guerdon:groups-only";

    /// <summary>How long after a sign-in money may be approved.</summary>
    public static readonly TimeSpan ConfirmedFor = TimeSpan.FromMinutes(10);

    // Clocks of two nodes differ by no more. What is further ahead is no sign-in that happened.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    /// <summary>After a permission's name: the policy of those who have it of everybody, as for a list of all.
    /// </summary>
    public const string OfAll = "/all";

    /// <summary>Whether a caller may do something at all, be it with what is theirs alone.</summary>
    public static bool May(ClaimsPrincipal caller, string permission) =>
        ReachOf(caller, permission) != Reach.None;

    /// <summary>Whether a caller may do something with everybody's.</summary>
    public static bool MayWithAll(ClaimsPrincipal caller, string permission) =>
        ReachOf(caller, permission) == Reach.Everyone;

    /// <summary>Whether a caller may do something with a person's, or with their wallet. Who reports to whom is not
    /// known here: <c>Readable</c> of People asks it.</summary>
    public static bool May(ClaimsPrincipal caller, string permission, Guid person) =>
        ReachOf(caller, permission) switch
        {
            Reach.None => false,
            Reach.Everyone => true,
            _ => PersonOf(caller) == person,
        };

    /// <summary>Whether the company is in works-council mode, so that no figure of anybody's use is shown to a caller
    /// but their own, and sums only as Privacy lets them be shown.</summary>
    public static bool IsGroupsOnly(ClaimsPrincipal caller) => caller.HasClaim(claim => claim.Type == GroupsOnlyClaim);

    /// <summary>On an endpoint or a page that everybody may open and that shows others to those alone whose permission
    /// reaches beyond themselves.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ShowsOthersAttribute : Attribute;

    /// <summary>How far a permission reaches for a caller. Roles add up; but whoever has the role of an auditor changes
    /// nothing beyond what is their own, and in works-council mode nobody sees another's use.</summary>
    public static Reach ReachOf(ClaimsPrincipal caller, string permission)
    {
        if (caller.Identity?.IsAuthenticated != true || Permissions.Find(permission) is not { } named
            || !IsInScope(caller, permission)) return Reach.None;
        if (permission == Permissions.AccountUse) return Reach.Everyone; // also before anybody gave them a role
        var roles = caller.FindAll(RoleClaim).Select(claim => claim.Value).ToList();
        var counted = named.Writes && roles.Contains(Roles.Auditor)
            ? roles.Where(role => role == Roles.Employee) : roles;
        var reaches = counted.Select(named.In);
        if (named.ShowsUse && IsGroupsOnly(caller)) reaches = reaches.Where(reach => reach <= Reach.Own);
        return reaches.DefaultIfEmpty(Reach.None).Max();
    }

    /// <summary>Whether the caller has a session, and signed in or gave their password again within
    /// <see cref="ConfirmedFor"/>. False for a token.</summary>
    public static bool IsConfirmed(ClaimsPrincipal caller, DateTimeOffset now) =>
        ConfirmedAtOf(caller) is { } at && now - at <= ConfirmedFor && at - now <= ClocksDiffer;

    /// <summary>When the caller last gave their password in their session, to the millisecond; null: they have none.
    /// </summary>
    public static DateTimeOffset? ConfirmedAtOf(ClaimsPrincipal caller) =>
        caller.HasClaim(claim => claim.Type == SessionClaim)
        && long.TryParse(caller.FindFirstValue(ConfirmedClaim), CultureInfo.InvariantCulture, out var ms)
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(ms) : null;

    /// <summary>Whether what an authorization policy stands for approves money.</summary>
    /// <param name="policy">The name of a permission, with <see cref="OfAll"/> or not.</param>
    public static bool ApprovesMoney(string? policy) =>
        policy is not null && Permissions.Find(policy.EndsWith(OfAll, StringComparison.Ordinal)
            ? policy[..^OfAll.Length] : policy) is { ApprovesMoney: true };

    /// <summary>The scopes that a caller is narrowed to; null: all that their roles give. None at all for who has
    /// neither a session nor a scope, so that a list that is empty by mistake opens nothing.</summary>
    public static IReadOnlyList<string>? ScopesOf(ClaimsPrincipal caller)
    {
        string[] scopes = [.. caller.FindAll(ScopeClaim).Select(claim => claim.Value)];
        var isWhole = scopes.Length == 0 ? caller.HasClaim(claim => claim.Type == SessionClaim)
            : scopes.Contains(AllScopes);
        return isWhole ? null : scopes;
    }

    /// <summary>Adds a policy for each permission, of its name, and one for those who have it of everybody.</summary>
    public static AuthorizationBuilder AddPermissions(this AuthorizationBuilder builder)
    {
        foreach (var permission in Permissions.All)
            builder.AddPolicy(permission.Name, policy => policy.RequireAuthenticatedUser()
                    .RequireAssertion(context => May(context.User, permission.Name)))
                .AddPolicy(permission.Name + OfAll, policy => policy.RequireAuthenticatedUser()
                    .RequireAssertion(context => MayWithAll(context.User, permission.Name)));
        return builder;
    }

    /// <summary>The caller's own person, or null.</summary>
    public static Guid? PersonOf(ClaimsPrincipal caller) => IdIn(caller.FindFirstValue(PersonClaim));

    /// <summary>The caller's account, or null.</summary>
    public static Guid? AccountOf(ClaimsPrincipal caller) => IdIn(caller.FindFirstValue(AccountClaim));

    /// <summary>Who did it, for records that name whoever did something: the account's e-mail, else the person.
    /// </summary>
    public static string NameOf(ClaimsPrincipal caller) =>
        caller.FindFirstValue("email") ?? caller.FindFirstValue(PersonClaim) ?? "an administrator";

    private static bool IsInScope(ClaimsPrincipal caller, string permission) =>
        ScopesOf(caller) is not { } scopes || scopes.Contains(permission);

    private static Guid? IdIn(string? text) =>
        text is not null && Guid.TryParseExact(text.Split('_')[^1], "N", out var id) ? id : null;
}
