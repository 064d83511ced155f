using System.Globalization;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Gateway;

/// <summary><c>guerdon policy show</c>: the policy in force, or another version of it.</summary>
internal static class ShowPolicy
{
    internal sealed record Reply(
        ApplyPolicy.Applied? Policy = null, GatewaySwitchVerbs.State? Switch = null, string? For = null);

    public static Verb Build()
    {
        var version = Values.Whole(
            "--version", "Another version than the one in force (for administrators).", 1, int.MaxValue);
        return new Verb(
            "show", "Show the policy that is in force at the gateway.",
            "guerdon policy show", "guerdon policy show --version 3")
        {
            version,
        }.Does(async (call, ct) =>
        {
            if (call.Value(version) is { } one)
            {
                var address = string.Create(CultureInfo.InvariantCulture, $"api/v1/gateway-policy/versions/{one}");
                return call.Show(
                    await call.GetAsync("Reading the policy", address, ct), GatewayJson.Default.AppliedPolicy,
                    policy => Show(call.Output, policy));
            }

            var answer = await call.GetAsync("Reading the policy", "api/v1/gateway-policy", ct);
            return call.Show(answer, GatewayJson.Default.ShowPolicyReply, reply =>
            {
                if (reply.Policy is { } policy) Show(call.Output, policy);
                else call.Output.Line("There is no policy: everything is allowed.");
                if (reply.For is { } whom) call.Output.Note($"What it says for {whom} applies to you.");
                if (reply.Switch is { Reason: { } reason } shut)
                    call.Output.Line($"The gateway has been closed since {Shown.Time(shut.At)} by {shut.By}: {reason}");
                return ExitCodes.Done;
            });
        });
    }

    private static int Show(Output output, ApplyPolicy.Applied policy)
    {
        foreach (var line in policy.Text.TrimEnd('\n').Split('\n')) output.Line(line.TrimEnd('\r'));
        output.Note(
            $"Version {policy.Version}, in force from {Shown.Time(policy.EffectiveFrom)}, applied by"
            + $" {policy.AppliedBy}.");
        return ExitCodes.Done;
    }
}
