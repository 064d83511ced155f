using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.OpenId.Arrivals;
using Guerdon.OpenId.Providers;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.OpenId.Logout;

/// <summary>Ends sessions that began with a provider: because it says so, or because it is removed.</summary>
public sealed class SessionEnds
{
    // A token of this age is refused for its age, and no sign-in that began before it is under way.
    private const string ForgetSql = "delete from openid.logout where ends_at < $1";

    private const string TakeSql = """
        insert into openid.logout (issuer, jti, sid, subject, issued_at, taken_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (issuer, jti) do nothing
        """;

    private readonly NpgsqlDataSource _db;
    private readonly ExternalSessions _sessions;
    private readonly ExternalRoles _roles;
    private readonly ProviderRequests _requests;
    private readonly TimeProvider _clock;

    internal SessionEnds(
        NpgsqlDataSource db, ExternalSessions sessions, ExternalRoles roles, ProviderRequests requests,
        TimeProvider clock) =>
        (_db, _sessions, _roles, _requests, _clock) = (db, sessions, roles, requests, clock);

    /// <summary>Ends what a logout token names.</summary>
    /// <returns>False: it was taken before.</returns>
    internal async Task<bool> TakeAsync(SignInProvider provider, LogoutToken token, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await BegunSessions.LockAsync(connection, token.Sid, token.Subject, ct);
        var now = _clock.GetUtcNow();
        await connection.ExecuteAsync(ForgetSql, [now], ct);
        var isNew = await connection.ExecuteAsync(
            TakeSql,
            [
                provider.Issuer, token.Jti, token.Sid, token.Subject, token.IssuedAt, now,
                now + Wire.LiveProvider.Longest + (2 * Wire.LiveProvider.ClockSkew),
            ], ct) == 1;
        if (!isNew) return false;

        await EndAsync(connection, provider, token.Sid, token.Subject, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Removes a provider at once, on all nodes: what was begun with it ends, and roles that its groups gave
    /// are taken. Whose account somebody has there stays on record.</summary>
    /// <param name="name">Which.</param>
    /// <param name="by">Who removes it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<SignInProvider>> RemoveAsync(string name, Actor by, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await _roles.LockForAsync(connection, by, Permissions.SsoWrite, ct) is { } gone) return gone;
        if (!(await _requests.RemoveAsync(connection, name, by, ct)).Is(out var removed, out var no)) return no;
        await _roles.KeepOnlyAsync(connection, removed.Source, [], ct);
        await EndAllAsync(connection, removed, ct);
        await transaction.CommitAsync(ct);
        // What was about to begin on a command line, from a browser's session that has ended by now.
        await using var again = await connection.BeginAsync(ct);
        await EndAllAsync(connection, removed, ct);
        await again.CommitAsync(ct);
        return removed;
    }

    // Of any number of people: a lock for each would be more than the database has.
    private async Task EndAllAsync(NpgsqlConnection connection, SignInProvider provider, CancellationToken ct)
    {
        var all = await BegunSessions.OfAsync(connection, provider.Issuer, null, null, ct);
        await _sessions.EndAsync(
            connection, [.. all.Select(of => of.Key)], [.. all.SelectMany(of => of)],
            SessionEnd.ByProvider(provider.Source), ct);
    }

    private async Task EndAsync(
        NpgsqlConnection connection, SignInProvider provider, string? sid, string? subject, CancellationToken ct)
    {
        foreach (var of in (await BegunSessions.OfAsync(connection, provider.Issuer, sid, subject, ct))
            .OrderBy(one => one.Key.Value)) // in one order, so that two do not wait for each other
            await _sessions.EndAsync(connection, of.Key, [.. of], SessionEnd.ByProvider(provider.Source), ct);
    }
}
