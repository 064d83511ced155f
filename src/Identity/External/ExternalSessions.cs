using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Identity.External;

/// <summary>Sessions of people whom a provider vouches for.</summary>
public sealed class ExternalSessions(NpgsqlDataSource db, OpenSessions sessions, TimeProvider clock)
{
    /// <summary>When somebody showed who they are, where the provider does not say it: so long ago that money is
    /// approved after another sign-in only.</summary>
    public static readonly DateTimeOffset NotConfirmed = DateTimeOffset.UnixEpoch;

    private const string EndSql = """
        update host.session set ended_at = $2, ended_by = $3, ended_by_account = $4, ended_why = $5
         where session_id = any ($1) and ended_at is null
        """;

    // A command line's session comes from a browser's, and has no other sign of it.
    private const string EndOfCommandLinesSql = """
        update host.session set ended_at = $2, ended_by = $3, ended_by_account = $4, ended_why = $5
         where account_id = any ($1) and kind = 'command line' and ended_at is null
        """;

    private const string ForgetLoginsSql = "delete from host.login_request where account_id = any ($1)";

    // It may have been closed since it was read.
    private const string IsClosedSql =
        "select exists (select from host.account_closed where account_id = $1 and opened_at is null)";

    private const string IsOpenSql = """
        select exists (
            select from host.session where session_id = $1 and account_id = $2 and ended_at is null)
        """;

    /// <summary>Gives the browser a session, and ends the one that it had.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="account">Whose, open as it was just read; it is looked at again with its lock.</param>
    /// <param name="confirmedAt">When they showed the provider who they are, or <see cref="NotConfirmed"/>.</param>
    /// <param name="first">Takes the locks that come before the account's own.</param>
    /// <param name="with">Writes what belongs to it, in its commit; false: there is to be no session.</param>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> BeginAsync(
        HttpContext http, Account account, DateTimeOffset confirmedAt,
        Func<NpgsqlConnection, CancellationToken, Task> first,
        Func<NpgsqlConnection, SessionId, CancellationToken, Task<bool>> with)
    {
        var ct = http.RequestAborted;
        var from = OpenSessions.FromOf(http, SessionKind.Browser);
        await SessionCookie.EndRowAsync(http);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await first(connection, ct);
        await SessionRows.LockAsync(connection, account.Id, ct);
        if (await connection.ScalarAsync<bool>(IsClosedSql, [account.Id.Value], ct)) return false;
        var opened = await sessions.OpenAsync(connection, account.Id, from, confirmedAt, ct);
        if (!await with(connection, opened.Id, ct)) return false;
        await transaction.CommitAsync(ct);
        await SessionCookie.GiveAsync(http, opened);
        return true;
    }

    /// <summary>Ends sessions of an account, those of its command lines, and logins that it confirmed.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="account">Whose.</param>
    /// <param name="ended">Which of its browsers' sessions.</param>
    /// <param name="end">Why.</param>
    /// <param name="ct">Stops it.</param>
    public async Task EndAsync(
        NpgsqlConnection connection, AccountId account, IReadOnlyCollection<SessionId> ended, SessionEnd end,
        CancellationToken ct)
    {
        await SessionRows.LockAsync(connection, account, ct);
        await EndAsync(connection, [account], ended, end, ct);
    }

    /// <summary>The same of any number of accounts, without their locks: of those that are about to begin, whoever
    /// calls sees to it that they do not, or calls once more.</summary>
    public async Task EndAsync(
        NpgsqlConnection connection, IReadOnlyCollection<AccountId> accounts, IReadOnlyCollection<SessionId> ended,
        SessionEnd end, CancellationToken ct)
    {
        var (now, of) = (clock.GetUtcNow(), accounts.Select(one => one.Value).ToArray());
        await connection.ExecuteAsync(
            EndSql, [ended.Select(one => one.Value).ToArray(), now, end.By.Name, end.By.Account, end.Why], ct);
        await connection.ExecuteAsync(
            EndOfCommandLinesSql, [of, now, end.By.Name, end.By.Account, end.Why], ct);
        await connection.ExecuteAsync(ForgetLoginsSql, [of], ct);
    }

    /// <summary>Notes that a session's owner has shown once more who they are, and gives it a new secret.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="id">Which.</param>
    /// <param name="at">When, as the provider says; an earlier time than is known changes no more than the secret.
    /// </param>
    /// <param name="ct">Stops it.</param>
    /// <returns>With the new secret, to be given to the browser after the commit; null where it has ended.</returns>
    public Task<OpenedSession?> ConfirmAsync(
        NpgsqlConnection connection, SessionId id, DateTimeOffset at, CancellationToken ct) =>
        sessions.ConfirmAsync(connection, id, at, ct);

    /// <summary>Gives a browser the new secret of its session.</summary>
    public static Task GiveAsync(HttpContext http, OpenedSession renewed) => SessionCookie.GiveAsync(http, renewed);

    /// <summary>Waits until nobody else signs an account in or out everywhere, and looks whether a session of it is
    /// open still: a password that was set meanwhile has ended it, and so has the closing of the account.</summary>
    /// <param name="connection">In a transaction, which has the account to itself until it ends.</param>
    /// <param name="account">Whose.</param>
    /// <param name="session">Of whoever calls.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<bool> HoldAsync(
        NpgsqlConnection connection, AccountId account, SessionId session, CancellationToken ct)
    {
        await SessionRows.LockAsync(connection, account, ct);
        return await connection.ScalarAsync<bool>(IsOpenSql, [session.Value, account.Value], ct);
    }

    /// <summary>Metadata of a form that is taken from a page that stood open, where it comes from our own.</summary>
    /// <param name="again">The page again, where it cannot be taken.</param>
    public static object FormMark(Func<HttpContext, IResult> again) => new SignInFormMark(again);

    /// <summary>Metadata of an endpoint that takes a recent sign-in, and no token alone.</summary>
    /// <param name="what">What it does, as a refusal begins.</param>
    public static object StepUp(string what) => new StepUpMark(what);

    /// <summary>A path of this site to go on to: what was asked for, where it is one.</summary>
    public static string Back(string? asked) => SignInForm.IsLocal(asked) ? asked! : "/";

    /// <summary>Where somebody begins who has signed in.</summary>
    public static string FirstPage(Account account, string back) => SignInForm.FirstPage(account, back);

    /// <summary>Why an account opens nothing any more, in words.</summary>
    public static string WhyOver(Account account) => Problems.WhyOver(account);

    /// <summary>Metadata of an endpoint at which sign-ins end: each is an act, whatever its method.</summary>
    public static object ActMark => Watched.Mark;

    /// <summary>Says what came of a try to sign in, for the record of acts.</summary>
    /// <param name="http">The request.</param>
    /// <param name="email">The address that the provider told; empty: none.</param>
    /// <param name="account">Whose it is, where they signed in or might have.</param>
    /// <param name="status">200: signed in; else why not.</param>
    public static void Say(HttpContext http, string email, Account? account, int status) =>
        ActWatch.Say(http, new(email, account, status));
}
