using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Giving;

/// <summary>Opens accounts and resets passwords, by a link that works once and that whoever makes it hands on; and lets
/// somebody else say whose such an account is. Until then approvals take its maker and its holder for one.</summary>
public sealed class AccountLinks(
    NpgsqlDataSource db, PeopleDirectory people, OneTimeLinks links, FourEyes fourEyes, TimeProvider clock,
    IEnumerable<IPendingDecisions> pending)
{
    private const int MostWaiting = 10_000; // of a kind

    private const string InsertSql = """
        insert into host.account (account_id, email, name, created_at) values ($1, $2, $3, $4)
        on conflict (email) do nothing
        """;

    private const string OpenSql = """
        update host.account_closed
           set opened_at = greatest(closed_at, $2), opened_by = $3, opened_by_account = $4, opened_by_person = $5
         where account_id = $1 and opened_at is null
        """;

    // After the link that it names, whichever node's clock that has.
    private const string VouchSql = """
        insert into host.account_vouch (link_id, vouched_at, reason, vouched_by, vouched_by_account, vouched_by_person)
        select l.link_id, greatest($2, l.used_at), $3, $4, $5, $6 from host.one_time_link l where l.link_id = $1
        on conflict (link_id) do nothing
        """;

    private const string IsVouchedSql = """
        select exists (
            select from host.account_vouch v
              join host.one_time_link l using (link_id)
             where v.link_id = $1 and l.account_id = $2)
        """;

    private const string GiveSql = """
        insert into host.account_role (account_id, role, source, given_at, given_by) values ($1, $2, $3, $4, $5)
        on conflict (account_id, role, source) where taken_at is null do nothing
        """;

    /// <summary>An account, and the link by which its holder sets the password.</summary>
    /// <param name="Account">Whose.</param>
    /// <param name="Link">To be handed on; shown once.</param>
    public sealed record Opened(Account Account, OneTimeLinks.Made Link);

    /// <summary>Opens an account, which has no role and no password yet; one that was closed is opened again, and loses
    /// the password that it had.</summary>
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

        return await InTurnAsync<Opened>(by, Permissions.AccountsWrite, async at =>
        {
            var (id, now) = (Id.New<AccountId>(clock), clock.GetUtcNow());
            if (await at.ExecuteAsync(InsertSql, [id.Value, email, name, now], ct) == 0)
            {
                if (!(await AccountDirectory.NamedAsync(at, email, ct)).Is(out var known, out var none)) return none;
                id = known.Id;
                if (await at.ExecuteAsync(OpenSql, [id.Value, now, by.Name, by.Account, by.Person], ct) == 0)
                    return IdentityRefusals.AccountExists.With($"{email} has an account.");
                if (known.IsService) return IdentityRefusals.AccountOfProgram.With($"{email} is a program's account.");
                await NewPasswords.SetInAsync(at, id, null, now, ct);
            }

            return await WithLinkAsync(at, id, LinkPurpose.Open, by, ct);
        }, ct);
    }

    /// <summary>Makes a link by which the holder of an account sets another password. Until it is used nothing changes,
    /// so that nobody is locked out by it.</summary>
    public Task<Result<Opened>> ResetAsync(string accountOrEmail, Actor by, CancellationToken ct) =>
        InTurnAsync<Opened>(by, Permissions.AccountsWrite, async at =>
        {
            if (!(await AccountDirectory.NamedAsync(at, accountOrEmail, ct)).Is(out var account, out var none))
                return none;
            if (account.IsOver(clock.GetUtcNow()))
                return IdentityRefusals.AccountClosed.With(Problems.WhyOver(account));
            if (account.IsService)
                return IdentityRefusals.AccountOfProgram.With($"{account.Email} is a program's account.");
            if (await EyesAt(at).AreOneAsync(by, account.Holder, ct))
                return IdentityRefusals.OwnReset.With("Nobody makes a link for themselves.");
            if (await WhyWiderAsync(at, account, by, ct) is { } wider) return wider;
            return await WithLinkAsync(
                at, account.Id, account.HasPassword ? LinkPurpose.Reset : LinkPurpose.Open, by, ct);
        }, ct);

    /// <summary>Says whose an account is, by somebody who made none of the links concerned: from then on approvals tell
    /// its holder and its maker apart again. The same again changes nothing.</summary>
    /// <param name="accountOrEmail">Which.</param>
    /// <param name="link"><c>otl_…</c>: by which it got its password, as they saw it; so that no other that was used
    /// meanwhile is vouched for. Null: the newest, for whoever has the server's machine.</param>
    /// <param name="reason">How they know, for the record.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Account>> VouchAsync(
        string accountOrEmail, string? link, string? reason, Actor by, CancellationToken ct)
    {
        // Read before the turn, since it takes connections of its own.
        var waits = by.Account is null ? [] : await WaitingAsync(by, ct);
        return await InTurnAsync<Account>(by, Permissions.RolesGive, async at =>
        {
            if (!(await AccountDirectory.NamedAsync(at, accountOrEmail, ct)).Is(out var account, out var none))
                return none;
            if (Reason.Check(IdentityRefusals.ReasonInvalid, reason) is { } unsaid) return unsaid;
            if (waits.Any(one => one.By.Is(account.Holder)))
                return IdentityRefusals.VouchWaits.With(
                    $"{account.Email} asked for what waits: {waits.First(one => one.By.Is(account.Holder)).Deed}.");
            var eyes = EyesAt(at);
            if (await eyes.MayBeOneAsync(by, account.Holder, ct))
                return IdentityRefusals.OwnVouch.With(
                    $"{by.Name} has {account.Email}, or a part in the links by which it got its password.");
            if (!account.SignsIn) return IdentityRefusals.NoPassword.With(Problems.WhyNobodys(account));

            // Nor is another link used meanwhile.
            await SessionRows.LockAsync(at, account.Id, ct);
            account = (await AccountDirectory.FindAsync(at, account.Id, ct))!;
            if (await WhichAsync(at, account, link, by, ct) is not { } which)
                return IdentityRefusals.VouchOther.With(account.UsedLink is { } used
                    ? $"{account.Email} got its password by {used}, and '{Wording.Shortened(link ?? "")}' is not that."
                    : $"{account.Email} got its password by no link for which somebody vouches.");
            await at.ExecuteAsync(
                VouchSql, [which.Value, clock.GetUtcNow(), reason!.Trim(), by.Name, by.Account, by.Person], ct);
            return (await AccountDirectory.FindAsync(at, account.Id, ct))!;
        }, ct);
    }

    // The link that a vouch is for; null: none, or another than the one that was named.
    private static async Task<LinkId?> WhichAsync(
        NpgsqlConnection at, Account account, string? link, Actor by, CancellationToken ct)
    {
        if (link is null) return by.Account is null ? account.UsedLink : null;
        if (!Id.TryParse<LinkId>(link, out var named)) return null;
        return named == account.UsedLink
            || await at.ScalarAsync<bool>(IsVouchedSql, [named.Value, account.Id.Value], ct) ? named : null;
    }

    /// <summary>Those of some accounts for which somebody does not vouch, since they have them, or a part in the links
    /// by which these got their password.</summary>
    public async Task<IReadOnlySet<AccountId>> OwnAsync(
        IReadOnlyCollection<Account> accounts, Actor by, CancellationToken ct)
    {
        Account[] linked = [.. accounts.Where(account => account.UsedLink is not null)];
        var own = await fourEyes.MayBeOneAsync(by, [.. linked.Select(account => account.Holder)], ct);
        return linked.Zip(own).Where(one => one.Second).Select(one => one.First.Id).ToHashSet();
    }

    // What its maker asked for with it must not become another's by the vouch.
    private async Task<IReadOnlyList<Asked>> WaitingAsync(Actor by, CancellationToken ct)
    {
        var all = new List<Asked>();
        foreach (var source in pending)
            all.AddRange((await source.ListAsync(new(by, SeesAll: true), MostWaiting, ct)).Select(one => one.Asked));
        return all;
    }

    /// <summary>Gives a role by one, who has the server's machine: it is on record as given there.</summary>
    public Task<Result<Account>> GiveHereAsync(string accountOrEmail, string role, Actor by, CancellationToken ct) =>
        InTurnAsync<Account>(by, Permissions.RolesGive, async at =>
        {
            if (by.Account is not null)
                throw new ArgumentException("Over HTTP a role takes two.", nameof(by));
            if (!(await AccountDirectory.NamedAsync(at, accountOrEmail, ct)).Is(out var account, out var none))
                return none;
            if (!Roles.IsKnown(role) || (account.IsService && !Permissions.FitPrograms(role)))
                return IdentityRefusals.RoleUnknown.With($"'{role}' is not a role for {account.Email}.");
            if (account.IsOver(clock.GetUtcNow()))
                return IdentityRefusals.AccountClosed.With(Problems.WhyOver(account));
            await at.ExecuteAsync(
                GiveSql, [account.Id.Value, role, AccountRoles.OnServer, clock.GetUtcNow(), by.Name], ct);
            return (await AccountDirectory.FindAsync(at, account.Id, ct))!;
        }, ct);

    private FourEyes EyesAt(NpgsqlConnection at) => AccountDeciders.EyesAt(fourEyes, db, clock, at);

    // Whoever has a link may use it: nobody gets another's rights by one.
    private static async Task<Refused?> WhyWiderAsync(
        NpgsqlConnection at, Account account, Actor by, CancellationToken ct)
    {
        if (by.Account is not { } id || await AccountDirectory.FindAsync(at, new AccountId(id), ct) is not { } maker)
            return null;
        var wider = account.Roles.Except(maker.Roles).Where(role => role != Roles.Employee).ToList();
        if (account.Email == FirstAdministrator.Email)
            return IdentityRefusals.ResetWider.With($"{account.Email} came with the installation.");
        return wider.Count == 0 ? null : IdentityRefusals.ResetWider.With(
            $"{account.Email} has roles that {by.Name} does not have: {string.Join(", ", wider)}.");
    }

    private async Task<Opened> WithLinkAsync(
        NpgsqlConnection at, AccountId id, string purpose, Actor by, CancellationToken ct)
    {
        var made = await links.MakeAsync(at, id, purpose, by, ct);
        return new Opened((await AccountDirectory.FindAsync(at, id, ct))!, made);
    }

    private async Task<Result<T>> InTurnAsync<T>(
        Actor by, string permission, Func<NpgsqlConnection, Task<Result<T>>> change, CancellationToken ct)
        where T : notnull
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await StillMay.InTurnAsync(connection, by, permission, clock, ct) is { } gone) return gone;
        var made = await change(connection);
        if (made.Refused is null) await transaction.CommitAsync(ct);
        return made;
    }
}
