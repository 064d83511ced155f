using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Phases;

/// <summary>How far plans' roll-outs have come.</summary>
internal static class PhaseStore
{
    private const string Opened =
        "select phase from compensation.v_phase where plan = $1 and opened_at is not null and begins_on <= $2";

    /// <summary>The phases of a plan that count on a day; the first one needs no opening and is
    /// not among them.</summary>
    public static async Task<HashSet<string>> OpenedAsync(
        NpgsqlConnection connection, string plan, DateOnly day, CancellationToken ct) =>
        [.. await connection.ReadAsync(Opened, row => row.Text("phase"), [plan, day], ct)];
}
