namespace Guerdon.Tests;

/// <summary>The working tree that the tests were built from.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Guerdon.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
