using Dapper;
using Guerdon.Kernel;
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

    private sealed record EstimatedRow(string Provider, long Calls, long Cost_Milli);

    private sealed record DoubtRow(short Doubts, long Calls, DateTime Since);

    private sealed record UnappliedRow(string Provider, int Corrections, string Made_By, DateTime Made_At);

    /// <summary>By provider, since an instant: the 20 with most calls.</summary>
    public static async Task<IReadOnlyList<Estimated>> EstimatedAsync(
        NpgsqlDataSource db, DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<EstimatedRow>(
            new CommandDefinition(EstimatedSql, new { since = since.UtcDateTime }, cancellationToken: ct));
        return [.. rows.Select(row => new Estimated(row.Provider, row.Calls, row.Cost_Milli))];
    }

    /// <summary>What is doubtful and what is not applied, since an instant; of each at most 20.</summary>
    public static async Task<(IReadOnlyList<Doubtful> Doubtful, IReadOnlyList<Unapplied> Unapplied)> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset since, CancellationToken ct)
    {
        var span = new { since = since.UtcDateTime };
        await using var connection = await db.OpenConnectionAsync(ct);
        var doubtful = await connection.QueryAsync<DoubtRow>(
            new CommandDefinition(DoubtfulSql, span, cancellationToken: ct));
        var unapplied = await connection.QueryAsync<UnappliedRow>(
            new CommandDefinition(UnappliedSql, span, cancellationToken: ct));
        return (
            [.. doubtful.Select(d => new Doubtful(DoubtWords.Of((Doubts)d.Doubts), d.Calls, new(d.Since)))],
            [.. unapplied.Select(u => new Unapplied(u.Provider, u.Corrections, u.Made_By, new(u.Made_At)))]);
    }
}
