using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Guerdon.Mutate;

/// <summary>A source file, as it is in the tree.</summary>
internal sealed record Source(string Path, CompilationUnitSyntax Root)
{
    /// <summary>The project it belongs to: <c>Ledger</c> of <c>src/Ledger/Lots/Lots.cs</c>.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>Every name in its code; what comments and texts say does not count.</summary>
    public HashSet<string> Names { get; } =
        [.. Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText)];
}

/// <summary>Which files are mutated, by rules, so that files may be moved and renamed.</summary>
internal static class Sources
{
    // They show, compose or play; what they decide is tested by Browser and Database.
    private static readonly string[] NotModules = ["Web", "Cli", "Host", "Sandbox", "Simulation"];

    // A file whose code names one of these reads or writes something outside it, or wires up what does. What draws
    // letters on a page is such a file, too: a page is looked at.
    private static readonly string[] InputOrOutput =
    [
        "NpgsqlDataSource", "NpgsqlConnection", "NpgsqlCommand", "NpgsqlBatch", "NpgsqlTransaction", "DbDataReader",
        "NpgsqlDataReader", "Dapper", "Sql", "HttpContext", "HttpClient", "HttpRequest", "HttpResponse", "IResult",
        "ProblemHttpResult", "IEndpointRouteBuilder", "IServiceCollection", "Task", "ValueTask", "File", "Directory",
        "Socket", "Process", "ILogger", "Meter", "RandomNumberGenerator", "Timer", "Stream",
        "FontFile", "CffOutlines", "CffPen", "PdfFontParts",
    ];

    public static IEnumerable<Source> Read(string root, string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories).Order()
        let path = Path.GetRelativePath(root, file).Replace('\\', '/')
        select new Source(path, CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot());

    /// <summary>A module's file that calculates and decides, and touches nothing outside the program.</summary>
    public static bool IsPure(Source source) =>
        !NotModules.Contains(source.Project) && !source.Names.Overlaps(InputOrOutput)
        && !source.Root.DescendantTokens().Any(t => t.IsKind(SyntaxKind.AwaitKeyword));

    /// <summary>The ledger's writers: they have I/O, but what they decide about it can be tested without.</summary>
    public static bool IsLane(Source source) =>
        source.Project == "Ledger" && source.Names.Contains("Lane") && source.Names.Contains("LedgerOptions");
}
