using System.Security.Claims;
using Guerdon.Kernel;

namespace Guerdon.Web.Shared;

/// <summary>A page that the menu leads to.</summary>
/// <param name="Address">Its path.</param>
/// <param name="Text">What the link says.</param>
/// <param name="Permission">What it takes to open it.</param>
/// <param name="Least">Of whom at least; a page about one's own takes a person.</param>
internal readonly record struct MenuPage(string Address, string Text, string Permission, Reach Least);

/// <summary>The menu, as far as somebody may open what it leads to.</summary>
internal static class MenuPages
{
    private static readonly MenuPage[] OfOneself =
    [
        new("/", "Wallet", Permissions.WalletsRead, Reach.Own),
        new("/statement", "Statement", Permissions.WalletsRead, Reach.Own),
        new("/keys", "Keys", Permissions.KeysRead, Reach.Own),
        new("/convert", "Convert", Permissions.ConversionsRead, Reach.Own),
        new("/claims", "Claims", Permissions.ClaimsRead, Reach.Own),
        new("/tiers", "Tiers", Permissions.TiersRead, Reach.Own),
    ];

    private static readonly MenuPage[] OfOthers =
    [
        new("/admin", "Home", Permissions.OverviewRead, Reach.Everyone),
        new("/admin/people", "People", Permissions.PeopleRead, Reach.Team),
        new("/admin/plans", "Plans", Permissions.PlansRead, Reach.Everyone),
        new("/admin/grants", "Grants", Permissions.GrantsRead, Reach.Everyone),
        new("/admin/offers", "Offers", Permissions.OffersRead, Reach.Everyone),
        new("/admin/conversions", "Conversions", Permissions.ConversionsRead, Reach.Everyone),
        new("/admin/claims", "Claims", Permissions.ClaimsRead, Reach.Everyone),
        new("/admin/accounts", "Accounts", Permissions.LedgerRead, Reach.Everyone),
        new("/admin/prices", "Prices", Permissions.ProposalsRead, Reach.Everyone),
        new("/admin/verify", "Verify", Permissions.SealsRead, Reach.Everyone),
        new("/admin/access", "Access", Permissions.AccountsRead, Reach.Everyone),
        new("/admin/audit", "Audit", Permissions.AuditRead, Reach.Everyone),
    ];

    /// <summary>Pages about oneself; none for an account that is nobody's.</summary>
    public static MenuPage[] Own(ClaimsPrincipal caller) =>
        Access.PersonOf(caller) is null ? [] : For(OfOneself, caller);

    /// <summary>Pages about others, and what is nobody's.</summary>
    public static MenuPage[] Others(ClaimsPrincipal caller) => For(OfOthers, caller);

    /// <summary>Whether a path is one of those about oneself.</summary>
    public static bool IsOwn(Microsoft.AspNetCore.Http.PathString path) =>
        OfOneself.Select(page => page.Address).Concat(["/notices", "/requests", "/pay", "/me"])
            .Any(page => page == "/" ? path == page : path.StartsWithSegments(page));

    /// <summary>Where somebody begins who has no wallet to see; null: nowhere.</summary>
    public static string? HomeOf(ClaimsPrincipal caller) => Others(caller) is [var first, ..] ? first.Address : null;

    private static MenuPage[] For(MenuPage[] pages, ClaimsPrincipal caller) =>
        [.. pages.Where(page => Access.ReachOf(caller, page.Permission) >= page.Least)];
}
