using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.People.Employees;

/// <summary>People as a caller may see them: <c>me</c>, or anybody for whoever runs the programme.</summary>
public static class Readable
{
    public static async Task<Person?> FindAsync(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, CancellationToken ct)
    {
        var named = personOrEmail == "me" && Access.PersonOf(caller) is { } own
            ? new PersonId(own).ToString() : personOrEmail;
        var person = await people.FindAsync(named, ct);
        return person is not null && Access.MayRead(caller, person.Id.Value) ? person : null;
    }

    // The same answer for both, so that nobody learns whether somebody else is on file.
    public static ProblemHttpResult Nobody(string personOrEmail) =>
        PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");
}
