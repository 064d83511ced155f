using System.Security.Cryptography;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Logins;

/// <summary>
/// Command lines that wait for a session, as RFC 8628 has it: one shows a code, somebody who is signed in in a browser
/// says that it is theirs, and the command line, which asks again and again, gets a session of that account. Both
/// secrets are worth nothing after ten minutes.
/// </summary>
public sealed class LoginRequests(NpgsqlDataSource db, OpenSessions sessions, TimeProvider clock)
{
    /// <summary>How long somebody has to confirm.</summary>
    public static readonly TimeSpan LastsFor = TimeSpan.FromMinutes(10);

    /// <summary>How long a command line waits between two questions.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);

    /// <summary>Those that wait, of everybody together.</summary>
    public const int Most = 1_000;

    /// <summary>Those that wait, begun from one network address.</summary>
    public const int MostPerAddress = 20;

    private const string DevicePrefix = "grl_";
    private const int CodeChars = 8;

    // No vowels, so that no code is a word (RFC 8628, 6.1); 2.56e10 codes for a thousand that wait.
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    // A command line that asks a little early has a clock of its own.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(500);

    private const string BeginSql = """
        with over as (delete from host.login_request where ends_at <= $6)
        insert into host.login_request (login_id, hash, code, address, agent, made_at, ends_at)
        select $1, $2, $3, $4, $5, $6, $7
         where (select count(*) from host.login_request where ends_at > $6) < $8
           and (select count(*) from host.login_request where ends_at > $6 and address = $4) < $9
        on conflict do nothing
        """;

    private const string AskSql = """
        with before as (select * from host.login_request where hash = $1 for update)
        update host.login_request r set asked_at = $2
          from before
         where r.login_id = before.login_id
        returning before.asked_at, before.ends_at, before.refused, before.account_id
        """;

    private const string TakeSql = """
        delete from host.login_request where hash = $1 and account_id is not null and ends_at > $2
        returning account_id, confirmed_at, address, agent
        """;

    private const string FindSql = """
        select address, agent, made_at from host.login_request
         where code = $1 and ends_at > $2 and account_id is null and not refused
        """;

    private const string ConfirmSql = """
        update host.login_request set account_id = $3, confirmed_at = $4
         where code = $1 and ends_at > $2 and account_id is null and not refused
        """;

    private const string DenySql = """
        update host.login_request set refused = true
         where code = $1 and ends_at > $2 and account_id is null and not refused
        """;

    private readonly Throttle _looks = new(clock, 30, TimeSpan.FromMinutes(1));

    /// <summary>What was begun.</summary>
    /// <param name="Device">The command line's secret, to ask with.</param>
    /// <param name="Code">What is shown to the person, as <c>BCDF-GHJK</c>.</param>
    public sealed record Begun(string Device, string Code);

    /// <summary>The session that a command line was given.</summary>
    /// <param name="Account">Whose.</param>
    /// <param name="Opened">It, with its secret.</param>
    internal sealed record Given(AccountId Account, OpenedSession Opened);

    /// <summary>One that waits, as the page shows it.</summary>
    /// <param name="Address">Where it was begun from.</param>
    /// <param name="Agent">What it says it is.</param>
    /// <param name="MadeAt">When.</param>
    public sealed record Waiting(string Address, string Agent, DateTimeOffset MadeAt);

