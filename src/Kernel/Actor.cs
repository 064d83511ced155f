using System.Security.Claims;

namespace Guerdon.Kernel;

/// <summary>Who does something, as records name them. Whether two deeds are of one and the same is decided by account
/// and by person, never by name: an address is handed on.</summary>
/// <param name="Name">The account's e-mail at the time, for people to read.</param>
/// <param name="Person">The person whose account it is; null: nobody's.</param>
public sealed record Actor(string Name, Guid? Person)
{
    /// <summary>Guerdon itself, where a time passes or terms decide.</summary>
    public static readonly Actor Guerdon = new("Guerdon", null);

    /// <summary>The account; null: Guerdon itself, or an old record whose account is not known.</summary>
    public Guid? Account { get; init; }

    /// <summary>Who else may sign in with the account, where that was looked up; null: it was not.</summary>
    public SignedInBy? Signs { get; init; }

    /// <summary>Whether they hold a permission, of whoever calls at this moment; null: of whom a record tells.
    /// </summary>
    public Func<string, bool>? Holds { get; init; }

    /// <summary>Whether they hold a permission of everybody, of whoever calls at this moment; null: of whom a record
    /// tells.</summary>
    public Func<string, bool>? HoldsOfAll { get; init; }

    /// <summary>Whether their last sign-in is recent enough at a time to approve money, of whoever calls at this
    /// moment; null: of whom a record tells.</summary>
    public Func<DateTimeOffset, bool>? IsConfirmedAt { get; init; }

    public static Actor Of(ClaimsPrincipal caller) => new(Access.NameOf(caller), Access.PersonOf(caller))
    {
        Account = Access.AccountOf(caller), Holds = permission => Access.May(caller, permission),
        HoldsOfAll = permission => Access.MayWithAll(caller, permission),
        IsConfirmedAt = now => Access.IsConfirmed(caller, now),
    };

    /// <summary>Whether all is the same that tells them apart; what they hold, or how they signed in, does not.
    /// </summary>
    public bool Equals(Actor? other) =>
        other is not null && Name == other.Name && Person == other.Person && Account == other.Account;

    public override int GetHashCode() => HashCode.Combine(Name, Person, Account);

    /// <summary>Whether it is somebody's own account.</summary>
    public bool Is(Guid person) => Person == person;

    /// <summary>Whether two deeds are of one account or person, or both Guerdon's.</summary>
    public bool Is(Actor other) => (Person is not null && Person == other.Person)
        || (Account is not null && Account == other.Account) || (this == Guerdon && other == Guerdon);

    /// <summary>Whether two that are not the same may be one all the same: one of them made the link by which the other
    /// got the password, or somebody made both, and nobody else said whose the account is. False where it was not
    /// looked up.</summary>
    public bool IsLinkedTo(Actor other) => !Is(other) && Ids(this).Intersect(Ids(other)).Any();

    /// <summary>Whether one of two is the account that came with the installation: whoever set Guerdon up has it beside
    /// one of their own, so that it is nobody else.</summary>
    public bool IsInstallersOr(Actor other) => Signs is { IsInstallers: true } || other.Signs is { IsInstallers: true };

    /// <summary>Either of these: two that are not the same, and not surely two.</summary>
    public bool MayBe(Actor other) => IsLinkedTo(other) || (!Is(other) && IsInstallersOr(other));

    private static IEnumerable<Guid> Ids(Actor of) =>
        ((Guid?[])[of.Person, of.Account]).OfType<Guid>().Concat(of.Signs?.Makers ?? []);
}

/// <summary>Who else may sign in with an account.</summary>
/// <param name="Makers">Accounts, and persons whose they are, that made a link by which it got its password, and links
/// of those; without those for whom somebody else vouched since.</param>
/// <param name="IsInstallers">Whether it is the account that came with the installation, or got its password by a link
/// of that.</param>
public sealed record SignedInBy(IReadOnlyCollection<Guid> Makers, bool IsInstallers)
{
    /// <summary>Nobody else.</summary>
    public static readonly SignedInBy Owner = new([], false);
}
