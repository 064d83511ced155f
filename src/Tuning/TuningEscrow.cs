using Guerdon.Gateway;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Stops;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Tuning;

/// <summary>How a job ended, in figures.</summary>
/// <param name="Trained">Tokens it was trained on.</param>
/// <param name="IsEstimate">True where the provider did not say, and it is its bound.</param>
/// <param name="Outcome">As the journal has it.</param>
/// <param name="HttpStatus">The provider's last word on it.</param>
internal readonly record struct TuningEnd(long Trained, bool IsEstimate, Outcome Outcome, int HttpStatus);

/// <summary>
/// Draws what a job can cost at most into an escrow of its own, and settles it when the job has ended: once, whichever
/// node does it and however often.
/// </summary>
internal sealed class TuningEscrow(
    LedgerWriter ledger, PriceBook book, EscrowDraws draws, EscrowReader escrow, WalletStops stops,
    IOptions<AdmissionOptions> options, TimeProvider clock)
{
    private readonly AdmissionOptions _options = options.Value;

    /// <summary>
    /// Holds, and writes the job down, in one commit. Waits briefly for tokens that nodes do not use.
    /// </summary>
    /// <returns>Why there is no hold, or null.</returns>
    /// <exception cref="NpgsqlException">The database stayed away. If it holds, it is found and released.</exception>
    public async Task<Refused?> HoldAsync(TuningJob job, CancellationToken ct)
    {
        if (stops.Refuses(job.Wallet) is { } stopped) return stopped;
        var with = new InSameCommit { Commands = [() => TuningStore.Insert(job)] };
        var begun = clock.GetTimestamp();
        while (true)
        {
            Transfer[] draw = job.Held.Milli == 0 ? [] :
            [
                new()
                {
                    Kind = TransferKind.Draw, Wallet = job.Wallet, Holder = job.Holder, Amount = job.Held,
                    Key = $"tune:{job.Id.Value:N}", SourceId = job.Id.Value,
                },
            ];
            var posted = await ledger.PostAsync(draw, with, CancellationToken.None);
            if (posted.All(p => p.Done)) return null;

            var isWorthWaiting = clock.GetElapsedTime(begun) < _options.WaitForTokens
                && await draws.AskOthersAsync(new NodeEscrow(job.Wallet, job.Holder), job.Held, ct);
            if (!isWorthWaiting) return await RefuseAsync(job, ct);
            await Task.Delay(_options.AskAgainAfter, clock, ct);
        }
    }

    // Tokens that calls in flight do not use come back, so it is final only where even they would not do.
    private async Task<Refused> RefuseAsync(TuningJob job, CancellationToken ct)
    {
        var own = await escrow.OwnAsync(job.Wallet, ct);
        var needs = $"Training {job.Model} on up to {job.BoundTokens} tokens ({Wording.Count(job.Epochs, "epoch")}) "
                + $"holds {job.Held} "
            + $"tokens; your wallet has {own}";
        return own >= job.Held
            ? GatewayRefusals.WalletInFlight.With($"{needs}, some of it held by requests in flight.") with
            {
                RetryAfter = _options.RetryAfter,
            }
            : GatewayRefusals.WalletExhausted.With($"{needs}.");
    }

    /// <summary>Settles what it cost, returns the rest, and puts it on record.</summary>
    /// <param name="job">As it is to be remembered: with the provider's last description and any warning.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="ct">Stops waiting for it.</param>
    /// <returns>The job as ended, or null where another has ended it.</returns>
    public async Task<TuningJob?> EndAsync(TuningJob job, TuningEnd end, CancellationToken ct)
    {
        var price = book.FindRow(job.PriceId)
            ?? throw new InvalidOperationException($"The price row {job.PriceId} of {job.Id} is not in the book.");
        var cost = Cost.OfTraining(price, end.Trained, job.TokenValueNanos);
        var due = job.Held.Milli == 0 ? Tokens.Zero : cost.Charge;
        var held = job.Held + await DrawMoreAsync(job, due - job.Held, ct);
        var ended = job with
        {
            EndedAt = Now(),
            TrainedTokens = end.Trained,
            Charged = Tokens.Min(due, held),
        };
        var record = RecordOf(ended, end, cost, price);
        try
        {
            return await JobBooking.BookAsync(
                ledger, record, held - record.Charged, () => TuningStore.End(ended), ct) ? ended : null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    // It cost more than its bytes allowed for, so the wallet pays what it has, as it does for a call.
    private async Task<Tokens> DrawMoreAsync(TuningJob job, Tokens missing, CancellationToken ct)
    {
        if (missing.Milli <= 0) return Tokens.Zero;
        var posted = await ledger.PostAsync(new Transfer
        {
            Kind = TransferKind.Draw, Wallet = job.Wallet, Holder = job.Holder, Amount = missing,
            AtLeast = Tokens.Zero, Key = $"tune-more:{job.Id.Value:N}", SourceId = job.Id.Value,
        }, ct);
        return posted.Moved;
    }

    private static RequestRecord RecordOf(TuningJob job, TuningEnd end, Costing cost, Price price) => new()
    {
        Wallet = job.Wallet, Id = new(job.Id.Value), StartedAt = job.CreatedAt, EndedAt = job.EndedAt!.Value,
        Source = Source.Tuning, Holder = job.Holder, KeyId = job.KeyId.Value, Model = job.Model,
        Provider = job.Provider, PriceId = price.Id, TokenValueNanos = job.TokenValueNanos,
        Usage = new Usage { Input = end.Trained }, Cost = cost, Charged = job.Charged!.Value, Held = job.Held,
        State = end.IsEstimate ? RecordState.Estimated : RecordState.Settled, Outcome = end.Outcome,
        HttpStatus = (short)end.HttpStatus,
        DurationUs = (job.EndedAt.Value - job.CreatedAt).Ticks / TimeSpan.TicksPerMicrosecond,
    };

    /// <summary>Now, as PostgreSQL stores it.</summary>
    public DateTime Now() => clock.UtcMicros();
}
