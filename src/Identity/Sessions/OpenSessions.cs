using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Sessions;

/// <summary>Who is signed in: a row for each session, found by the hash of its secret in one read. It ends when it is
/// ended, when it was not used for <see cref="SignInOptions.SessionFor"/>, and
/// <see cref="SignInOptions.SessionAtMost"/> after it was begun.</summary>
public sealed class OpenSessions(NpgsqlDataSource db, TimeProvider clock, IOptions<SignInOptions> options)
{
    /// <summary>Sessions that one account can have open; the one that was used least lately ends for another.</summary>
    public const int MostPerAccount = 100;

    private const int SecretBytes = 32;
    private const int MostAgentChars = 200;
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1), OnePress = TimeSpan.FromSeconds(10);

    // $2: what is not used since then is over; $3: what was begun before is.
    private const string FindSql = $"""
        select s.hash, s.session_id, s.kind, s.confirmed_at, s.seen_at, {AccountDirectory.Columns}
          from host.session s
          join host.account a using (account_id)
          left join people.v_person p on p.person_id = a.person_id
         where s.hash = any ($1) and s.ended_at is null and s.seen_at > $2 and s.made_at > $3
        """;

    private const string ListSql = """
        select session_id, kind, address, agent, made_at, seen_at from host.session
         where account_id = $1 and ended_at is null and seen_at > $2 and made_at > $3
         order by seen_at desc, session_id desc limit 1000
        """;

    private const string EndSql = """
        update host.session set ended_at = $3, ended_by = $6, ended_by_account = $7, ended_why = $8
         where account_id = $1 and session_id = $2 and ended_at is null and seen_at > $4 and made_at > $5
        """;

    private const string SeeSql = "update host.session set seen_at = $2 where session_id = $1 and seen_at < $2";

    // With a new secret: whoever saw the former one has nothing by it from then on. A command line is not asked, since
    // it has no other way to hear a new one. Of two presses at once, or in two tabs, the second leaves the secret that
    // the first has sent ($4).
    private const string ConfirmSql = $"""
        update host.session
           set confirmed_at = greatest(confirmed_at, $2), hash = case when confirmed_at > $4 then hash else $3 end
         where session_id = $1 and kind = '{SessionKind.Browser}' and ended_at is null
        returning made_at, hash = $3 as is_renewed
        """;

    // The last argument is the roles that a caller came with; where one was taken since, what they see is read again.
    private const string RolesHeld =
        "array(select r.role::text from host.account_role r where r.account_id = o.account_id and r.taken_at is null)";

    private const string IsOpenSql = $"""
        select exists (
            select from host.session o
             where o.session_id = $1 and o.ended_at is null and o.seen_at > $2 and o.made_at > $3
               and $4::text[] <@ {RolesHeld})
        """;

    private const string IsTokenGoodSql = $"""
        select exists (
            select from host.token o left join host.token_terms m using (token_id)
             where o.token_id = $1 and o.revoked_at is null and (m.ends_at is null or m.ends_at > $2)
               and $3::text[] <@ {RolesHeld})
        """;

    // Several at once, since secrets that nobody has made cost a query in a thousand.
    private readonly GatheredLookup<LiveSession> _live =
        new((hashes, ct) => ReadAsync(db, clock, options.Value, hashes, ct), clock);

    /// <summary>What is not used since the one time, or was begun before the other, is over.</summary>
    internal (DateTimeOffset Now, DateTimeOffset Seen, DateTimeOffset Made) Bounds => BoundsAt(clock, options.Value);

    /// <summary>Opens a session for an account, whoever has shown that it is theirs by another way than a password.
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="from">Where it is from.</param>
    /// <param name="confirmedAt">When they gave their password.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<OpenedSession> OpenAsync(
        AccountId account, SessionFrom from, DateTimeOffset confirmedAt, CancellationToken ct) =>
        (await OpenAsync(account, null, from, confirmedAt, ct))!;

    /// <summary>Opens a session for somebody who has just given their password.</summary>
    /// <param name="account">Whose, as the password was checked.</param>
    /// <param name="from">Where it is from.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null: the password was changed since it was checked.</returns>
    internal Task<OpenedSession?> OpenAsync(Account account, SessionFrom from, CancellationToken ct) =>
        OpenAsync(account.Id, account.PasswordHash!, from, clock.GetUtcNow(), ct);

    /// <summary>The same in the commit of something else.</summary>
    /// <param name="connection">In a transaction, with <see cref="SessionRows.LockAsync"/>.</param>
    /// <param name="account">Whose.</param>
    /// <param name="from">Where it is from.</param>
    /// <param name="confirmedAt">When they gave their password.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task<OpenedSession> OpenAsync(
        NpgsqlConnection connection, AccountId account, SessionFrom from, DateTimeOffset confirmedAt,
        CancellationToken ct)
    {
        var opening = OpeningOf(account, null, from, confirmedAt);
        await SessionRows.OpenAsync(connection, opening, ct);
        return Opened(opening);
    }

    private async Task<OpenedSession?> OpenAsync(
        AccountId account, string? password, SessionFrom from, DateTimeOffset confirmedAt, CancellationToken ct)
    {
        var opening = OpeningOf(account, password, from, confirmedAt);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        // One sign-in of an account after another: each ends what is too many, and sees what those before it opened.
        await SessionRows.LockAsync(connection, account, ct);
        var isOpen = await SessionRows.OpenAsync(connection, opening, ct);
        await transaction.CommitAsync(ct);
        return isOpen ? Opened(opening) : null;
    }

    private SessionRows.Opening OpeningOf(
        AccountId account, string? password, SessionFrom from, DateTimeOffset confirmedAt) =>
        new(
            Id.New<SessionId>(clock), account, MakeSecret(SecretNames.Session), from, clock.GetUtcNow(), confirmedAt,
            password);

    private OpenedSession Opened(SessionRows.Opening one) =>
        new(one.Id, one.Secret, one.At + options.Value.SessionAtMost);

    /// <summary>An account's open sessions, the one that was used last first.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="caller">Who asks, to be told which one is theirs.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<SessionShown>> ListAsync(
        AccountId account, ClaimsPrincipal caller, CancellationToken ct)
    {
        var own = IdOf(caller);
        return await db.ReadAsync(
            ListSql,
            row => new SessionShown(
                row.Id<SessionId>("session_id"), row.Text("kind"), row.Text("address"), row.Text("agent"),
                row.Instant("made_at"), row.Instant("seen_at"),
                row.Instant("made_at") + options.Value.SessionAtMost, row.Id<SessionId>("session_id") == own),
            [account.Value, Bounds.Seen, Bounds.Made], ct);
    }

    /// <summary>Ends one session of an account.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="by">Who ends it: its owner.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where it has no such session that is open.</returns>
    public async Task<bool> EndAsync(AccountId account, SessionId id, Actor by, CancellationToken ct)
    {
        var end = SessionEnd.ByOwner(by);
        return await db.ExecuteAsync(
            EndSql,
            [
                account.Value, id.Value, Bounds.Now, Bounds.Seen, Bounds.Made, end.By.Name, end.By.Account, end.Why,
            ], ct) == 1;
    }

    /// <summary>Ends all sessions of an account, and the logins that it confirmed. Repeating it is safe.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="end">Why, and by whom.</param>
    /// <param name="ct">Stops it.</param>
    public async Task EndAllAsync(AccountId account, SessionEnd end, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await EndAllAsync(account, end, connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The same in the commit of whatever ends the account's access.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="end">Why, and by whom.</param>
    /// <param name="connection">In a transaction.</param>
    /// <param name="ct">Stops it.</param>
    public Task EndAllAsync(AccountId account, SessionEnd end, NpgsqlConnection connection, CancellationToken ct) =>
        SessionRows.EndAllAsync(connection, account, end, clock.GetUtcNow(), ct);

    /// <summary>Whether a caller is still who they came as: their session is open, or their token good, and no role
    /// that they had was taken since. False for who has neither.</summary>
    public async Task<bool> IsStillOpenAsync(ClaimsPrincipal caller, CancellationToken ct)
    {
        string[] roles = [.. caller.FindAll(Access.RoleClaim).Select(claim => claim.Value)];
        if (IdOf(caller) is { } id)
            return await db.ScalarAsync<bool>(IsOpenSql, [id.Value, Bounds.Seen, Bounds.Made, roles], ct);
        return TokenOwner.IdOf(caller) is { } token
            && await db.ScalarAsync<bool>(IsTokenGoodSql, [token.Value, Bounds.Now, roles], ct);
    }

    /// <summary>The session that a caller has; null: they have none.</summary>
    public static SessionId? IdOf(ClaimsPrincipal caller) =>
        SessionId.TryParse(caller.FindFirstValue(Access.SessionClaim), out var id) ? id : null;

    /// <summary>Where a request is from.</summary>
    internal static SessionFrom FromOf(HttpContext http, string kind) => new(
        kind, http.Connection.RemoteIpAddress?.ToString() ?? "",
        string.Concat(http.Request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~')
            .Take(MostAgentChars)));

    /// <summary>The session of a secret that is open at this moment, or null.</summary>
    internal async Task<LiveSession?> FindAsync(string secret, string kind, CancellationToken ct) =>
        secret.StartsWith(SecretNames.Session, StringComparison.Ordinal) && secret.Length < 100
        && await _live.FindAsync(HashOf(secret), ct) is { } live && live.Kind == kind
            ? live : null;

    /// <summary>Notes that a session is used, once a minute at most.</summary>
    internal async Task SeeAsync(LiveSession session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - session.SeenAt >= SeenEvery) await db.ExecuteAsync(SeeSql, [session.Id.Value, now], ct);
    }

    /// <summary>Notes that a browser's owner has given their password once more, and gives the session a new secret.
    /// </summary>
    /// <returns>With the new secret; null where it is not open, or not a browser's.</returns>
    internal async Task<OpenedSession?> ConfirmAsync(SessionId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var renewed = await ConfirmAsync(connection, id, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return renewed;
    }

    /// <summary>The same in the commit of something else.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="id">Which.</param>
    /// <param name="at">When they showed it; an earlier time than is known changes no more than the secret.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task<OpenedSession?> ConfirmAsync(
        NpgsqlConnection connection, SessionId id, DateTimeOffset at, CancellationToken ct)
    {
        var secret = MakeSecret(SecretNames.Session);
        return await connection.FirstAsync(
            ConfirmSql,
            row => new OpenedSession(
                id, row.Bool("is_renewed") ? secret : "", row.Instant("made_at") + options.Value.SessionAtMost),
            [id.Value, at, HashOf(secret), clock.GetUtcNow() - OnePress], ct);
    }

    internal static string MakeSecret(string prefix) =>
        prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    internal static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static (DateTimeOffset Now, DateTimeOffset Seen, DateTimeOffset Made) BoundsAt(
        TimeProvider clock, SignInOptions options)
    {
        var now = clock.GetUtcNow();
        return (now, now - options.SessionFor, now - options.SessionAtMost);
    }

    private static async Task<IReadOnlyDictionary<UInt128, LiveSession>> ReadAsync(
        NpgsqlDataSource db, TimeProvider clock, SignInOptions options, byte[][] hashes, CancellationToken ct)
    {
        var (_, seen, made) = BoundsAt(clock, options);
        var all = await db.ReadAsync(
            FindSql,
            row => (Hash: row.Bytes("hash"), Session: new LiveSession(
                row.Id<SessionId>("session_id"), AccountDirectory.Of(row), row.Text("kind"),
                row.Instant("confirmed_at"), row.Instant("seen_at"))),
            [hashes, seen, made], ct);
        return all.ToDictionary(one => KeyHash.IdOf(one.Hash), one => one.Session);
    }
}
