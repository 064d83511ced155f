using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Gateway;

/// <summary><c>guerdon policy check FILE</c>: what the policy would change; nothing is saved.</summary>
internal static class CheckPolicy
{
    internal sealed record Reply(int Version, IReadOnlyList<Change> Changes);

    internal sealed record Change(string What, string Was, string Becomes);

    public static Verb Build()
    {
        var file = Values.File("A policy in YAML");
        const string description = "Check a policy file and show what it would change, without applying it.";
        return new Verb("check", description, "guerdon policy check policy.yaml") { file }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync(
                $"Checking {path}", "api/v1/gateway-policy/check", path, "text/yaml", ct);
            return call.Show(answer, GatewayJson.Default.CheckPolicyReply, reply =>
            {
                var against = reply.Version == 0 ? "no policy" : $"version {reply.Version}, which is in force";
                if (reply.Changes.Count == 0)
                {
                    call.Output.Line($"{path} is a good policy and changes nothing against {against}.");
                    return ExitCodes.Done;
                }

                var table = new TextTable().Left("What").Left("Is").Left("Becomes");
                foreach (var change in reply.Changes) table.Row(change.What, change.Was, change.Becomes);
                call.Output.Table(table);
                call.Output.Line();
                call.Output.Line(
                    $"{path} is a good policy; it makes {Wording.Count(reply.Changes.Count, "change")} against"
                    + $" {against}.");
                return ExitCodes.Done;
            });
        });
    }
}
