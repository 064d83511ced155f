using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.External;

/// <summary>The turn that whatever changes roles and accounts waits for, on one connection: whoever waits for it holds
/// no second one, and whoever has it needs none.</summary>
public sealed class AccountTurn(NpgsqlDataSource db, FourEyes fourEyes, TimeProvider clock)
{
    /// <summary>Waits for it, before any other lock of the transaction; then looks whether whoever calls may still do
    /// it, since their role may have been taken meanwhile.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="by">Who calls.</param>
    /// <param name="permission">What it takes.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Why they may not; null: they may.</returns>
    public async Task<Refused?> TakeAsync(
        NpgsqlConnection connection, Actor by, string permission, CancellationToken ct)
    {
        await ExternalRoles.LockAsync(connection, ct);
        return await WhyNotAsync(connection, by, permission, ct);
    }

    /// <summary>Why somebody may not do something any more, whoever asks; null: they may.</summary>
    public Task<Refused?> WhyNotAsync(
        NpgsqlConnection connection, Actor who, string permission, CancellationToken ct) =>
        StillMay.WhyNotAsync(connection, who, permission, clock.GetUtcNow(), ct);

    /// <summary>Approvals that ask of accounts by this connection.</summary>
    public FourEyes EyesAt(NpgsqlConnection connection) =>
        fourEyes.With(new AccountDeciders(db, clock, connection));
}
