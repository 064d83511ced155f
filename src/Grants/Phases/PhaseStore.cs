using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Phases;

/// <summary>How far plans' roll-outs have come.</summary>
internal static class PhaseStore
{
    private const string Opened =
        "select phase from compensation.v_phase where plan = $1 and opened_at is not null and begins_on <= $2";

    private const string Coming = """
        select begins_on from compensation.v_phase
         where plan = $1 and opened_at is not null and begins_on > $2
         union
        select from_on from compensation.tier_request where plan = $1 and decision = 'approved' and from_on > $2
         order by 1
        """;

    /// <summary>Days after one on which phases begin that are opened, or tiers that people unlocked.</summary>
    public static Task<List<DateOnly>> ComingAsync(
        NpgsqlConnection connection, string plan, DateOnly day, CancellationToken ct) =>
        connection.ReadAsync(Coming, row => row.Date("begins_on"), [plan, day], ct);

    /// <summary>The phases of a plan that count on a day; the first one needs no opening and is
    /// not among them.</summary>
    public static async Task<HashSet<string>> OpenedAsync(
        NpgsqlConnection connection, string plan, DateOnly day, CancellationToken ct) =>
        [.. await connection.ReadAsync(Opened, row => row.Text("phase"), [plan, day], ct)];
}
