using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Providers;

/// <summary><c>guerdon provider remove NAME</c>: on every node, and its keys are erased.</summary>
internal static class RemoveProvider
{
    internal sealed record Reply(string Name, bool ConfigurationHolds);

    public static Verb Build()
    {
        var name = new Argument<string>("NAME") { Description = "Which, from 'guerdon provider list'." };
        return new Verb(
            "remove", "Remove a provider and erase its keys; calls in flight may finish.",
            "guerdon provider remove spare")
        {
            name,
        }.Does(async (call, ct) =>
        {
            var answer = await call.DeleteAsync("Removing the provider", ProviderVerbs.Path(call.Value(name)), ct);
            return Waiting.Show(call, answer) ?? call.Show(answer, ProvidersJson.Default.RemoveProviderReply, reply =>
            {
                call.Output.Line($"Provider {reply.Name} is removed, and its keys are erased.");
                if (reply.ConfigurationHolds)
                    call.Output.Note("From now on the provider of that name in the configuration is called.");
                return ExitCodes.Done;
            });
        });
    }
}
