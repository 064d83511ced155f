using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices.Choices;

/// <summary>Which notices a person gets by e-mail; for the person and for admins.</summary>
internal static class GetChoices
{
    /// <param name="IsEmailOn">Whether the company sends notices by e-mail at all.</param>
    /// <param name="Choices">Every kind there is.</param>
    public sealed record Reply(bool IsEmailOn, IReadOnlyList<NoticeChoice> Choices);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.NoticesRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        return TypedResults.Ok(new Reply(
            await NoticeChoices.IsEmailOnAsync(db, ct), await NoticeChoices.OfAsync(db, person.Id, ct)));
    }
}
