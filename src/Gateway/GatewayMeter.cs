using System.Diagnostics;
using System.Diagnostics.Metrics;
using Guerdon.Kernel;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Relay.Answers;

namespace Guerdon.Gateway;

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
    /// <param name="model">As the caller names it.</param>
    /// <param name="request">The call on record; null where nothing is held.</param>
    /// <param name="heldMilli">What is held for it, in milli-tokens.</param>
    public static Activity? Begin(string model, RequestId? request, long? heldMilli)
    {
        InFlight.Add(1);
        if (heldMilli is { } held) Held.Record(held);
        var activity = Source.StartActivity("gateway.call", ActivityKind.Client);
        activity?.SetTag("gen_ai.request.model", model).SetTag("guerdon.request", request?.ToString());
        return activity;
    }

    /// <summary>A call has ended; <paramref name="model"/> is its price's.</summary>
    public static void Ended(string model, in MeasuredUsage measured, Outcome outcome, TimeSpan firstByte)
    {
        InFlight.Add(-1);
        if (!Requests.Enabled && !Tokens.Enabled && !FirstByte.Enabled) return;

        var tag = new KeyValuePair<string, object?>("model", model);
        Requests.Add(1, tag, new("outcome", outcome.ToString()), new("estimated", measured.IsEstimate));
        FirstByte.Record(firstByte.TotalMilliseconds, tag);
        Tokens.Add(measured.Usage.TotalInput, tag, new("direction", "input"));
        Tokens.Add(measured.Usage.Output, tag, new("direction", "output"));
    }

    public static void Refused(string api, Refused refused) =>
        Refusals.Add(1, new("api", api), new("code", refused.Refusal.Code));
}
