using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Moves escrow between wallets and this node: draws it, returns it, asks other nodes for what they do not
/// use.
/// </summary>
public sealed partial class EscrowDraws(
    LedgerWriter ledger, EscrowReader reader, NpgsqlDataSource db, IOptions<AdmissionOptions> options,
    TimeProvider clock, ILogger<EscrowDraws> log)
{
    /// <summary>Where nodes ask for escrow, and say that it was returned.</summary>
    public const string Channel = "gateway_escrow";

    // A wallet that was just found short is not looked at again before this, unless escrow
    // is known to have been returned.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Quarter = TimeSpan.FromMilliseconds(250);
    private static readonly Backoff Again = new(Quarter, Quarter);

    private readonly AdmissionOptions _options = options.Value;
    private int _underWay;

    /// <summary>How many draws and returns have not come to their end.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <returns>False where the database did not answer in time.</returns>
    public async Task<bool> TryDrawAsync(NodeEscrow escrow, Tokens need, CancellationToken ct)
    {
        if (!await escrow.Drawing.WaitAsync(_options.DrawWithin, ct)) return false;
        var release = true;
        try
        {
            var missing = need - escrow.Free;
            if (missing.Milli <= 0) return true; // the one before drew enough for both
            if (escrow.FoundShortAt is not 0 and var at && clock.GetElapsedTime(at) < LookAgainAfter) return true;

            var ahead =
                Tokens.Min(new(need.Milli * _options.DrawAhead), new(escrow.Available.Milli / _options.DrawAheadShare));
            var draw = DrawUnlessClosedAsync(escrow, missing, ahead);
            if (await Task.WhenAny(draw, Task.Delay(_options.DrawWithin, clock, ct)) == draw)
            {
                await draw;
                return true;
            }

            release = false; // it goes on, and lets the next one draw when it is known what became of it
            _ = draw.ContinueWith(_ => escrow.Drawing.Release(), TaskScheduler.Default);
            ct.ThrowIfCancellationRequested();
            return false;
        }
        finally
        {
            if (release) escrow.Drawing.Release();
        }
    }

    // An escrow that was closed meanwhile, as one that nobody has used yet may be, is forgotten. So nothing may be
    // drawn into it: nobody would ever return it.
    private async Task DrawUnlessClosedAsync(NodeEscrow escrow, Tokens missing, Tokens ahead)
    {
        await DrawAsync(escrow, missing, ahead);
        if (escrow.IsClosed && escrow.TakeIdle(null) is { Milli: > 0 } stray) await ReturnAsync(escrow, stray);
    }

    /// <summary>Draws what is missing and what is wanted ahead of need, or whatever of it is there.</summary>
    /// <returns>What it brought, when that is known: while the database is away it tries on.</returns>
    public async Task<Tokens> DrawAsync(NodeEscrow escrow, Tokens missing, Tokens ahead)
    {
        using var underWay = new UnderWayCount(this);
        var posted = await PostSurelyAsync(new Transfer
        {
            Kind = TransferKind.Draw, Wallet = escrow.Wallet, Holder = escrow.Holder, Amount = missing + ahead,
            AtLeast = Tokens.Zero,
            Key = $"draw:{Id.New<TransferId>(clock).Value:N}",
        });
        escrow.AddDrawn(missing, posted.Moved, posted.AvailableAfter, clock.GetTimestamp());
        return posted.Moved;
    }

    /// <summary>Returns what was taken out of the escrow.</summary>
    public async Task ReturnAsync(NodeEscrow escrow, Tokens amount)
    {
        using var underWay = new UnderWayCount(this);
        var posted = await PostSurelyAsync(new Transfer
        {
            Kind = TransferKind.Return, Wallet = escrow.Wallet, Holder = escrow.Holder, Amount = amount,
            Key = $"return:{Id.New<TransferId>(clock).Value:N}",
        });
        if (posted.Done) escrow.NoteAvailable(posted.AvailableAfter);
        else Log.ReturnRefused(log, escrow.Wallet, posted.Refused!.ToString());
    }

    /// <summary>Asks the other nodes for escrow of a wallet that they do not use.</summary>
    /// <returns>False where they have none.</returns>
    public async Task<bool> AskOthersAsync(NodeEscrow escrow, Tokens missing, CancellationToken ct)
    {
        if (!await reader.IsElsewhereAsync(escrow.Wallet, escrow.Holder, ct)) return false;
        await NotifyAsync(string.Create(CultureInfo.InvariantCulture,
            $"ask {escrow.Holder} {escrow.Wallet} {missing.Milli}"), ct);
        return true;
    }

    /// <summary>Gives another node what it asks for, as far as nothing is held in it.</summary>
    public async Task GiveAsync(NodeEscrow escrow, HolderId asker, Tokens asked)
    {
        // Where both wait for the same tokens the older node has them first, otherwise each would give to the other.
        if (escrow.Waiting > 0 && asker.Value.CompareTo(escrow.Holder.Value) > 0) return;
        var amount = escrow.TakeUpTo(asked);
        if (amount.Milli == 0) return;
        try
        {
            await ReturnAsync(escrow, amount);
            await NotifyAsync($"back {escrow.Holder} {escrow.Wallet}", CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            Log.Away(log, escrow.Wallet, e.Message); // returned or on its way: whoever waits looks again by itself
        }
    }

    private Task NotifyAsync(string payload, CancellationToken ct) => Notify.NowAsync(db, Channel, payload, ct);

    private async Task<Posted> PostSurelyAsync(Transfer transfer)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await ledger.PostAsync(transfer, CancellationToken.None);
            }
            catch (NpgsqlException e)
            {
                Log.Away(log, transfer.Wallet, e.Message);
                await Again.WaitAsync(failures, clock, CancellationToken.None);
            }
        }
    }

    // Over only when what it brought is in the node's escrow, or has left it.
    private readonly struct UnderWayCount : IDisposable
    {
        private readonly EscrowDraws _draws;

        public UnderWayCount(EscrowDraws draws)
        {
            _draws = draws;
            Interlocked.Increment(ref draws._underWay);
        }

        public void Dispose() => Interlocked.Decrement(ref _draws._underWay);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Escrow of {Wallet} was not returned: {Reason}")]
        public static partial void ReturnRefused(ILogger log, WalletId wallet, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Escrow of {Wallet} waits for the database: {Reason}")]
        public static partial void Away(ILogger log, WalletId wallet, string reason);
    }
}
