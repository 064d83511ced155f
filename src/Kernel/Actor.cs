using System.Security.Claims;

namespace Stipend.Kernel;

/// <summary>Who does something, as records name them. Whether two deeds are of one and the same is decided by account
/// and by person; the name is for people to read.</summary>
/// <param name="Name">The account's e-mail.</param>
/// <param name="Person">The person whose account it is; null: nobody's.</param>
public sealed record Actor(string Name, Guid? Person)
{
    /// <summary>Stipend itself, where a time passes or terms decide.</summary>
    public static readonly Actor Stipend = new("Stipend", null);

    /// <summary>The account; null: Stipend itself, or a record from before accounts were written down.</summary>
    public Guid? Account { get; init; }

    public static Actor Of(ClaimsPrincipal caller) =>
        new(Access.NameOf(caller), Access.PersonOf(caller)) { Account = Access.AccountOf(caller) };

    /// <summary>Whether it is somebody's own account. One that is nobody's counts as theirs where it has their
    /// e-mail.</summary>
    public bool Is(Guid person, string email) => Person is { } own ? own == person : HasName(email);

    /// <summary>Whether two deeds are of one account or person. Where a record has no account, its name
    /// decides.</summary>
    public bool Is(Actor other) => (Person is not null && Person == other.Person)
        || (Account is not null && other.Account is not null ? Account == other.Account : HasName(other.Name));

    private bool HasName(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
