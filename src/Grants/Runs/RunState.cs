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

    /// <summary>Who asked for it to be reversed.</summary>
    public Actor? ReversalBy { get; private init; }

    public Actor? ReversedBy { get; private init; }
    public DateTimeOffset? ReversedAt { get; private init; }

    /// <summary>Null: there is no such run, or it is a rehearsal.</summary>
    public static Task<RunState?> LockAsync(NpgsqlConnection connection, RunId run, CancellationToken ct) =>
        connection.FirstAsync(Lock, StateOf, [run.Value], ct);

    private static RunState StateOf(Row row) => new(
        row.Actor("prepared_by"), row.Text("kind"), row.Int4("lines"), row.Bytes("content"), row.Bytes("now"))
    {
        Totals = (row.Bigint("total_milli"), row.Bigint("total_usd_nanos")),
        Decision = row.TextOrNull("decision"), DecidedBy = row.ActorOrNull("decided_by"),
        DecidedAt = row.InstantOrNull("decided_at"), ReversalBy = row.ActorOrNull("reversal_by"),
        ReversedBy = row.ActorOrNull("reversed_by"), ReversedAt = row.InstantOrNull("reversed_at"),
    };

    /// <summary>Why the run cannot be decided in a way: it was decided otherwise, or by somebody else. Null: nobody
    /// decided it, or they did, and so.</summary>
    public Refused? Decided(RunId run, string decision, Actor by)
    {
        if (Decision is null || (ReversedAt is null && Decision == decision && by.Is(DecidedBy!))) return null;
        return GrantRefusals.RunDecided.With(ReversedAt is { } back
            ? $"{run} was reversed by {ReversedBy!.Name} on {Wording.Utc(back)}."
            : $"{run} was {Decision} by {DecidedBy!.Name} on {Wording.Utc(DecidedAt)}.");
    }
}
