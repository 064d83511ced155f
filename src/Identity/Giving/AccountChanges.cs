using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Giving;

/// <summary>What one administrator does at once: opening and closing accounts, and taking roles. Somebody with the role
/// of an administrator is always left.</summary>
public sealed class AccountChanges(
    NpgsqlDataSource db, AccountDirectory accounts, PeopleDirectory people, TimeProvider clock,
    IOptions<SignInOptions> options)
{
    private const string InsertSql = """
        insert into host.account (account_id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)
        on conflict (email) do nothing
        """;

    private const string OpenSql = """
        update host.account_closed
           set opened_at = greatest(closed_at, $2), opened_by = $3, opened_by_account = $4, opened_by_person = $5
         where account_id = $1 and opened_at is null
        """;

    private const string PasswordSql = "update host.account set password_hash = $2 where account_id = $1";

    // A clock that is slower than another node's does not keep a role from being taken.
    private const string TakeSql = """
        update host.account_role
           set taken_at = greatest(given_at, $2), taken_by = $3, taken_by_account = $4, taken_by_person = $5
         where account_id = $1 and taken_at is null and ($6::text is null or role = $6)
           and ($7::text[] is null or source = any ($7) or (source like 'openid %' and
                not exists (select from openid.v_source s where s.source = account_role.source)))
        """;

    private const string ElsewhereSql = """
        select source from host.account_role
         where account_id = $1 and taken_at is null and ($2::text is null or role = $2) and source <> all ($3)
           and (source not like 'openid %' or
                exists (select from openid.v_source s where s.source = account_role.source))
         order by source limit 1
        """;

    private const string CloseSql = """
        insert into host.account_closed (account_id, closed_at, closed_by, closed_by_account, closed_by_person)
        select $1, greatest($2, max(opened_at)), $3, $4, $5 from host.account_closed where account_id = $1
        on conflict do nothing
        """;

    private const string RevokeSql =
        "update host.token set revoked_at = $2 where account_id = $1 and revoked_at is null";

    private const string DeclineSql = """
        update host.role_request
           set decision = 'declined', decided_by = $2, decided_by_account = $3, decided_by_person = $4,
               decided_at = $5, decided_reason = 'The account was closed.'
         where account_id = $1 and decision is null
        """;

    // $1: an account, beside which somebody can still give roles; $2: now.
    internal const string OthersExist = """
        exists (
            select from host.account a
              left join people.v_person p on p.person_id = a.person_id
             where a.account_id <> $1
               and exists (select from host.account_role r where r.account_id = a.account_id
                                and r.role = 'administrator' and r.taken_at is null)
               and not exists (select from host.account_role r where r.account_id = a.account_id
                                and r.role = 'auditor' and r.taken_at is null)
               and not exists (select from host.account_closed c
                                where c.account_id = a.account_id and c.opened_at is null)
               and (p.left_on is null or p.left_on >= ($2::timestamptz at time zone 'UTC')::date))
        """;

    private const string OthersSql = $"select {OthersExist}";

    /// <summary>An account, and the password that it was given, to be shown once.</summary>
    /// <param name="Account">Whose.</param>
    /// <param name="Password">Saved nowhere else.</param>
    public sealed record Opened(Account Account, string Password);

    /// <summary>Opens an account, which has no role yet; one that was closed is opened again.</summary>
    /// <param name="email">What they sign in with.</param>
    /// <param name="name">As pages greet them; an account that was closed keeps its own.</param>
    /// <param name="by">Who opens it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Opened>> OpenAsync(string? email, string? name, Actor by, CancellationToken ct)
    {
        (email, name) = ((email ?? "").Trim().ToLowerInvariant(), (name ?? "").Trim());
        if (!AccountNames.IsAddress(email) || !AccountNames.IsName(name))
            return IdentityRefusals.AccountInvalid.With(
                $"'{Wording.Shortened(email)}', '{Wording.Shortened(name)}' cannot be an account.");
        if (await people.FindAsync(email, ct) is { LeftOn: { } left } && AccessEnd.IsOver(left, clock.GetUtcNow()))
            return IdentityRefusals.AccountOfLeaver.With($"The last day of {email} was {left.Iso()}.");

        var password = Passwords.Make();
        var hash = Passwords.Hash(password, options.Value.PasswordIterations);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var id = Id.New<AccountId>(clock);
        var isNew = await connection.ExecuteAsync(InsertSql, [id.Value, email, name, hash, clock.GetUtcNow()], ct) == 1;
        if (!isNew)
        {
            id = (await accounts.FindByEmailAsync(email, ct))!.Id;
            if (await connection.ExecuteAsync(
                OpenSql, [id.Value, clock.GetUtcNow(), by.Name, by.Account, by.Person], ct) == 0)
                return IdentityRefusals.AccountExists.With($"{email} has an account.");
            await connection.ExecuteAsync(PasswordSql, [id.Value, hash], ct);
        }

        await transaction.CommitAsync(ct);
        return new Opened((await accounts.FindAsync(id, ct))!, password);
    }

    /// <summary>Closes an account: it loses its roles, tokens and sessions, and nobody signs in with it. Closing it
    /// again changes nothing.</summary>
    public Task<Result<Account>> CloseAsync(string accountOrEmail, Actor by, CancellationToken ct) =>
        ChangeAsync(accountOrEmail, async (at, account) =>
        {
            if (account.ClosedAt is not null) return null;
            if (await LastAsync(at, account, ct) is { } last) return last;

            var now = clock.GetUtcNow();
            await at.ExecuteAsync(CloseSql, [account.Id.Value, now, by.Name, by.Account, by.Person], ct);
            await TakeAsync(at, account, null, by, ct);
            await at.ExecuteAsync(RevokeSql, [account.Id.Value, now], ct);
            await SessionRows.EndAllAsync(at, account.Id, SessionEnd.ByAdministrator(by), now, ct);
            await at.ExecuteAsync(DeclineSql, [account.Id.Value, by.Name, by.Account, by.Person, now], ct);
            return null;
        }, ct);

    /// <summary>Takes a role from an account, whether it was given on the server's machine or by administrators.
    /// </summary>
    public Task<Result<Account>> TakeAsync(string accountOrEmail, string role, Actor by, CancellationToken ct) =>
        ChangeAsync(accountOrEmail, async (at, account) =>
        {
            if (!Roles.IsKnown(role)) return IdentityRefusals.RoleUnknown.With($"'{role}' is not a role.");
            if (!account.Roles.Contains(role))
                return IdentityRefusals.RoleNotHeld.With($"{account.Email} does not have the role {role}.");
            if (role == Roles.Administrator && await LastAsync(at, account, ct) is { } last) return last;
            if (await at.ScalarAsync<string>(
                ElsewhereSql, [account.Id.Value, role, AccountRoles.Taken], ct) is { } source)
                return IdentityRefusals.RoleElsewhere.With(
                    $"{account.Email} has the role {role} from '{Wording.Shortened(source)}'.");

            await TakeAsync(at, account, role, by, ct);
            return null;
        }, ct);

    private async Task<Result<Account>> ChangeAsync(
        string accountOrEmail, Func<NpgsqlConnection, Account, Task<Refused?>> change, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, AccountRoles.Lock, ct);
        if (!(await accounts.NamedAsync(accountOrEmail, ct)).Is(out var account, out var none)) return none;
        if (await change(connection, account) is { } refused) return refused;
        await transaction.CommitAsync(ct);
        return (await accounts.FindAsync(account.Id, ct))!;
    }

    private Task<int> TakeAsync(NpgsqlConnection at, Account account, string? role, Actor by, CancellationToken ct) =>
        at.ExecuteAsync(
            TakeSql,
            [
                account.Id.Value, clock.GetUtcNow(), by.Name, by.Account, by.Person, role,
                role is null ? null : AccountRoles.Taken, // a closed account has none, wherever they are from
            ], ct);

    private async Task<Refused?> LastAsync(NpgsqlConnection at, Account account, CancellationToken ct) =>
        account.Roles.Contains(Roles.Administrator)
        && !await at.ScalarAsync<bool>(OthersSql, [account.Id.Value, clock.GetUtcNow()], ct)
            ? IdentityRefusals.LastAdministrator.With(
                $"{account.Email} is the only one with the role of an administrator.")
            : null;
}
