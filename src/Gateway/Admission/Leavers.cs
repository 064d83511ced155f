using Guerdon.Gateway.Keys;
using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Hears whose last day of employment changed, or whose access was ended: their keys are read again, and what nobody
/// holds of their wallets is returned. Calls under way are ended of those whose access was ended. A notification that
/// is lost delays the first until keys are read again in any case, the second until the escrow is idle, and the third
/// for seconds (<see cref="EndedCalls"/>). A day that ends while a key is in memory needs no notification.
/// </summary>
internal sealed partial class Leavers(
    KeyRing keys, CallAdmission admission, CallsUnderWay calls, NpgsqlDataSource db, ILogger<Leavers> log)
{
    public Subscription Changes => new(AccessEnd.Channel, Begun, Heard, Deaf: static () => { });

    // What was told before may have been missed.
    private void Begun() => _ = Task.Run(LookAsync, CancellationToken.None);

    private async Task LookAsync()
    {
        try
        {
            await EndedCalls.EndAsync(calls, db, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            Log.NotReturned(log, e.Message); // the next look ends them
        }
    }

    private void Heard(string payload)
    {
        var people = AccessEnd.Read(payload);
        var wallets = WalletsOf(people);
        keys.Forget(wallets);
        _ = Task.Run(() => ReturnAsync(people, wallets), CancellationToken.None);
    }

    private static HashSet<WalletId> WalletsOf(IReadOnlySet<PersonId> people) =>
        [.. people.Select(person => new WalletId(person.Value))];

    private async Task ReturnAsync(IReadOnlySet<PersonId> people, IReadOnlySet<WalletId> wallets)
    {
        try
        {
            // With a last day that has passed calls finish; whose access is ended at once gets no answer any more.
            calls.End(WalletsOf(await AccessEnd.EndedAsync(db, people, CancellationToken.None)));
            await admission.ReturnAsync(wallets);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.NotReturned(log, e.Message); // it is returned when it is idle
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Escrow of people who leave is returned later: {Reason}")]
        public static partial void NotReturned(ILogger log, string reason);
    }
}
