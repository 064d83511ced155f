using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Accounts;

/// <summary>Whether whoever calls may do something still, once they have waited for their turn: their role may have
/// been taken meanwhile.</summary>
internal static class StillMay
{
    /// <param name="at">In a transaction that has the turn.</param>
    /// <param name="who">Whoever has the server's machine has no account, and may.</param>
    /// <param name="permission">What it takes.</param>
    /// <param name="now">Who has left by then may nothing.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Refused?> WhyNotAsync(
        NpgsqlConnection at, Actor who, string permission, DateTimeOffset now, CancellationToken ct)
    {
        if (who.Account is not { } id) return null;
        var account = await AccountDirectory.FindAsync(at, new AccountId(id), ct);
        return account is not null && Of(account, permission, now) ? null
            : IdentityRefusals.NotAllowed.With($"{who.Name} may not do this any more.");
    }

    /// <summary>Waits for the turn in which roles and accounts change, so that none is closed meanwhile, and asks then.
    /// </summary>
    /// <param name="at">In a transaction, before any other lock of it.</param>
    /// <param name="who">Whoever calls.</param>
    /// <param name="permission">What it takes.</param>
    /// <param name="clock">Read once it is their turn.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Refused?> InTurnAsync(
        NpgsqlConnection at, Actor who, string permission, TimeProvider clock, CancellationToken ct)
    {
        await Locks.InTransactionAsync(at, AccountRoles.Lock, ct);
        return await WhyNotAsync(at, who, permission, clock.GetUtcNow(), ct);
    }

    internal static bool Of(Account account, string permission, DateTimeOffset now) =>
        !account.IsOver(now) && Permissions.Of(permission) is var named && named.Roles.Any(account.Roles.Contains)
        && !(named.Writes && account.Roles.Contains(Roles.Auditor));
}
