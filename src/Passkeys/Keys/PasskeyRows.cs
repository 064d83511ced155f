using Guerdon.Identity.Accounts;
using Guerdon.Storage;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace Guerdon.Passkeys.Keys;

/// <summary>How passkeys are read and written.</summary>
internal static class PasskeyRows
{
    public const string OfAccount = """
        select p.passkey_id, p.name, p.domain, u.is_backed_up, p.added_at, u.used_at
          from passkeys.passkey p
          join passkeys.passkey_use u using (passkey_id)
         where p.account_id = $1 and p.ended_at is null
         order by p.added_at, p.passkey_id
        """;

    private const string InfoSql = """
        select p.credential_id, p.public_key, p.transports, p.is_backup_eligible, p.added_at, u.is_backed_up
          from passkeys.passkey p
          join passkeys.passkey_use u using (passkey_id)
         where p.ended_at is null and p.domain = $2 and p.account_id = $1
        """;

    public const string InfosOfAccount = InfoSql + " order by p.added_at, p.passkey_id";

    public const string InfoOfAccount = InfoSql + " and p.credential_id = $3";

    // Also of one that was removed: none is ever added twice.
    public const string WhoseSql = "select account_id from passkeys.passkey where credential_id = $1";

    private const string AddSql = """
        with added as (
            insert into passkeys.passkey (
                passkey_id, account_id, credential_id, public_key, domain, transports, is_backup_eligible, name,
                added_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (credential_id) do nothing
            returning passkey_id)
        insert into passkeys.passkey_use (passkey_id, sign_count, is_backed_up)
        select passkey_id, $10, $11 from added
        """;

    // A device that does not count says 0 each time.
    private const string UseSql = """
        update passkeys.passkey_use u
           set sign_count = $3, is_backed_up = $4, used_at = greatest(u.used_at, $5)
          from passkeys.passkey p
         where p.passkey_id = u.passkey_id and p.account_id = $1 and p.credential_id = $2 and p.ended_at is null
           and (u.sign_count < $3 or (u.sign_count = 0 and $3 = 0))
        """;

    private const string NamedSql = """
        select passkey_id, name from passkeys.passkey
         where account_id = $1 and credential_id = $2 and ended_at is null
        """;

    private const string AnswerSql = """
        with over as (delete from passkeys.answered where ends_at < $3)
        insert into passkeys.answered (hash, ends_at) values ($1, $2) on conflict (hash) do nothing
        """;

    private static readonly string[] Transports = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

    /// <summary>The framework's view of one. Its count is not in it: the row itself compares, as it is written.
    /// </summary>
    public static UserPasskeyInfo InfoOf(Row row) => new(
        row.Bytes("credential_id"), row.Bytes("public_key"), row.Instant("added_at"), signCount: 0,
        row.Get<string[]>("transports"), isUserVerified: true, row.Bool("is_backup_eligible"),
        row.Bool("is_backed_up"), attestationObject: [], clientDataJson: []);

    /// <summary>Writes one.</summary>
    /// <returns>False: its credential is there already, whoever's.</returns>
    public static async Task<bool> AddAsync(
        NpgsqlConnection at, (PasskeyId Id, AccountId Account, string Domain, string Name) one, UserPasskeyInfo info,
        DateTimeOffset now, CancellationToken ct) =>
        await at.ExecuteAsync(
            AddSql,
            [
                one.Id.Value, one.Account.Value, info.CredentialId, info.PublicKey, one.Domain,
                TransportsOf(info), info.IsBackupEligible, one.Name, now, (long)info.SignCount, info.IsBackedUp,
            ], ct) == 1;

    /// <summary>Notes a use, with the count of uses that was signed.</summary>
    /// <returns>False: it is removed, or its count went back.</returns>
    public static async Task<bool> UseAsync(
        NpgsqlConnection at, AccountId account, UserPasskeyInfo info, DateTimeOffset now, CancellationToken ct) =>
        await at.ExecuteAsync(
            UseSql, [account.Value, info.CredentialId, (long)info.SignCount, info.IsBackedUp, now], ct) == 1;

    /// <summary>Which one it is; null: it is removed.</summary>
    public static Task<(PasskeyId Id, string Name)?> NamedAsync(
        NpgsqlConnection at, AccountId account, UserPasskeyInfo info, CancellationToken ct) =>
        at.FirstAsync<(PasskeyId, string)?>(
            NamedSql, row => (row.Id<PasskeyId>("passkey_id"), row.Text("name")), [account.Value, info.CredentialId],
            ct);

    /// <summary>Notes that a challenge was answered; those that nobody could answer any more go.</summary>
    /// <returns>False: it was answered before.</returns>
    public static async Task<bool> AnswerAsync(
        NpgsqlConnection at, byte[] hash, DateTimeOffset endsAt, DateTimeOffset now, CancellationToken ct) =>
        await at.ExecuteAsync(AnswerSql, [hash, endsAt, now], ct) == 1;

    // What a browser says of itself, which it may make up.
    private static string[] TransportsOf(UserPasskeyInfo info) =>
        [.. (info.Transports ?? []).Where(Transports.Contains).Distinct()];
}
