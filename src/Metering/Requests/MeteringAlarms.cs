using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>What is booked and may be wrong, for whoever runs the programme: sums, in which no person is.</summary>
public static class MeteringAlarms
{
    private static readonly string DoubtfulSql = Sql.Read("Metering/Requests/DoubtfulCalls.sql");
    private static readonly string EstimatedSql = Sql.Read("Metering/Requests/EstimatedCalls.sql");
    private static readonly string UnappliedSql = Sql.Read("Metering/Requests/UnappliedCorrections.sql");

    /// <summary>Calls that settled at prices which may not cover them, and that no provider's report corrected.
    /// </summary>
    /// <param name="Doubts">Why, in words.</param>
    /// <param name="Calls">How many.</param>
    /// <param name="Since">When the first of them began.</param>
    public sealed record Doubtful(IReadOnlyList<string> Doubts, long Calls, DateTimeOffset Since);

    /// <summary>Corrections by a provider's newest report, which nobody has applied.</summary>
    /// <param name="Provider">Whose report.</param>
    /// <param name="Calls">How many they correct.</param>
    /// <param name="By">Who had them worked out.</param>
    /// <param name="At">When.</param>
    public sealed record Unapplied(string Provider, int Calls, string By, DateTimeOffset At);

    /// <summary>Calls of a provider that were settled by estimate: their answers broke off, told no usage, or were lost
    /// with their node.</summary>
    /// <param name="Provider">Whose; empty: not known, since their node died.</param>
    /// <param name="Calls">How many.</param>
    /// <param name="CostMilli">What they were estimated at together, in milli-tokens.</param>
    public sealed record Estimated(string Provider, long Calls, long CostMilli);

    /// <summary>By provider, since an instant: the 20 with most calls.</summary>
    public static async Task<IReadOnlyList<Estimated>> EstimatedAsync(
        NpgsqlDataSource db, DateTimeOffset since, CancellationToken ct) =>
        await db.ReadAsync(
            EstimatedSql, row => new Estimated(row.Text("provider"), row.Bigint("calls"), row.Bigint("cost_milli")),
            [since], ct);

    /// <summary>What is doubtful and what is not applied, since an instant; of each at most 20.</summary>
    public static async Task<(IReadOnlyList<Doubtful> Doubtful, IReadOnlyList<Unapplied> Unapplied)> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var doubtful = await connection.ReadAsync(
            DoubtfulSql,
            row => new Doubtful(
                DoubtWords.Of((Doubts)row.Smallint("doubts")), row.Bigint("calls"), row.Instant("since")),
            [since], ct);
        var unapplied = await connection.ReadAsync(
            UnappliedSql,
            row => new Unapplied(
                row.Text("provider"), row.Int4("corrections"), row.Text("made_by"), row.Instant("made_at")),
            [since], ct);
        return (doubtful, unapplied);
    }
}
