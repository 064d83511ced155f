using Npgsql;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// What a caller writes beside its transfers: all of it is in their commit, or none. Both may be run again, since a
/// group that met a conflict is tried again.
/// </summary>
public sealed class InSameCommit
{
    /// <summary>Run first. It appends many rows at a fraction of what an insert costs, by <c>COPY</c>.</summary>
    public Func<NpgsqlConnection, CancellationToken, Task>? Copy { get; init; }

    /// <summary>Made again for each try, since a command belongs to one batch. Runs after the transfers.</summary>
    public IReadOnlyList<Func<NpgsqlBatchCommand>> Commands { get; init; } = [];
}
