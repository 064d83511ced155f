using System.Globalization;
using System.Text;
using System.Text.Json;
using Guerdon.Terminal.Tables;

namespace Guerdon.Terminal.Writing;

/// <summary>
/// Shows JSON by its own names, whose endings say the unit: <c>availableMilli</c> is tokens, <c>costNanos</c> is USD.
/// For replies that only need to be read.
/// </summary>
public static class Sheet
{
    /// <summary>Shows a reply: its values a line each, its lists as tables, with a blank line between.</summary>
    /// <param name="output">Where.</param>
    /// <param name="reply">An object, or a list of them.</param>
    /// <param name="rows">How many rows of a list to show at most.</param>
    /// <param name="listsFirst">Totals come last, where they are what a reader waits for.</param>
    public static void Show(Output output, JsonElement reply, int rows, bool listsFirst = false)
    {
        if (reply.ValueKind != JsonValueKind.Object)
        {
            if (HasRows(reply)) List(output, reply, rows);
            return;
        }

        var sections = new List<Action>();
        foreach (var property in reply.EnumerateObject().Where(p => IsTable(p.Value) && p.Name != "errors"))
        {
            sections.Add(() =>
            {
                output.Line(Capital(Words(property.Name)));
                List(output, property.Value, rows);
            });
        }

        var fields = Fields(reply);
        if (fields.Count > 0) sections.Insert(listsFirst ? sections.Count : 0, () => output.Table(fields));
        for (var i = 0; i < sections.Count; i++)
        {
            if (i > 0) output.Line();
            sections[i]();
        }
    }

    /// <summary>True where there is a list with something in it.</summary>
    public static bool HasRows(JsonElement reply) =>
        IsTable(reply)
        || (reply.ValueKind == JsonValueKind.Object && reply.EnumerateObject().Any(p => IsTable(p.Value)));

    /// <summary>A property's value as people read it, in the unit its name ends in.</summary>
    public static string Text(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when value.TryGetInt64(out var number) => Number(name, number),
        JsonValueKind.String when IsInstant(value, out var at) => Shown.Time(at),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when !IsTable(value) => string.Join(", ", value.EnumerateArray().Select(v => Text("", v))),
        _ => value.GetRawText(),
    };

    private static TextTable Fields(JsonElement reply)
    {
        var table = new TextTable().Left("").Left("");
        foreach (var field in Flat(reply, ""))
            table.Row(Words(field.Name), Text(field.Name, field.Value) + UnitOf(field.Name));
        return table;
    }

    private static void List(Output output, JsonElement list, int rows)
    {
        var values = list.EnumerateArray().Take(rows).SelectMany(r => Flat(r, "")).ToList();
        var names = values.Select(v => v.Name).Distinct().ToList();
        var numbers = values.Where(v => v.Value.ValueKind == JsonValueKind.Number).Select(v => v.Name).ToHashSet();
        var table = new TextTable();
        foreach (var name in names)
        {
            if (numbers.Contains(name)) table.Right(Capital(InUnit(name)));
            else table.Left(Capital(Words(name)));
        }

        foreach (var row in list.EnumerateArray().Take(rows))
        {
            var cells = Flat(row, "").ToDictionary(f => f.Name, f => Text(f.Name, f.Value));
            table.Row([.. names.Select(n => cells.GetValueOrDefault(n, ""))]);
        }

        output.Table(table);
        var more = list.GetArrayLength() - rows;
        if (more > 0) output.Line($"and {more:#,0} more; --json has all.");
    }

    // Known by its text, since its name may be any: 2026-11-30T09:05:00Z.
    private static bool IsInstant(JsonElement value, out DateTimeOffset at)
    {
        at = default;
        return value.GetString() is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..] && value.TryGetDateTimeOffset(out at);
    }

    // A person's id says nothing beside their name or address; and hundredths of a yen, which a pay line is booked in,
    // only mislead beside "pays": "7,462 JPY".
    private static bool IsNoise(JsonElement owner, JsonProperty property) =>
        (property.Value.ValueKind == JsonValueKind.String
            && property.Value.GetString()!.StartsWith("prs_", StringComparison.Ordinal)
            && (owner.TryGetProperty("email", out _) || owner.TryGetProperty("name", out _)))
        || (property.Name is "amount" or "units" or "rate" or "unit" or "currency"
            && owner.TryGetProperty("pays", out var pays) && pays.ValueKind == JsonValueKind.String);

    // The name of the object goes in front, since two objects may have members of one name: balance.availableMilli.
    private static IEnumerable<(string Name, JsonElement Value)> Flat(JsonElement value, string prefix)
    {
        if (value.ValueKind != JsonValueKind.Object) return [("value", value)];
        var told = value.EnumerateObject().Where(property => !IsNoise(value, property));
        return told.SelectMany(property => property.Value.ValueKind switch
        {
            JsonValueKind.Object => Flat(property.Value, $"{prefix}{property.Name}."),
            JsonValueKind.Array when IsTable(property.Value) || property.Value.GetArrayLength() == 0 => [],
            _ => [(prefix + property.Name, property.Value)],
        });
    }

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        && value[0].ValueKind == JsonValueKind.Object;

    private static string Number(string name, long number) =>
        name.EndsWith("Milli", StringComparison.Ordinal) ? Shown.Tokens(number)
        : name.EndsWith("ValueNanos", StringComparison.Ordinal) ? Shown.Price(number)
        : name.EndsWith("Nanos", StringComparison.Ordinal) ? Shown.Usd(number)
        : number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string UnitOf(string name) =>
        name.EndsWith("Milli", StringComparison.Ordinal) ? " tokens"
        : name.EndsWith("Nanos", StringComparison.Ordinal) ? " USD" : "";

    // A column of numbers says its unit only once: "Tokens", and not "Tokens tokens".
    private static string InUnit(string name)
    {
        var (words, unit) = (Words(name), UnitOf(name));
        return words.EndsWith(unit.TrimStart(), StringComparison.OrdinalIgnoreCase) ? words : words + unit;
    }

    private static string Words(string name)
    {
        foreach (var unit in new[] { "Milli", "Nanos" })
            if (name.EndsWith(unit, StringComparison.Ordinal)) name = name[..^unit.Length];
        var words = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c)) words.Append(' ');
            words.Append(c == '.' ? ' ' : char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    private static string Capital(string words) =>
        words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
}
