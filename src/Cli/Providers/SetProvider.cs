using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Providers;

/// <summary><c>guerdon provider set NAME</c>: on every node, without a restart.</summary>
internal static class SetProvider
{
    internal sealed record Request(
        string? Dialect = null, string? BaseUrl = null, string? Serves = null, int? Weight = null, string? Key = null,
        string? CapMember = null);

    public static Verb Build()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called: a-z, 0-9, '.', '_' and '-'." };
        var dialect = new Option<string?>("--dialect")
        {
            Description = "OpenAi (default for a new provider), Anthropic or Gemini.", HelpName = "DIALECT",
        };
        var baseUrl = new Option<string?>("--base-url")
        {
            Description = "Where it is: HTTPS, or HTTP on the server's machine.", HelpName = "URL",
        };
        var serves = new Option<string?>("--serves")
        {
            Description = "Whose models it serves, by that provider's name in the price book; '' for its own.",
            HelpName = "PROVIDER",
        };
        var weight = Values.Whole("--weight", "Its share of the calls; 0: only where the others fail.", 0, 1_000_000);
        var capMember = new Option<string?>("--cap-member")
        {
            Description = "What it calls a chat's output cap: max_tokens or max_completion_tokens; '' for the usual.",
            HelpName = "NAME",
        };
        var keyFile = KeyFiles.Option("The company's key, which replaces those that it has");
        return new Verb(
            "set", "Propose a provider's address, share and key; what is left out stays as it is.",
            "guerdon provider set openai --base-url https://api.openai.com --key-file openai.key",
            "guerdon provider set spare --serves openai --weight 0 --base-url https://models.example.com --key-file -")
        {
            name, dialect, baseUrl, serves, weight, capMember, keyFile,
        }.Does(async (call, ct) =>
        {
            string? key = null;
            if (call.Value(keyFile) is { } file)
            {
                key = await KeyFiles.ReadAsync(call.Output, file, ct);
                if (key is null) return call.Misuse("--key-file must hold one key, on one line.");
            }

            var request = new Request(
                call.Value(dialect), call.Value(baseUrl), call.Value(serves), call.Value(weight), key,
                call.Value(capMember));
            var answer = await call.PutAsync(
                "Setting the provider", ProviderVerbs.Path(call.Value(name)), request,
                ProvidersJson.Default.SetProviderRequest, ct);
            return ProviderVerbs.Show(call, answer, "set");
        });
    }
}
