using Guerdon.Identity.Accounts;

namespace Guerdon.Identity.Giving;

/// <summary>An account as administrators and auditors see it.</summary>
/// <param name="Id"><c>acc_…</c>.</param>
/// <param name="Email">What they sign in with.</param>
/// <param name="Name">As pages greet them.</param>
/// <param name="Roles">Of <see cref="Kernel.Roles"/>.</param>
/// <param name="Person"><c>prs_…</c>; null: it is nobody's.</param>
/// <param name="State">open, closed, or left: the last day of its person is over.</param>
/// <param name="ClosedAt">When it was closed; null: it is not.</param>
/// <param name="HasPassword">Whether somebody has set a password.</param>
/// <param name="HasProvider">Whether somebody signs in with it by a provider that is in force; without either nobody
/// does.</param>
/// <param name="LinkMaker">Who made the link by which it gets or got its password, while nobody else has vouched for
/// it; null: nobody has to.</param>
/// <param name="UsedLink">The newest link of somebody's by which it got its password, <c>otl_…</c>, which a vouch
/// names; null: none was used, or somebody vouched for it.</param>
internal sealed record AccountShown(
    AccountId Id, string Email, string Name, IReadOnlyList<string> Roles, string? Person, string State,
    DateTimeOffset? ClosedAt, bool HasPassword, bool HasProvider, string? LinkMaker, LinkId? UsedLink)
{
    internal static AccountShown Of(Account account, DateTimeOffset now) => new(
        account.Id, account.Email, account.Name, account.Roles,
        account.PersonId is { } person ? $"prs_{person:N}" : null,
        account.ClosedAt is not null ? "closed" : account.IsOver(now) ? "left" : "open", account.ClosedAt,
        account.HasPassword, account.HasProvider, account.LinkMaker, account.UsedLink);
}
