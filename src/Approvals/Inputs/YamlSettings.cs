using Guerdon.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Guerdon.Approvals.Inputs;

/// <summary>One setting of a file, by its path: <c>allowance.share</c>, <c>tiers[expert].adds</c>.</summary>
public sealed record YamlSetting(string Path, string Value);

/// <summary>What differs between two versions of a file.</summary>
/// <param name="Path">Which setting.</param>
/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record YamlChange(string Path, string? Before, string? After);

/// <summary>A YAML file as a flat list, so that two can be compared. No I/O.</summary>
public static class YamlSettings
{
    private const string From = "effective_from";

    /// <summary>Every setting of a file that can be read, in the order of the file.</summary>
    public static IReadOnlyList<YamlSetting> Of(string yaml)
    {
        var settings = new List<YamlSetting>();
        if (Root(yaml) is { } root) Add(settings, "", root);
        return settings;
    }

    /// <summary>What changes from one file to another, in the order of the newer file, then what is gone.</summary>
    public static IReadOnlyList<YamlChange> Changes(string? before, string after)
    {
        var was = before is null ? [] : Of(before).ToLookup(s => s.Path, s => s.Value)
            .ToDictionary(s => s.Key, s => string.Join(", ", s));
        IReadOnlyList<YamlSetting> now =
        [
            .. Of(after).GroupBy(s => s.Path).Select(
                s => new YamlSetting(s.Key, string.Join(", ", s.Select(v => v.Value)))),
        ];
        var paths = now.Select(s => s.Path).ToHashSet();
        return
        [
            .. now.Where(s => was.GetValueOrDefault(s.Path) != s.Value)
                .Select(s => new YamlChange(s.Path, was.GetValueOrDefault(s.Path), s.Value)),
            .. was.Where(s => !paths.Contains(s.Key)).Select(s => new YamlChange(s.Key, s.Value, null)),
        ];
    }

    /// <summary>Whether a setting is one of a part of the file, or that part itself.</summary>
    public static bool IsOf(string path, string part) => path.StartsWith(part, StringComparison.Ordinal)
        && (path.Length == part.Length || path[part.Length] is '.' or '[');

    /// <summary>Replaces the file's first day: only that value is rewritten, and all else, comments too, stays
    /// as it is. A file that is not a mapping, or has no such key, comes back unchanged, since reading it says
    /// what is wrong.</summary>
    public static string WithFrom(string yaml, DateOnly from)
    {
        if (!YamlFile.IsWellFormed(yaml, "plan") || Root(yaml) is not { } root
            || !root.Children.TryGetValue(new YamlScalarNode(From), out var value) || value is not YamlScalarNode)
            return yaml;
        return $"{yaml[..(int)value.Start.Index]}{from.Iso()}{yaml[(int)value.End.Index..]}";
    }

    private static YamlMappingNode? Root(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : null;
    }

    private static void Add(List<YamlSetting> settings, string path, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                if (map.Children.Count == 0 && path.Length > 0) settings.Add(new YamlSetting(path, "{}"));
                foreach (var (key, value) in map.Children)
                    Add(settings, path.Length == 0 ? $"{key}" : $"{path}.{key}", value);
                break;
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode):
                settings.Add(new YamlSetting(
                    path, list.Children.Count == 0 ? "[]" : string.Join(", ", list.Children.Select(ItemOf))));
                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                    Add(settings, $"{path}[{NameOf(list.Children[i]) ?? $"{i + 1}"}]", list.Children[i]);
                break;
            default:
                settings.Add(new YamlSetting(path, TextOf(node)));
                break;
        }
    }

    // In quotes where it would else be read as nothing, or as several items.
    private static string TextOf(YamlNode node) => node is YamlScalarNode { Value: "" or "null" or "~" } scalar
        && scalar.Style != ScalarStyle.Plain ? Quoted(scalar.Value) : $"{node}";

    private static string ItemOf(YamlNode node) => node is YamlScalarNode { Value: { } text }
        && (text.Trim() != text || text.AsSpan().IndexOfAny(",\"") >= 0) ? Quoted(text) : TextOf(node);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // By what tells items apart where they have it, so that another order changes nothing.
    private static string? NameOf(YamlNode item) => item is not YamlMappingNode map ? null
        : Of(map, "name") ?? Of(map, "id")
            ?? (Of(map, "tax_class") is { } of ? $"{of} {Of(map, "form")} {Of(map, "country")}".TrimEnd() : null);

    private static string? Of(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? $"{value}" : null;
}
