using Dapper;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Metering;

/// <summary>What is booked and may be wrong, for whoever runs the programme: sums, in which no person is.</summary>
public static class MeteringAlarms
{
    private static readonly string DoubtfulSql = Sql.Read("Metering/Requests/DoubtfulCalls.sql");
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

    private sealed record DoubtRow(short Doubts, long Calls, DateTime Since);

    private sealed record UnappliedRow(string Provider, int Corrections, string Made_By, DateTime Made_At);

    /// <summary>Both, since an instant; of each at most 20.</summary>
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
            [.. doubtful.Select(d => new Doubtful(ListProvisional.WordsOf((Doubts)d.Doubts), d.Calls, new(d.Since)))],
            [.. unapplied.Select(u => new Unapplied(u.Provider, u.Corrections, u.Made_By, new(u.Made_At)))]);
    }
}
