using System.CommandLine;
using Guerdon.Cli;
using Guerdon.Terminal;

namespace Guerdon.Unit.Cli;

/// <summary>One command line, run in this process with surroundings of its own.</summary>
internal sealed record Typed(int Exit, string Results, string Messages)
{
    public static async Task<Typed> RunAsync(
        IEnumerable<string> args, IEnumerable<Command>? local = null, Dictionary<string, string>? variables = null,
        int? width = null)
    {
        using var results = new StringWriter();
        using var messages = new StringWriter();
        var root = CliModule.Build(local ?? [], Around(variables, width));
        var exit = await CliModule.RunAsync(
            root, [.. args], results, messages, TestContext.Current.CancellationToken);
        return new(exit, results.ToString(), messages.ToString());
    }

    public static Task<Typed> RunAsync(string line) =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static Surroundings Around(Dictionary<string, string>? variables = null, int? width = null) => new(
        name => variables?.GetValueOrDefault(name), "/nowhere", _ => width, () => Stream.Null, TimeProvider.System);
}
