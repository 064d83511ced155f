using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>A run as whoever decides finds it, locked until their transaction ends.</summary>
internal sealed record RunState(Actor PreparedBy, string Kind, int Lines, byte[] Content, byte[] Now)
{
    private static readonly string Lock = Sql.Read("Grants/Runs/LockRun.sql");

    /// <summary>The sums of its lines, as whoever decides sees them.</summary>
    public (long Milli, long UsdNanos) Totals { get; private init; }

    /// <summary>approved, declined, or null while it waits.</summary>
    public string? Decision { get; private init; }

    public Actor? DecidedBy { get; private init; }
    public DateTimeOffset? DecidedAt { get; private init; }

    /// <summary>Who asked for it to be taken back.</summary>
    public Actor? ReversalBy { get; private init; }

    public Actor? ReversedBy { get; private init; }
    public DateTimeOffset? ReversedAt { get; private init; }

    /// <summary>Null: there is no such run, or it is a rehearsal.</summary>
    public static async Task<RunState?> LockAsync(NpgsqlConnection connection, RunId run, CancellationToken ct)
    {
        await using var command = Db.Command(connection, Lock, run.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return null;

        return new RunState(
            Db.ActorAt(row, 0)!, row.GetString(17), row.GetInt32(18), row.GetFieldValue<byte[]>(15),
            row.GetFieldValue<byte[]>(16))
        {
            Totals = (row.GetInt64(19), row.GetInt64(20)),
            Decision = row.IsDBNull(3) ? null : row.GetString(3), DecidedBy = Db.ActorAt(row, 4), DecidedAt = At(7),
            ReversalBy = Db.ActorAt(row, 8), ReversedBy = Db.ActorAt(row, 11), ReversedAt = At(14),
        };

        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }

    /// <summary>Why the run cannot be decided in a way: it was decided otherwise, or by somebody else. Null: nobody
    /// decided it, or they did, and so.</summary>
    public Refused? Decided(RunId run, string decision, Actor by)
    {
        if (Decision is null || (ReversedAt is null && Decision == decision && by.Is(DecidedBy!))) return null;
        return GrantRefusals.RunDecided.With(ReversedAt is { } back
            ? $"{run} was taken back by {ReversedBy!.Name} on {Wording.Utc(back)}."
            : $"{run} was {Decision} by {DecidedBy!.Name} on {Wording.Utc(DecidedAt)}.");
    }
}
