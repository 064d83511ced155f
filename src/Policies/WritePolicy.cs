using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>Whatever policy somebody applies: what only refuses more is in force at once, since it may be needed at
/// once; else it is proposed, and another approves it.</summary>
internal sealed class WritePolicy(NpgsqlDataSource db, PolicyInput policies, InputProposals inputs)
{
    /// <summary>Steps: 1 what takes effect at once does; 2 all else is proposed.</summary>
    public async Task<Result<InputProposals.Outcome>> RunAsync(PolicyGiven policy, Actor by, CancellationToken ct)
    {
        var given = new InputGiven("", policy.Body);
        return await AtOnceAsync(given, by, ct) // 1
            ?? await inputs.ProposeAsync(PolicyInput.Name, given, by, ct); // 2
    }

    // Null: it waits. Under one lock, so that what it was compared with is what it takes the place of.
    private async Task<Result<InputProposals.Outcome>?> AtOnceAsync(InputGiven given, Actor by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (!(await policies.CheckAsync(connection, given, ct)).Is(out var basis, out var no)) return no;
        if (basis.Same is { } same) return new InputProposals.Outcome(same.Reply, null);
        if (!await policies.OnlyRefusesMoreAsync(connection, given, ct)) return null;

        if (!(await policies.ApplyAsync(connection, given, by, ct)).Is(out var made, out no)) return no;
        await transaction.CommitAsync(ct);
        await policies.AppliedAsync(ct); // here without waiting for the notification
        return new InputProposals.Outcome(made.Reply, null);
    }
}
