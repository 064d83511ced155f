using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.People.Employees;

/// <summary>One person as they are today, or were or are to be on another day, for whoever runs the programme and for
/// that person.</summary>
internal static class GetPerson
{
    internal static async Task<Results<Ok<Person>, ProblemHttpResult>> Handle(
        string personOrEmail, DateOnly? on, ClaimsPrincipal caller, PeopleDirectory people, TimeProvider clock,
        CancellationToken ct)
    {
        // The same answer for both, so that nobody learns whether somebody else is on file.
        var person = await people.AsOfAsync(personOrEmail, on ?? clock.Today(), ct);
        return person is not null && Access.MayRead(caller, person.Id.Value)
            ? TypedResults.Ok(person)
            : PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");
    }
}
