using System.Buffers;
using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Stops;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Providers;
using Guerdon.Relay.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// One attempt at a call: how long it may take, whether its caller still listens, and its settlement, which happens
/// once.
/// </summary>
internal sealed class Exchange : IDisposable
{
    private readonly CancellationTokenSource _patience = new();
    private readonly CancellationTokenRegistration _hangUp;
    private readonly CancellationTokenRegistration _end;
    private readonly Hold? _hold;
    private readonly EstimateBasis _basis;
    private readonly long _startedAt;
    private readonly List<Edit> _planned;
    private volatile bool _callerLeft;
    private TimeSpan _firstByte;
    private bool _isSettled;
    private bool? _failed; // null: nothing of the answer was read yet
    private bool _isSent;

    /// <param name="http">The caller.</param>
    /// <param name="taken">What is asked.</param>
    /// <param name="provider">Whom this attempt goes to.</param>
    /// <param name="hold">Null for calls that cost nothing.</param>
    /// <param name="gateway">Options and clock.</param>
    /// <param name="startedAt">The clock's timestamp when the call came in.</param>
    public Exchange(
        HttpContext http, TakenCall taken, Provider provider, Hold? hold, Surroundings gateway, long startedAt)
    {
        (Http, Taken, Provider, Gateway, _hold, _startedAt) = (http, taken, provider, gateway, hold, startedAt);
        if (hold is not null) taken.Rates?.NoteHeld(hold.Call.TokensAtMost(hold.OutputCap));
        _basis = EstimateBasis.Of(taken.Facts, hold?.Call.InputBound ?? 0, hold?.OutputCap ?? 0);
        CappedTo = hold is null ? null : CallBounds.CapToSend(taken.Facts, taken.Price, hold.OutputCap);
        (_planned, Lowered) = PlanEdits.Of(taken.Plan, hold?.Call.Ceiling ?? CallPlan.NoCeiling, taken.SetsTier);
        _hangUp = http.RequestAborted.UnsafeRegister(static call => ((Exchange)call!).OnHangUp(), this);
        _end = gateway.Ending.UnsafeRegister(static call => ((Exchange)call!)._patience.Cancel(), this);
    }

    public HttpContext Http { get; }
    public TakenCall Taken { get; }
    public Provider Provider { get; }
    public Surroundings Gateway { get; }

    /// <summary>The output cap that goes out for each choice, where it is lower than asked.</summary>
    public long? CappedTo { get; }

    /// <summary>What else was set or lowered in what goes out; null: nothing.</summary>
    public string? Lowered { get; }

    /// <summary>The body that goes out.</summary>
    public SplicedContent Content() => new(Taken.Body.Bytes,
        BodySplice.Plan(Taken.Facts, CappedTo ?? OwnCap, Provider.CapMember, _planned));

    // What the caller leaves open, the model's most bounds; some providers must be told.
    private long? OwnCap => Provider.MustBeCapped && Taken.Facts is { Api.DiffersByMaker: true, CapAsked: null }
        ? Taken.Price.MaxOutputTokens : null;

    public Dialect Dialect => Taken.Facts.Api.Dialect;
    public string? RequestId => _hold?.Id.ToString();
    public bool CallerLeft => _callerLeft;

    /// <summary>This node stops, and the call has had its time to finish.</summary>
    public bool IsEnded => Gateway.Ending.IsCancellationRequested;

    /// <summary>Bytes that the provider has sent.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Ends when the provider is waited for no longer.</summary>
    public CancellationToken Patience => _patience.Token;

    /// <summary>
    /// The provider was cut off by us, and may go on working at the company's cost: what it did until then is no
    /// measure of that.
    /// </summary>
    private bool IsGivenUp => _patience.IsCancellationRequested;

    /// <summary>Waits for the provider no longer.</summary>
    public void GiveUp() => _patience.Cancel();

