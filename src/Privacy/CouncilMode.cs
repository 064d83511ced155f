using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Privacy;

/// <summary>
/// Whether the company is in works-council mode. Each switch is a row, of the act of whoever started the server: on, at
/// once; off, two weeks later, so that everybody can have read on their own page that it ends. Callers are read with it
/// (<see cref="Access.GroupsOnlyClaim"/>), so that it holds on all nodes with the next request.
/// </summary>
/// <param name="db">Where it is.</param>
/// <param name="options">What this node was started with.</param>
/// <param name="clock">When it is switched.</param>
public sealed class CouncilMode(NpgsqlDataSource db, IOptions<PrivacyOptions> options, TimeProvider clock)
{
    /// <summary>How long after it is switched off the mode ends.</summary>
    public static readonly TimeSpan EndsAfter = TimeSpan.FromDays(14);

    /// <summary>What tells <see cref="State"/> from the newest row.</summary>
    private const string ReadSql = "select is_on, since, at, groups_until from privacy.v_mode";

    private const string SwitchSql = """
        insert into privacy.mode_change (change_id, is_on, at, in_force_at) values ($1, $2, $3, $4)
        """;

    /// <summary>How it stands.</summary>
    /// <param name="IsOn">Whether figures of one person are shown to that person alone.</param>
    /// <param name="Since">Since when; of a mode that is over, when it was switched off; null: it never was on.</param>
    /// <param name="EndsAt">When it ends, or ended; null: nobody switched it off.</param>
    public sealed record State(bool IsOn, DateTimeOffset? Since, DateTimeOffset? EndsAt);

    /// <summary>How it stands now.</summary>
    public async Task<State> ReadAsync(CancellationToken ct) =>
        await db.FirstAsync(ReadSql, StateOf, [], ct) ?? new State(false, null, null);

    /// <summary>Switches it where the settings say so. Repeating it changes nothing.</summary>
    public async Task ApplyAsync(CancellationToken ct)
    {
        if (options.Value.WorksCouncil is not { } wanted) return;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, "privacy.mode", ct); // nodes that start at once
        if (wanted == await connection.ScalarAsync<bool>("select is_on from privacy.v_mode", [], ct)) return;
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(
            SwitchSql, [Guid.CreateVersion7(now), wanted, now, wanted ? now : now + EndsAfter], ct);
        await transaction.CommitAsync(ct);
    }

    private State StateOf(Row row)
    {
        var (isWanted, until) = (row.Bool("is_on"), row.Instant("groups_until"));
        var isOn = until > clock.GetUtcNow();
        return new(isOn, row.Instant(isOn ? "since" : "at"), isWanted ? null : until);
    }
}
