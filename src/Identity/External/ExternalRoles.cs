using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.External;

/// <summary>Roles that somebody has by what is said elsewhere, such as a provider's groups: a source of their own,
/// which alone takes what it gave, and touches no other's.</summary>
public sealed class ExternalRoles(NpgsqlDataSource db, TimeProvider clock)
{
    private const string TakeSql = """
        update host.account_role set taken_at = greatest(given_at, $3), taken_by = $2
         where account_id = $1 and source = $2 and taken_at is null and role <> all ($4)
        """;

    private const string GiveSql = """
        insert into host.account_role (account_id, role, source, given_at, given_by, agreed_by)
        select $1, role, $2, $3, $2, $5 from unnest($4::text[]) as wanted (role)
        on conflict (account_id, role, source) where taken_at is null do nothing
        """;

    private const string OnlyAdministratorSql = $"""
        select exists (
                select from host.account_role
                 where account_id = $1 and role = 'administrator' and source = $3 and taken_at is null)
           and not exists (
                select from host.account_role
                 where account_id = $1 and role = 'administrator' and source <> $3 and taken_at is null)
           and not ({AccountChanges.OthersExist})
        """;

    private const string HaveSql = """
        select distinct account_id from host.account_role where source = $1 and taken_at is null
        """;

    /// <summary>Gives and takes, so that an account has just these from this source. Somebody with the role of an
    /// administrator is always left. Repeating it is safe.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="source">Where they come from, as records name it.</param>
    /// <param name="roles">Of <see cref="Roles"/>.</param>
    /// <param name="agreedBy">Who agreed to these rules.</param>
    /// <param name="ct">Stops it.</param>
    public async Task SetAsync(
        AccountId account, string source, IReadOnlyCollection<string> roles, string? agreedBy, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, AccountRoles.Lock, ct);
        var now = clock.GetUtcNow();
        var wanted = roles.Where(Roles.IsKnown).ToHashSet();
        if (!wanted.Contains(Roles.Administrator)
            && await connection.ScalarAsync<bool>(OnlyAdministratorSql, [account.Value, now, source], ct))
            wanted.Add(Roles.Administrator);
        await connection.ExecuteAsync(TakeSql, [account.Value, source, now, wanted.ToArray()], ct);
        await connection.ExecuteAsync(GiveSql, [account.Value, source, now, wanted.ToArray(), agreedBy], ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes all that a source gave, since it is no more.</summary>
    public async Task TakeAllAsync(string source, CancellationToken ct)
    {
        foreach (var account in await db.ReadAsync(HaveSql, row => row.Id<AccountId>("account_id"), [source], ct))
            await SetAsync(account, source, [], null, ct);
    }
}
