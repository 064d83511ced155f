using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Guerdon.Database.Host;

/// <summary>What an input may hold that its maker did not think of, and samples to put it into.</summary>
internal static partial class EdgeValues
{
    private const int MostWords = 40; // of a file

    /// <summary>As they stand in an address.</summary>
    public static readonly string[] InAddresses =
    [
        "%00", "a%00b", "%ED%A0%80", "%FF", "%", "%zz", "9223372036854775807", "9223372036854775808", "-1", "0",
        "2147483648", "9999-12-31", "0001-01-01", "9999-12", "0001-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
        "infinity", "NaN", "1e400", "1,000", "%D9%A3", "%EF%BC%95", "%E2%80%AE", "1999-12-31", "-9223372036854775808",
        "", "%20", "%27%3B--", "..%2F..", "%F0%9F%98%80", "true", "99", new('x', 3_000),
        "prs_00000000000000000000000000000000",
    ];

    /// <summary>Queries whose form is odd: names in another case, doubled, with brackets, without a value; and every
    /// value odd at a time.</summary>
    public static IEnumerable<string> QueriesOf(IReadOnlyList<string> names)
    {
        yield return "?%00=%00&&=&a[=%zz";
        foreach (var name in names)
        {
            var good = Uri.EscapeDataString(Known(name) ?? "1");
            yield return $"?{name}={good}&{name}={good}";
            yield return $"?{name}={good}&{name}=%FF";
            yield return $"?{name}";
            yield return $"?{name}[]={good}&{name}[0]={good}&{name}.x={good}";
            yield return $"?{name.ToUpperInvariant()}={good}";
            yield return $"?{name}={good};{name}={good}";
        }

        if (names.Count < 2) yield break;
        // Of several long ones Kestrel itself refuses the address, before anything of ours.
        foreach (var edge in InAddresses.Where(edge => edge.Length < 1_000))
            yield return "?" + string.Join('&', names.Select(name => $"{name}={edge}"));
    }

    /// <summary>As JSON has them.</summary>
    public static readonly string[] InJson =
    [
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-1", "0", "1e400", "0.5", "\"9999-12-31\"", "\"0001-01-01\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "\"\"", "\" \"", "null", "true", "[]", "{}", "[null]",
        "\"99\"", "99", "\"prs_00000000000000000000000000000000\"",
        $"\"{new string('x', 1_000_000)}\"", string.Concat(Enumerable.Repeat("[", 500)),
    ];

