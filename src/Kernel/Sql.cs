using System.Reflection;

namespace Guerdon.Kernel;

/// <summary>Reads a <c>.sql</c> file that lies beside the code which runs it.</summary>
public static class Sql
{
    /// <param name="path">Project and path, such as <c>Ledger/Transfers/Post.sql</c>.</param>
    /// <exception cref="FileNotFoundException">No such file was embedded: a build mistake.</exception>
    public static string Read(string path)
    {
        using var stream = Assembly.GetCallingAssembly().GetManifestResourceStream(path)
            ?? throw new FileNotFoundException($"No embedded SQL at {path}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
