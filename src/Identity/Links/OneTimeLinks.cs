using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Links;

/// <summary>
/// Links by which the holder of an account sets its password, once: whoever makes one does not get to know it. A newer
/// link of an account ends the older ones. Stored is the hash of the secret; reading a link uses nothing up.
/// </summary>
public sealed class OneTimeLinks(
    NpgsqlDataSource db, AccountDirectory accounts, ILinkNotices notices, TimeProvider clock,
    IOptions<SignInOptions> options)
{
    private const int MostSecretChars = 100;

    private const string EndSql = """
        update host.one_time_link set ended_at = greatest($2, made_at)
         where account_id = $1 and used_at is null and ended_at is null
        """;

    private const string EndMadeBySql = """
        update host.one_time_link set ended_at = greatest($2, made_at)
         where made_by_account = $1 and used_at is null and ended_at is null
        """;

    private const string InsertSql = """
        insert into host.one_time_link (
            link_id, account_id, hash, purpose, made_by, made_by_account, made_by_person, made_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string OpenSql = """
        select link_id, account_id, purpose, made_by, made_by_account, made_by_person, ends_at,
               (select a.person_id from host.account a where a.account_id = l.account_id) as holder
          from host.one_time_link l
         where hash = $1 and used_at is null and ended_at is null and ends_at > $2
        """;

    // After those that were used before it, whichever node's clock these have: a vouch is for all up to one.
    private const string UseSql = """
        update host.one_time_link l
           set used_at = greatest($2, l.made_at, (
                select max(p.used_at) + interval '1 microsecond' from host.one_time_link p
                 where p.account_id = l.account_id))
         where hash = $1 and used_at is null and ended_at is null and ends_at > $2
        """;

    private const string HolderSql = "select person_id from host.account where account_id = $1";

    /// <summary>A link that was just made.</summary>
    /// <param name="Path">Of this site, with the secret: to be shown once, since it is saved nowhere.</param>
    /// <param name="EndsAt">It opens nothing from then on.</param>
    public sealed record Made(string Path, DateTimeOffset EndsAt);

    /// <summary>Makes a link for an account, which ends those that it has.</summary>
    /// <param name="account">Whose password it sets.</param>
    /// <param name="purpose">One of <see cref="LinkPurpose"/>.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Made> MakeAsync(AccountId account, string purpose, Actor by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var made = await MakeAsync(connection, account, purpose, by, ct);
        await transaction.CommitAsync(ct);
        return made;
    }

    /// <summary>The same in the caller's transaction.</summary>
    internal async Task<Made> MakeAsync(
        NpgsqlConnection at, AccountId account, string purpose, Actor by, CancellationToken ct)
    {
        await SessionRows.LockAsync(at, account, ct);
        var (secret, now) = (OpenSessions.MakeSecret(SecretNames.Link), clock.GetUtcNow());
        var (id, ends) = (Id.New<LinkId>(clock), now + options.Value.LinkFor);
        await at.ExecuteAsync(EndSql, [account.Value, now], ct);
        await at.ExecuteAsync(
            InsertSql,
            [
                id.Value, account.Value, OpenSessions.HashOf(secret), purpose, by.Name, by.Account,
                by.Person, now, ends,
            ], ct);
        if (await at.ScalarAsync<Guid?>(HolderSql, [account.Value], ct) is { } holder)
            await notices.TellAsync(at, new(new(holder), id, by, IsUsed: false, now, ends), ct);
        return new($"{LinkForm.Path}/{secret}", ends);
    }

    /// <summary>Ends those of an account that nobody used. <see cref="SessionRows.LockAsync"/> comes first.</summary>
    internal Task EndAsync(NpgsqlConnection at, AccountId account, CancellationToken ct) =>
        at.ExecuteAsync(EndSql, [account.Value, clock.GetUtcNow()], ct);

    /// <summary>Ends those that somebody made, for whomever, and nobody used.</summary>
    internal Task EndMadeByAsync(NpgsqlConnection at, AccountId maker, CancellationToken ct) =>
        at.ExecuteAsync(EndMadeBySql, [maker.Value, clock.GetUtcNow()], ct);

    /// <summary>Whose password a link sets; null: it is none, or was used, or has ended.</summary>
    internal async Task<Account?> FindAsync(string secret, CancellationToken ct)
    {
        if (secret.Length > MostSecretChars || !secret.StartsWith(SecretNames.Link, StringComparison.Ordinal))
            return null;
        var now = clock.GetUtcNow();
        return await db.FirstAsync(OpenSql, Of, [OpenSessions.HashOf(secret), now], ct) is { } open
            && await accounts.FindAsync(open.Account, ct) is { } account
            && !account.IsOver(now) ? account : null;
    }

    /// <summary>Sets the password of a link's account, which ends its sessions and revokes its tokens, but for the
    /// command line's of the first start. Of several at once one does.</summary>
    /// <returns>False: nothing was changed, since the link opens nothing any more.</returns>
    internal async Task<bool> UseAsync(string secret, string password, CancellationToken ct)
    {
        var (link, hash) = (OpenSessions.HashOf(secret), Passwords.Hash(password, options.Value.PasswordIterations));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var now = clock.GetUtcNow();
        if (await connection.FirstAsync(OpenSql, Of, [link, now], ct) is not { } open) return false;

        if (await StillMay.WhyNotAsync(connection, open.Maker, Permissions.AccountsWrite, now, ct) is not null)
            return false;
        // First, since it waits for whoever else signs in, resets or closes the account.
        await NewPasswords.SetInAsync(connection, open.Account, hash, now, ct);
        if (await connection.ExecuteAsync(UseSql, [link, now], ct) == 0) return false;
        if (open.Purpose != LinkPurpose.First)
            await ApiTokens.RevokeAllAsync(connection, open.Account, now, ct);
        if (open.Holder is { } holder)
            await notices.TellAsync(
                connection, new(new(holder), open.Link, open.Maker, IsUsed: true, now, open.EndsAt), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static Opens Of(Row row) => new(
        row.Id<LinkId>("link_id"), row.Id<AccountId>("account_id"), row.Text("purpose"), row.Actor("made_by"),
        row.Instant("ends_at"), row.UuidOrNull("holder"));

    private sealed record Opens(
        LinkId Link, AccountId Account, string Purpose, Actor Maker, DateTimeOffset EndsAt, Guid? Holder);
}

/// <summary>What a link is for.</summary>
public static class LinkPurpose
{
    /// <summary>The installation's first account.</summary>
    public const string First = "first";

    /// <summary>An account that was opened, or opened again.</summary>
    public const string Open = "open";

    /// <summary>One whose holder has forgotten the password.</summary>
    public const string Reset = "reset";
}
