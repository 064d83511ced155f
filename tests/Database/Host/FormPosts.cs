using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Guerdon.Database.Host;

/// <summary>A form of a page, as a browser would send it, and as nobody should.</summary>
/// <param name="Fields">Names and values as the page has them; its framework's own too.</param>
/// <param name="Files">Those that take a file.</param>
internal sealed partial record FormPosts(
    IReadOnlyDictionary<string, string> Fields, IReadOnlySet<string> Files, bool IsMultipart)
{
    /// <summary>Spent by each post: a new one goes into its place.</summary>
    public const string Once = "__once";

    /// <summary>What no field is left in order to reach: what lies after it is not this form's.</summary>
    public const string Antiforgery = "__RequestVerificationToken", Handler = "_handler";

    private static readonly string[] Edges =
    [
        "\0", "a\0b", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-1", "0", "0.0000000001",
        "1e400", "NaN", "1,000", "\u0663", "\uff15", "9999-12-31", "0001-01-01", "1999-12-31", "2026-02-30", "9999-12",
        "", " ", "<script>", "\u202e\u200f", "on", "99", "[]", "prs_00000000000000000000000000000000",
        new('x', 20_000), new('9', 400),
    ];

    // As they stand in the body: what no browser would encode so.
    private static readonly string[] Raw = ["%00", "%FF", "%ED%A0%80", "%", "%zz", "%u0041", "%C0%80", "=&=", "+;+"];

    private static readonly string OneMegabyte = new('x', 1_000_000);

    /// <summary>All forms of a page that post.</summary>
    public static IEnumerable<FormPosts> In(string page)
    {
        foreach (Match form in Form().Matches(page))
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            var files = new HashSet<string>(StringComparer.Ordinal);
            foreach (Match field in Field().Matches(form.Value))
            {
                var name = Decoded(Name(), field.Value);
                if (name.Length == 0) continue;
                if (field.Value.Contains("type=\"file\"", StringComparison.Ordinal)) files.Add(name);
                var inside = field.Groups["inside"].Value;
                var value = Value().IsMatch(field.Value) ? Decoded(Value(), field.Value)
                    : System.Net.WebUtility.HtmlDecode(inside);
                fields.TryAdd(name, value);
            }

            if (fields.ContainsKey("from") || fields.GetValueOrDefault(Handler) == "everywhere") continue; // signs out
            yield return new(fields, files, form.Value.Contains("multipart/", StringComparison.Ordinal));
        }
    }

    /// <summary>What each post has in it, and a maker for its body.</summary>
    /// <param name="once">Makes a token for each.</param>
    public IEnumerable<(string What, Func<HttpContent> Make)> All(Func<string> once)
    {
        foreach (var name in Fields.Keys)
        {
            foreach (var edge in Edges) yield return ($"{name}={edge}", Sent(once, name, [edge]));
            yield return ($"{name} is 1 MB", Sent(once, name, [OneMegabyte]));
            yield return ($"{name} is dropped", Sent(once, name, []));
            yield return ($"{name} is doubled", Sent(once, name, [Fields[name], Fields[name]]));
            yield return ($"{name} is doubled, odd", Sent(once, name, [Fields[name], "99"]));
            foreach (var raw in Raw) yield return ($"{name}={raw}, raw", () => Encoded(Body(once, name, raw)));
            foreach (var raw in Raw)
                yield return ($"{raw}{name}, raw", () => Encoded($"{Body(once, null)}&{raw}{name}=1"));
            yield return ($"{name} is a file", () => Parts(once, name, isFile: !Files.Contains(name), "x"));
            yield return ($"{name} is a file of 1 MB", () => Parts(once, name, isFile: true, OneMegabyte));
            yield return ($"{name} is an empty file", () => Parts(once, name, isFile: true, ""));
            yield return ($"{name} as a part, NUL", () => Parts(once, name, isFile: false, "\0"));
            yield return ($"{name} below", () => Encoded(
                $"{Body(once, null)}&{name}.x=1&{name}%5B0%5D=1&{name}%5Bx%5D=1&{name.Split('.')[0]}=1"));
        }
    }

    private Func<HttpContent> Sent(Func<string> once, string name, string[] values) => () =>
    {
        var pairs = Fields.Where(f => f.Key != name).Select(f => (f.Key, Now(once, f)))
            .Concat(values.Select(v => (name, name == Once && v == Fields[name] ? once() : v)));
        return IsMultipart ? Multipart(pairs.Select(p => (p.Item1, p.Item2, Files.Contains(p.Item1))))
            : Encoded(string.Join('&', pairs.Select(p => $"{Escaped(p.Item1)}={Escaped(p.Item2)}")));
    };

    private string Body(Func<string> once, string? name, string raw = "") => string.Join('&', Fields.Select(
        f => $"{Escaped(f.Key)}={(f.Key == name ? raw : Escaped(Now(once, f)))}"));

    private MultipartFormDataContent Parts(Func<string> once, string name, bool isFile, string value) => Multipart(
        Fields.Select(f => f.Key == name ? (f.Key, value, isFile) : (f.Key, Now(once, f), Files.Contains(f.Key))));

    private static string Now(Func<string> once, KeyValuePair<string, string> field) =>
        field.Key == Once ? once() : field.Value;

    private static MultipartFormDataContent Multipart(IEnumerable<(string Name, string Value, bool IsFile)> parts)
    {
        var all = new MultipartFormDataContent("b");
        foreach (var (name, value, isFile) in parts)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
            {
                Name = $"\"{name}\"", FileName = isFile ? "\"a.pdf\"" : null,
            };
            all.Add(part);
        }

        return all;
    }

    private static StringContent Encoded(string body) => new(body, Encoding.ASCII, "application/x-www-form-urlencoded");

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static string Decoded(Regex attribute, string tag) =>
        System.Net.WebUtility.HtmlDecode(attribute.Match(tag).Groups[1].Value);

    [GeneratedRegex("<form[^>]*method=\"post\".*?</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    // A text area's value is inside it; a choice's is its first option's.
    [GeneratedRegex(
        "<textarea\\b[^>]*>(?<inside>.*?)</textarea>|<select\\b[^>]*>.*?</select>|<(?:input|button)\\b[^>]*>",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Field();

    [GeneratedRegex("\\bname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\\bvalue=\"([^\"]*)\"")]
    private static partial Regex Value();
}
