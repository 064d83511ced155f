using System.Net;
using System.Security.Cryptography;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
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

    /// <summary>Those that wait, begun from one network address; of IPv6, from one /64.</summary>
    public const int MostPerAddress = 20;

    private const int AddressesOfSite = 4;
    private const int BeginsPerMinute = 30;
    private const int AsksPerMinute = 600; // fifty command lines from one address
    private const int LooksPerMinute = 30;

    private const int DeviceChars = 68;
    private const int CodeChars = 8;

    // No vowels, so that no code is a word (RFC 8628, 6.1); 2.56e10 codes for a thousand that wait.
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    // A command line that asks a little early has a clock of its own.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // One after another, so that each counts what those before it began.
    private const string BeginLock = "host.login_request";

    private const string BeginSql = """
        with over as (delete from host.login_request where ends_at <= $6)
        insert into host.login_request (login_id, hash, code, address, agent, made_at, ends_at, asker)
        select $1, $2, $3, $4, $5, $6, $7, $10
         where (select count(*) from host.login_request where ends_at > $6) < $8
           and (select count(*) from host.login_request where ends_at > $6 and asker = $10) < $9
        on conflict do nothing
        """;

    private const string AskedSql = """
        select asked_at, refused, account_id from host.login_request where hash = $1 and ends_at > $2
        """;

    private const string NoteAskedSql = "update host.login_request set asked_at = $2 where hash = $1";

    // Deleted as it is taken, so that of two who ask at the same time one gets a session; and only while the session is
    // open in which it was confirmed.
    private const string TakeSql = """
        delete from host.login_request r using host.session s
         where r.hash = $1 and r.ends_at > $2 and s.session_id = r.session_id
           and s.ended_at is null and s.seen_at > $3 and s.made_at > $4
        returning r.account_id, r.confirmed_at, r.address, r.agent
        """;

    private const string FindSql = """
        select address, agent, made_at from host.login_request
         where code = $1 and ends_at > $2 and account_id is null and not refused
        """;

    // The password was given after the command line asked: nobody confirms by a link that they are sent, and one press.
    private const string ConfirmSql = """
        update host.login_request r
           set account_id = s.account_id, session_id = s.session_id, confirmed_at = s.confirmed_at
          from host.session s
         where r.code = $1 and r.ends_at > $2 and r.account_id is null and not r.refused
           and s.session_id = $3 and s.account_id = $4 and s.ended_at is null and s.confirmed_at >= r.made_at
        """;

    private const string DenySql = """
        update host.login_request set refused = true
         where code = $1 and ends_at > $2 and account_id is null and not refused
        """;

    private readonly Throttle _looks = new(clock, LooksPerMinute, Minute);
    private readonly Throttle _begins = new(clock, BeginsPerMinute, Minute);
    private readonly Throttle _siteBegins = new(clock, AddressesOfSite * BeginsPerMinute, Minute);
    private readonly Throttle _asks = new(clock, AsksPerMinute, Minute);

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
    /// <param name="from">What the page shows of it.</param>
    /// <param name="address">What it is counted by.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null: too many wait, or begin.</returns>
    internal async Task<Begun?> BeginAsync(SessionFrom from, IPAddress? address, CancellationToken ct)
    {
        // In memory first, so that a flood costs the database nothing.
        var asker = Throttle.KeyOf(address);
        if (_begins.Take(asker) is not null) return null;
        if (Throttle.SiteOf(address) is { } site && _siteBegins.Take(site) is not null) return null;

        var (id, now) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow());
        var begun = new Begun(
            OpenSessions.MakeSecret(SecretNames.CommandLine),
            RandomNumberGenerator.GetString(Letters, CodeChars).Insert(4, "-"));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, BeginLock, ct);
        var made = await connection.ExecuteAsync(
            BeginSql,
            [
                id, OpenSessions.HashOf(begun.Device), begun.Code, from.Address, from.Agent, now, now + LastsFor,
                Most, MostPerAddress, asker,
            ], ct);
        await transaction.CommitAsync(ct);
        return made == 1 ? begun : null;
    }

    /// <summary>Gives a command line its session, once.</summary>
    /// <param name="device">Its secret.</param>
    /// <param name="address">Where it asks from.</param>
    /// <param name="ct">Stops it, until it is given.</param>
    /// <returns>The session with whose it is, or why there is none (yet).</returns>
    internal async Task<Result<Given>> AskAsync(string device, IPAddress? address, CancellationToken ct)
    {
        if (!device.StartsWith(SecretNames.CommandLine, StringComparison.Ordinal) || device.Length != DeviceChars)
            return Over;
        if (_asks.Take(Throttle.KeyOf(address)) is not null)
            return IdentityRefusals.LoginSlowDown.With("Too many ask from this address.");

        var (hash, now) = (OpenSessions.HashOf(device), clock.GetUtcNow());
        var asked = await db.FirstAsync(
            AskedSql,
            row => new
            {
                Before = row.InstantOrNull("asked_at"), Refused = row.Bool("refused"),
                Whose = row.UuidOrNull("account_id"),
            }, [hash, now], ct);
        if (asked is null) return Over;
        if (asked.Refused) return IdentityRefusals.LoginDenied.With("It was declined in the browser.");
        if (asked.Before is { } before && now - before < AskEvery - Early)
            return IdentityRefusals.LoginSlowDown.With("That was asked a moment ago.");
        if (asked.Whose is { } whose) return await TakeAsync(hash, new AccountId(whose), now);

        await db.ExecuteAsync(NoteAskedSql, [hash, now], ct);
        return IdentityRefusals.LoginPending.With("Nobody has confirmed it in a browser yet.");
    }

    // In one commit, and whether or not the command line waits: else it would be taken, and given to nobody.
    private async Task<Result<Given>> TakeAsync(byte[] hash, AccountId whose, DateTimeOffset now)
    {
        var ct = CancellationToken.None;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await SessionRows.LockAsync(connection, whose, ct);
        var taken = await connection.FirstAsync(
            TakeSql,
            row => new
            {
                Account = row.Id<AccountId>("account_id"), ConfirmedAt = row.Instant("confirmed_at"),
                From = new SessionFrom(SessionKind.CommandLine, row.Text("address"), row.Text("agent")),
            }, [hash, now, sessions.Bounds.Seen, sessions.Bounds.Made], ct);
        if (taken is null) return Over;
        var opened = await sessions.OpenAsync(connection, taken.Account, taken.From, taken.ConfirmedAt, ct);
        await transaction.CommitAsync(ct);
        return new Given(taken.Account, opened);
    }

    /// <summary>The one of a code that waits.</summary>
    /// <param name="typed">As it was typed: case and what stands between the letters do not matter.</param>
    /// <param name="by">Who looks; each account does thirty times a minute at most, so that nobody tries them all.
    /// </param>
    /// <param name="ct">Stops it.</param>
    /// <returns>It, or why it is not shown: none waits, or too many were looked for.</returns>
    public async Task<Result<Waiting>> FindAsync(string? typed, Guid by, CancellationToken ct)
    {
        if (CodeOf(typed) is not { } code) return Over;
        if (_looks.Take(by.ToString("N")) is not null)
            return IdentityRefusals.LoginTooMany.With("You looked for too many codes.");
        return await db.FirstAsync(
            FindSql, row => new Waiting(row.Text("address"), row.Text("agent"), row.Instant("made_at")),
            [code, clock.GetUtcNow()], ct) is { } waiting ? waiting : Over;
    }

    /// <summary>Says that it is one's own: it gets a session of this account. After <see cref="FindAsync"/>, which
    /// counts who looks.</summary>
    /// <param name="typed">The code.</param>
    /// <param name="account">Whose it becomes.</param>
    /// <param name="session">In which they say so, and gave their password since the command line asked.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where none of this code waits, or the password was given before.</returns>
    public async Task<bool> ConfirmAsync(string? typed, AccountId account, SessionId session, CancellationToken ct) =>
        CodeOf(typed) is { } code
        && await db.ExecuteAsync(ConfirmSql, [code, clock.GetUtcNow(), session.Value, account.Value], ct) == 1;

    /// <summary>Says that it is not. After <see cref="FindAsync"/>.</summary>
    /// <returns>False where none of this code waits.</returns>
    public async Task<bool> DenyAsync(string? typed, CancellationToken ct) =>
        CodeOf(typed) is { } code && await db.ExecuteAsync(DenySql, [code, clock.GetUtcNow()], ct) == 1;

    private static Refused Over => IdentityRefusals.LoginOver.With("There is no such login that waits.");

    private static string? CodeOf(string? typed)
    {
        if (typed is not { Length: <= 100 }) return null;
        var letters = string.Concat(typed.ToUpperInvariant().Where(Letters.Contains));
        return letters.Length == CodeChars ? letters.Insert(4, "-") : null;
    }
}
