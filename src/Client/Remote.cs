using System.CommandLine;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client;

/// <summary>Makes a verb one that asks a server.</summary>
public static class Remote
{
    /// <summary>Adds <c>--server</c> and <c>--token</c>, and what the verb does once both are known.</summary>
    public static Verb Does(this Verb verb, Func<Call, CancellationToken, Task<int>> action)
    {
        var server = new Option<string?>("--server")
        {
            Description =
                $"The server's address (default: GUERDON_URL, .guerdon/server, or {ServerAddress.Default}).",
            HelpName = "URL",
        };
        var token = new Option<string?>("--token")
        {
            Description =
                "The token to sign in with (default: GUERDON_TOKEN, what 'guerdon login' got, or .guerdon/token).",
            HelpName = "TOKEN",
        };
        verb.Add(server);
        verb.Add(token);
        verb.SetAction(async (parse, ct) =>
        {
            var output = Output.For(parse);
            var address = ServerAddress.Find(parse.GetValue(server), output.Surroundings);
            if (address.Problem is { } wrong) return output.Misuse(wrong);
            var secret = AccessToken.Find(parse.GetValue(token), address.Url!, output.Surroundings);
            if (secret.Problem is { } unfit) return output.Misuse(unfit);

            using var remote = new GuerdonClient(address, secret);
            try
            {
                return await action(new Call(parse, output, remote), ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return output.Refuse(ClientRefusals.FileNotRead.With(e.Message));
            }
        });
        return verb;
    }
}