    /// <summary>
    /// Waits for the provider's next sign of life, unless the caller has left: then the drain's time runs.
    /// </summary>
    public void AwaitProvider()
    {
        _isSent = true;
        if (_callerLeft) return;
        _patience.CancelAfter(Gateway.Options.AnswerWithin);
        if (_callerLeft) OnHangUp(); // it left in between, and its shorter time was just overwritten
    }

    /// <summary>Tells how an answer with a good status goes, as far as it is read: an error of the provider's counts
    /// for its health as one with a status does, and one about the request does not. Where the provider is tried again,
    /// only the end of an answer says that it is well: <see cref="NoteEnd"/>.</summary>
    public void NoteContent(in UsageReading reading, int status)
    {
        var isFailure = reading.Fault == Fault.OfProvider;
        if (isFailure || !Provider.IsTriedAgain) Note(isFailure, status);
    }

    /// <summary>Tells how an answer with a good status ended: one that the provider broke off has failed, however well
    /// it began. What we cut off, or what ended after its caller had left, says nothing.</summary>
    public void NoteEnd(in UsageReading reading, int status, bool isWhole)
    {
        var isFailure = reading.Fault == Fault.OfProvider || (!isWhole && reading.Fault == Fault.None);
        if (isWhole || isFailure && !IsGivenUp && !_callerLeft) Note(isFailure, status);
    }

    private void Note(bool isFailure, int status)
    {
        if (status is < 200 or > 299 || _failed == true || _failed == isFailure) return;
        Provider.NoteContent(Taken.Key.Wallet.Value, isFailure, isAgain: _failed is not null);
        _failed = isFailure;
    }

    public void NoteFirstByte() => _firstByte = Gateway.Clock.GetElapsedTime(_startedAt);

