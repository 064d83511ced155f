using System.CommandLine;
using Stipend.Cli;
using Stipend.Host.Running;
using Stipend.Host.SignIn;

namespace Stipend.Host.Verbs;

/// <summary><c>stipend serve</c>: pages, API and gateway, until it is stopped.</summary>
internal static class Serve
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    public static readonly Option<string> Listen = ListenAddress.Option("Address to listen on.", () => DefaultUrl);

    public static Verb Verb()
    {
        var sandbox = new Option<bool>("--sandbox")
        {
            Description = "Send all calls to an offline sandbox instead of providers.",
        };
        return new Verb("serve", "Serve pages, API and gateway.", "stipend serve",
            "stipend serve --listen http://127.0.0.1:9090 --sandbox")
        {
            Listen, sandbox,
        }.Does(async (parse, output, ct) =>
        {
            var url = ListenAddress.Read(parse.GetValue(Listen)!).Url!;
            Task<Server> StartAsync(Action<string> say) =>
                Server.StartAsync(url, parse.GetValue(sandbox), new Dictionary<string, string?>(), say, ct);
            // Redirected, standard error is a log in JSON, a document a line.
            await using var server = Console.IsErrorRedirected
                ? await StartAsync(_ => { })
                : await Progress.WhileAsync(output, "Starting", StartAsync);
            Greet(output, server.Address, server.Admin);
            await server.WaitAsync(ct, output.Hurry);
            return ExitCodes.Done;
        });
    }

    public static void Greet(Output output, string address, FirstRun.Created? admin)
    {
        output.Line($"Pages    {address}/");
        output.Line($"API      {address}/api/v1");
        output.Line($"Gateway  {address}/v1  (OpenAI)  ·  {address}  (Anthropic)");
        if (admin is null) return;
        output.Line();
        output.Line($"Sign in  {admin.Email}   password {admin.Password}   (shown this once)");
        if (admin.TokenFile is not null) output.Line($"The command line finds its token in {admin.TokenFile}.");
    }
}
