using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Stipend.Kernel;
using Stipend.Metering;

namespace Stipend.Gateway;

/// <summary>
/// One call from the caller to the provider and back:
/// (1) take it in, (2) hold its worst case, (3) send it on, (4) relay the answer, (5) settle, whatever happened.
/// </summary>
internal sealed partial class ForwardCall(
    CallIntake intake, Admission admission, IOptions<GatewayOptions> options, TimeProvider clock,
    ILogger<ForwardCall> log)
{
    private readonly Surroundings _surroundings = new(options.Value, clock);

    /// <summary>The handler of one API's path.</summary>
    public RequestDelegate Serve(Api api) => http => ServeAsync(http, api, null);

    /// <summary>Serves one call; <paramref name="model"/> is the one that the path names, if paths do.</summary>
    public async Task ServeAsync(HttpContext http, Api api, string? model)
    {
        var startedAt = clock.GetTimestamp();
        TakenCall? taken = null;
        Admitted admitted = default;
        try
        {
            // 1.
            (taken, var refused) = await intake.TakeAsync(http, api, model);
            if (taken is null)
            {
                GatewayMeter.Refused(api, refused!);
                await CallerShape.RefuseAsync(http, api.Dialect, refused!);
                return;
            }

            // 2.
            if (!api.IsFree) admitted = await admission.AdmitAsync(taken.ToCall(), http.RequestAborted);
            if (admitted.Refused is { } no)
            {
                GatewayMeter.Refused(api, no);
                await CallerShape.RefuseAsync(http, api.Dialect, no, admitted.RetryAfter);
                return;
            }

            await ForwardAsync(http, taken, admitted.Hold, startedAt);
        }
        catch (NpgsqlException e) when (admitted.Hold is null)
        {
            Log.DatabaseAway(log, e.Message);
            await CallerShape.RefuseAsync(http, api.Dialect, GatewayRefusals.Unavailable.With("The database is away."));
        }
        catch (Exception e) when (admitted.Hold is null && IsHangUp(e))
        {
            http.Abort(); // the caller went away while its request was read
        }
        finally
        {
            taken?.Body.Dispose();
        }
    }

    private async Task ForwardAsync(HttpContext http, TakenCall taken, Hold? hold, long startedAt)
    {
        using var exchange = new Exchange(http, taken, hold, _surroundings, startedAt);
        using var activity = GatewayMeter.Begin(taken, hold);
        var content = new SplicedContent(taken.Body.Bytes, BodySplice.Plan(taken.Facts, exchange.CappedTo));
        try
        {
            // 3.
            using var request = taken.Provider.Request(taken.Facts, IsBeta(http.Request), content);
            HeaderRules.CopyUp(http.Request.Headers, request.Headers);
            using var response = await SendAsync(exchange, hold, request);

            // 4.
            if (response is not null) await AnswerRelay.RelayAsync(exchange, response);
        }
        finally
        {
            // 5.
            exchange.SettleIfOpen();
            if (content.IsSending) taken.Body.Abandon();
        }
    }

    // A request that is no HTTP is Kestrel's to refuse.
    private static bool IsHangUp(Exception e) =>
        e is (IOException or OperationCanceledException) and not BadHttpRequestException;

    private static bool IsBeta(HttpRequest request) => request.QueryString.Value is "?beta=true";

    /// <returns>The provider's answer, or null where there is none: then the caller has its refusal.</returns>
    private async Task<HttpResponseMessage?> SendAsync(Exchange exchange, Hold? hold, HttpRequestMessage request)
    {
        if (hold is { Opened.IsFaulted: true })
        {
            exchange.SettleFree(Outcome.Withdrawn, GatewayRefusals.Unavailable.Status);
            await AnswerRelay.RefuseAsync(
                exchange, GatewayRefusals.Unavailable.With("The request cannot be recorded."));
            return null;
        }

        try
        {
            exchange.AwaitProvider();
            var response = await exchange.Taken.Provider.SendAsync(request, exchange.Patience);
            exchange.NoteFirstByte();
            return response;
        }
        catch (OperationCanceledException) when (exchange.Patience.IsCancellationRequested)
        {
            var refused =
                GatewayRefusals.UpstreamTimeout.With($"{exchange.Taken.Provider.Name} did not answer in time.");
            exchange.SettleUnanswered(Outcome.Cut, refused.Refusal.Status);
            await AnswerRelay.RefuseAsync(exchange, refused);
        }
        // A connection that was not made in time is a cancellation too, but nothing was sent over it.
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Log.Unreachable(log, exchange.Taken.Provider.Name, e.Message);
            var refused =
                GatewayRefusals.UpstreamUnreachable.With($"{exchange.Taken.Provider.Name} cannot be reached.");
            exchange.SettleFree(Outcome.Unreachable, refused.Refusal.Status);
            await AnswerRelay.RefuseAsync(exchange, refused);
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} cannot be reached: {Reason}")]
        public static partial void Unreachable(ILogger log, string provider, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A call was refused since the database is away: {Reason}")]
        public static partial void DatabaseAway(ILogger log, string reason);
    }
}
