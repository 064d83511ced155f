using System.Text;

namespace Guerdon.Dialects.Calls;

/// <summary>A few names and what they mean, found by the hash that was made when the name was read.</summary>
public sealed class NameTable<T> where T : struct
{
    private readonly Dictionary<ulong, (string Text, byte[] Name, T Meaning)> _byHash = [];

    public NameTable(params IEnumerable<(T Meaning, string[] Names)> rows)
    {
        foreach (var (meaning, names) in rows)
            foreach (var name in names) Add(name, Encoding.UTF8.GetBytes(name), meaning);
    }

    private void Add(string text, byte[] name, T meaning) => _byHash.Add(NameSet.Hash(name), (text, name, meaning));

    /// <summary>What the name means that the reader stands on; null where it is none of these.</summary>
    public T? OfName(in StrictJson json) => OfName(json, out _);

    /// <summary>The same, and the name itself.</summary>
    public T? OfName(in StrictJson json, out string text)
    {
        var isFound = _byHash.TryGetValue(json.NameHash, out var found) && json.Is(found.Name);
        text = isFound ? found.Text : "";
        return isFound ? found.Meaning : null;
    }

    /// <summary>The same of a name in any of its spellings; the table has it in small letters alone.</summary>
    public T? OfFolded(in FoldedName name) =>
        name.TryHash(out var hash) && _byHash.TryGetValue(hash, out var found) && name.Is(found.Name)
            ? found.Meaning
            : null;

    /// <summary>The same of a string's value.</summary>
    public T? OfValue(in StrictJson json) =>
        json.IsString && _byHash.TryGetValue(json.ValueHash(), out var found) && json.Is(found.Name)
            ? found.Meaning
            : null;
}
