using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>Terms or settings that a company's only administrator decided alone. Every statement of days on which they
/// were in force says so.</summary>
/// <param name="What">As <c>conversion terms, version 3</c>.</param>
/// <param name="At">When.</param>
public sealed record DecidedAlone(string What, DateTimeOffset At)
{
    // Of plans and conversions by the version that each was computed from: a grant for as long as its tokens can be
    // there, a conversion or a claim from the day that it was asked for to the day that it is paid. Of what is on file
    // of the person from the day that it holds, since nothing says which of it a later change is of.
    private static readonly string Touching = Sql.Read("Statements/DecidedAlone.sql");

    /// <summary>In a sentence.</summary>
    public string InWords() => string.Create(CultureInfo.InvariantCulture,
        $"The company's only administrator decided {What} alone on {At.UtcDateTime:d MMMM yyyy}.");

    /// <summary>What was in force on any of some days, or what somebody has or is paid in them was computed from; the
    /// oldest decision first.</summary>
    /// <param name="db">The database.</param>
    /// <param name="person">Whose statement it is.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The instant after the last.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<DecidedAlone>> ReadAsync(
        NpgsqlDataSource db, Guid person, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        await db.ReadAsync(
            Touching,
            row => new DecidedAlone(row.Text("made"), row.Instant("decided_at")), [from, to, person], ct);
}
