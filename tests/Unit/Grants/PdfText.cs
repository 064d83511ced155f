using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Guerdon.Unit.Grants;

/// <summary>The text of a PDF as a reader copies it: glyphs, through each font's table of letters.</summary>
internal static partial class PdfText
{
    /// <summary>The pages' texts, one line for each piece that was drawn. Follows the file's own table of
    /// places.</summary>
    public static IReadOnlyList<string> Pages(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var kids = References(Match(Object(text, Root(text, "Pages")), @"/Kids\[([^\]]*)\]"));
        return [.. kids.Select(kid => Page(text, Object(text, kid)))];
    }

    /// <summary>The document's title.</summary>
    public static string Title(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var info = Object(text, Number(Match(text, @"/Info (\d+) 0 R")));
        return Encoding.BigEndianUnicode.GetString(Convert.FromHexString(Match(info, "/Title <FEFF([0-9A-F]*)>")));
    }

    private static string Page(string text, string page)
    {
        var fonts = Font().Matches(page).ToDictionary(
            m => m.Groups[1].Value, m => Letters(text, Object(text, Number(m.Groups[2].Value))));
        var (read, letters) = (new StringBuilder(), new Dictionary<string, string>());
        foreach (Match op in Operator().Matches(Stream(text, Number(Match(page, @"/Contents (\d+) 0 R")))))
        {
            if (op.Groups[1].Success) letters = fonts[op.Groups[1].Value];
            else read.AppendJoin("", op.Groups[2].Value.Chunk(4).Select(g => letters[new string(g)])).Append('\n');
        }

        return read.ToString();
    }

    private static Dictionary<string, string> Letters(string text, string font) =>
        Pair().Matches(Stream(text, Number(Match(font, @"/ToUnicode (\d+) 0 R")))).ToDictionary(
            m => m.Groups[1].Value,
            m => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(m.Groups[2].Value)));

    private static int Root(string text, string entry) =>
        Number(Match(Object(text, Number(Match(text, @"/Root (\d+) 0 R"))), $@"/{entry} (\d+) 0 R"));

    private static string Object(string text, int number)
    {
        var table = Number(Match(text, @"startxref\n(\d+)\n%%EOF\n$"));
        var entries = text.IndexOf('\n', text.IndexOf('\n', table) + 1) + 1; // 20 bytes each
        var place = Number(text.Substring(entries + 20 * number, 10));
        Assert.StartsWith($"{number} 0 obj\n", text[place..(place + 20)], StringComparison.Ordinal);
        return text[place..text.IndexOf("endobj", place, StringComparison.Ordinal)];
    }

    private static string Stream(string text, int number)
    {
        var found = Object(text, number);
        var length = Number(Match(found, @"/Length (\d+)"));
        var begin = text.IndexOf(found, StringComparison.Ordinal)
            + found.IndexOf("stream\n", StringComparison.Ordinal) + "stream\n".Length;
        using var zlib = new ZLibStream(
            new MemoryStream(Encoding.Latin1.GetBytes(text.Substring(begin, length))), CompressionMode.Decompress);
        using var reader = new StreamReader(zlib, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static int[] References(string list) =>
        [.. Regex.Matches(list, @"(\d+) 0 R").Select(m => Number(m.Groups[1].Value))];

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static string Match(string text, string pattern)
    {
        var match = Regex.Match(text, pattern);
        Assert.True(match.Success, pattern);
        return match.Groups[1].Value;
    }

    [GeneratedRegex(@"/(F\d+) (\d+) 0 R")]
    private static partial Regex Font();

    [GeneratedRegex(@"/(F\d+) [\d.]+ Tf|<([0-9A-F]*)> Tj")]
    private static partial Regex Operator();

    [GeneratedRegex(@"<([0-9A-F]{4})> <([0-9A-F]+)>\n")]
    private static partial Regex Pair();
}
