using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.OpenId.Arrivals;

/// <summary>
/// Whose account somebody has whom a provider knows. By its issuer and subject, once they are linked; the first time by
/// an address that it vouches for, and never by an address again, since addresses are handed on.
/// </summary>
internal sealed class Admission(
    NpgsqlDataSource db, AccountDirectory accounts, PeopleDirectory people, ExternalAccounts external,
    TimeProvider clock)
{
    private const string LinkedSql =
        "select account_id from openid.link where issuer = $1 and subject = $2 and ended_at is null";

    // Two at once make one link: of one subject, and of one account.
    private const string LinkSql = """
        insert into openid.link (issuer, subject, account_id, provider_id, email, linked_at, link_id)
        select $1, $2, $3, $4, $5, $6, $7
         where not exists (select from host.account_closed c where c.account_id = $3 and c.opened_at is null)
        on conflict do nothing
        """;

    /// <summary>Who they are here, or why not.</summary>
    /// <param name="Account">Whose it is; also where it is over.</param>
    /// <param name="Why">Of <see cref="ArrivalFault"/>; null: they are let in.</param>
    public readonly record struct Verdict(Account? Account, string? Why);

    /// <summary>In this order: 1 the link that there is; 2 an address, which the provider must vouch for; 3 the account
    /// of that address, or a new one; 4 the link.</summary>
    /// <param name="provider">Who says it.</param>
    /// <param name="claims">What it says.</param>
    /// <param name="found">Told whose act it is, before anything of theirs is written.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Verdict> OfAsync(
        SignInProvider provider, ProviderClaims claims, Action<Account> found, CancellationToken ct)
    {
        if (await LinkedAsync(provider.Issuer, claims.Subject, ct) is { } known) // 1
        {
            found(known);
            return Known(known);
        }

        if (claims.Email is not { } email || !ExternalAccounts.IsAddress(email)) // 2
            return new(null, ArrivalFault.Unverified);

        var account = await accounts.FindByEmailAsync(email, ct); // 3
        if (account is null)
        {
            if (await WhyNoneAsync(provider, email, ct) is { } why) return new(null, why);
            var name = claims.Name is { } called && AccountNames.IsName(called) ? called : email;
            account = await external.OpenAsync(email, name, provider.Source, ct);
        }

        if (account.IsService) return new(null, ArrivalFault.Unknown);
        if (account.IsOver(clock.GetUtcNow())) return new(account, ArrivalFault.Over);
        found(account);
        await LinkAsync(provider, claims.Subject, account.Id, email, ct); // 4
        return await LinkedAsync(provider.Issuer, claims.Subject, ct) is { } linked
            ? Known(linked) : new(account, ArrivalFault.Taken);
    }

    // With the lock under which accounts are closed, which ends their links.
    private async Task LinkAsync(
        SignInProvider provider, string subject, AccountId account, string email, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await ExternalRoles.LockAsync(connection, ct);
        if (await connection.ExecuteAsync(
            LinkSql,
            [provider.Issuer, subject, account.Value, provider.Id.Value, email, now, Guid.CreateVersion7(now)],
            ct) == 1) await external.EndLinksAsync(connection, account, ct);
        await transaction.CommitAsync(ct);
    }

    private Verdict Known(Account account) => new(
        account, account.IsOver(clock.GetUtcNow()) || account.IsService ? ArrivalFault.Over : null);

    private async Task<string?> WhyNoneAsync(SignInProvider provider, string email, CancellationToken ct)
    {
        if (await people.FindAsync(email, ct) is { } person)
            return AccessEnd.IsOver(person.LeftOn, clock.GetUtcNow()) ? ArrivalFault.Over : null;
        return provider.Strangers == Strangers.Admit ? null : ArrivalFault.Unknown;
    }

    private async Task<Account?> LinkedAsync(string issuer, string subject, CancellationToken ct) =>
        await db.ScalarAsync<Guid?>(LinkedSql, [issuer, subject], ct) is { } id
            ? await accounts.FindAsync(new AccountId(id), ct) : null;
}
