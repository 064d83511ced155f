using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Payroll.Pay;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.PayProofs;

/// <summary>Pay lines: a person's, for the person and for admins; everybody's by the day they may be
/// taken, for admins.</summary>
internal static class GetPayLines
{
    /// <param name="PayLines">Newest first, at most 1,000.</param>
    public sealed record Reply(IReadOnlyList<PayLine> PayLines);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Of(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.PayRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        return TypedResults.Ok(new Reply(await PayLines.OfAsync(db, person.Id, ct)));
    }

    /// <param name="from">The first day to pay on; null: any.</param>
    /// <param name="to">The last; null: any.</param>
    /// <param name="before">The last line of the page before; null: the first page.</param>
    /// <param name="db">Read only.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> All(
        DateOnly? from, DateOnly? to, string? before, NpgsqlDataSource db, CancellationToken ct)
    {
        if (to < from)
            return KernelRefusals.PeriodInvalid.ToProblem($"{to:yyyy-MM-dd} is before {from:yyyy-MM-dd}.");
        PayLineId? last = null;
        if (before is not null)
        {
            if (!PayLineId.TryParse(before, out var id)) return ShowPayLine.Unknown(before);
            last = id;
        }

        return TypedResults.Ok(new Reply(await PayLines.PageAsync(db, from, to, last, ct)));
    }
}
