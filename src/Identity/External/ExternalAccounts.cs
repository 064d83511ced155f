using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.External;

/// <summary>Accounts of people whom a provider vouches for: made at their first sign-in, without a password.</summary>
public sealed class ExternalAccounts(
    NpgsqlDataSource db, AccountDirectory accounts, OneTimeLinks links, TimeProvider clock)
{
    // Whose address a person has becomes theirs by the table itself (host.find_person).
    private const string InsertSql = """
        with made as (
            insert into host.account (account_id, email, name, created_at)
            values ($1, $2, $3, $4)
            on conflict (email) do nothing
            returning account_id, created_at)
        insert into host.account_role (account_id, role, source, given_at, given_by)
        select account_id, 'employee', $5, created_at, $6 from made
        """;

    /// <summary>Whether a text can be an account's address.</summary>
    public static bool IsAddress(string email) => AccountNames.IsAddress(email);

    /// <summary>Makes an account with the role of an employee, which shows what is one's own. One that is there stays
    /// as it is. Repeating it is safe.</summary>
    /// <param name="email">That the provider vouches for, in any case.</param>
    /// <param name="name">As pages greet them.</param>
    /// <param name="by">The provider, as records name it.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The account of the address.</returns>
    public async Task<Account> OpenAsync(string email, string name, string by, CancellationToken ct)
    {
        object?[] values =
        [
            Id.New<AccountId>(clock).Value, email.ToLowerInvariant(), name, clock.GetUtcNow(),
            AccountRoles.OnFirstSignIn, by,
        ];
        await db.ExecuteAsync(InsertSql, values, ct);
        return (await accounts.FindByEmailAsync(email, ct))!;
    }

    /// <summary>Ends links that would set the password of an account and that nobody used: its holder has a way in, and
    /// whoever made one is to have none.</summary>
    /// <param name="connection">In a transaction, with <see cref="ExternalRoles.LockAsync"/>.</param>
    /// <param name="account">Whose.</param>
    /// <param name="ct">Stops it.</param>
    public async Task EndLinksAsync(NpgsqlConnection connection, AccountId account, CancellationToken ct)
    {
        await SessionRows.LockAsync(connection, account, ct);
        await links.EndAsync(connection, account, ct);
    }
}
