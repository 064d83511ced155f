using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Files;

/// <summary>The files that payroll got, the newest first; the newest thousand.</summary>
internal static class ListPayrollExports
{
    /// <summary>The newest first.</summary>
    public sealed record Reply(IReadOnlyList<PayrollExport> Exports);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await PayrollExports.AllAsync(db, ct)));
}
