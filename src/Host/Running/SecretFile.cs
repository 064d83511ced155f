using Guerdon.Client;

namespace Guerdon.Host.Running;

/// <summary>A secret in a file below <c>.guerdon</c>, for its owner alone (0600).</summary>
internal static class SecretFile
{
    /// <summary>Writes it again. An old file goes first: it would keep its mode, and whoever has it open.</summary>
    /// <param name="home">What <c>.guerdon</c> lies in.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="text">What is in it, a line end is added.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> WriteAsync(string home, string name, string text, CancellationToken ct)
    {
        var folder = GuerdonFolder.Of(home);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteLineAsync(text.AsMemory(), ct);
        return path;
    }
}
