using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.People.Employees;

/// <summary>People as a caller's permission reaches them: themselves (<c>me</c>), whoever reports to them, or
/// anybody.</summary>
public static class Readable
{
    /// <param name="personOrEmail">Who.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="permission">For what.</param>
    /// <param name="people">To find them.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null where there is nobody, or nobody that the permission reaches.</returns>
    public static async Task<Person?> FindAsync(
        string personOrEmail, ClaimsPrincipal caller, string permission, PeopleDirectory people, CancellationToken ct)
    {
        var named = personOrEmail == "me" && Access.PersonOf(caller) is { } own
            ? new PersonId(own).ToString() : personOrEmail;
        var person = await people.FindAsync(named, ct);
        return person is not null && May(caller, permission, person.Id) ? person : null;
    }

    /// <summary>Whether a caller's permission reaches somebody. Who reports to whom is not asked yet, so that a team
    /// is nobody beside the caller; this is the one place to ask it.</summary>
    public static bool May(ClaimsPrincipal caller, string permission, PersonId person) =>
        Access.May(caller, permission, person.Value);

    // The same answer for both, so that nobody learns whether somebody else is on file.
    public static ProblemHttpResult Nobody(string personOrEmail) =>
        PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");
}
