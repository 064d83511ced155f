using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices;

/// <summary>What a person was told, newest first; for the person and for admins.</summary>
internal static class GetNotices
{
    /// <param name="Unseen">How many of all are not seen.</param>
    /// <param name="Notices">The newest 200.</param>
    public sealed record Reply(long Unseen, IReadOnlyList<Notice> Notices);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.NoticesRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        return TypedResults.Ok(new Reply(
            await NoticeWriter.UnseenAsync(db, person.Id, ct), await NoticeWriter.OfAsync(db, person.Id, ct)));
    }
}
