using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Giving;

/// <summary>What one administrator does at once: closing accounts, and taking roles. Somebody with the role of an
/// administrator is always left.</summary>
public sealed class AccountChanges(
    NpgsqlDataSource db, OneTimeLinks links, FourEyes fourEyes, TimeProvider clock)
{
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
        select $1, greatest($2, max(opened_at) + interval '1 microsecond'), $3, $4, $5
          from host.account_closed where account_id = $1
        on conflict (account_id) where opened_at is null do nothing
        """;

    private const string DeclineSql = """
        update host.role_request
           set decision = 'declined', decided_by = $2, decided_by_account = $3, decided_by_person = $4,
               decided_at = $5, decided_reason = 'The account was closed.'
         where account_id = $1 and decision is null
        """;

    private const string DeclineAskedSql = """
        update host.role_request
           set decision = 'declined', decided_by = $2, decided_by_account = $3, decided_by_person = $4,
               decided_at = $5, decided_reason = 'Whoever asked gives no roles any more.'
         where asked_by_account = $1 and decision is null
        """;

    // $1: now; $2: an account, beside which somebody can still give roles.
    internal const string OthersExist = $"""
        exists (
            select from host.v_somebody s
             where s.account_id <> $2 and {AccountRoles.DecidesNow}
               and exists (select from host.account_role r where r.account_id = s.account_id
                                and r.role = 'administrator' and r.taken_at is null))
        """;

    private const string OthersSql = $"select {OthersExist}";

    /// <summary>Closes an account: it loses its roles, tokens and sessions, and nobody signs in with it. Closing it
    /// again changes nothing.</summary>
    public Task<Result<Account>> CloseAsync(string accountOrEmail, Actor by, CancellationToken ct) =>
        ChangeAsync(accountOrEmail, (by, Permissions.AccountsWrite), async (at, account) =>
        {
            if (account.ClosedAt is not null) return null;
            if (await LastAsync(at, account, ct) is { } last) return last;

            // First, as whoever signs in: what else ends with the account waits for nobody who waits for this.
            await SessionRows.LockAsync(at, account.Id, ct);
            var now = clock.GetUtcNow();
            await at.ExecuteAsync(CloseSql, [account.Id.Value, now, by.Name, by.Account, by.Person], ct);
            await at.ExecuteAsync( // whoever gave them: what a directory's group gives it may give again
                TakeSql, [account.Id.Value, now, by.Name, by.Account, by.Person, null, null], ct);
            await ApiTokens.RevokeAllAsync(at, account.Id, now, ct);
            await SessionRows.EndAllAsync(at, account.Id, SessionEnd.ByAdministrator(by), now, ct);
            await links.EndAsync(at, account.Id, ct);
            await links.EndMadeByAsync(at, account.Id, ct);
            await at.ExecuteAsync(DeclineSql, [account.Id.Value, by.Name, by.Account, by.Person, now], ct);
            await at.ExecuteAsync(DeclineAskedSql, [account.Id.Value, by.Name, by.Account, by.Person, now], ct);
            return null;
        }, ct);

    /// <summary>Takes a role from an account, whether it was given on the server's machine or by administrators.
    /// </summary>
    public Task<Result<Account>> TakeAsync(string accountOrEmail, string role, Actor by, CancellationToken ct) =>
        ChangeAsync(accountOrEmail, (by, Permissions.RolesGive), async (at, account) =>
        {
            if (!Roles.IsKnown(role)) return IdentityRefusals.RoleUnknown.With($"'{role}' is not a role.");
            if (!account.Roles.Contains(role))
                return IdentityRefusals.RoleNotHeld.With($"{account.Email} does not have the role {role}.");
            if (role == Roles.Administrator && await LastAsync(at, account, ct) is { } last) return last;
            if (await at.ScalarAsync<string>(
                ElsewhereSql, [account.Id.Value, role, AccountRoles.Taken], ct) is { } source)
                return IdentityRefusals.RoleElsewhere.With(
                    $"{account.Email} has the role {role} from '{Wording.Shortened(source)}'.");

            if (role == Roles.Auditor && await WhyNotAuditorAsync(at, account, by, ct) is { } wider) return wider;

            var now = clock.GetUtcNow();
            await at.ExecuteAsync(
                TakeSql,
                [account.Id.Value, now, by.Name, by.Account, by.Person, role, AccountRoles.Taken], ct);
            if (role != Roles.Administrator) return null;
            await links.EndMadeByAsync(at, account.Id, ct);
            await at.ExecuteAsync(DeclineAskedSql, [account.Id.Value, by.Name, by.Account, by.Person, now], ct);
            return null;
        }, ct);

    // An auditor changes nothing, whatever else they are: without that role they may do more, which takes two.
    private async Task<Refused?> WhyNotAuditorAsync(
        NpgsqlConnection at, Account account, Actor by, CancellationToken ct)
    {
        var eyes = AccountDeciders.EyesAt(fourEyes, db, clock, at);
        if (await eyes.MayBeOneAsync(by, account.Holder, ct))
            return IdentityRefusals.OwnRole.With("Nobody takes the role of an auditor from themselves.");
        var writes = account.Roles.Where(role => role is not (Roles.Auditor or Roles.Employee)
            && Permissions.All.Any(permission => permission.Writes && permission.In(role) != Reach.None)).ToList();
        return writes.Count == 0 ? null : IdentityRefusals.AuditorWrites.With(
            $"Without the role of an auditor {account.Email} could do what the roles {string.Join(", ", writes)} may.");
    }

    private async Task<Result<Account>> ChangeAsync(
        string accountOrEmail, (Actor Who, string Permission) by,
        Func<NpgsqlConnection, Account, Task<Refused?>> change, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await StillMay.InTurnAsync(connection, by.Who, by.Permission, clock, ct) is { } gone) return gone;
        if (!(await AccountDirectory.NamedAsync(connection, accountOrEmail, ct)).Is(out var account, out var none))
            return none;
        if (await change(connection, account) is { } refused) return refused;
        var after = (await AccountDirectory.FindAsync(connection, account.Id, ct))!;
        await transaction.CommitAsync(ct);
        return after;
    }

    private async Task<Refused?> LastAsync(NpgsqlConnection at, Account account, CancellationToken ct) =>
        account.Roles.Contains(Roles.Administrator)
        && !await at.ScalarAsync<bool>(OthersSql, [clock.GetUtcNow(), account.Id.Value], ct)
            ? IdentityRefusals.LastAdministrator.With(
                $"{account.Email} is the only one with the role of an administrator.")
            : null;
}
