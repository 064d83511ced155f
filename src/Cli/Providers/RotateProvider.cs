using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Providers;

/// <summary><c>guerdon provider rotate NAME</c>: another key without a failed call; then the old one's end.</summary>
internal static class RotateProvider
{
    private const int SecondsPerHour = 3_600;

    internal sealed record Request(string Key, int? GraceSeconds = null);

    public static Verb Build()
    {
        var name = new Argument<string>("NAME") { Description = "Which, from 'guerdon provider list'." };
        var keyFile = KeyFiles.Option("The new key");
        var grace = Values.Whole(
            "--grace", "For how long the old key may still be used where the new one is refused (default: 24).",
            0, 720, "HOURS");
        var retire = new Option<bool>("--retire") { Description = "Erase the old key now." };
        return new Verb(
            "rotate", "Give a provider a new key; the old one still works for a while.",
            "guerdon provider rotate openai --key-file new.key", "guerdon provider rotate openai --retire")
        {
            name, keyFile, grace, retire,
        }.Does(async (call, ct) =>
        {
            var path = ProviderVerbs.Path(call.Value(name));
            if (call.Value(retire) == call.Value(keyFile) is not null)
                return call.Misuse("Give either --key-file or --retire.");
            if (call.Value(retire))
                return ProviderVerbs.Show(call, await call.PostAsync("Retiring the key", $"{path}/retire", ct), "now "
                    + "without its old key");

            if (await KeyFiles.ReadAsync(call.Output, call.Value(keyFile)!, ct) is not { } key)
                return call.Misuse("--key-file must hold one key, on one line.");
            var request = new Request(key, call.Value(grace) * SecondsPerHour);
            var answer = await call.PostAsync(
                "Rotating the key", $"{path}/rotate", request, ProvidersJson.Default.RotateProviderRequest, ct);
            return ProviderVerbs.Show(call, answer, "called with the new key");
        });
    }
}
