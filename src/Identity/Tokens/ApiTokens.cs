using System.Security.Cryptography;
using System.Text;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Tokens;

/// <summary>Tokens that programs sign in with. One is shown once and saved as its SHA-256.</summary>
public sealed class ApiTokens(NpgsqlDataSource db, TimeProvider clock)
{
    private const int TokenBytes = 32;

    private const int ShownChars = 12;
    private static readonly TimeSpan UseEvery = TimeSpan.FromMinutes(1);

    private const string OwnersSql = $"""
        select t.hash, t.token_id, m.scopes, m.ends_at, u.used_at, {AccountDirectory.Columns}
          from host.token t
          join host.account a using (account_id)
          left join people.v_person p on p.person_id = a.person_id
          left join host.token_terms m using (token_id)
          left join host.token_use u using (token_id)
         where t.hash = any ($1) and t.revoked_at is null and (m.ends_at is null or m.ends_at > $2)
        """;

    private const string InsertSql = """
        with made as (
            insert into host.token (token_id, account_id, name, hash, created_at) values ($1, $2, $3, $4, $5)
            returning token_id)
        insert into host.token_terms (token_id, scopes, ends_at, shown)
        select token_id, $6::text[], $7::timestamptz, $8 from made
        """;

    private const string ListSql = """
        select t.token_id, t.name, m.shown, m.scopes, t.created_at, m.ends_at, u.used_at, t.revoked_at
          from host.token t
          left join host.token_terms m using (token_id)
          left join host.token_use u using (token_id)
         where t.account_id = $1 order by t.created_at desc, t.token_id desc limit 1000
        """;

    private const string UseSql = """
        insert into host.token_use as u (token_id, used_at) values ($1, $2)
        on conflict (token_id) do update set used_at = excluded.used_at where u.used_at < excluded.used_at
        """;

    private const string RevokeSql = """
        update host.token set revoked_at = $3 where token_id = $1 and account_id = $2 and revoked_at is null
        """;

    private const string RevokeAllSql = """
        update host.token set revoked_at = $2 where account_id = $1 and revoked_at is null
        """;

    private readonly GatheredLookup<TokenOwner> _owners =
        new((hashes, ct) => OwnersAsync(db, clock.GetUtcNow(), hashes, ct), clock);

    /// <summary>Hashes of tokens in memory, and how many queries looked for some.</summary>
    internal (int Count, long Queries) Lookups => (_owners.Count, _owners.Queries);

    /// <summary>A token that is good at this moment, with its account; or null.</summary>
    internal async Task<TokenOwner?> FindOwnerAsync(string token, CancellationToken ct) =>
        token.StartsWith(SecretNames.Token, StringComparison.Ordinal) && token.Length < 100
            ? await _owners.FindAsync(HashOf(token), ct)
            : null;

    /// <summary>Makes a token for programs; it may do what its account may, but for approving money, and has no end.
    /// </summary>
    public Task<CreatedToken> CreateAsync(AccountId account, string name, CancellationToken ct) =>
        CreateAsync(account, name, new(null, null), ct);

    /// <summary>Makes a token within terms. At use it is never wider than its account is by then.</summary>
    /// <exception cref="ArgumentException">The terms name no scope at all.</exception>
    public async Task<CreatedToken> CreateAsync(
        AccountId account, string name, TokenTerms terms, CancellationToken ct)
    {
        if (terms.Scopes is { Count: 0 })
            throw new ArgumentException("A token without any permission opens nothing.", nameof(terms));
        var token = SecretNames.Token + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var id = Id.New<TokenId>(clock);
        await db.ExecuteAsync(
            InsertSql,
            [
                id.Value, account.Value, name, HashOf(token), clock.GetUtcNow(), terms.Scopes?.ToArray(), terms.EndsAt,
                token[..ShownChars],
            ], ct);
        return new(id, token) { EndsAt = terms.EndsAt };
    }

    /// <summary>An account's tokens, revoked ones too, newest first.</summary>
    internal async Task<IReadOnlyList<ApiToken>> ListAsync(AccountId account, CancellationToken ct) =>
        await db.ReadAsync(
            ListSql,
            row => new ApiToken(
                row.Id<TokenId>("token_id"), row.Text("name"), row.TextOrNull("shown"),
                row.GetOrNull<string[]>("scopes"), row.Instant("created_at"), row.InstantOrNull("ends_at"),
                row.InstantOrNull("used_at"), row.InstantOrNull("revoked_at")),
            [account.Value], ct);

    /// <returns>False where the account has no such token, or it was revoked before.</returns>
    internal async Task<bool> RevokeAsync(AccountId account, TokenId id, CancellationToken ct) =>
        await db.ExecuteAsync(RevokeSql, [id.Value, account.Value, clock.GetUtcNow()], ct) == 1;

    /// <summary>Revokes all tokens of an account. Repeating it is safe.</summary>
    public Task RevokeAllAsync(AccountId account, CancellationToken ct) =>
        db.ExecuteAsync(RevokeAllSql, [account.Value, clock.GetUtcNow()], ct);

    /// <summary>The same in the commit of whatever else ends with them.</summary>
    internal static Task RevokeAllAsync(
        NpgsqlConnection at, AccountId account, DateTimeOffset now, CancellationToken ct) =>
        at.ExecuteAsync(RevokeAllSql, [account.Value, now], ct);

    /// <summary>Notes that a token is used, once a minute at most.</summary>
    internal async Task NoteUseAsync(TokenOwner token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (token.UsedAt is null || now - token.UsedAt >= UseEvery)
            await db.ExecuteAsync(UseSql, [token.Id.Value, now], ct);
    }

    private static async Task<IReadOnlyDictionary<UInt128, TokenOwner>> OwnersAsync(
        NpgsqlDataSource db, DateTimeOffset now, byte[][] hashes, CancellationToken ct)
    {
        var owners = await db.ReadAsync(
            OwnersSql,
            row => (Hash: row.Bytes("hash"), Owner: new TokenOwner(
                row.Id<TokenId>("token_id"), AccountDirectory.Of(row),
                new(row.GetOrNull<string[]>("scopes"), row.InstantOrNull("ends_at")), row.InstantOrNull("used_at"))),
            [hashes, now], ct);
        return owners.ToDictionary(o => KeyHash.IdOf(o.Hash), o => o.Owner);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
