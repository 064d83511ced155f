namespace Guerdon.Terminal;

/// <summary>What verbs take from the process they run in.</summary>
/// <param name="Variable">An environment variable's value, or null.</param>
/// <param name="Directory">The current directory.</param>
/// <param name="TerminalWidth">Columns of the terminal that a writer writes to; null where it is none.</param>
/// <param name="OpenInput">Standard input.</param>
/// <param name="Clock">For waits and for the current month.</param>
public sealed record Surroundings(
    Func<string, string?> Variable, string Directory, Func<TextWriter, int?> TerminalWidth, Func<Stream> OpenInput,
    TimeProvider Clock)
{
    public static Surroundings OfProcess { get; } = new(
        Environment.GetEnvironmentVariable, Environment.CurrentDirectory, WidthOf, Console.OpenStandardInput,
        TimeProvider.System)
    {
        ReadSecret = SecretInput.Read,
    };

    /// <summary>Asks for a line that nobody sees, by a prompt; null: there is no terminal.</summary>
    public Func<string, string?> ReadSecret { get; init; } = _ => null;

    /// <summary>Reads the beginning of standard input, such as a password.</summary>
    /// <param name="mostChars">What follows is not read.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<string> ReadInputAsync(int mostChars, CancellationToken ct)
    {
        var text = new char[mostChars];
        using var reader = new StreamReader(OpenInput());
        return new string(text, 0, await reader.ReadBlockAsync(text, ct));
    }

    /// <summary>A variable that is set to something.</summary>
    public string? Setting(string name) =>
        Variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static int? WidthOf(TextWriter writer)
    {
        var terminal = (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected)
            || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);
        if (!terminal) return null;
        try
        {
            // With standard output piped away .NET cannot ask the terminal, and says 0.
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
