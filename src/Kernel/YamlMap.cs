using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Guerdon.Kernel;

/// <summary>
/// One mapping of a YAML file, read key by key. A wrong value adds an error at its place and reads as a default, so
/// that the rest is checked too. <see cref="Finish"/> names the keys that nobody asked for.
/// </summary>
public sealed class YamlMap(YamlMappingNode map, string path, List<YamlError> errors)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>The text of a key, or null where it is absent or wrong; both are errors for a required key.</summary>
    public string? Text(string key, bool required = true)
    {
        var node = Find(key, required);
        if (node is null) return null;
        if (node is YamlScalarNode { Value.Length: > 0 } scalar) return scalar.Value;

        Wrong(node, key, "needs a single value.");
        return null;
    }

    /// <summary>What <paramref name="read"/> makes of the text; it returns null for a text that is not <paramref
    /// name="wanted"/>.</summary>
    public T? Value<T>(string key, string wanted, Func<string, T?> read, bool required = true) where T : struct
    {
        if (Text(key, required) is not { } text) return null;
        if (read(text) is { } value) return value;

        WrongAt(key, $"is '{text}', not {wanted}.");
        return null;
    }

    public int? Whole(string key, int least, int most, bool required = true) => Value(
        key, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n >= least && n <= most ? n : (int?)null, required);

    /// <summary>A list of texts, each accepted or named; empty where the key is absent.</summary>
    public IReadOnlyList<string> Texts(string key, string wanted, Func<string, bool> accepts)
    {
        var node = Find(key, required: false);
        if (node is null) return [];
        if (node is not YamlSequenceNode list)
        {
            Wrong(node, key, "needs a list, such as [a, b].");
            return [];
        }

        var texts = new List<string>();
        foreach (var item in list.Children)
        {
            if (item is YamlScalarNode { Value: { Length: > 0 } text } && accepts(text)) texts.Add(text);
            else Wrong(item, key, $"has '{item}', not {wanted}.");
        }

        return texts;
    }

    /// <summary>Whether a key is there at all.</summary>
    public bool Has(string key) => Find(key, required: false) is not null;

    /// <summary>Whether a key is there with exactly this word as its value.</summary>
    public bool Says(string key, string word) =>
        Find(key, required: false) is YamlScalarNode { Value: { } text } && text == word;

    public bool IsEmptyList(string key) => Find(key, required: false) is YamlSequenceNode { Children.Count: 0 };

    /// <summary>A mapping below this one, or null where it is absent or not a mapping.</summary>
    public YamlMap? Map(string key)
    {
        var node = Find(key, required: false);
        if (node is YamlMappingNode below) return new YamlMap(below, PathOf(key), errors);
        if (node is not null) Wrong(node, key, "needs keys of its own, indented below it.");
        return null;
    }

    /// <summary>A list of mappings below this one; empty where the key is absent. An item that is not a mapping
    /// is an error.</summary>
    public IReadOnlyList<YamlMap> Maps(string key)
    {
        var node = Find(key, required: false);
        if (node is null) return [];
        if (node is not YamlSequenceNode list)
        {
            Wrong(node, key, "needs a list, each item with a hyphen.");
            return [];
        }

        var maps = new List<YamlMap>();
        foreach (var item in list.Children)
        {
            if (item is YamlMappingNode below) maps.Add(new YamlMap(below, PathOf($"{key}[{maps.Count + 1}]"), errors));
            else Wrong(item, key, "needs keys and values in each item.");
        }

        return maps;
    }

    /// <summary>What is wrong with the file so far; this mapping and all of the file add to it.</summary>
    public List<YamlError> Errors => errors;

    /// <summary>Every key, for a mapping whose keys are data.</summary>
    public IReadOnlyList<string> Keys => [.. map.Children.Keys.Select(key => key.ToString())];

    public void WrongAt(string key, string reason) => Wrong(Find(key, required: false) ?? map, key, reason);

    /// <summary>Adds an error at one item of a list, counted from 0.</summary>
    public void WrongItem(string key, int item, string reason)
    {
        var items = Find(key, required: false) as YamlSequenceNode;
        Wrong(item < items?.Children.Count ? items.Children[item] : map, key, reason);
    }

    /// <summary>Adds an error for each key that was not asked for.</summary>
    public void Finish()
    {
        bool Asked(YamlNode key) => key is YamlScalarNode { Value: { } name } && _asked.Contains(name);
        foreach (var key in map.Children.Keys.Where(key => !Asked(key)))
            Wrong(key, key.ToString(), $"is unknown here. Known: {string.Join(", ", _asked)}.");
    }

    private YamlNode? Find(string key, bool required)
    {
        _asked.Add(key);
        if (map.Children.TryGetValue(new YamlScalarNode(key), out var node)) return node;
        if (required) Wrong(map, key, "is missing.");
        return null;
    }

    private void Wrong(YamlNode node, string key, string reason) =>
        errors.Add(new YamlError((int)node.Start.Line, (int)node.Start.Column, PathOf(key), $"{PathOf(key)} {reason}"));

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
