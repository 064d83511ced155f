using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices;

/// <summary>Marks one's own notices as seen. Safe to repeat.</summary>
internal static class SeeNotices
{
    /// <param name="Notices">Which; null: all.</param>
    public sealed record Request(IReadOnlyList<NoticeId>? Notices = null);

    /// <param name="Seen">How many were not seen before.</param>
    public sealed record Reply(int Seen);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, Request? request, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        TimeProvider clock, CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.NoticesRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        if (Access.PersonOf(caller) != person.Id.Value)
            return NoticeRefusals.NotYourNotices.ToProblem("These are somebody else's notices.");
        return TypedResults.Ok(new Reply(
            await NoticeWriter.SeeAsync(db, person.Id, request?.Notices, clock.GetUtcNow(), ct)));
    }
}