    /// <summary>Bodies that are nothing at all.</summary>
    public static readonly byte[][] Bodies =
    [
        [], [0], [0xFF, 0xFE], [0xFF, 0xFE, 0x00], [0xEF, 0xBB, 0xBF], "null"u8.ToArray(), "[]"u8.ToArray(),
        "{}"u8.ToArray(), "\"x\""u8.ToArray(), "{"u8.ToArray(), "1"u8.ToArray(), "a: \"\\0\""u8.ToArray(),
        "a: \"\\ud800\""u8.ToArray(), "a: \"\\U0010ffff\\UFFFFFFFF\""u8.ToArray(), "&a [*a]"u8.ToArray(),
        "%PDF"u8.ToArray(), "a,b\n\"x"u8.ToArray(), "sep=;\n"u8.ToArray(),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 100_000))),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
        Encoding.UTF8.GetBytes(new string('x', 1_000_000)), Encoding.UTF8.GetBytes("{\"a\":1,\"a\":2}"),
    ];

    public static readonly string?[] MediaTypes =
    [
        null, "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=\"\"",
        "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset=no-such",
        "text/csv; charset=utf-7", "application/json;;;", "*/*",
    ];

    /// <summary>Forms in parts whose framing is wrong.</summary>
    public static readonly (string Body, string Media)[] Parts =
    [
        ("--b\r\n", "multipart/form-data; boundary=b"), ("--b--\r\n", "multipart/form-data; boundary=b"),
        ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "multipart/form-data; boundary=b"),
        ("--b\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        ("--b\r\nno colon\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        ("--b\r\nX: " + new string('x', 100_000) + "\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (Part("a", "x", "text/plain; charset=utf-7") + "--b--\r\n", "multipart/form-data; boundary=b"),
        (Part("a", "\0\ud7ff", "text/plain; charset=utf-16") + "--b--\r\n", "multipart/form-data; boundary=b"),
        (string.Concat(Enumerable.Repeat(Part("a", "x"), 5_000)) + "--b--\r\n", "multipart/form-data; boundary=b"),
        ("x", "multipart/form-data; boundary=" + new string('b', 200)), ("x", "multipart/mixed; boundary=b"),
    ];

    /// <summary>A form in parts, and each of its parts with each of these values, left out and doubled.</summary>
    /// <param name="fields">Names and values that are taken; a name that begins with '@' is a file's.</param>
    public static IEnumerable<string> FormsOf((string Name, string Value)[] fields)
    {
        string[] edges =
        [
            "", " ", "\0", "a\0b", "9223372036854775808", "-1", "0.0000000001", "1e400", "9999-12-31", "0001-01-01",
            "null", new('x', 5_000), new('x', 1_000_000),
        ];
        string Of(IEnumerable<(string Name, string Value)> all) =>
            string.Concat(all.Select(f => Part(f.Name, f.Value))) + "--b--\r\n";
        yield return Of(fields);
        for (var i = 0; i < fields.Length; i++)
        {
            foreach (var edge in edges)
            {
                var changed = fields.ToArray();
                changed[i].Value = edge;
                yield return Of(changed);
            }

            yield return Of(fields.Where((_, at) => at != i));
            yield return Of(fields.Append(fields[i]));
        }
    }

    /// <summary>Bytes that no text has, at the beginning, in the middle and at the end of a text; and the text cut,
    /// doubled, with a line of a megabyte, in other encodings.</summary>
    public static IEnumerable<byte[]> BytesOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var wrong in (byte[][])[[0xED, 0xA0, 0x80], [0xFF], [0xC0, 0x80], [0x00], [0xEF, 0xBB, 0xBF]])
            foreach (var at in (int[])[0, bytes.Length / 3, bytes.Length / 2, bytes.Length])
                yield return [.. bytes[..at], .. wrong, .. bytes[at..]];
        yield return bytes[..(bytes.Length / 2)];
        yield return [.. bytes, .. bytes];
        yield return [.. bytes, .. Encoding.UTF8.GetBytes(new string('x', 900_000))];
        yield return Encoding.UTF8.GetBytes(text.Split('\n')[0]);
        yield return Encoding.UTF8.GetBytes(text.Replace("\n", "\n\n", StringComparison.Ordinal));
        yield return [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text), 0xD8];
        yield return [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)];
        yield return Encoding.UTF32.GetBytes(text);
    }

    private static string Part(string name, string value, string? type = null) =>
        "--b\r\nContent-Disposition: form-data; name=\"" + name.TrimStart('@') + "\""
            + (name.StartsWith('@') ? "; filename=\"a.pdf\"" : "")
            + (type is null ? "" : $"\r\nContent-Type: {type}") + $"\r\n\r\n{value}\r\n";

    /// <summary>A body that its endpoint would take, by its type; and each of its leaves replaced in turn.</summary>
    public static IEnumerable<string> JsonOf(Type type) => JsonOf(SampleOf(type, "", 0) ?? new JsonObject());

    /// <summary>A body, and each of its leaves replaced in turn.</summary>
    public static IEnumerable<string> JsonOf(JsonNode sample)
    {
        yield return sample.ToJsonString();
        foreach (var path in Leaves(sample, []))
            foreach (var edge in InJson)
                yield return With(sample, path, edge);
        if (sample is not JsonObject { Count: > 0 } whole) yield break;
        foreach (var name in whole.Select(m => m.Key).ToList())
        {
            var less = (JsonObject)whole.DeepClone();
            less.Remove(name);
            yield return less.ToJsonString();
        }

        var twice = sample.ToJsonString();
        yield return $"{{{twice[1..^1]},{twice[1..^1]}}}";
    }

    /// <summary>A text with each of its days and each of its numbers replaced in turn.</summary>
    public static IEnumerable<string> TextsOf(string text)
    {
        foreach (Match match in Stamp().Matches(text))
        {
            string[] edges = match.Value.Contains('-', StringComparison.Ordinal)
                ? ["9999-12-31", "0001-01-01", "2026-02-30", "9999-12-31T23:59:59Z"]
                : ["9223372036854775807", "9223372036854775808", "-1", "0", "0.0000000000001", "1e400"];
            foreach (var edge in edges.Append("\"\\0\"").Append("\0"))
                yield return text[..match.Index] + edge + text[(match.Index + match.Length)..];
        }

        foreach (var match in Word().Matches(text).Take(MostWords))
            foreach (var edge in (string[])["", "\"\\0\"", "\"\\ud800\"", "9223372036854775808", "[", "*a"])
                yield return text[..match.Index] + edge + text[(match.Index + match.Length)..];
    }

    /// <summary>A value that a field or parameter is likely to take, so that what lies after it is reached.</summary>
    public static string? Known(string name) => name.ToUpperInvariant() switch
    {
        "PERIOD" => "2026-11",
        "LAYOUT" => "plain",
        "FORMAT" => "csv",
        "FROM" => "2026-11-01",
        "TO" => "2026-11-30",
        "MAP" => "time=at,input=in,output=out",
        "ASSIGN" => "hash",
        "MODEL" or "MODELS" => "gpt-4o",
        "QUARTER" => "2026Q4",
        "BASE" => "2026Q3",
        "QUANTITY" => "10",
        "START" or "LEFT" or "PRICEDATE" => "2026-11-01",
        "YEAR" => "2026",
        "LIMIT" or "LINE" or "VERSION" => "1",
        "FORM" => "cash",
        "KIND" => "event",
        "KEY" => "key-1",
        "PLAN" or "NAME" => "engineering",
        "PERSON" or "PERSONOREMAIL" => RunningApp.Person,
        "PROVIDER" => "openai",
        "DIALECT" => "openai",
        "BASEURL" => "http://127.0.0.1:9",
        "OFFERS" or "OFFER" => "ada-lovelace",
        _ => null,
    };

    private static JsonNode? SampleOf(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > 5) return null;
        if (type == typeof(string)) return JsonValue.Create(Known(name) ?? "words");
        if (type == typeof(bool)) return JsonValue.Create(false);
        if (type == typeof(DateOnly)) return JsonValue.Create("2026-11-30");
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime)) return JsonValue.Create("2099-11-30T00:00:00Z");
        if (type.IsPrimitive) return JsonValue.Create(1);
        if (type.IsEnum) return JsonValue.Create(Enum.GetNames(type)[0]);
        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            var item = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[^1];
            return new JsonArray(SampleOf(item, name, depth + 1));
        }

        var made = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetIndexParameters().Length == 0)
                made[char.ToLowerInvariant(property.Name[0]) + property.Name[1..]] =
                    SampleOf(property.PropertyType, property.Name, depth + 1);
        return made;
    }

    private static IEnumerable<object[]> Leaves(JsonNode? node, object[] path)
    {
        if (path.Length > 0) yield return path;
        var inside = node switch
        {
            JsonObject map => map.SelectMany(m => Leaves(m.Value, [.. path, m.Key])),
            JsonArray list => list.SelectMany((item, i) => Leaves(item, [.. path, i])),
            _ => [],
        };
        foreach (var leaf in inside) yield return leaf;
    }

    private static string With(JsonNode sample, object[] path, string edge)
    {
        const string mark = "\u2603";
        var copy = sample.DeepClone();
        var at = copy;
        foreach (var step in path[..^1]) at = step is string key ? at[key]! : at[(int)step]!;
        if (path[^1] is string last) at[last] = mark;
        else at[(int)path[^1]] = mark;
        return copy.ToJsonString().Replace("\"\\u2603\"", edge, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<=[:,\[{-] ?|^)[A-Za-z][\w@./-]*(?=[,\n}\]])", RegexOptions.Multiline)]
    private static partial Regex Word();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}|\b\d+(?:\.\d+)?")]
    private static partial Regex Stamp();
}
