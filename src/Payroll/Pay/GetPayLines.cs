using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Conversions;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Pay;

/// <summary>Pay lines: a person's, for the person and for admins; everybody's by the day they may be taken, for
/// admins.</summary>
public static class GetPayLines
{
    /// <param name="PayLines">Newest first, at most 1,000.</param>
    public sealed record Reply(IReadOnlyList<PayLine> PayLines);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Of(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, people, ct) is not { } person)
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

/// <summary>One pay line down to the rows it was booked by. It re-adds, or it is not shown.</summary>
public static class ShowPayLine
{
    /// <param name="Line">The line.</param>
    /// <param name="Conversion">What was converted; null for a claim.</param>
    /// <param name="Steps">Who did what to it.</param>
    /// <param name="Rows">The ledger's rows; they add up to the conversion's tokens.</param>
    /// <param name="Claim">What was claimed; null for a conversion.</param>
    public sealed record Detail(
        PayLine Line, Conversion? Conversion, IReadOnlyList<ConversionStep> Steps, IReadOnlyList<LedgerRow> Rows,
        FiledClaim? Claim);

    internal static async Task<Results<Ok<Detail>, ProblemHttpResult>> Handle(
        string id, ClaimsPrincipal caller, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PayLineId.TryParse(id, out var known) || await PayLines.FindAsync(db, known, ct) is not { } line
            || !Access.MayRead(caller, line.Person.Value)) return Unknown(id);
        var (detail, no) = await DetailAsync(db, line, ct);
        return detail is null ? no!.ToProblem() : TypedResults.Ok(detail);
    }

    /// <summary>What a line rests on, or why it is not shown.</summary>
    public static async Task<(Detail? Detail, Refused? No)> DetailAsync(
        NpgsqlDataSource db, PayLine line, CancellationToken ct)
    {
        if (line.Claim is { } claimed)
        {
            var claim = await ClaimStore.FindAsync(db, claimed, ct);
            var wrong = claim is null ? "its claim is missing" : claim.Problem(line);
            return wrong is null ? (new Detail(line, null, [], [], claim), null) : (null, Broken(line, wrong));
        }

        if (await ConversionStore.FindAsync(db, line.Conversion!.Value, ct) is not { } conversion)
            return (null, Broken(line, "its conversion is missing"));
        var rows = await PayLineProof.RowsAsync(db, line, conversion, ct);
        return PayLineProof.Problem(line, conversion, rows) is { } problem
            ? (null, Broken(line, problem))
            : (new Detail(line, conversion, await ConversionStore.StepsAsync(db, conversion.Id, ct), rows, null), null);
    }

    internal static ProblemHttpResult Unknown(string id) =>
        ConversionRefusals.PayLineNotFound.ToProblem($"There is no pay line '{id}' that you may read.");

    private static Refused Broken(PayLine line, string why) =>
        ConversionRefusals.DoesNotReAdd.With($"{line.Id} does not re-add: {why}.");
}
