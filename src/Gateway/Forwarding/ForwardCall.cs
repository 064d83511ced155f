using System.Net;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// One call from the caller to the provider and back:
/// (1) take it in, (2) hold its worst case, (3) send it on, (4) relay the answer, (5) settle, whatever happened.
/// A provider that fails before its first byte is followed by another, with a hold and a record of its own.
/// </summary>
internal sealed partial class ForwardCall(
    CallIntake intake, CallAdmission admission, CallsUnderWay calls, Surroundings surroundings,
    ILogger<ForwardCall> log)
{

    /// <summary>The handler of one API's path.</summary>
    public RequestDelegate Serve(Api api) => http => ServeAsync(http, api, null);

    /// <summary>Serves one call; <paramref name="model"/> is the one that the path names, if paths do.</summary>
    public async Task ServeAsync(HttpContext http, Api api, string? model)
    {
        var startedAt = surroundings.Clock.GetTimestamp();
        TakenCall? taken = null;
        Attempts? attempts = null;
        IDisposable? underWay = null;
        var known = intake.KeysForgotten;
        try
        {
            // 1.
            var result = await intake.TakeAsync(http, api, model);
            if (!result.Is(out taken, out var refused))
            {
                await RefuseAsync(http, api, refused);
                return;
            }

            underWay = calls.Begin(taken.Key.Wallet, http);
            // Whoever lost access between the two was not seen under way.
            if (known != intake.KeysForgotten && (await intake.KeyOfAsync(http)).Refused is { } lost)
            {
                await RefuseAsync(http, api, lost);
                return;
            }

            if (surroundings.Stops.Refuses(taken.Key.Wallet) is { } stopped)
            {
                await RefuseAsync(http, api, stopped);
                return;
            }

            attempts = new Attempts(taken.Providers, surroundings.Options, taken.Key.Wallet.Value);
            await AttemptAsync(http, taken, attempts, startedAt);
        }
        catch (NpgsqlException e) when (attempts?.Hold is null)
        {
            Log.DatabaseAway(log, e.Message);
            await CallerShape.RefuseAsync(http, api.Dialect, GatewayRefusals.Unavailable.With("The database is away."));
        }
        catch (Exception e) when (attempts?.Hold is null && IsHangUp(e))
        {
            http.Abort(); // the caller went away while its request was read
        }
        finally
        {
            underWay?.Dispose();
            attempts?.Dispose();
            taken?.Rates?.Dispose();
            taken?.Body.Dispose();
        }
    }

    // Holds and sends, until the caller has an answer.
    private async Task AttemptAsync(HttpContext http, TakenCall taken, Attempts attempts, long startedAt)
    {
        var api = taken.Facts.Api;
        while (true)
        {
            if (!attempts.TryBegin())
            {
                await RefuseAsync(http, api, NobodyTakes(attempts, taken.Price.Provider));
                return;
            }

            // 2.
            Hold? hold = null;
            if (!api.IsFree
                && !(await admission.AdmitAsync(taken.ToCall(), http.RequestAborted)).Is(out hold, out var no))
            {
                await RefuseAsync(http, api, no);
                return;
            }

            attempts.Hold = hold;
            if (!await TryForwardAsync(http, taken, attempts, startedAt)) return;
            attempts.Hold = null; // it is settled
            attempts.End();
            await Task.Delay(attempts.Pause, surroundings.Clock, http.RequestAborted);
        }
    }

    private Refused NobodyTakes(Attempts attempts, string provider) =>
        attempts.Current is not null || attempts.IsFull
        ? GatewayRefusals.CallsInFlight.With(
            $"You have as many calls with '{provider}' as leave enough of its connections to others.") with
        {
            RetryAfter = CallShares.AgainIn,
        }
        : GatewayRefusals.ProviderDown.With($"'{provider}' is down.") with
        {
            RetryAfter = surroundings.Options.BreakFor,
        };

    private static Task RefuseAsync(HttpContext http, Api api, Refused refused)
    {
        GatewayMeter.Refused(api.Name, refused);
        return CallerShape.RefuseAsync(http, api.Dialect, refused);
    }

    /// <returns>True where the call is to be admitted and tried again: nothing has left for the caller yet.</returns>
    private async Task<bool> TryForwardAsync(HttpContext http, TakenCall taken, Attempts attempts, long startedAt)
    {
        var hold = attempts.Hold;
        using var exchange = new Exchange(http, taken, attempts.Current!, hold, surroundings, startedAt);
        using var activity = GatewayMeter.Begin(taken.Facts.Model, hold?.Id, hold?.Amount.Milli);
        SplicedContent? content = null;
        try
        {
            // 3.
            content = exchange.Content();
            using var request = exchange.Provider.Request(taken.Facts, IsBeta(http.Request), content);
            HeaderRules.CopyUp(http.Request.Headers, request.Headers);
            var (response, isAgain) = await SendAsync(exchange, attempts, content, hold, request);
            using (response)
            {
                // 4.
                if (response is not null && !isAgain)
                    await AnswerRelay.RelayAsync(exchange, response, exchange.Patience);
            }

            return isAgain;
        }
        finally
        {
            // 5.
            exchange.SettleIfOpen();
            if (content is { IsSending: true }) taken.Body.Abandon();
        }
    }

    // A request that is not HTTP is Kestrel's to refuse, so it must not count as a hang-up.
    private static bool IsHangUp(Exception e) =>
        e is (IOException or OperationCanceledException) and not BadHttpRequestException;

    private static bool IsBeta(HttpRequest request) => request.Query["beta"] == "true";

    /// <returns>
    /// The provider's answer, or null where there is none: then the caller has its refusal, or it is tried again.
    /// </returns>
    private async Task<(HttpResponseMessage? Response, bool IsAgain)> SendAsync(
        Exchange exchange, Attempts attempts, SplicedContent content, Hold? hold, HttpRequestMessage request)
    {
        if (hold is { Opened.IsFaulted: true })
        {
            exchange.SettleFree(Outcome.Withdrawn, GatewayRefusals.Unavailable.Status);
            await AnswerRelay.RefuseAsync(
                exchange, GatewayRefusals.Unavailable.With("The request cannot be recorded."));
            return default;
        }

        try
        {
            exchange.AwaitProvider();
            exchange.Taken.Rates?.NoteSent();
            var response = await exchange.Provider.SendAsync(
                request, exchange.Taken.Key.Wallet.Value, exchange.Patience, readsOn: true);
            exchange.NoteFirstByte();
            if (response.IsSuccessStatusCode) return (response, false);
            if (!MayTryAgain(response.StatusCode, IsFinal(response)))
                return (await RelayableAsync(exchange, response), false);

            Log.TriesElsewhere(log, exchange.Provider.Name, (int)response.StatusCode, attempts.Current!.Name);
            exchange.SettleFree(Outcome.ProviderError, (int)response.StatusCode);
            return (response, true);
        }
        catch (OperationCanceledException) when (exchange.Patience.IsCancellationRequested)
        {
            var refused = exchange.IsEnded
                ? GatewayStop.Refused()
                : GatewayRefusals.UpstreamTimeout.With($"{exchange.Provider.Name} did not answer in time.");
            exchange.SettleUnanswered(Outcome.Cut, refused.Refusal.Status);
            await AnswerRelay.RefuseAsync(exchange, refused);
        }
        // A connection that was not made in time throws a cancellation too, but nothing was sent, so the call is free.
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Log.Unreachable(log, exchange.Provider.Name, e.Message);
            var refused = GatewayRefusals.UpstreamUnreachable.With($"{exchange.Provider.Name} cannot be reached.");
            exchange.SettleFree(Outcome.Unreachable, refused.Refusal.Status);
            if (MayTryAgain(null, isFinal: false)) return (null, true);
            await AnswerRelay.RefuseAsync(exchange, refused);
        }

        return default;

        // A body that a connection still reads cannot be sent a second time.
        bool MayTryAgain(HttpStatusCode? failure, bool isFinal) =>
            !content.IsSending && !exchange.CallerLeft && attempts.TryNext(failure, isFinal);
    }

    // A 401's words may quote the key, and a caller would take them for a word about their own. A redirect leads where
    // prompts must not go, since nobody has approved it.
    private async Task<HttpResponseMessage?> RelayableAsync(Exchange exchange, HttpResponseMessage response)
    {
        var (name, status) = (exchange.Provider.Name, (int)response.StatusCode);
        if (status is not (401 or (>= 300 and < 400))) return response;
        response.Dispose();
        if (status == 401) Log.KeyRefused(log, name);
        var refused = status == 401
            ? GatewayRefusals.ProviderKeyRefused.With($"{name} refuses the company's key.")
            : GatewayRefusals.UpstreamRedirects.With($"{name} answers {status}.");
        exchange.SettleFree(Outcome.ProviderError, status);
        await AnswerRelay.RefuseAsync(exchange, refused);
        return null;
    }

    // A header that both providers' SDKs obey, so the gateway must too: nothing is tried
    // again against the provider's word.
    private static bool IsFinal(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("x-should-retry", out var again) && again.ToString() == "false";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} cannot be reached: {Reason}")]
        public static partial void Unreachable(ILogger log, string provider, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Provider} refuses the company's key.")]
        public static partial void KeyRefused(ILogger log, string provider);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} failed with {Status}; trying {Next}.")]
        public static partial void TriesElsewhere(ILogger log, string provider, int status, string next);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A call was refused since the database is away: {Reason}")]
        public static partial void DatabaseAway(ILogger log, string reason);
    }
}
