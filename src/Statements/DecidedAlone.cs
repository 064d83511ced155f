using System.Globalization;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>Terms or settings that a company's only administrator decided alone. Every statement of days on which they
/// were in force says so.</summary>
/// <param name="What">As <c>conversion terms, version 3</c>.</param>
/// <param name="At">When.</param>
public sealed record DecidedAlone(string What, DateTimeOffset At)
{
    private const string InForce = """
        select made, decided_at from approvals.v_input_alone i
         where effective_from < $2 and (effective_until is null or effective_until > $1)
           and (kind <> 'plan' or exists (
               select from compensation.v_grant g where g.plan = i.subject and g.person_id = $3))
         order by decided_at, made
        """;

    /// <summary>In a sentence.</summary>
    public string InWords() => string.Create(CultureInfo.InvariantCulture,
        $"The company's only administrator decided {What} alone on {At.UtcDateTime:d MMMM yyyy}.");

    /// <summary>What was in force on any of some days, the oldest decision first; of plans, those that somebody was
    /// granted something by.</summary>
    /// <param name="db">The database.</param>
    /// <param name="person">Whose statement it is.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The instant after the last.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<DecidedAlone>> ReadAsync(
        NpgsqlDataSource db, Guid person, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        await db.ReadAsync(
            InForce,
            row => new DecidedAlone(row.Text("made"), row.Instant("decided_at")), [from, to, person], ct);
}
