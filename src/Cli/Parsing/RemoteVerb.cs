using System.CommandLine;

namespace Stipend.Cli;

/// <summary>A verb that asks a server.</summary>
internal sealed class RemoteVerb : Verb
{
    private readonly Option<string?> server = new("--server")
    {
        Description = "The server's address (STIPEND_URL, else http://127.0.0.1:8080).", HelpName = "URL",
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "What to sign in with (STIPEND_TOKEN, else the file .stipend/token).", HelpName = "TOKEN",
    };

    public RemoteVerb(string name, string description, params string[] examples) : base(name, description, examples)
    {
        Options.Add(server);
        Options.Add(token);
    }

    /// <summary>What the verb does, once it is known which server to ask and as whom.</summary>
    public RemoteVerb Does(Func<Call, CancellationToken, Task<int>> action)
    {
        SetAction(async (parse, ct) =>
        {
            var output = Output.For(parse);
            var address = ServerAddress.Find(parse.GetValue(server), output.Surroundings);
            if (address.Problem is { } wrong) return output.Misuse(wrong);
            var secret = AccessToken.Find(parse.GetValue(token), output.Surroundings);
            if (secret.Problem is { } unfit) return output.Misuse(unfit);

            using var remote = new StipendServer(address.Url!, secret.Token);
            return await action(new Call(parse, output, remote), ct);
        });
        return this;
    }
}
