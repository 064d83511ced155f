using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Terminal.Writing;

namespace Guerdon.Database.Cli;

/// <summary>What an answer of the API holds, and which of it a text shows.</summary>
internal static partial class ReplyValues
{
    /// <summary>The names of members that hold a word, a figure or a time somewhere, such as <c>runs[].plan</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, List<JsonElement>> Of(JsonElement reply)
    {
        var found = new SortedDictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        Collect(reply, "", found);
        return found;
    }

    /// <summary>Members of which at least one value is nowhere in the text.</summary>
    /// <param name="values">From <see cref="Of"/>.</param>
    /// <param name="text">What the command line wrote.</param>
    /// <param name="rows">Of a list, how many rows it shows.</param>
    public static IEnumerable<string> NotIn(
        string text, IReadOnlyDictionary<string, List<JsonElement>> values, int rows)
    {
        var flat = Blanks().Replace(text, " ");
        return values.Where(v => !v.Value.Take(rows).All(value => Forms(v.Key, value).Any(f => Has(flat, f))))
            .Select(v => v.Key);
    }

    private static void Collect(JsonElement value, string path, SortedDictionary<string, List<JsonElement>> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    Collect(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", found);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Collect(item, path + "[]", found);
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                if (!found.TryGetValue(path, out var all)) found[path] = all = [];
                all.Add(value);
                break;
        }
    }

    // A value as it came, and as people read it.
    private static IEnumerable<string> Forms(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            yield return value.GetRawText();
            if (!value.TryGetInt64(out var number)) yield break;
            yield return number.ToString("#,0", CultureInfo.InvariantCulture);
            yield return Shown.Tokens(number);
            yield return Shown.Tokens(number).Replace(",", "", StringComparison.Ordinal);
            yield return Shown.Usd(number);
            yield return Shown.Price(number);
            yield return Shown.Rate(number);
            if (path.EndsWith("Cents", StringComparison.Ordinal))
                yield return (number / 100m).ToString("#,0.00", CultureInfo.InvariantCulture);
            if (path.EndsWith("Ppm", StringComparison.OrdinalIgnoreCase))
                yield return (number / 10_000m).ToString("#,0.####", CultureInfo.InvariantCulture);
            if (path.EndsWith("Bp", StringComparison.Ordinal))
                yield return (number / 100m).ToString("#,0.##", CultureInfo.InvariantCulture);
            yield break;
        }

        var text = value.GetString()!;
        foreach (var line in new[] { text, text.Replace('_', ' '), text.ToLowerInvariant() })
            yield return Blanks().Replace(line, " ").Trim();
        if (!Instant().IsMatch(text) || !value.TryGetDateTimeOffset(out var at)) yield break;
        yield return Shown.Time(at);
        yield return Shown.Day(at);
    }

    // A figure is there where no other begins or ends with it; an empty text is everywhere.
    private static bool Has(string text, string form)
    {
        if (form.Length == 0) return true;
        for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0;
             at = text.IndexOf(form, at + 1, StringComparison.Ordinal))
        {
            if (!char.IsDigit(form[0]) && !char.IsDigit(form[^1])) return true;
            var before = at == 0 ? ' ' : text[at - 1];
            var after = at + form.Length == text.Length ? ' ' : text[at + form.Length];
            var more = at + form.Length + 1 < text.Length && char.IsDigit(text[at + form.Length + 1]);
            if (!char.IsLetterOrDigit(before) && before is not ('.' or ',')
                && !char.IsLetterOrDigit(after) && !(after is '.' or ',' && more)) return true;
        }

        return false;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT")]
    private static partial Regex Instant();
}
