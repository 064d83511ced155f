using System.Globalization;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>Terms or settings that a company's only administrator decided alone. Every statement of days on which they
/// were in force says so.</summary>
/// <param name="What">As <c>conversion terms, version 3</c>.</param>
/// <param name="By">Who decided them.</param>
/// <param name="At">When.</param>
public sealed record DecidedAlone(string What, string By, DateTimeOffset At)
{
    private const string InForce = """
        select made, decided_by, decided_at from approvals.v_input_alone
         where effective_from < $2 and (effective_until is null or effective_until > $1)
         order by decided_at, made limit 200
        """;

    /// <summary>In a sentence.</summary>
    public string InWords() => string.Create(CultureInfo.InvariantCulture,
        $"{By} decided {What} alone on {At.UtcDateTime:d MMMM yyyy}, as the only administrator.");

    /// <summary>What was in force on any of some days, the oldest decision first.</summary>
    /// <param name="db">The database.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The instant after the last.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<DecidedAlone>> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        await db.ReadAsync(
            InForce,
            row => new DecidedAlone(row.Text("made"), row.Text("decided_by"), row.Instant("decided_at")),
            [from, to], ct);
}
