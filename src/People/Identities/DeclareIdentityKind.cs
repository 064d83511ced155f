using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.Identities;

/// <summary>Declares a kind of identity: from then on it is a column of the file of people. Declaring it
/// again is safe.</summary>
internal static class DeclareIdentityKind
{
    /// <param name="Kind">Lower-case letters, digits and <c>_</c>, up to 40.</param>
    /// <param name="FindsPerson">Whether it finds the person in a file, before the e-mail address does: for numbers
    /// that HR gives.</param>
    public sealed record Request(string? Kind, bool FindsPerson = false);

    private const string Insert = """
        insert into people.identity_kind (kind, finds_person, declared_by, declared_at) values ($1, $2, $3, $4)
        on conflict (kind) do update set finds_person = excluded.finds_person, declared_by = excluded.declared_by,
            declared_at = excluded.declared_at where identity_kind.finds_person <> excluded.finds_person
        """;

    internal static async Task<Results<Ok<IdentityKind>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!IdentityKind.IsName(request.Kind))
            return PeopleRefusals.KindInvalid.ToProblem($"'{request.Kind}' cannot be a kind of identity.");

        await db.ExecuteAsync(
            Insert, [request.Kind, request.FindsPerson, Access.NameOf(caller), clock.GetUtcNow()], ct);
        return TypedResults.Ok(new IdentityKind(request.Kind!, request.FindsPerson));
    }
}
