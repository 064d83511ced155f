using System.Security.Claims;
using Stipend.Kernel;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>Who does something, as records name them.</summary>
/// <param name="Name">The account's e-mail.</param>
/// <param name="Person">The person whose account it is; null: nobody's.</param>
public sealed record Actor(string Name, Guid? Person)
{
    /// <summary>Stipend itself, where a time passes or terms decide.</summary>
    public static readonly Actor Stipend = new("Stipend", null);

    public static Actor Of(ClaimsPrincipal caller) => new(Access.NameOf(caller), Access.PersonOf(caller));

    /// <summary>Whether it is somebody's own account, or one with their e-mail.</summary>
    public bool Is(PersonId person, string email) =>
        Person == person.Value || string.Equals(Name, email, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether two deeds are of one account or person.</summary>
    public bool Is(Actor other) =>
        (Person is not null && Person == other.Person)
        || string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
}
