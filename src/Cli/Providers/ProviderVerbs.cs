using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;

namespace Guerdon.Cli.Providers;

/// <summary>What the verbs of <c>guerdon provider</c> have in common.</summary>
internal static class ProviderVerbs
{
    internal sealed record Key(
        string Hint, string Fingerprint, DateTimeOffset? SetAt = null, string? SetBy = null,
        DateTimeOffset? RetiresAt = null)
    {
        public string Shown => Hint.Length > 0 ? $"…{Hint} ({Fingerprint})" : $"({Fingerprint})";
    }

    internal sealed record Health(
        string State, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? Reason = null)
    {
        public string Shown => State switch
        {
            "Healthy" => "healthy",
            "OnSecondKey" => $"first key refused since {Terminal.Writing.Shown.Time(Since)}",
            "LeftAlone" => $"left alone until {Terminal.Writing.Shown.Time(Until)}",
            "KeyRefused" => $"key refused since {Terminal.Writing.Shown.Time(Since)}",
            _ => $"not called: {Reason}",
        };
    }

    internal sealed record Item(
        string Name, string Source, string Dialect, string BaseUrl, string Serves, int Weight, Health Health,
        Key? FirstKey = null, Key? SecondKey = null, int? Version = null, bool HidesConfiguration = false,
        string? CapMember = null);

    internal sealed record Reply(Item Provider, bool Changed);

    public static string Path(string name) => $"api/v1/providers/{Uri.EscapeDataString(name)}";

    public static int Show(Call call, Answer answer, string done) =>
        Waiting.Show(call, answer) ?? call.Show(answer, ProvidersJson.Default.ProviderVerbsReply, reply =>
        {
            var provider = reply.Provider;
            call.Output.Line(reply.Changed
                ? $"Provider {provider.Name} is {done}, on every node (version {provider.Version})."
                : $"Provider {provider.Name} is as it was: nothing changed.");
            if (provider.FirstKey is { } first) call.Output.Line($"Key       {first.Shown}");
            if (provider.SecondKey is { } second)
                call.Output.Line($"Second    {second.Shown} until {Terminal.Writing.Shown.Time(second.RetiresAt)}");
            if (reply.Changed && provider.HidesConfiguration)
                call.Output.Note("It replaces the provider of that name in the configuration.");
            return ExitCodes.Done;
        });
}
