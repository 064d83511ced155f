using Guerdon.Identity.Accounts;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Sessions;

/// <summary>Gives accounts other passwords, which ends their sessions.</summary>
public sealed class NewPasswords(NpgsqlDataSource db, TimeProvider clock, IOptions<SignInOptions> options)
{
    private const string SetSql = """
        update host.account set password_hash = $2
         where account_id = $1
           and not exists (select from host.service_account v where v.account_id = $1)
        """;

    /// <summary>Gives an account another password, which ends all of its sessions: whoever knew the former one is out.
    /// Its tokens go on. A program's account gets no password.</summary>
    public async Task SetAsync(AccountId id, string password, CancellationToken ct)
    {
        if (Passwords.Fault(password) is { } fault) throw new ArgumentException(fault, nameof(password));

        var hash = Passwords.Hash(password, options.Value.PasswordIterations);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await SetInAsync(connection, id, hash, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The same in a transaction of the caller's; a hash of null takes the password away.</summary>
    internal static async Task SetInAsync(
        NpgsqlConnection connection, AccountId id, string? hash, DateTimeOffset now, CancellationToken ct)
    {
        // First, so that it holds the lock: whoever signs in with the former password is either ended, or too late.
        await SessionRows.EndAllAsync(connection, id, SessionEnd.Password, now, ct);
        await SetHashAsync(connection, id, hash, ct);
    }

    /// <summary>The password alone, by whoever has ended sessions, or had a reason not to.</summary>
    internal static Task SetHashAsync(
        NpgsqlConnection connection, AccountId id, string? hash, CancellationToken ct) =>
        connection.ExecuteAsync(SetSql, [id.Value, hash], ct);
}
