using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.People;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.SignIn;

/// <summary>
/// Whoever is signed in sets another password for their account, and shows that they know the present one. All other
/// sessions end, and theirs gets another secret: whoever knew the former password, or had the session, is out.
/// </summary>
internal sealed class OwnPassword(
    NpgsqlDataSource db, AccountDirectory accounts, PasswordSignIn signIn, HashTurns turns, IAccountNotices notices,
    TimeProvider clock, IOptions<SignInOptions> options)
{
    // No row where the password was changed meanwhile; of an account that is nobody's, null.
    private const string StillSql = "select person_id from host.account where account_id = $1 and password_hash = $2";

    /// <param name="Current">The present password.</param>
    /// <param name="Password">The new one.</param>
    /// <param name="Tokens">Whether the account's tokens are revoked too.</param>
    public sealed record Wanted(string? Current, string? Password, bool Tokens);

    /// <summary>What came of it.</summary>
    /// <param name="Status">200; 401: the present password is another; 403: no session asks; 409: the account has no
    /// password; 422: the new one cannot be one; else as <see cref="PasswordSignIn.Outcome"/> has it.</param>
    /// <param name="Says">What is wrong, where it is more than the status says.</param>
    /// <param name="Session">The caller's, with its secret from now on.</param>
    /// <param name="Wait">How long, where it is 429.</param>
    public sealed record Outcome(
        int Status, string? Says = null, OpenedSession? Session = null, TimeSpan Wait = default);

    /// <summary>In this order: what can be told without a hash, the present password within the limits of signing in,
    /// the new one's hash in its turn.</summary>
    public async Task<Outcome> ChangeAsync(HttpContext http, Wanted wanted)
    {
        var ct = http.RequestAborted;
        if (OpenSessions.IdOf(http.User) is not { } session || Principals.AccountOf(http.User) is not { } caller)
            return new(StatusCodes.Status403Forbidden);
        if (await accounts.FindAsync(caller, ct) is not { HasPassword: true } account)
            return new(StatusCodes.Status409Conflict);
        if (Passwords.Fault(wanted.Password) is { } fault) return new(StatusCodes.Status422UnprocessableEntity, fault);
        if (wanted.Password == wanted.Current)
            return new(StatusCodes.Status422UnprocessableEntity, "The new password is the present one.");

        var outcome = await signIn.TryAsync(http, account.Email, wanted.Current ?? "");
        if (outcome.Status != StatusCodes.Status200OK) return new(outcome.Status, Wait: outcome.Wait);
        if (outcome.Account!.Id != caller) return new(StatusCodes.Status401Unauthorized); // its address is another's
        var (done, hash) = await turns.RunAsync(
            isKnown: true, account.Email.ToUpperInvariant(),
            () => Task.FromResult(Passwords.Hash(wanted.Password!, options.Value.PasswordIterations)), ct);
        if (!done) return new(StatusCodes.Status429TooManyRequests, Wait: TimeSpan.FromSeconds(5));
        return await SetAsync(outcome.Account, session, hash!, wanted.Tokens, ct) is { } renewed
            ? new(StatusCodes.Status200OK, Session: renewed) : new(StatusCodes.Status401Unauthorized);
    }

    // Null: the session has ended, or the password was changed, since they were looked at.
    private async Task<OpenedSession?> SetAsync(
        Account account, SessionId session, string hash, bool alsoTokens, CancellationToken ct)
    {
        var (secret, now) = (OpenSessions.MakeSecret(SecretNames.Session), clock.GetUtcNow());
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await SessionRows.LockAsync(connection, account.Id, ct);
        var (isSame, person) = await connection.FirstAsync(
            StillSql, row => (true, row.UuidOrNull("person_id")), [account.Id.Value, account.PasswordHash], ct);
        if (!isSame || await SessionRows.EndOthersAsync(
            connection, account.Id, (session, secret), SessionEnd.Password, now, ct) is not { } made) return null;
        await NewPasswords.SetHashAsync(connection, account.Id, hash, ct);
        if (alsoTokens) await ApiTokens.RevokeAllAsync(connection, account.Id, now, ct);
        // Each change is told, however many there are.
        var subject = $"pwd_{Guid.CreateVersion7(now):N}";
        if (person is { } told)
            await notices.TellAsync(
                connection, new(new PersonId(told), AccountEvent.PasswordChanged, subject, "", now), ct);
        await transaction.CommitAsync(ct);
        return new(session, secret, made + options.Value.SessionAtMost);
    }
}
