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
        return person is not null && await MayAsync(caller, permission, person.Id, people, ct) ? person : null;
    }

    /// <summary>Whether a caller's permission reaches somebody. The one place that asks who reports to whom, as of
    /// today.</summary>
    public static async Task<bool> MayAsync(
        ClaimsPrincipal caller, string permission, PersonId person, PeopleDirectory people, CancellationToken ct) =>
        Access.May(caller, permission, person.Value)
        || (Access.ReachOf(caller, permission) == Reach.Team && Access.PersonOf(caller) is { } manager
            && await people.IsUnderTodayAsync(new(manager), person, ct));

    /// <summary>Whom a list is of, for SQL to narrow it to.</summary>
    /// <param name="IsOfAll">Everybody; else the next two say of whom.</param>
    /// <param name="Person">The caller's own; null: nobody's.</param>
    /// <param name="WithTeam">Also of whoever reports to them.</param>
    public readonly record struct Listed(bool IsOfAll, Guid? Person, bool WithTeam);

    /// <summary>Whom a caller's permission reaches in a list.</summary>
    public static Listed ListOf(ClaimsPrincipal caller, string permission)
    {
        var reach = Access.ReachOf(caller, permission);
        return reach == Reach.Everyone ? new(true, null, false)
            : new(false, reach == Reach.None ? null : Access.PersonOf(caller), reach == Reach.Team);
    }

    // The same answer for both, so that nobody learns whether somebody else is on file.
    public static ProblemHttpResult Nobody(string personOrEmail) =>
        PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");
}
