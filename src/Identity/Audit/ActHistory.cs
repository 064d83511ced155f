using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>What was done, for whoever may read everybody's acts.</summary>
public sealed class ActHistory
{
    private const string ChainSql = """
        select h.seq, h.chained_at, (select count(*) from host.act a where a.seq is null) as waiting
          from host.act_head h order by h.seq desc limit 1
        """;

    private readonly NpgsqlDataSource _db;
    private readonly ActLog _log;

    internal ActHistory(NpgsqlDataSource db, ActLog log) => (_db, _log) = (db, log);

    /// <param name="Acts">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for older ones; null: there are none.</param>
    public sealed record Page(IReadOnlyList<ActEntry> Acts, string? Next);

    /// <summary>How far the chain is.</summary>
    /// <param name="Acts">How many are chained.</param>
    /// <param name="ChainedAt">When the last of them was.</param>
    /// <param name="Waiting">How many wait for their place, which they get within seconds.</param>
    public sealed record Chain(long Acts, DateTimeOffset ChainedAt, long Waiting);

    /// <summary>A page of acts, the newest first, with what this node had counted by now.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">What the page before gave as <see cref="Page.Next"/>; null: the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="reader">Who sees them.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Refused where no page gave <paramref name="after"/>.</returns>
    public async Task<Result<Page>> PageAsync(
        ActFilter filter, string? after, int most, ClaimsPrincipal reader, CancellationToken ct)
    {
        Guid? last = null;
        if (after is not null)
        {
            if (!Guid.TryParseExact(after, "N", out var id)) return Unknown(after);
            last = id;
        }
        else
        {
            await _log.FlushAsync(ct);
        }

        if (await ActReads.PageAsync(_db, filter, last, most + 1, ct) is not { } found) return Unknown(after!);
        var shown = found.Take(most).Select(act => act.For(reader)).ToList();
        return new Page(shown, found.Count > most ? shown[^1].Act : null);
    }

    /// <summary>How far the chain is; null: nothing is chained yet.</summary>
    public Task<Chain?> ChainAsync(CancellationToken ct) => _db.FirstAsync(
        ChainSql, row => new Chain(row.Bigint("seq"), row.Instant("chained_at"), row.Bigint("waiting")), [], ct);

    private static Refused Unknown(string after) =>
        IdentityRefusals.PageInvalid.With($"'{Wording.Shortened(after)}' is not what a page gave as 'next'.");
}
