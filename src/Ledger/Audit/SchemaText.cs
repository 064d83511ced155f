using System.Text;
using System.Text.RegularExpressions;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// What the program takes the database to be: tables with their columns, triggers, functions and views, read from
/// <c>db/schema.sql</c>, which is part of the program and tested to be the sum of the migrations. What is missing from
/// the database, or differs in it, was changed by somebody else.
/// </summary>
public sealed partial class SchemaText
{
    private readonly Dictionary<string, IReadOnlyList<string>> _tables = [];
    private readonly Dictionary<string, string> _functions = [];
    private readonly Dictionary<string, string> _manners = [];
    private readonly Dictionary<string, string> _views = [];
    private readonly Dictionary<string, string> _triggers = [];
    private readonly HashSet<string> _rules = [];
    private readonly HashSet<string> _partitions = [];

    internal SchemaText(string text)
    {
        Text = text;
        foreach (Match m in Table().Matches(text))
            _tables[Plain(m.Groups["name"].Value)] = [.. ColumnsOf(m.Groups["body"].Value)];
        foreach (Match m in Function().Matches(text))
        {
            _functions[m.Groups["name"].Value] = Tidy(m.Groups["body"].Value);
            _manners[m.Groups["name"].Value] = MannerOf(m.Value);
        }

        foreach (Match m in View().Matches(text)) _views[Plain(m.Groups["name"].Value)] = m.Groups["body"].Value;
        foreach (Match m in Trigger().Matches(text))
            _triggers[$"{Plain(m.Groups["table"].Value)} {m.Groups["name"].Value}"] = m.Groups["all"].Value;
        foreach (Match m in Constraint().Matches(text)) _rules.Add(m.Groups["name"].Value);
        foreach (Match m in Index().Matches(text)) _rules.Add(m.Groups["name"].Value);
        foreach (Match m in Partition().Matches(text)) _partitions.Add(Plain(m.Groups["name"].Value));
        Guarded = [.. _triggers.Where(t => t.Key.EndsWith(" zzz_log_insert", StringComparison.Ordinal))
            .Select(t => GuardedTable.Parse(t.Key.Split(' ')[0], t.Value))
            .Select(t => t with { HasOwnDigest = !_triggers.ContainsKey($"{t.Name} zzz_guard_row") })
            .OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>The program's own.</summary>
    public static SchemaText Own { get; } = Read();

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Columns and types by table, such as <c>ledger.seal</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tables => _tables;

    /// <summary>Those of <see cref="Tables"/> that are parts of another.</summary>
    public IReadOnlySet<string> Partitions => _partitions;

    /// <summary>Bodies by function.</summary>
    public IReadOnlyDictionary<string, string> Functions => _functions;

    /// <summary>How each function runs: with whose rights, under which settings.</summary>
    public IReadOnlyDictionary<string, string> Manners => _manners;

    /// <summary>Queries by view.</summary>
    public IReadOnlyDictionary<string, string> Views => _views;

    /// <summary>Whole definitions by table and name.</summary>
    public IReadOnlyDictionary<string, string> Triggers => _triggers;

    /// <summary>Names of constraints and indexes.</summary>
    public IReadOnlySet<string> Rules => _rules;

    /// <summary>The tables of which each row has a digest, and each change a line in <c>kernel.change</c>.</summary>
    public IReadOnlyList<GuardedTable> Guarded { get; }

    /// <summary>A function's text without what does not change its meaning: blanks at line ends, empty lines.</summary>
    public static string Tidy(string body)
    {
        var tidy = new StringBuilder();
        foreach (var line in body.Split('\n'))
            if (line.TrimEnd() is { Length: > 0 } words) tidy.Append(words).Append('\n');
        return tidy.ToString();
    }

    /// <summary>What stands between a function's language and its body, in an order of its own, since pg_dump and the
    /// server write it in two.</summary>
    public static string MannerOf(string definition) =>
        string.Join(' ', Manner().Match(definition).Groups["words"].Value
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    private static SchemaText Read()
    {
        using var stream = typeof(SchemaText).Assembly.GetManifestResourceStream("schema")
            ?? throw new FileNotFoundException("db/schema.sql is not embedded: a build mistake.");
        using var reader = new StreamReader(stream);
        return new SchemaText(reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    // pg_dump writes a table's columns first, each on a line of its own. Constraints follow,
    // and must not be read as columns.
    private static IEnumerable<string> ColumnsOf(string body)
    {
        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("    CONSTRAINT ", StringComparison.Ordinal)) yield break;
            var words = line.Trim().TrimEnd(',');
            foreach (var end in (string[])[" DEFAULT ", " NOT NULL"])
                if (words.IndexOf(end, StringComparison.Ordinal) is > 0 and var at) words = words[..at];
            yield return Plain(words);
        }
    }

    private static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);

    [GeneratedRegex("""^CREATE TABLE (?<name>[\w."]+) \(\n(?<body>.*?)^\)""",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(
        """^CREATE FUNCTION (?<name>[\w.]+)\((?:(?!^CREATE ).)*?AS (?<quote>\$\w*\$)(?<body>.*?)\k<quote>;""",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Function();

    [GeneratedRegex("""\bLANGUAGE (?<words>.*?)\s+AS \$""", RegexOptions.Singleline)]
    private static partial Regex Manner();

    [GeneratedRegex("""^CREATE (?:OR REPLACE )?VIEW (?<name>[\w."]+) AS\n(?<body>.*?);$""",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex View();

    [GeneratedRegex("""^(?<all>CREATE TRIGGER (?<name>\w+) .*? ON (?<table>[\w."]+) .*);$""", RegexOptions.Multiline)]
    private static partial Regex Trigger();

    [GeneratedRegex("""CONSTRAINT (?<name>\w+) """)]
    private static partial Regex Constraint();

    [GeneratedRegex("""^ALTER TABLE ONLY [\w."]+ ATTACH PARTITION (?<name>[\w."]+) """, RegexOptions.Multiline)]
    private static partial Regex Partition();

    [GeneratedRegex("""^CREATE (?:UNIQUE )?INDEX (?<name>\w+) """, RegexOptions.Multiline)]
    private static partial Regex Index();
}
