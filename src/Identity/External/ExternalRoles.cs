using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.External;

/// <summary>Roles that somebody has by what is said elsewhere, such as a provider's groups: a source of their own,
/// which alone takes what it gave, and touches no other's.</summary>
public sealed class ExternalRoles(NpgsqlDataSource db, FourEyes fourEyes, TimeProvider clock)
{
    private const string HeldSql = """
        select role from host.account_role where account_id = $1 and source = $2 and taken_at is null
        """;

    private const string HaveSql = """
        select account_id, array_agg(role) as roles from host.account_role where source = $1 and taken_at is null
         group by account_id order by account_id
        """;

    private const string TakeSql = """
        update host.account_role set taken_at = greatest(given_at, $3), taken_by = $2
         where account_id = $1 and source = $2 and taken_at is null and role <> all ($4)
        """;

    private const string GiveSql = """
        insert into host.account_role (account_id, role, source, given_at, given_by, agreed_by)
        select $1, role, $2, $3, $2, $5 from unnest($4::text[]) as wanted (role)
        on conflict (account_id, role, source) where taken_at is null do nothing
        """;

    private const string IsLastSql = $"""
        select exists (
                select from host.account_role
                 where account_id = $2 and role = 'administrator' and taken_at is null)
           and not {AccountChanges.OthersExist}
        """;

    private const string ElsewhereSql = """
        select exists (
            select from host.account_role
             where account_id = $1 and role = 'administrator' and source <> $2 and taken_at is null)
        """;

    /// <summary>How roles are given.</summary>
    /// <param name="AgreedBy">Who agreed to these rules; null: nobody knows.</param>
    /// <param name="MayGain">Whether they may get what they do not have from this source yet, beyond an employee's
    /// role.</param>
    public readonly record struct Terms(string? AgreedBy, bool MayGain);

    /// <summary>Before <see cref="SetAsync"/> and <see cref="KeepOnlyAsync"/>, and before any other lock of the
    /// transaction: whoever closes an account takes it first too.</summary>
    public static Task LockAsync(NpgsqlConnection connection, CancellationToken ct) =>
        Locks.InTransactionAsync(connection, AccountRoles.Lock, ct);

    /// <summary>The same for whoever calls; then looks whether they may still do it, since their role may have been
    /// taken while they waited.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="by">Who calls.</param>
    /// <param name="permission">What it takes.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Why they may not; null: they may.</returns>
    public Task<Refused?> LockForAsync(
        NpgsqlConnection connection, Actor by, string permission, CancellationToken ct) =>
        StillMay.InTurnAsync(connection, by, permission, clock, ct);

    /// <summary>Why somebody may not do something any more, whoever asks; null: they may.</summary>
    public Task<Refused?> WhyNotAsync(
        NpgsqlConnection connection, Actor who, string permission, CancellationToken ct) =>
        StillMay.WhyNotAsync(connection, who, permission, clock.GetUtcNow(), ct);

    /// <summary>Approvals that ask of accounts by the caller's connection: whoever has the lock takes no second one,
    /// for which those who wait would have to let go of theirs.</summary>
    public FourEyes EyesAt(NpgsqlConnection connection) =>
        AccountDeciders.EyesAt(fourEyes, db, clock, connection);

    /// <summary>Gives and takes, so that an account has just these from this source. Somebody who can use the role of
    /// an administrator is always left. Repeating it is safe.</summary>
    /// <param name="connection">In a transaction, with <see cref="LockAsync"/>.</param>
    /// <param name="account">Whose.</param>
    /// <param name="source">Where they come from, as records name it.</param>
    /// <param name="roles">Of <see cref="Roles"/>.</param>
    /// <param name="terms">How.</param>
    /// <param name="ct">Stops it.</param>
    public async Task SetAsync(
        NpgsqlConnection connection, AccountId account, string source, IReadOnlyCollection<string> roles, Terms terms,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var held = await connection.ReadAsync(HeldSql, row => row.Text("role"), [account.Value, source], ct);
        var wanted = roles.Where(role => Roles.IsKnown(role)
            && (terms.MayGain || role == Roles.Employee || held.Contains(role))).ToHashSet();
        if (await connection.ScalarAsync<bool>(IsLastSql, [now, account.Value], ct))
        {
            // Whoever is an auditor too changes nothing.
            if (!held.Contains(Roles.Auditor)) wanted.Remove(Roles.Auditor);
            if (held.Contains(Roles.Administrator)
                && !await connection.ScalarAsync<bool>(ElsewhereSql, [account.Value, source], ct))
                wanted.Add(Roles.Administrator);
        }

        string[] all = [.. wanted];
        await connection.ExecuteAsync(TakeSql, [account.Value, source, now, all], ct);
        await connection.ExecuteAsync(GiveSql, [account.Value, source, now, all, terms.AgreedBy], ct);
    }

    /// <summary>Takes from everybody what a source gave and gives no more.</summary>
    /// <param name="connection">In a transaction, with <see cref="LockAsync"/>.</param>
    /// <param name="source">Which.</param>
    /// <param name="roles">What it may still give; none: it is no more.</param>
    /// <param name="ct">Stops it.</param>
    public async Task KeepOnlyAsync(
        NpgsqlConnection connection, string source, IReadOnlyCollection<string> roles, CancellationToken ct)
    {
        var all = await connection.ReadAsync(
            HaveSql, row => (Account: row.Id<AccountId>("account_id"), Roles: row.Get<string[]>("roles")), [source],
            ct);
        foreach (var one in all.Where(one => one.Roles.Except(roles).Any()))
            await SetAsync(connection, one.Account, source, [.. one.Roles.Intersect(roles)], default, ct);
    }
}
