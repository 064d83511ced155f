using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Guerdon.eng.Mutate;

/// <summary>A source file as it is in the working tree.</summary>
internal sealed record Source(string Path, CompilationUnitSyntax Root)
{
    /// <summary>The project it belongs to: <c>Ledger</c> of <c>src/Ledger/Lots/Lots.cs</c>.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>Every identifier in its code; comments and strings do not count.</summary>
    public HashSet<string> Names { get; } =
        [.. Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText)];
}

/// <summary>Which files are mutated. These are rules rather than a list, so that files may be moved and renamed.
/// </summary>
internal static class Sources
{
    // They show, compose or simulate: Browser and Database test what they decide. Documents draws letters on a page,
    // which people check by looking at it.
    private static readonly string[] NotModules = ["Admin", "Web", "Cli", "Host", "Sandbox", "Documents", "Simulation"];

    // A file that names one of these does I/O, or wires up what does.
    private static readonly string[] InputOrOutput =
    [
        "NpgsqlDataSource", "NpgsqlConnection", "NpgsqlCommand", "NpgsqlBatch", "NpgsqlTransaction", "DbDataReader",
        "NpgsqlDataReader", "Dapper", "Sql", "HttpContext", "HttpClient", "HttpRequest", "HttpResponse", "IResult",
        "ProblemHttpResult", "IEndpointRouteBuilder", "IServiceCollection", "Task", "ValueTask", "File", "Directory",
        "Socket", "Process", "ILogger", "Meter", "RandomNumberGenerator", "Timer", "Stream",
    ];

    public static IEnumerable<Source> Read(string root, string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories).Order()
        let path = Path.GetRelativePath(root, file).Replace('\\', '/')
        select new Source(path, CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot());

    /// <summary>A file that calculates and decides without any I/O.</summary>
    public static bool IsPure(Source source) =>
        !NotModules.Contains(source.Project) && !source.Names.Overlaps(InputOrOutput)
        && !source.Root.DescendantTokens().Any(t => t.IsKind(SyntaxKind.AwaitKeyword));

    /// <summary>The ledger's writers: they do I/O, but their decisions can be tested without a database.</summary>
    public static bool IsLane(Source source) =>
        source.Project == "Ledger" && source.Names.Contains("Lane") && source.Names.Contains("LedgerOptions");
}
