using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>Ends calls of this node whose callers' access was ended, every few seconds while there are calls: nobody's
/// goes on because a notification was lost.</summary>
internal sealed class EndedCalls(
    CallsUnderWay calls, NpgsqlDataSource db, TimeProvider clock, ILogger<EndedCalls> log)
    : Job(new(TimeSpan.FromSeconds(2)) { AtStart = false }, db, clock, log)
{
    protected override Task<int> WorkAsync(CancellationToken ct) => EndAsync(calls, Database, ct);

    /// <returns>Of how many people calls were ended.</returns>
    internal static async Task<int> EndAsync(CallsUnderWay calls, NpgsqlDataSource db, CancellationToken ct)
    {
        var people = calls.Wallets.Select(wallet => new PersonId(wallet.Value)).ToHashSet();
        if (people.Count == 0) return 0;
        var ended = await AccessEnd.EndedAsync(db, people, ct);
        calls.End(ended.Select(person => new WalletId(person.Value)).ToHashSet());
        return ended.Count;
    }
}
