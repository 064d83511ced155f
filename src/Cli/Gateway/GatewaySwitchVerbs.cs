using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Gateway;

/// <summary><c>guerdon gateway close REASON</c> and <c>guerdon gateway open</c>: on every node, at once.</summary>
internal static class GatewaySwitchVerbs
{
    internal sealed record Request(string Reason);

    internal sealed record State(DateTimeOffset At, string By, string? Reason = null);

    internal sealed record Reply(State Switch, bool Done);

    public static Verb BuildClose()
    {
        var reason = new Argument<string>("REASON") { Description = "Why; every caller reads it." };
        return new Verb(
            "close", "Refuse every new call on every node, at once; calls in flight may finish.",
            "guerdon gateway close \"Provider incident; back at noon.\"")
        {
            reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Closing the gateway", "api/v1/gateway-policy/close", new Request(call.Value(reason)),
            GatewayJson.Default.GatewaySwitchVerbsRequest, ct)));
    }

    public static Verb BuildOpen() =>
        new Verb("open", "Let calls through again, once another approves it.", "guerdon gateway open")
            .Does(async (call, ct) => Show(
                call, await call.PostAsync("Opening the gateway", "api/v1/gateway-policy/open", ct)));

    private static int Show(Call call, Answer answer) =>
        Waiting.Show(call, answer) ?? call.Show(answer, GatewayJson.Default.GatewaySwitchVerbsReply, reply =>
        {
            var state = reply.Switch.Reason is { } why ? $"closed: {why}" : "open.";
            call.Output.Line(reply.Done ? $"The gateway is {state}" : $"The gateway was {state} Nothing changed.");
            return ExitCodes.Done;
        });
}
