using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Sessions;
using Guerdon.OpenId.Providers;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.OpenId.Arrivals;

/// <summary>A session that was begun with a provider.</summary>
/// <param name="Provider">With which settings.</param>
/// <param name="Name">Its name.</param>
/// <param name="Label">On its button.</param>
/// <param name="IsInForce">Whether it still is.</param>
/// <param name="Issuer">Who said who they are.</param>
/// <param name="Subject">Who.</param>
/// <param name="IdToken">What it signed, in clear; null: not saved.</param>
public sealed record BegunSession(
    SignInProviderId Provider, string Name, string Label, bool IsInForce, string Issuer, string Subject,
    string? IdToken);

/// <summary>What providers say of sessions that began with them.</summary>
public sealed class BegunSessions
{
    private const string Purpose = "Guerdon.OpenId.IdToken.v1";
    private const int MostTokenChars = 16_000;

    // Not with a provider or a link that ended meanwhile, nor a session there that it has ended already; nor, where it
    // has ended all of somebody's, by a sign-in that began before.
    private const string Insert = """
        insert into openid.session (session_id, provider_id, issuer, subject, sid, id_token)
        select $1, p.provider_id, p.issuer, $3, $4, $5
          from openid.provider p
         where p.provider_id = $2 and p.decision = 'approved' and p.ended_at is null
           and exists (
                select from openid.link l where l.issuer = p.issuer and l.subject = $3 and l.ended_at is null)
           and not exists (
                select from openid.logout o
                 where o.issuer = p.issuer
                   and (o.sid = $4 or ((o.sid is null or $4::text is null) and o.subject = $3
                                       and (o.taken_at >= $6 or o.issued_at > $7))))
           for share of p
        """;

    // A new sign-in there may be another session there, whose end is now that of ours.
    private const string Move = """
        update openid.session s set sid = coalesce($2::text, s.sid)
         where s.session_id = $1 and s.issuer = $3 and s.subject = $4
           and not exists (
                select from openid.logout o
                 where o.issuer = s.issuer
                   and (o.sid = $2 or ((o.sid is null or $2::text is null) and o.subject = s.subject
                                       and (o.taken_at >= $5 or o.issued_at > $6))))
        """;

    private const string OneSql = """
        select s.provider_id, p.name, p.label, s.issuer, s.subject, s.id_token,
               exists (select from openid.provider n where n.name = p.name and n.issuer = s.issuer
                            and n.decision = 'approved' and n.ended_at is null) as in_force
          from openid.session s
          join openid.provider p using (provider_id)
         where s.session_id = $1
        """;

    private const string OfSql = """
        select s.session_id, h.account_id
          from openid.session s
          join host.session h using (session_id)
         where s.issuer = $1 and ($3::text is null or s.subject = $3)
           and ($2::text is null or s.sid = $2 or (s.sid is null and s.subject = $3))
        """;

    private readonly NpgsqlDataSource _db;
    private readonly SecretSafe _safe;

    internal BegunSessions(NpgsqlDataSource db, SecretSafe safe) => (_db, _safe) = (db, safe);

    /// <summary>What is known of a session; null: it was not begun with a provider.</summary>
    public Task<BegunSession?> FindAsync(SessionId id, CancellationToken ct) => _db.FirstAsync(
        OneSql,
        row => new BegunSession(
            row.Id<SignInProviderId>("provider_id"), row.Text("name"), row.Text("label"), row.Bool("in_force"),
            row.Text("issuer"), row.Text("subject"),
            row.BytesOrNull("id_token") is { } token ? _safe.Unseal(Purpose, $"{id}", token) : null),
        [id.Value], ct);

    /// <summary>Writes it beside a session that is being opened. <see cref="LockAsync"/> comes first.</summary>
    /// <returns>False: there is to be none.</returns>
    internal async Task<bool> AddAsync(
        NpgsqlConnection connection, SessionId id, SignInProviderId provider, ProviderClaims claims, string idToken,
        DateTimeOffset begun, CancellationToken ct)
    {
        var saved = _safe.IsOpen && idToken.Length <= MostTokenChars ? _safe.Seal(Purpose, $"{id}", idToken) : null;
        return await connection.ExecuteAsync(
            Insert, [id.Value, provider.Value, claims.Subject, claims.Sid, saved, begun, claims.IssuedAt],
            ct) == 1;
    }

    /// <summary>Notes that a session's owner was confirmed in another session of the provider's.</summary>
    /// <returns>False: it ended there meanwhile, or is not theirs.</returns>
    internal async Task<bool> MoveAsync(
        SessionId id, string issuer, ProviderClaims claims, DateTimeOffset begun,
        Func<NpgsqlConnection, CancellationToken, Task> with, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await LockAsync(connection, claims.Sid, claims.Subject, ct);
        if (await connection.ExecuteAsync(
            Move, [id.Value, claims.Sid, issuer, claims.Subject, begun, claims.IssuedAt], ct) != 1) return false;
        await with(connection, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>So that a logout that comes while its session is opened either sees it or is seen.</summary>
    internal static async Task LockAsync(
        NpgsqlConnection connection, string? sid, string? subject, CancellationToken ct)
    {
        if (sid is not null) await Locks.InTransactionAsync(connection, $"openid.sid/{sid}", ct);
        if (subject is not null) await Locks.InTransactionAsync(connection, $"openid.subject/{subject}", ct);
    }

    /// <summary>Sessions that began with an issuer, also those that have ended: a command line's may have come from
    /// one.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="issuer">Whose.</param>
    /// <param name="sid">Its session; null: all.</param>
    /// <param name="subject">Of whom; null: of all.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<ILookup<AccountId, SessionId>> OfAsync(
        NpgsqlConnection connection, string issuer, string? sid, string? subject, CancellationToken ct)
    {
        var all = await connection.ReadAsync(
            OfSql, row => (Account: row.Id<AccountId>("account_id"), Session: row.Id<SessionId>("session_id")),
            [issuer, sid, subject], ct);
        return all.ToLookup(one => one.Account, one => one.Session);
    }
}
