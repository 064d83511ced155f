using System.Security.Cryptography;
using System.Text;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Tokens;

/// <summary>Tokens that programs sign in with. One is shown once and saved as its SHA-256.</summary>
public sealed class ApiTokens(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>So that a token is known on sight, by people and by secret scanners.</summary>
    internal const string Prefix = "grd_";

    private const int TokenBytes = 32;

    private const string OwnersSql = $"""
        select t.hash, {AccountDirectory.Columns}
          from host.token t
          join host.account a using (account_id)
          left join people.v_person p on p.person_id = a.person_id
         where t.hash = any ($1) and t.revoked_at is null
        """;

    private const string InsertSql = """
        insert into host.token (token_id, account_id, name, hash, created_at) values ($1, $2, $3, $4, $5)
        """;

    private const string ListSql = """
        select token_id, name, created_at, revoked_at from host.token
         where account_id = $1 order by created_at desc, token_id desc limit 1000
        """;

    private const string RevokeSql = """
        update host.token set revoked_at = $3 where token_id = $1 and account_id = $2 and revoked_at is null
        """;

    private readonly GatheredLookup<Account> _owners = new((hashes, ct) => OwnersAsync(db, hashes, ct), clock);

    /// <summary>Hashes of tokens in memory, and how many queries looked for some.</summary>
    internal (int Count, long Queries) Lookups => (_owners.Count, _owners.Queries);

    /// <summary>The account of a token that is good at this moment, or null.</summary>
    internal async Task<Account?> FindOwnerAsync(string token, CancellationToken ct) =>
        token.StartsWith(Prefix, StringComparison.Ordinal) && token.Length < 100
            ? await _owners.FindAsync(HashOf(token), ct)
            : null;

    /// <summary>Makes a token for programs; it may do what its account may.</summary>
    public async Task<CreatedToken> CreateAsync(AccountId account, string name, CancellationToken ct)
    {
        var token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var id = Id.New<TokenId>(clock);
        await db.ExecuteAsync(InsertSql, [id.Value, account.Value, name, HashOf(token), clock.GetUtcNow()], ct);
        return new(id, token);
    }

    /// <summary>An account's tokens, revoked ones too, newest first.</summary>
    internal async Task<IReadOnlyList<ApiToken>> ListAsync(AccountId account, CancellationToken ct) =>
        await db.ReadAsync(
            ListSql,
            row => new ApiToken(
                row.Id<TokenId>("token_id"), row.Text("name"), row.Instant("created_at"),
                row.InstantOrNull("revoked_at")),
            [account.Value], ct);

    /// <returns>False where the account has no such token, or it was revoked before.</returns>
    internal async Task<bool> RevokeAsync(AccountId account, TokenId id, CancellationToken ct) =>
        await db.ExecuteAsync(RevokeSql, [id.Value, account.Value, clock.GetUtcNow()], ct) == 1;

    private static async Task<IReadOnlyDictionary<UInt128, Account>> OwnersAsync(
        NpgsqlDataSource db, byte[][] hashes, CancellationToken ct)
    {
        var owners = await db.ReadAsync(
            OwnersSql, row => (Hash: row.Bytes("hash"), Account: AccountDirectory.Of(row)), [hashes], ct);
        return owners.ToDictionary(o => KeyHash.IdOf(o.Hash), o => o.Account);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
