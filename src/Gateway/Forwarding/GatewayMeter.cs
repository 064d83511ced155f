using System.Diagnostics;
using System.Diagnostics.Metrics;
using Guerdon.Dialects;
using Guerdon.Dialects.Answers;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;

namespace Guerdon.Gateway.Forwarding;

/// <summary>What operators see of the gateway. Ids, models and units; never prompts, keys or people.</summary>
internal static class GatewayMeter
{
    public const string Name = "Guerdon.Gateway";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("guerdon.gateway.requests");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("guerdon.gateway.refusals");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("guerdon.gateway.tokens", "{token}");
    private static readonly Histogram<double> FirstByte =
        Meter.CreateHistogram<double>("guerdon.gateway.first_byte", "ms");
    private static readonly Histogram<long> Held = Meter.CreateHistogram<long>("guerdon.gateway.held", "{millitoken}");
    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>("guerdon.gateway.in_flight");

    private static readonly Counter<long> BeyondHolds =
        Meter.CreateCounter<long>("guerdon.gateway.beyond_hold", "{request}");

    /// <summary>A call cost more than was held for it: worth an alarm.</summary>
    public static void PassedItsHold(string model) =>
        BeyondHolds.Add(1, new KeyValuePair<string, object?>("model", model));

    /// <summary>Begins a call; its in-flight count ends with <see cref="Ended"/>.</summary>
    public static Activity? Begin(TakenCall taken, Hold? hold)
    {
        InFlight.Add(1);
        if (hold is not null) Held.Record(hold.Amount.Milli);
        var activity = Source.StartActivity("gateway.call", ActivityKind.Client);
        activity?.SetTag("gen_ai.request.model", taken.Facts.Model).SetTag("guerdon.request", hold?.Id.ToString());
        return activity;
    }

    public static void Ended(TakenCall taken, in MeasuredUsage measured, Outcome outcome, TimeSpan firstByte)
    {
        InFlight.Add(-1);
        if (!Requests.Enabled && !Tokens.Enabled && !FirstByte.Enabled) return;

        var model = new KeyValuePair<string, object?>("model", taken.Price.Model);
        Requests.Add(1, model, new("outcome", outcome.ToString()), new("estimated", measured.IsEstimate));
        FirstByte.Record(firstByte.TotalMilliseconds, model);
        Tokens.Add(measured.Usage.TotalInput, model, new("direction", "input"));
        Tokens.Add(measured.Usage.Output, model, new("direction", "output"));
    }

    public static void Refused(Api api, Refused refused) =>
        Refusals.Add(1, new("api", api.ToString()), new("code", refused.Refusal.Code));
}
