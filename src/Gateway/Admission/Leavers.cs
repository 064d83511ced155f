using Guerdon.Gateway.Keys;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Hears whose last day of employment changed: their keys are read again, and what nobody holds of their wallets is
/// returned. A notification that is lost delays the first until keys are read again in any case, and the second until
/// the escrow is idle. A day that ends while a key is in memory needs no notification.
/// </summary>
internal sealed partial class Leavers(
    KeyRing keys, CallAdmission admission, ILogger<Leavers> log)
{
    public Subscription Changes => new(AccessEnd.Channel, Begun: static () => { }, Heard, Deaf: static () => { });

    private void Heard(string payload)
    {
        var wallets = AccessEnd.Read(payload).Select(person => new WalletId(person.Value)).ToHashSet();
        keys.Forget(wallets);
        _ = Task.Run(() => ReturnAsync(wallets), CancellationToken.None);
    }

    private async Task ReturnAsync(IReadOnlySet<WalletId> wallets)
    {
        try
        {
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
