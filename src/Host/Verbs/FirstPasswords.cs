using Guerdon.Host.Running;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary>
/// Tells links and passwords once: to a terminal, where somebody reads them now. Where the output goes to a file, a
/// pipe or a service's journal, which others may read and which stays, they go into a file for its owner alone.
/// </summary>
internal static class FirstPasswords
{
    private const string FileName = "password";

    /// <param name="output">The verb's.</param>
    /// <param name="home">Whose <c>.guerdon/password</c> is written where nobody reads along.</param>
    /// <param name="lines">An account each, and its link or password.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task TellAsync(Output output, string home, IReadOnlyList<string> lines, CancellationToken ct)
    {
        if (output.IsOnTerminal && !output.IsJson)
        {
            output.Line("Sign in (shown this once):");
            foreach (var line in lines) output.Line($"  {line}");
            return;
        }

        var path = await SecretFile.WriteAsync(home, FileName, string.Join('\n', lines), ct);
        var where = $"How to sign in is in {path}, which only its owner can read: this output is not a terminal. "
            + "Delete the file when you have read it.";
        if (output.IsJson) output.Note(where);
        else output.Line(where);
    }
}
