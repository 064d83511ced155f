namespace Guerdon.Unit.Architecture;

/// <summary>The working tree these tests were built from.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    // What git ignores; a package of somebody else's may hold a README with links of its own.
    private static readonly string[] Ignored = ["artifacts", ".guerdon", ".git", "node_modules", "bin", "obj"];

    /// <summary>Our files below some folders, as paths from the root with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where endings.Any(e => path.EndsWith(e, StringComparison.Ordinal)) && !path.Split('/').Any(Ignored.Contains)
        select path;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>Compares a generated file with what it should be; <c>GUERDON_UPDATE=1</c> writes it instead.</summary>
    public static void AssertGenerated(string path, string expected)
    {
        var full = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("GUERDON_UPDATE") == "1") File.WriteAllText(full, expected);
        Assert.True(File.Exists(full) && File.ReadAllText(full) == expected,
            $"{path} is not what the code says. GUERDON_UPDATE=1 ./test Unit writes it.");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Guerdon.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
