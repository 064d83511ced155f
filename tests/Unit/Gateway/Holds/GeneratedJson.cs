using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Guerdon.Unit.Gateway.Holds;

/// <summary>A JSON value that can be written in odd ways: members reordered, doubled, names escaped.</summary>
internal abstract record Tree
{
    public sealed record Map(List<(string Name, Tree Value)> Members) : Tree;

    public sealed record Items(List<Tree> Values) : Tree;

    public sealed record Text(string Value) : Tree;

    public sealed record Raw(string Value) : Tree;

    public static Map Of(params (string Name, Tree? Value)[] members) =>
        new([.. members.Where(m => m.Value is not null).Select(m => (m.Name, m.Value!))]);

    public static Items List(params IEnumerable<Tree> values) => new([.. values]);

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Tree?(string? text) => text is null ? null : new Text(text);

    public static implicit operator Tree(long number) => new Raw(number.ToString(CultureInfo.InvariantCulture));

    public static readonly Tree Null = new Raw("null");
    public static readonly Tree True = new Raw("true");
    public static readonly Tree False = new Raw("false");
}

/// <summary>Writes trees, each time in another way.</summary>
internal sealed class OddWriter(Random random)
{
    /// <summary>A member was written twice in some object.</summary>
    public bool HasRepeated { get; private set; }

    /// <summary>One member in so many is written twice; 0: none is.</summary>
    public int RepeatsIn { get; init; }

    public string Write(Tree tree)
    {
        var text = new StringBuilder();
        Write(tree, text);
        return text.ToString();
    }

    private void Write(Tree tree, StringBuilder text)
    {
        switch (tree)
        {
            case Tree.Text(var value): WriteText(value, text); break;
            case Tree.Raw(var value): text.Append(value); break;
            case Tree.Items(var values):
                text.Append('[');
                for (var i = 0; i < values.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(values[i], text);
                }

                text.Append(']');
                break;

            case Tree.Map(var members): WriteMap(members, text); break;
        }
    }

    private void WriteMap(List<(string Name, Tree Value)> members, StringBuilder text)
    {
        var order = members.ToArray();
        random.Shuffle(order);
        var written = new List<(string Name, Tree Value)>();
        foreach (var member in order)
        {
            written.Add(member);
            if (RepeatsIn == 0 || random.Next(RepeatsIn) > 0) continue;
            HasRepeated = true;
            written.Insert(random.Next(written.Count + 1), (member.Name, random.Next(2) == 0 ? member.Value : "url"));
        }

        text.Append('{');
        for (var i = 0; i < written.Count; i++)
        {
            if (i > 0) text.Append(random.Next(9) == 0 ? " ,\n" : ",");
            WriteText(written[i].Name, text);
            text.Append(':');
            Write(written[i].Value, text);
        }

        text.Append('}');
    }

    private void WriteText(string value, StringBuilder text)
    {
        var isOdd = value.Length < 40 && random.Next(12) == 0;
        text.Append('"');
        foreach (var letter in value)
        {
            if (letter is '"' or '\\' || letter < ' ' || (isOdd && random.Next(3) == 0))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else text.Append(letter);
        }

        text.Append('"');
    }
}