    /// <summary>Sends bytes on to the caller, if it is still there; see <see cref="FlushAsync"/>.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_callerLeft) return default;
        Http.Response.BodyWriter.Write(bytes.Span);
        return FlushAsync();
    }

    /// <summary>
    /// Sends on what was written for the caller. A slow one holds the provider back here; one that takes nothing for
    /// too long is disconnected; one that has gone ends nothing, since the answer is read on for its usage.
    /// </summary>
    public async ValueTask FlushAsync()
    {
        var (options, clock) = (Gateway.Options, Gateway.Clock);
        if (await CallerPipe.TryFlushAsync(Http.Response.BodyWriter, options.TakeWithin, clock, Http.RequestAborted))
            return;
        Http.Abort();
        OnHangUp(); // it may not have been noted yet, and until then a cut would be taken for the provider's
    }

    /// <summary>
    /// True when the call is on record and an answer may begin; false where it could not be recorded.
    /// </summary>
    public async ValueTask<bool> IsOpenedAsync()
    {
        if (_hold is null || _hold.Opened.IsCompletedSuccessfully) return true;
        try
        {
            await _hold.Opened;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false; // the journal has logged why
        }
    }

    /// <summary>
    /// Settles by what the answer said, and estimates what it left out. An error in place of an answer is the
    /// provider's, and free, whatever its status. An answer that we cut off is settled at the most it can still cost
    /// (docs/adr/0025-cut-answers.md).
    /// </summary>
    public CostReport? Settle(in UsageReading reading, Outcome outcome, int status)
    {
        if (reading.IsFree) return SettleFree(Outcome.ProviderError, status);
        if (reading.IsError && outcome == Outcome.Answered) outcome = Outcome.ProviderError;
        if (outcome == Outcome.Cut && IsGivenUp && !reading.HasOutput) return SettleAtMost(reading, outcome, status);
        var measured = UsageRules.Final(Dialect, reading, _basis);
        return SettleAs(measured, outcome, status, PricedBy(reading, measured));
    }

    /// <summary>Settles a call that the provider got and that we stopped waiting for.</summary>
    public void SettleUnanswered(Outcome outcome, int status) => SettleAtMost(default, outcome, status);

    // Where the hold is for more than one model at one price, usage cannot say what may still be charged; the hold can.
    private CostReport? SettleAtMost(in UsageReading reading, Outcome outcome, int status)
    {
        if (_hold is null) return SettleAs(default, outcome, status);
        if (!_hold.Call.IsOnePrice) return SettleAs(new(default, IsEstimate: true), outcome, status, atHold: true);
        var measured = WorstUsage.Of(reading, Taken.Facts, _hold);
        return SettleAs(measured, outcome, status, PricedBy(default, measured));
    }

    // Estimates are priced here too, since an undated name's price may have been used for them.
    private PricedAnswer? PricedBy(in UsageReading reading, in MeasuredUsage measured) => _hold is null ? null
        : AnswerPricing.Of(Gateway.Prices, _hold.Call, _hold.Begun.At, reading, measured);

    /// <summary>Settles a call that used nothing.</summary>
    public CostReport? SettleFree(Outcome outcome, int status) => SettleAs(default, outcome, status);

    /// <summary>Nothing may stay held, whatever went wrong.</summary>
    public void SettleIfOpen()
    {
        if (_isSettled) return;
        var outcome = _callerLeft ? Outcome.HungUp : Outcome.Cut;
        if (_isSent) SettleUnanswered(outcome, 0);
        else SettleFree(outcome, 0);
    }

    private CostReport? SettleAs(
        MeasuredUsage measured, Outcome outcome, int status, PricedAnswer? priced = null, bool atHold = false)
    {
        if (_isSettled) return null;
        _isSettled = true;
        if (outcome != Outcome.Withdrawn) Taken.Rates?.NoteUsed(measured.Usage.Total);
        GatewayMeter.Ended(Taken.Price.Model, measured, outcome, _firstByte);
        if (_hold is null) return null;

        var settled = _hold.Settle(new CallResult
        {
            Usage = measured.Usage,
            Estimated = measured.IsEstimate,
            Priced = priced,
            IsAtHold = atHold,
            Outcome = _callerLeft ? Outcome.HungUp : outcome,
            HttpStatus = (short)status,
            Provider = Provider.Name,
            FirstByte = _firstByte,
            RequestBytes = Taken.Facts.BodyBytes,
            ResponseBytes = ResponseBytes,
        });
        return new CostReport(settled, CappedTo, measured.IsEstimate)
        {
            IsProvisional = priced?.IsDoubtful is true, BeyondHold = StopIfBeyond(_hold, settled),
        };
    }

    // A provider broke its own rule, or ours is wrong. Until this call is paid no second one may be made.
    private Tokens? StopIfBeyond(Hold hold, in Settled settled)
    {
        var due = settled.Cost.Charge;
        if (due <= hold.Amount) return null;
        var stop = new WalletStop(hold.Id, Taken.Key.Wallet, Taken.Facts.Model, hold.Amount.Milli, due.Milli,
            Gateway.Clock.GetUtcNow());
        Gateway.Stops.Stop(stop, settled.Owing);
        return hold.Amount;
    }

    private void OnHangUp()
    {
        _callerLeft = true;
        _patience.CancelAfter(Gateway.Options.DrainFor);
    }

    public void Dispose()
    {
        _hangUp.Dispose(); // waits for a hang-up that is just being noted
        _end.Dispose();
        _patience.Dispose();
    }
}

/// <summary>What every call runs in.</summary>
internal sealed class Surroundings(
    IOptions<GatewayOptions> options, TimeProvider clock, PriceBook prices, WalletStops stops, GatewayStop stop)
{
    public GatewayOptions Options { get; } = options.Value;
    public TimeProvider Clock { get; } = clock;
    public PriceBook Prices { get; } = prices;
    public WalletStops Stops { get; } = stops;

    /// <summary>Ends when calls in flight must end, since the node stops.</summary>
    public CancellationToken Ending { get; } = stop.Ending;
}
