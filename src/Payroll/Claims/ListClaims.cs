using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Claims;

/// <summary>Claims: a person's, for the person and for admins; everybody's, for admins; and a receipt.</summary>
internal static class ListClaims
{
    /// <param name="Claims">Newest first, at most 1,000; of everybody's those that wait before, oldest first.</param>
    public sealed record Reply(IReadOnlyList<FiledClaim> Claims);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Of(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.ClaimsRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        return TypedResults.Ok(new Reply(await ClaimStore.ListAsync(db, person.Id, onlyOpen: false, ct)));
    }

    /// <param name="open">Only those not decided.</param>
    /// <param name="db">Read only.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Ok<Reply>> All(bool? open, NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await ClaimStore.ListAsync(db, null, open ?? false, ct)));

    /// <summary>The receipt as it was handed in, to save and not to show: a browser runs nothing of it.</summary>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Receipt(
        string id, ClaimsPrincipal caller, NpgsqlDataSource db, HttpResponse response, CancellationToken ct)
    {
        if (!ClaimId.TryParse(id, out var known) || await ClaimStore.FindAsync(db, known, ct) is not { } claim
            || !Access.May(caller, Permissions.ClaimsRead, claim.Person.Value))
            return ClaimDecisions.Unknown(id).ToProblem();
        LookedAt.Say(response.HttpContext, claim.Person.Value);
        var receipt = (await ClaimStore.ReceiptAsync(db, known, ct))!;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, no-store";
        return TypedResults.File(receipt.Content, receipt.ContentType, receipt.FileName(known));
    }
}