    /// <summary>Begins one.</summary>
    /// <returns>Null: too many wait.</returns>
    internal async Task<Begun?> BeginAsync(SessionFrom from, CancellationToken ct)
    {
        var (id, now) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow());
        var begun = new Begun(
            OpenSessions.MakeSecret(DevicePrefix), RandomNumberGenerator.GetString(Letters, CodeChars).Insert(4, "-"));
        var made = await db.ExecuteAsync(
            BeginSql,
            [
                id, OpenSessions.HashOf(begun.Device), begun.Code, from.Address, from.Agent, now, now + LastsFor,
                Most, MostPerAddress,
            ], ct);
        return made == 1 ? begun : null;
    }

    /// <summary>Gives a command line its session, once.</summary>
    /// <param name="device">Its secret.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The session with whose it is, or why there is none (yet).</returns>
    internal async Task<Result<Given>> AskAsync(string device, CancellationToken ct)
    {
        if (!device.StartsWith(DevicePrefix, StringComparison.Ordinal) || device.Length > 100) return Over;
        var (hash, now) = (OpenSessions.HashOf(device), clock.GetUtcNow());
        var asked = await db.FirstAsync(
            AskSql,
            row => new
            {
                Before = row.InstantOrNull("asked_at"), Ends = row.Instant("ends_at"), Refused = row.Bool("refused"),
                IsConfirmed = row.UuidOrNull("account_id") is not null,
            }, [hash, now], ct);
        if (asked is null || asked.Ends <= now) return Over;
        if (asked.Refused) return IdentityRefusals.LoginDenied.With("It was declined in the browser.");
        if (asked.Before is { } before && now - before < AskEvery - Early)
            return IdentityRefusals.LoginSlowDown.With("That was asked a moment ago.");
        if (!asked.IsConfirmed) return IdentityRefusals.LoginPending.With("Nobody has confirmed it in a browser yet.");

        // Deleted as it is taken, so that of two who ask at the same time one gets a session.
        var taken = await db.FirstAsync(
            TakeSql,
            row => new
            {
                Account = row.Id<AccountId>("account_id"), ConfirmedAt = row.Instant("confirmed_at"),
                From = new SessionFrom(SessionKind.CommandLine, row.Text("address"), row.Text("agent")),
            }, [hash, now], ct);
        if (taken is null) return Over;
        return new Given(taken.Account, await sessions.OpenAsync(taken.Account, taken.From, taken.ConfirmedAt, ct));
    }

    /// <summary>The one of a code that waits.</summary>
    /// <param name="typed">As it was typed: case and what stands between the letters do not matter.</param>
    /// <param name="by">Who looks; each account does thirty times a minute at most, so that nobody tries them all.
    /// </param>
    /// <param name="ct">Stops it.</param>
    public async Task<Waiting?> FindAsync(string? typed, Guid by, CancellationToken ct) =>
        CodeOf(typed) is { } code && _looks.Take(by.ToString("N")) is null
            ? await db.FirstAsync(
                FindSql, row => new Waiting(row.Text("address"), row.Text("agent"), row.Instant("made_at")),
                [code, clock.GetUtcNow()], ct)
            : null;

    /// <summary>Says that it is one's own: it gets a session of this account.</summary>
    /// <param name="typed">The code.</param>
    /// <param name="account">Whose it becomes.</param>
    /// <param name="confirmedAt">When they last gave their password.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where none of this code waits.</returns>
    public async Task<bool> ConfirmAsync(
        string? typed, Guid account, DateTimeOffset confirmedAt, CancellationToken ct) =>
        CodeOf(typed) is { } code && _looks.Take(account.ToString("N")) is null
        && await db.ExecuteAsync(ConfirmSql, [code, clock.GetUtcNow(), account, confirmedAt], ct) == 1;

    /// <summary>Says that it is not.</summary>
    /// <returns>False where none of this code waits.</returns>
    public async Task<bool> DenyAsync(string? typed, Guid by, CancellationToken ct) =>
        CodeOf(typed) is { } code && _looks.Take(by.ToString("N")) is null
        && await db.ExecuteAsync(DenySql, [code, clock.GetUtcNow()], ct) == 1;

    private static Refused Over => IdentityRefusals.LoginOver.With("There is no such login that waits.");

    private static string? CodeOf(string? typed)
    {
        if (typed is not { Length: <= 100 }) return null;
        var letters = string.Concat(typed.ToUpperInvariant().Where(Letters.Contains));
        return letters.Length == CodeChars ? letters.Insert(4, "-") : null;
    }
}
