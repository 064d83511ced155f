using System.CommandLine;
using Guerdon.Host.Running;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon serve</c>: pages, API and gateway, until it is stopped.</summary>
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
        var address = new Option<string?>("--public-address")
        {
            Description = "The address that people type: links, cookies and the check of origins follow it.",
            HelpName = "URL",
        };
        Check(address, PublicOptions.WrongAddress);
        var proxies = new Option<string[]>("--behind-proxy")
        {
            Description = "A network of proxies that are believed when they say who asks; needs --public-address.",
            HelpName = "CIDR",
        };
        Check(proxies, PublicOptions.WrongProxy);
        return new Verb("serve", "Serve pages, API and gateway.", "guerdon serve",
            "guerdon serve --listen http://127.0.0.1:9090 --sandbox",
            "guerdon serve --behind-proxy 127.0.0.1 --public-address https://guerdon.example.com")
        {
            Listen, sandbox, address, proxies,
        }.Does(async (parse, output, ct) =>
        {
            var url = ListenAddress.Read(parse.GetValue(Listen)!).Url!;
            var settings = Settings(parse.GetValue(address), parse.GetValue(proxies) ?? []);
            Task<Server> StartAsync(Action<string> say) =>
                Server.StartAsync(new(url, parse.GetValue(sandbox), settings), say, ct);
            // Where standard error is redirected the log is JSON, a document a line, since then programs read it.
            await using var server = Console.IsErrorRedirected
                ? await StartAsync(_ => { })
                : await Progress.WhileAsync(output, "Starting", StartAsync);
            await GreetAsync(output, server, ct);
            await server.WaitAsync(ct, output.Hurry);
            return ExitCodes.Done;
        });
    }

    /// <summary>The options as settings, which they win over.</summary>
    private static Dictionary<string, string?> Settings(string? address, string[] proxies)
    {
        var settings = new Dictionary<string, string?>();
        if (address is not null) settings[$"{PublicOptions.Section}:{nameof(PublicOptions.Address)}"] = address;
        for (var i = 0; i < proxies.Length; i++)
            settings[$"{PublicOptions.Section}:{nameof(PublicOptions.Proxies)}:{i}"] = proxies[i];
        return settings;
    }

    private static void Check(Option option, Func<string, string?> wrong) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
            if (wrong(token.Value) is { } reason) result.AddError(reason);
    });

    /// <summary>Says where everything is; and once where the password is set, where this start made the first
    /// account.</summary>
    public static async Task GreetAsync(Output output, Server server, CancellationToken ct)
    {
        var address = server.PublicAddress ?? server.Address;
        output.Line($"Pages    {address}/");
        output.Line($"API      {address}/api/v1");
        output.Line($"Gateway  {address}/v1  (OpenAI)  ·  {address}  (Anthropic, Google)");
        if (server.PublicAddress is not null) output.Line($"Listens  {server.Address}, for the proxy");
        if (server.HasSandbox)
            output.Line("Calls go to the offline sandbox: no provider is asked, and answers are made up.");
        if (server.Admin is not { } admin) return;
        output.Line();
        await FirstPasswords.TellAsync(
            output, server.Home, [$"{admin.Email}   set its password at {address}{admin.Link.Path}"], ct);
        output.Line($"The command line finds its token in {admin.TokenFile}.");
    }
}
