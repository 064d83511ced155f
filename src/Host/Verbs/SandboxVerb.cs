using Guerdon.Host.Running;
using Guerdon.Sandbox;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon sandbox</c>: the offline provider by itself.</summary>
internal static class SandboxVerb
{
    public static Verb Verb()
    {
        var listen = ListenAddress.Option("Address to listen on.", () => "http://127.0.0.1:8090");
        return new Verb(
            "sandbox", "Serve an offline provider that speaks OpenAI, Anthropic and Gemini.", "guerdon sandbox")
        {
            listen,
        }.Does(async (parse, output, ct) =>
        {
            var url = ListenAddress.Read(parse.GetValue(listen)!).Url!;
            await using var sandbox = SandboxModule.Create(new SandboxOptions(), url);
            await ListenAddress.StartAsync(sandbox, url, ct);
            output.Line($"OpenAI     {sandbox.Urls.First()}/v1");
            output.Line($"Anthropic  {sandbox.Urls.First()}");
            output.Line($"Gemini     {sandbox.Urls.First()}");
            await sandbox.WaitForShutdownAsync(ct);
            return ExitCodes.Done;
        });
    }
}
