using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Forms;

/// <summary>
/// Which forms were taken, and what they were answered: a row for each, written before the work begins, so that a
/// second press on any node, and after any crash, finds it. Rows go when their token ends, answers when they were
/// fetched or after <see cref="AnswerLasts"/>.
/// </summary>
public sealed class FormTurns(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>How long an answer waits to be fetched by the browser that is sent for it.</summary>
    public static readonly TimeSpan AnswerLasts = TimeSpan.FromMinutes(10);

    /// <summary>Forms that one account can send within <see cref="FormTokens.LastsFor"/>.</summary>
    public const int MostPerAccount = 5_000;

    private static readonly string TakeSql = Guerdon.Kernel.Sql.Read("Forms/TakeTurn.sql");

    private const string AnswerSql = """
        update web.form_turn set goes_to = $2, answer = $3, answered_at = $4 where turn_id = $1
        """;

    private const string FindSql = """
        select taken_at, goes_to, answered_at is not null as answered, answer is not null as waits
          from web.form_turn where turn_id = $1 and account_id = $2
        """;

    // In one statement, so that of two that come for it at once only one gets it.
    private const string FetchSql = """
        with kept as (
            select turn_id, answer from web.form_turn
             where turn_id = $1 and account_id = $2 and answer is not null and answered_at > $3
               for update)
        update web.form_turn t set answer = null from kept where t.turn_id = kept.turn_id
        returning kept.answer
        """;

    public enum Taken { Now, Before, TooMany }

    /// <param name="TakenAt">When it came.</param>
    /// <param name="GoesTo">Where its answer is; null: the work is not over, or was cut off.</param>
    /// <param name="Answered">The work is over.</param>
    /// <param name="Waits">Its answer is a page that nobody has fetched yet.</param>
    public sealed record Known(DateTimeOffset TakenAt, string? GoesTo, bool Answered, bool Waits);

    /// <summary>Spends a token. Committed before it returns: whoever comes later is told <see cref="Taken.Before"/>.
    /// </summary>
    public async Task<Taken> TakeAsync(FormTokens.Turn turn, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var taken = await db.ScalarAsync<string>(
            TakeSql, [turn.Id, turn.Account, now, turn.EndsAt, MostPerAccount, now - AnswerLasts], ct);
        return Enum.Parse<Taken>(taken!);
    }

    /// <summary>Says what became of it.</summary>
    /// <param name="id">The turn's.</param>
    /// <param name="goesTo">Where the browser is sent, now and at every repeat.</param>
    /// <param name="answer">The page that it fetches there once, sealed; null: a page that is there anyway.</param>
    /// <param name="ct">Stops it.</param>
    public Task AnswerAsync(byte[] id, string goesTo, byte[]? answer, CancellationToken ct) =>
        db.ExecuteAsync(AnswerSql, [id, goesTo, answer, clock.GetUtcNow()], ct);

    public Task<Known?> FindAsync(byte[] id, Guid account, CancellationToken ct) => db.FirstAsync(
        FindSql,
        row => new Known(row.Instant("taken_at"), row.TextOrNull("goes_to"), row.Bool("answered"), row.Bool("waits")),
        [id, account], ct);

    /// <summary>The sealed page, to the first who asks.</summary>
    public Task<byte[]?> FetchAsync(byte[] id, Guid account, CancellationToken ct) =>
        db.ScalarAsync<byte[]>(FetchSql, [id, account, clock.GetUtcNow() - AnswerLasts], ct);
}
