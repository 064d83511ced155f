using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Guerdon.Kernel;

/// <summary>What is wrong with a YAML file, and what would be right.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Key">Path of the key that is meant, such as <c>allowance.share</c>; empty for the whole file.</param>
/// <param name="Reason">For whoever wrote it.</param>
public sealed record YamlError(int Line, int Column, string Key, string Reason);

/// <summary>Reads a YAML file of one mapping, strictly: no aliases, no depth, no second document.</summary>
public static class YamlFile
{
    private const int MaxDepth = 10;
    private const int MostText = 20_000;

    /// <summary>What <paramref name="read"/> makes of the file, or every error of it by line and column.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="what">What it should be, such as <c>plan</c>.</param>
    /// <param name="read">Reads the root and adds what is wrong to the list; its result counts only
    /// where nothing is.</param>
    public static (T? Read, IReadOnlyList<YamlError> Errors) Read<T>(
        string yaml, string what, Func<YamlMap, List<YamlError>, T?> read) where T : class
    {
        if (yaml.Contains('\0', StringComparison.Ordinal))
            return (null, [At(Mark.Empty, $"A {what} is text, without NUL.")]);
        return Malformed(yaml, what) is { } malformed
            ? (null, [malformed])
            : Read(new Parser(new StringReader(yaml)), what, read);
    }

    /// <summary>The same of events that come from elsewhere: another format, nested no deeper than ours.</summary>
    public static (T? Read, IReadOnlyList<YamlError> Errors) Read<T>(
        IParser events, string what, Func<YamlMap, List<YamlError>, T?> read) where T : class
    {
        var errors = new List<YamlError>();
        var stream = new YamlStream();
        try
        {
            stream.Load(events);
        }
        catch (YamlException e)
        {
            return (null, [At(e.Start, $"This is not a {what}: {e.Message}")]); // a key that occurs twice
        }
        catch (ArgumentException)
        {
            // Our own words, since the loader's make no sense for events out of order, as of a map that breaks off.
            return (null, [At(Mark.Empty, $"This is not a {what}: its keys and values do not fit together.")]);
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            return (null, [At(Mark.Empty, "The file must be one document of keys and values.")]);

        var result = read(new YamlMap(root, "", errors), errors);
        return errors.Count == 0 ? (result, []) : (null, [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column)]);
    }

    /// <summary>Whether the text can be loaded without harm: it is YAML, neither deep nor with aliases, and no key
    /// occurs twice.</summary>
    public static bool IsWellFormed(string yaml, string what) => Read(yaml, what, (_, _) => what).Errors.Count == 0;

    // Ahead of the loader, because that goes down a level by calling itself and would bring the program down with it.
    private static YamlError? Malformed(string yaml, string what)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            for (var depth = 0; parser.MoveNext();)
            {
                depth += parser.Current!.NestingIncrease;
                if (depth > MaxDepth) return At(parser.Current.Start, $"This is nested deeper than any {what}.");
                if (parser.Current is Scalar { Value: { } text } scalar && Fault(text) is { } fault)
                    return At(scalar.Start, $"A text {fault}");
                if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                    return At(parser.Current.Start, $"A {what} has no anchors or aliases; write the value out.");
            }

            return null;
        }
        catch (YamlException e)
        {
            return At(e.Start, $"This is not YAML: {e.Message}");
        }
        catch (ArgumentException e) // an escape such as "\ud800", which stands for no character
        {
            return At(parser.Current?.End ?? Mark.Empty, $"This is not YAML: {e.Message.Split(" (Parameter")[0]}");
        }
        catch (InvalidOperationException) // what the parser throws for a bracket that is never closed
        {
            return At(parser.Current?.End ?? Mark.Empty, "This is not YAML: a bracket is never closed.");
        }
    }

    private static string? Fault(string text) => text.Contains('\uFFFD', StringComparison.Ordinal)
        ? "is not UTF-8; save the file as UTF-8." : InputText.Fault(text, MostText);

    private static YamlError At(Mark mark, string reason) => new((int)mark.Line, (int)mark.Column, "", reason);
}
