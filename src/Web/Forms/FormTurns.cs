using Dapper;
using Npgsql;

namespace Guerdon.Web.Forms;

/// <summary>
/// Which forms were taken, and what they were answered: a row for each, written before the work begins, so that a
/// second press on any node, and after any crash, finds it. Rows go when their token ends, answers when they were
/// fetched or after <see cref="AnswerLasts"/>.
/// </summary>
internal sealed class FormTurns(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>How long an answer waits to be fetched by the browser that is sent for it.</summary>
    public static readonly TimeSpan AnswerLasts = TimeSpan.FromMinutes(10);

    /// <summary>Forms that one account can send within <see cref="FormTokens.LastsFor"/>.</summary>
    public const int MostPerAccount = 5_000;

    private static readonly string TakeSql = Guerdon.Kernel.Sql.Read("Web/Forms/TakeTurn.sql");

    private const string AnswerSql = """
        update web.form_turn set goes_to = @goesTo, answer = @answer, answered_at = @now where turn_id = @id
        """;

    private const string FindSql = """
        select taken_at, goes_to, answered_at is not null as answered, answer is not null as waits
          from web.form_turn where turn_id = @id and account_id = @account
        """;

    // Of two that come for it at once, one gets it.
    private const string FetchSql = """
        with kept as (
            select turn_id, answer from web.form_turn
             where turn_id = @id and account_id = @account and answer is not null and answered_at > @since
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

    private sealed record Row(DateTime Taken_At, string? Goes_To, bool Answered, bool Waits);

    /// <summary>Spends a token. Committed before it returns: whoever comes later is told <see cref="Taken.Before"/>.
    /// </summary>
    public async Task<Taken> TakeAsync(FormTokens.Turn turn, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var taken = await connection.ExecuteScalarAsync<string>(new CommandDefinition(TakeSql, new
        {
            id = turn.Id, account = turn.Account, now, ends = turn.EndsAt.UtcDateTime, most = MostPerAccount,
            faded = now - AnswerLasts,
        }, cancellationToken: ct));
        return Enum.Parse<Taken>(taken!);
    }

    /// <summary>Says what became of it.</summary>
    /// <param name="id">The turn's.</param>
    /// <param name="goesTo">Where the browser is sent, now and at every repeat.</param>
    /// <param name="answer">The page that it fetches there once, sealed; null: a page that is there anyway.</param>
    /// <param name="ct">Stops it.</param>
    public Task AnswerAsync(byte[] id, string goesTo, byte[]? answer, CancellationToken ct) =>
        RunAsync(c => c.ExecuteAsync(new CommandDefinition(
            AnswerSql, new { id, goesTo, answer, now = clock.GetUtcNow().UtcDateTime }, cancellationToken: ct)), ct);

    public Task<Known?> FindAsync(byte[] id, Guid account, CancellationToken ct) => RunAsync(async c =>
        await c.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(FindSql, new { id, account }, cancellationToken: ct)) is { } row
            ? new Known(new(row.Taken_At), row.Goes_To, row.Answered, row.Waits) : null, ct);

    /// <summary>The sealed page, to the first who asks.</summary>
    public Task<byte[]?> FetchAsync(byte[] id, Guid account, CancellationToken ct) =>
        RunAsync(c => c.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(FetchSql,
            new { id, account, since = clock.GetUtcNow().UtcDateTime - AnswerLasts }, cancellationToken: ct)), ct);

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ask(connection);
    }
}
