using Guerdon.Kernel;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Pay;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.PayProofs;

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
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PayLineId.TryParse(id, out var known) || await PayLines.FindAsync(db, known, ct) is not { } line
            || !Access.May(http.User, Permissions.PayRead, line.Person.Value)) return Unknown(id);
        LookedAt.Say(http, line.Person.Value);
        return (await DetailAsync(db, line, ct)).ToHttp();
    }

    /// <summary>What a line rests on, or why it is not shown.</summary>
    public static async Task<Result<Detail>> DetailAsync(NpgsqlDataSource db, PayLine line, CancellationToken ct)
    {
        if (line.Claim is { } claimed)
        {
            var claim = await ClaimStore.FindAsync(db, claimed, ct);
            var wrong = claim is null ? "its claim is missing" : claim.Problem(line);
            return wrong is null ? new Detail(line, null, [], [], claim) : Broken(line, wrong);
        }

        if (await ConversionStore.FindAsync(db, line.Conversion!.Value, ct) is not { } conversion)
            return Broken(line, "its conversion is missing");
        var rows = await PayLineProof.RowsAsync(db, line, conversion, ct);
        return PayLineProof.Problem(line, conversion, rows) is { } problem
            ? Broken(line, problem)
            : new Detail(line, conversion, await ConversionStore.StepsAsync(db, conversion.Id, ct), rows, null);
    }

    internal static ProblemHttpResult Unknown(string id) =>
        ConversionRefusals.PayLineNotFound.ToProblem($"There is no pay line '{id}' that you may read.");

    private static Refused Broken(PayLine line, string why) =>
        ConversionRefusals.DoesNotReAdd.With($"{line.Id} does not re-add: {why}.");
}
