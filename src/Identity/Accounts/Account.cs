using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Identity.Accounts;

/// <summary>A local account: who signs in, which is not always a person of the company.</summary>
[JsonConverter(typeof(IdConverter<AccountId>))]
public readonly record struct AccountId(Guid Value) : IId<AccountId>
{
    public static string Prefix => "acc";
    public static AccountId From(Guid value) => new(value);
    public override string ToString() => Id.Format(this);
}

/// <summary>A link by which the password of an account is set.</summary>
[JsonConverter(typeof(IdConverter<LinkId>))]
public readonly record struct LinkId(Guid Value) : IId<LinkId>
{
    public static string Prefix => "otl";
    public static LinkId From(Guid value) => new(value);
    public override string ToString() => Id.Format(this);
}

/// <summary>Somebody who can sign in.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Lower-cased.</param>
/// <param name="Name">As pages greet them.</param>
/// <param name="Roles">Of <see cref="Kernel.Roles"/>, in the order in which they are shown.</param>
/// <param name="PersonId">Whose wallet is theirs; null for an account that is nobody's.</param>
public sealed record Account(
    AccountId Id, string Email, string Name, IReadOnlyList<string> Roles, Guid? PersonId)
{
    /// <summary>See <see cref="Kernel.Roles.FormerWord"/>.</summary>
    public string Role => Kernel.Roles.FormerWord(Roles);

    /// <summary>See <see cref="Passwords"/>; null: signs in with tokens only.</summary>
    internal string? PasswordHash { get; init; }

    /// <summary>The person's last day of employment; null: none is known, or it is nobody's.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>Whether it is a program's: it has tokens and no password, and approves no money.</summary>
    public bool IsService { get; init; }

    /// <summary>Since when it is closed; null: it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When the company's directory ended the person's access; null: it did not.</summary>
    public DateTimeOffset? AccessEndedAt { get; init; }

    /// <summary>Who made a link by which it got its password, or will, while nobody else has said whose it is; null:
    /// nobody, or whoever has the server's machine.</summary>
    public string? LinkMaker { get; init; }

    /// <summary>The newest link of somebody's by which it got its password, for which nobody has vouched; null: there
    /// is none.</summary>
    public LinkId? UsedLink { get; init; }

    /// <summary>Whether somebody has set a password, by which they sign in.</summary>
    public bool HasPassword => PasswordHash is not null;

    /// <summary>Whether somebody signs in with it by a provider that is in force.</summary>
    public bool HasProvider { get; init; }

    /// <summary>Until when the company is in works-council mode; null: it never was.</summary>
    internal DateTimeOffset? GroupsUntil { get; init; }

    /// <summary>Whether somebody signs in with it, either way; else it is nobody's for approvals and roles.</summary>
    public bool SignsIn => HasPassword || HasProvider;

    /// <summary>Whether it opens nothing any more, since it is closed, its person has left or their access was ended.
    /// Whatever lets an account in asks this: sign-in, each request with a session, each with a token.</summary>
    public bool IsOver(DateTimeOffset now) =>
        ClosedAt is not null || AccessEndedAt is not null || AccessEnd.IsOver(LastDay, now);

    /// <summary>Whoever has it, as an approval tells people apart.</summary>
    internal Actor Holder => new(Email, PersonId) { Account = Id.Value };
}
