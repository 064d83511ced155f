using System.CommandLine;
using Guerdon.Kernel;

namespace Guerdon.Client.Verbs;

/// <summary>A file that the server makes and the caller saves.</summary>
public static class SavedFile
{
    public static Option<string> Option() => new("--to")
    {
        Description = "Where to write it; a file that is there is replaced.", HelpName = "FILE", Required = true,
    };

    /// <summary>Why a file cannot be written there, before anything is asked for; null: it can.</summary>
    public static string? Wrong(string path) =>
        !IsName(path) || Directory.Exists(path) || Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder
            || !Directory.Exists(folder)
            ? $"--to names '{path}', which is not a file in a directory that exists." : null;

    /// <summary>Whether a text can be a file's name at all.</summary>
    public static bool IsName(string path) =>
        !string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal);

    /// <summary>Writes what the server answered, or the refusal.</summary>
    public static async Task<int> WriteAsync(Call call, Answer answer, string path, CancellationToken ct)
    {
        if (answer.No is { } no) return call.Output.Refuse(no);
        if (answer.File is not { } bytes) return call.Unreadable();
        try
        {
            await File.WriteAllBytesAsync(path, bytes, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return call.Output.Refuse(ClientRefusals.FileNotWritten.With($"{path} cannot be written: {e.Message}"));
        }

        return call.Output.Done(
            new { file = path, bytes = bytes.Length }, _ => call.Output.Line($"{path}, {bytes.Length:#,0} bytes."));
    }
}
