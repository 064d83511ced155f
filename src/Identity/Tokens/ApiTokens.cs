using System.Security.Cryptography;
using System.Text;
using Dapper;
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
         where t.hash = any(@hashes) and t.revoked_at is null
        """;

    private const string InsertSql = """
        insert into host.token (token_id, account_id, name, hash, created_at) values (@id, @account, @name, @hash, @now)
        """;

    private const string ListSql = """
        select token_id as id, name, created_at, revoked_at from host.token
         where account_id = @account order by created_at desc, token_id desc limit 1000
        """;

    private const string RevokeSql = """
        update host.token set revoked_at = @now where token_id = @id and account_id = @account and revoked_at is null
        """;

    private readonly GatheredLookup<Account> _owners = new((hashes, ct) => OwnersAsync(db, hashes, ct), clock);

    /// <summary>Hashes of tokens in memory, and how many queries looked for some.</summary>
    internal (int Count, long Queries) Lookups => (_owners.Count, _owners.Queries);

    private sealed record OwnerRow(
        byte[] Hash, Guid Account_Id, string Email, string Name, string Role, Guid? Person_Id, string? Password_Hash,
        DateOnly? Left_On);

    private sealed record TokenRow(Guid Id, string Name, DateTime Created_At, DateTime? Revoked_At);

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
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(InsertSql, new
        {
            id = id.Value, account = account.Value, name, hash = HashOf(token), now = clock.GetUtcNow().UtcDateTime,
        }, cancellationToken: ct));
        return new(id, token);
    }

    /// <summary>An account's tokens, revoked ones too, newest first.</summary>
    internal async Task<IReadOnlyList<ApiToken>> ListAsync(AccountId account, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<TokenRow>(
            new CommandDefinition(ListSql, new { account = account.Value }, cancellationToken: ct));
        return [.. rows.Select(r => new ApiToken(new(r.Id), r.Name, r.Created_At, r.Revoked_At))];
    }

    /// <returns>False where the account has no such token, or it was revoked before.</returns>
    internal async Task<bool> RevokeAsync(AccountId account, TokenId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(RevokeSql,
            new { id = id.Value, account = account.Value, now = clock.GetUtcNow().UtcDateTime },
            cancellationToken: ct)) == 1;
    }

    private static async Task<IReadOnlyDictionary<UInt128, Account>> OwnersAsync(
        NpgsqlDataSource db, byte[][] hashes, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<OwnerRow>(
            new CommandDefinition(OwnersSql, new { hashes }, cancellationToken: ct));
        return rows.ToDictionary(r => KeyHash.IdOf(r.Hash), r => AccountDirectory.Of(
            new(r.Account_Id, r.Email, r.Name, r.Role, r.Person_Id, r.Password_Hash, r.Left_On)));
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
