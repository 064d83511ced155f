using System.CommandLine;
using Guerdon.Cli.Parsing;
using Guerdon.Cli.Server;

namespace Guerdon.Cli.Verbs;

/// <summary><c>guerdon gateway close REASON</c> and <c>guerdon gateway open</c>: on every node, at once.</summary>
internal static class GatewaySwitch
{
    internal sealed record Request(string? Reason = null);

    internal sealed record State(DateTimeOffset At, string By, string? Reason = null);

    internal sealed record Reply(State Switch, bool Done);

    public static Verb BuildClose()
    {
        var reason = new Argument<string>("REASON") { Description = "Why; every caller reads it." };
        return new Verb(
            "close", "Refuse every call on every node, at once; calls in flight end.",
            "guerdon gateway close \"Provider incident; back at noon.\"")
        {
            reason,
        }.Does((call, ct) => TurnAsync(call, "close", new Request(call.Value(reason)), ct));
    }

    public static Verb BuildOpen() =>
        new Verb("open", "Let calls pass again.", "guerdon gateway open")
            .Does((call, ct) => TurnAsync(call, "open", new Request(), ct));

    private static async Task<int> TurnAsync(Call call, string turn, Request request, CancellationToken ct)
    {
        var answer = await call.PostAsync(
            "Turning the switch", $"api/v1/gateway-policy/{turn}", request, CliJson.Default.GatewaySwitchRequest, ct);
        return call.Show(answer, CliJson.Default.GatewaySwitchReply, reply =>
        {
            var state = reply.Switch.Reason is { } why ? $"closed: {why}" : "open.";
            call.Output.Line(reply.Done ? $"The gateway is {state}" : $"The gateway was {state} Nothing changed.");
            return ExitCodes.Done;
        });
    }
}
