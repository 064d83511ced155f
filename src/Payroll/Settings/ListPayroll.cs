using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Settings;

/// <summary>Every version of the payroll settings, the newest first.</summary>
internal static class ListPayroll
{
    /// <summary>The newest first.</summary>
    public sealed record Reply(IReadOnlyList<AppliedPayroll> Settings);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply([.. (await PayrollStore.AllAsync(db, ct)).Reverse()]));
}
