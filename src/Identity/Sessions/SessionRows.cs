using Guerdon.Identity.Accounts;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Sessions;

/// <summary>
/// Writes that open sessions and end all of an account, each in a transaction that has the account's sign-in to itself:
/// so that who signs in while the password is changed, or all is ended, either sees that or is ended by it.
/// </summary>
internal static class SessionRows
{
    /// <summary>Rows of sessions that are over, of one account; older ones are deleted.</summary>
    public const int MostOver = 1_000;

    // Rows stay this long, though nothing shows them: long enough to look into what happened.
    private static readonly TimeSpan RowsLast = TimeSpan.FromDays(90);

    // $11: the hash of the password that was given, if one was; another since then opens nothing.
    private const string OpenSql = """
        with old as (delete from host.session where made_at < $9),
        surplus as (
            delete from host.session
             where session_id in (
                    select session_id from host.session
                     where account_id = $2 and ended_at is not null and made_at >= $9
                     order by made_at desc, session_id desc offset $12)),
        crowd as (
            update host.session set ended_at = $5, ended_by = $13, ended_why = $14
             where session_id in (
                    select session_id from host.session
                     where account_id = $2 and ended_at is null and made_at >= $9
                     order by seen_at desc, session_id desc offset $10))
        insert into host.session (
            session_id, account_id, hash, kind, made_at, confirmed_at, seen_at, address, agent)
        select $1, $2, $3, $4, $5, $6, $5, $7, $8
         where $11::text is null
            or exists (select from host.account where account_id = $2 and password_hash = $11)
        """;

    private const string EndAllSql = """
        update host.session set ended_at = $2, ended_by = $3, ended_by_account = $4, ended_why = $5
         where account_id = $1 and ended_at is null
        """;

    private const string EndOthersSql = EndAllSql + " and session_id <> $6";

    // Its secret is another from then on: whoever had the former one has nothing.
    private const string RenewSql = """
        update host.session set hash = $2, confirmed_at = greatest(confirmed_at, $3)
         where session_id = $1 and ended_at is null
        returning made_at
        """;

    // What somebody confirmed and no command line has fetched yet would be a session a moment later.
    private const string ForgetLoginsSql = "delete from host.login_request where account_id = $1";

    /// <summary>A session to be opened.</summary>
    /// <param name="Id">It.</param>
    /// <param name="Account">Whose.</param>
    /// <param name="Secret">Stored as its hash.</param>
    /// <param name="From">Where it is from.</param>
    /// <param name="At">When.</param>
    /// <param name="ConfirmedAt">When its owner gave their password.</param>
    /// <param name="Password">The hash of that password; null: it was not given now.</param>
    public sealed record Opening(
        SessionId Id, AccountId Account, string Secret, SessionFrom From, DateTimeOffset At,
        DateTimeOffset ConfirmedAt, string? Password);

    /// <summary>Waits until nobody else signs this account in or out everywhere.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="account">Whose sessions.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task LockAsync(NpgsqlConnection connection, AccountId account, CancellationToken ct) =>
        Locks.InTransactionAsync(connection, $"host.session/{account.Value:N}", ct);

    /// <summary>Opens one. <see cref="LockAsync"/> comes first.</summary>
    /// <returns>False where the password was changed since it was checked.</returns>
    public static async Task<bool> OpenAsync(NpgsqlConnection connection, Opening one, CancellationToken ct) =>
        await connection.ExecuteAsync(
            OpenSql,
            [
                one.Id.Value, one.Account.Value, OpenSessions.HashOf(one.Secret), one.From.Kind, one.At,
                one.ConfirmedAt, one.From.Address, one.From.Agent, one.At - RowsLast, OpenSessions.MostPerAccount - 1,
                one.Password, MostOver, SessionEnd.Crowd.By.Name, SessionEnd.Crowd.Why,
            ], ct) == 1; // of the insert alone

    /// <summary>Ends all of an account, and forgets the logins of command lines that it confirmed.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="account">Whose.</param>
    /// <param name="end">Why, and by whom.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task EndAllAsync(
        NpgsqlConnection connection, AccountId account, SessionEnd end, DateTimeOffset now, CancellationToken ct)
    {
        await LockAsync(connection, account, ct);
        await connection.ExecuteAsync(EndAllSql, [account.Value, now, end.By.Name, end.By.Account, end.Why], ct);
        await connection.ExecuteAsync(ForgetLoginsSql, [account.Value], ct);
    }

    /// <summary>Ends all of an account but one, which gets another secret. <see cref="LockAsync"/> comes first.
    /// </summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="account">Whose.</param>
    /// <param name="renewed">The one, and its secret from now on.</param>
    /// <param name="end">Why the others end.</param>
    /// <param name="now">When; its owner has just shown who they are.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>When the one was begun; null: it is over.</returns>
    public static async Task<DateTimeOffset?> EndOthersAsync(
        NpgsqlConnection connection, AccountId account, (SessionId Id, string Secret) renewed, SessionEnd end,
        DateTimeOffset now, CancellationToken ct)
    {
        if (await connection.FirstAsync<DateTimeOffset?>(
            RenewSql, row => row.Instant("made_at"), [renewed.Id.Value, OpenSessions.HashOf(renewed.Secret), now], ct)
            is not { } made) return null;
        await connection.ExecuteAsync(
            EndOthersSql, [account.Value, now, end.By.Name, end.By.Account, end.Why, renewed.Id.Value], ct);
        await connection.ExecuteAsync(ForgetLoginsSql, [account.Value], ct);
        return made;
    }
}
