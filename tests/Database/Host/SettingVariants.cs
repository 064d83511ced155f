using System.Text.RegularExpressions;

namespace Guerdon.Database.Host;

/// <summary>Files of settings as people get them wrong: a member missing, empty, doubled, misspelt, extreme, or naming
/// what does not exist.</summary>
internal static partial class SettingVariants
{
    private static readonly string[] Values =
    [
        "", "\"\"", "' x'", "x", "nobody-has-this", "XXX", "0", "1", "-1", "0.000000001", "1000000",
        "9223372036854775808", "1e400", "\u0663", "0%", "100%", "true", "none", "never", "2020-01-01", "2199-12-31",
        "[]", "[x]", "{}", "P10Y",
    ];

    /// <summary>The text itself, and each variant of it once.</summary>
    public static IEnumerable<string> Of(string yaml) => All(yaml).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> All(string yaml)
    {
        yield return yaml;
        var lines = yaml.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Member().Match(lines[i]) is not { Success: true } member) continue;
            var (before, key, value) = (member.Groups["before"].Value, member.Groups["key"].Value,
                member.Groups["value"].Value);
            yield return With(lines, i, []);
            yield return With(lines, i, [lines[i], lines[i]]);
            yield return With(lines, i, [$"{before}{key}s:{value}"]);
            foreach (var other in Values) yield return With(lines, i, [$"{before}{key}: {other}"]);
            foreach (var inside in Inside(value))
                yield return With(lines, i, [$"{before}{key}:{inside}"]);
        }
    }

    // Members and items on the line itself: { USD: 1, EUR: 2 }, [a, b].
    private static IEnumerable<string> Inside(string value)
    {
        foreach (Match part in Part().Matches(value))
            foreach (var other in Values)
                yield return value[..part.Index] + other + value[(part.Index + part.Length)..];
    }

    private static string With(string[] lines, int at, string[] instead) =>
        string.Join('\n', [.. lines[..at], .. instead, .. lines[(at + 1)..]]);

    [GeneratedRegex("^(?<before> *(?:- )?)(?<key>[A-Za-z_]+):(?<value>(?: +[^#\\s][^#]*?)?) *(?:#.*)?$")]
    private static partial Regex Member();

    [GeneratedRegex("(?<=[\\[{,:] ?)[^\\[\\]{},: ]+(?=[,}\\]:])")]
    private static partial Regex Part();
}
