using System.Globalization;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Gateway;

/// <summary><c>guerdon policy apply FILE</c>: the policy's next version, which waits for another unless it only refuses
/// more; the newest again adds none.</summary>
internal static class ApplyPolicy
{
    internal sealed record Reply(Applied Policy, bool Added);

    internal sealed record Applied(
        int Version, DateTimeOffset EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy, string Text);

    public static Verb Build()
    {
        var file = Values.File("A policy in YAML");
        var from = Values.Instant("--from", "When it comes into force (UTC); left out: now.");
        return new Verb(
            "apply", "Propose a policy file for every node of the gateway; what only refuses more is in force at once.",
            "guerdon policy apply policy.yaml", "guerdon policy apply policy.yaml --from 2027-01-01T09:00Z")
        {
            file, from,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var address = Call.Address(
                "api/v1/gateway-policy", ("from", call.Value(from)?.ToString("O", CultureInfo.InvariantCulture)));
            var answer = await call.PostFileAsync($"Applying {path}", address, path, "text/yaml", ct);
            return Waiting.Show(call, answer) ?? call.Show(answer, GatewayJson.Default.ApplyPolicyReply, reply =>
            {
                var said = reply.Added ? "is applied" : "was applied before: nothing changed";
                call.Output.Line(
                    $"Policy version {reply.Policy.Version}, in force from {Shown.Time(reply.Policy.EffectiveFrom)},"
                    + $" {said}.");
                return ExitCodes.Done;
            });
        });
    }
}
