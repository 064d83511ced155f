using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.People.Employees;

/// <summary>One person as they are today, or were or are to be on another day, whom the permission reaches.</summary>
internal static class GetPerson
{
    internal static async Task<Results<Ok<PersonShown>, ProblemHttpResult>> Handle(
        string personOrEmail, DateOnly? on, ClaimsPrincipal caller, PeopleDirectory people, TimeProvider clock,
        CancellationToken ct)
    {
        var found = await Readable.FindAsync(personOrEmail, caller, Permissions.PeopleRead, people, ct);
        return found is not null && await people.AsOfAsync($"{found.Id}", on ?? clock.Today(), ct) is { } person
            ? TypedResults.Ok(PersonShown.To(caller, person)) : Readable.Nobody(personOrEmail);
    }
}
