using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Accounts;

/// <summary>What approvals ask of accounts.</summary>
/// <param name="db">Where.</param>
/// <param name="clock">Who has left by now.</param>
/// <param name="at">The caller's connection, so that who waits for a lock with it takes no second one; null: one for
/// each question.</param>
internal sealed class AccountDeciders(NpgsqlDataSource db, TimeProvider clock, NpgsqlConnection? at = null) : IDeciders
{
    // Of whoever may do something now ($2: by one of these roles), the accounts and who each is.
    private const string DecidersSql = $"""
        select s.account_id, s.who
          from host.v_somebody s
         where {AccountRoles.DecidesNow}
           and exists (
                select from host.account_role r
                 where r.account_id = s.account_id and r.role = any ($2) and r.taken_at is null)
        """;

    private const string CountSql = $"select count(distinct d.who)::int from ({DecidersSql}) d where d.who <> all ($3)";

    // Whoever answers for a program has its token, whoever vouches for what.
    // A link's maker may have got theirs by a link too, before they made it, and so on: what nobody had vouched for by
    // then stays. Of a person, all of their accounts count.
    private const string SignedInBySql = """
        with recursive asked (id, account_id) as (
            select x.id, a.account_id from unnest($1::uuid[]) x (id) join host.account a on a.account_id = x.id
            union
            select x.id, a.account_id from unnest($1::uuid[]) x (id) join host.account a on a.person_id = x.id),
        made (id, maker, made_at) as (
            select k.id, m.made_by_account, m.made_at
              from asked k
              join host.v_link_maker m using (account_id)
             where m.counts_until > $2
            union
            select k.id, o.owner_id, $2 from asked k join host.service_owner o using (account_id)
            union
            select d.id, p.made_by_account, p.made_at
              from made d
              join host.one_time_link p on p.account_id = d.maker and p.used_at <= d.made_at
             where p.made_by_account is not null and not exists (
                    select from host.account_vouch v
                      join host.one_time_link n using (link_id)
                     where n.account_id = p.account_id and n.used_at >= p.used_at and v.vouched_at <= d.made_at))
        select k.id,
               bool_or(a.email = 'admin@localhost') or exists (
                    select from made d join host.account o on o.account_id = d.maker
                     where d.id = k.id and o.email = 'admin@localhost') as is_installers,
               array(
                    select d.maker from made d where d.id = k.id
                    union
                    select o.person_id from made d join host.account o on o.account_id = d.maker
                     where d.id = k.id and o.person_id is not null) as makers
          from asked k
          join host.account a using (account_id)
         group by k.id
        """;

    private const string PersonOfSql = "select person_id from host.account where account_id = $1";

    /// <summary>Approvals that ask of accounts by the caller's connection: whoever has a lock with it takes no second
    /// one, for which those who wait would have to let go of theirs.</summary>
    public static FourEyes EyesAt(
        FourEyes fourEyes, NpgsqlDataSource db, TimeProvider clock, NpgsqlConnection connection) =>
        fourEyes.With(new AccountDeciders(db, clock, connection));

    public Task<int> CountAsync(string permission, CancellationToken ct) => CountOutsideAsync(permission, [], ct);

    public Task<int> CountOutsideAsync(string permission, IReadOnlyCollection<Guid> without, CancellationToken ct) =>
        RunAsync(on => on.ScalarAsync<int>(
            CountSql, [clock.GetUtcNow(), RolesOf(permission), without.ToArray()], ct), ct);

    /// <summary>The accounts that could decide what takes a permission.</summary>
    public Task<List<AccountId>> ListAsync(string permission, CancellationToken ct) =>
        RunAsync(on => on.ReadAsync(
            DecidersSql, row => row.Id<AccountId>("account_id"), [clock.GetUtcNow(), RolesOf(permission)], ct), ct);

    public Task<bool> WereTwoAsync(CancellationToken ct) =>
        RunAsync(on => on.ScalarAsync<bool>(
            "select exists (select from host.second_administrator where counts)", [], ct), ct);

    public async Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Person is { } person) return person;
        if (actor.Account is not { } account) return null;
        return await RunAsync(on => on.ScalarAsync<Guid?>(PersonOfSql, [account], ct), ct);
    }

    public async Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
        IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct)
    {
        if (accountsOrPersons.Count == 0) return new Dictionary<Guid, SignedInBy>();
        var all = await RunAsync(on => on.ReadAsync(
            SignedInBySql,
            row => (Id: row.Uuid("id"),
                By: new SignedInBy(row.Get<Guid[]>("makers"), row.Bool("is_installers"))),
            [accountsOrPersons.ToArray(), clock.GetUtcNow()], ct), ct);
        return all.ToDictionary(one => one.Id, one => one.By);
    }

    private static string[] RolesOf(string permission) => [.. Permissions.Of(permission).Roles];

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken ct)
    {
        if (at is not null) return await ask(at);
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ask(connection);
    }
}
