using System.CommandLine;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Providers;

/// <summary>
/// Secrets, from a file or standard input: on a command line every account of the machine could read them.
/// </summary>
internal static class KeyFiles
{
    private const int MostChars = 8_192;

    public static Option<string?> Option(string description, string name = "--key-file")
    {
        var option = new Option<string?>(name)
        {
            Description = $"{description}; '-' reads standard input.", HelpName = "FILE",
        };
        option.Validators.Add(result =>
        {
            var path = result.GetValueOrDefault<string>();
            if (path is null or Values.StandardInput || File.Exists(path)) return;
            // The value is never shown, because somebody may have typed the key itself.
            result.AddError($"{name} names a file with the key in it, and that file does not exist.");
        });
        return option;
    }

    /// <summary>The key without the end of its line; null where there is none, or too much.</summary>
    public static async Task<string?> ReadAsync(Output output, string path, CancellationToken ct)
    {
        await using var stream = path == Values.StandardInput ? output.Surroundings.OpenInput() : File.OpenRead(path);
        using var reader = new StreamReader(stream);
        var text = new char[MostChars + 1];
        var length = await reader.ReadBlockAsync(text, ct);
        var key = new string(text, 0, length).Trim();
        return length > MostChars || key.Length == 0 ? null : key;
    }
}
