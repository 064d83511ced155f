using System.Text;
using Guerdon.Cli;
using Guerdon.Terminal;
using Guerdon.Tests;

namespace Guerdon.Database.Cli;

/// <summary>One command line, run in this process against a server, with surroundings of its own.</summary>
internal sealed record Typed(int Exit, string Results, string Messages)
{
    public static Task<Typed> RunAsync(BrokenServer server, string line, string input = "") =>
        RunAsync(line, new() { ["GUERDON_URL"] = server.Url }, input: input);

    public static Task<Typed> RunAsync(
        string line, Dictionary<string, string> variables, string? directory = null, string input = "") =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), variables, _ => null, directory, input);

    /// <param name="args">The words.</param>
    /// <param name="variables">Of the environment, and no others.</param>
    /// <param name="width">Of the terminal that a writer writes to; null: there is none.</param>
    /// <param name="directory">The current one.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="clock">Null: it is late on 17 November 2026.</param>
    /// <param name="secret">What is typed unseen, by its prompt; null: there is no terminal.</param>
    public static async Task<Typed> RunAsync(
        IEnumerable<string> args, Dictionary<string, string> variables, Func<TextWriter, int?> width,
        string? directory = null, string input = "", TimeProvider? clock = null,
        Func<string, string?>? secret = null)
    {
        using var results = new StringWriter();
        using var messages = new StringWriter();
        var surroundings = new Surroundings(
            name => variables.GetValueOrDefault(name), directory ?? "/nowhere", width,
            () => new MemoryStream(Encoding.UTF8.GetBytes(input)), clock ?? new On17November())
        {
            ReadSecret = secret ?? (_ => null),
        };
        var exit = await CliModule.RunAsync(
            CliModule.Build([], surroundings), [.. args], results, messages, TestContext.Current.CancellationToken);
        return new(exit, results.ToString(), WithoutProgress(messages.ToString()));
    }

    // On a busy machine anything may take longer than a second, and says so.
    private static string WithoutProgress(string messages) =>
        string.Join('\n', messages.Split('\n').Where(line => !line.EndsWith('…')));

    /// <summary>A file with this text.</summary>
    public static string File(string name, string text)
    {
        var path = Path.Combine(TestHome.New(), name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private sealed class On17November : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 17, 23, 30, 0, TimeSpan.Zero);
    }
}
