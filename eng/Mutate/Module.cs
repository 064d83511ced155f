using System.Diagnostics;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Guerdon.eng.Mutate;

/// <summary>
/// A project of src, compiled in memory just as the build compiles it. MSBuild is asked for the compiler's arguments
/// once, and source generators run once, since no mutant changes an attribute.
/// </summary>
internal sealed class Module
{
    private readonly string _root;
    private readonly CSharpCommandLineArguments _arguments;
    private readonly CSharpCompilation _original;

    public Module(string root, string project)
    {
        _root = root;
        var folder = Path.Combine(root, "src", project);
        _arguments = CSharpCommandLineParser.Default.Parse(
            Ask(Path.Combine(folder, $"{project}.csproj")), folder, sdkDirectory: null);
        var trees = _arguments.SourceFiles.Select(file => CSharpSyntaxTree.ParseText(
            File.ReadAllText(file.Path), _arguments.ParseOptions, file.Path));
        var references = _arguments.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference));
        // The build reports warnings; a mutant may have some.
        var options = _arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Default);
        var compilation = CSharpCompilation.Create(_arguments.CompilationName, trees, references, options);
        CSharpGeneratorDriver.Create(Generators(), parseOptions: _arguments.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        _original = (CSharpCompilation)generated;
    }

    public string Assembly => _original.AssemblyName!;

    /// <summary>The assembly with a mutant in it; null if that does not compile.</summary>
    public byte[]? Compile(Mutant mutant) => Emitted(With(_original, mutant.Source, mutant.Root), out _);

    /// <summary>The assembly with probes in some of its files.</summary>
    public byte[] Compile(IEnumerable<Source> sources, Probes probes)
    {
        var compilation = sources.Aggregate(_original, (all, source) => With(all, source, probes.In(source)))
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(Probes.Source, _arguments.ParseOptions));
        return Emitted(compilation, out var said)
            ?? throw new InvalidOperationException(string.Join('\n', said.Take(10)));
    }

    private CSharpCompilation With(CSharpCompilation compilation, Source source, CompilationUnitSyntax changed)
    {
        var path = Path.Combine(_root, source.Path);
        return compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees.Single(tree => tree.FilePath == path),
            CSharpSyntaxTree.ParseText(changed.ToFullString(), _arguments.ParseOptions, path));
    }

    private byte[]? Emitted(CSharpCompilation compilation, out IEnumerable<Diagnostic> said)
    {
        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly, manifestResources: _arguments.ManifestResources);
        said = emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error);
        return emitted.Success ? assembly.ToArray() : null;
    }

    private IEnumerable<ISourceGenerator> Generators() =>
        from reference in _arguments.AnalyzerReferences
        let file = new AnalyzerFileReference(reference.FilePath, InThisProcess.Loader)
        from generator in file.GetGenerators(LanguageNames.CSharp)
        select generator;

    private static string[] Ask(string project)
    {
        string[] asked =
        [
            "msbuild", project, "-nologo", "-v:q", "-t:PrepareResources;Compile", "-p:Configuration=Release",
            "-p:BuildProjectReferences=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
            "-p:NonExistentFile=never", "-getItem:CscCommandLineArgs",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", asked) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException(said);
        using var json = JsonDocument.Parse(said);
        return [.. json.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private sealed class InThisProcess : IAnalyzerAssemblyLoader
    {
        public static readonly InThisProcess Loader = new();

        public void AddDependencyLocation(string fullPath)
        {
            // The framework's generators need nothing that this process does not already have.
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) =>
            System.Reflection.Assembly.LoadFrom(fullPath);
    }
}
