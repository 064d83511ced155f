using System.CommandLine;

namespace Stipend.Cli;

/// <summary>The module's one door: the program's command line, whole.</summary>
public static class CliModule
{
    // Longer than a server takes to drain its requests and stop its PostgreSQL; a remote verb stops at once.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);

    /// <summary>The command <c>stipend</c>: the verbs that Host runs itself, then those that ask a server.</summary>
    /// <param name="localVerbs">Each a <see cref="Verb"/>, so that its help has examples; listed first, in order.</param>
    public static RootCommand Build(IEnumerable<Command> localVerbs) => Build(localVerbs, Surroundings.OfProcess);

    internal static RootCommand Build(IEnumerable<Command> localVerbs, Surroundings surroundings)
    {
        var root = new StipendCommand(surroundings);
        foreach (var verb in localVerbs) root.Add(verb);
        Command[] remote =
        [
            new Verb("import", "Bring people or usage in from a CSV file.") { ImportPeople.Verb(), ImportUsage.Verb() },
            new Verb("plan", "Check and apply compensation plans.") { CheckPlan.Verb(), ApplyPlan.Verb() },
            new Verb("grant", "Run grants.") { RunGrants.Verb() },
            new Verb("key", "Create, list and revoke personal keys.")
            {
                CreateKey.Verb(), ListKeys.Verb(), RevokeKey.Verb(),
            },
            ShowWallet.Verb(), ShowStatement.Verb(), ListPeople.Verb(), ListPrices.Verb(), ShowOverview.Verb(),
        ];
        foreach (var verb in remote) root.Add(verb);
        return root;
    }

    /// <summary>Parses and runs one command line. No expected failure throws, and none prints a trace.</summary>
    /// <param name="root">From <see cref="Build(IEnumerable{Command})"/>.</param>
    /// <param name="args">As <c>Main</c> has them.</param>
    /// <param name="results">Where results go; null: standard output.</param>
    /// <param name="messages">Where messages and progress go; null: standard error.</param>
    /// <param name="ct">Stops it, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        RootCommand root, IReadOnlyList<string> args, TextWriter? results = null, TextWriter? messages = null,
        CancellationToken ct = default)
    {
        var err = messages ?? Console.Error;
        // No response files: a person's name may begin with an @.
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Misuse.In(parse) is { } line)
        {
            await err.WriteLineAsync(line);
            return ExitCodes.Misused;
        }

        var invocation = new InvocationConfiguration
        {
            Output = results ?? Console.Out, Error = err, EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopWithin,
        };
        try
        {
            return await parse.InvokeAsync(invocation, ct);
        }
        catch (OperationCanceledException)
        {
            await err.WriteLineAsync("Stopped.");
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The last line of defence: a bug ends as one line, not as a trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await err.WriteLineAsync(Clean.Line($"stipend failed: {e.GetType().Name}: {e.Message}"));
            if (Environment.GetEnvironmentVariable("STIPEND_DEBUG") is "1") await err.WriteLineAsync(e.StackTrace);
            else await err.WriteLineAsync("That is a bug. STIPEND_DEBUG=1 shows where it lies.");
            return ExitCodes.Refused;
        }
    }
}
