using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace Guerdon.Passkeys.Keys;

/// <summary>Where the framework's passkeys find accounts and their passkeys. It writes nothing: that is done in the
/// transaction of what the passkey is used for.</summary>
internal sealed class PasskeyStore(NpgsqlDataSource db, AccountDirectory accounts, PasskeyAddress address)
    : IUserPasskeyStore<Account>
{
    private string Domain => address.Domain ?? "";

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult($"{user.Id}");

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Email);

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Id.TryParse<AccountId>(userId, out var id) ? await accounts.FindAsync(id, cancellationToken) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        await db.ReadAsync(
            PasskeyRows.InfosOfAccount, PasskeyRows.InfoOf, [user.Id.Value, Domain], cancellationToken);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(
        Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        db.FirstAsync(
            PasskeyRows.InfoOfAccount, PasskeyRows.InfoOf, [user.Id.Value, Domain, credentialId], cancellationToken);

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.ScalarAsync<Guid?>(PasskeyRows.WhoseSql, [credentialId], cancellationToken) is { } whose
            ? await accounts.FindAsync(new AccountId(whose), cancellationToken) : null;

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Passkeys are written with what they are used for.");

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Passkeys are removed by OwnPasskeys.");

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) =>
        throw NotHere();

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) =>
        throw NotHere();

    public Task SetNormalizedUserNameAsync(
        Account user, string? normalizedName, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        throw NotHere();

    public void Dispose()
    {
    }

    private static NotSupportedException NotHere() => new("Accounts are Identity's.");
}
