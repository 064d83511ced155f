using System.Buffers.Binary;
using System.Globalization;

namespace Guerdon.Documents;

/// <summary>
/// Outlines as Adobe's Compact Font Format has them (Technical Note 5176), which Debian's Noto CJK comes in: finds a
/// glyph's program and the subroutines that it may call.
/// </summary>
internal sealed class CffOutlines
{
    private const int CharStrings = 17, Private = 18, Subroutines = 19;
    private const int RegistryOrderingSupplement = 1230, FontDicts = 1236, FontSelect = 1237; // 12 30, …

    private readonly ReadOnlyMemory<byte> _table;
    private readonly Index _programs, _shared;
    private readonly Index[] _own;
    private readonly int _select;

    public CffOutlines(ReadOnlyMemory<byte> table)
    {
        _table = table;
        var names = IndexAt(table.Span[2]);
        var tops = IndexAt(names.End);
        var strings = IndexAt(tops.End);
        _shared = IndexAt(strings.End);
        var top = Dict(tops[0]);
        _programs = IndexAt((int)top[CharStrings][0]);
        var isKeyed = top.ContainsKey(RegistryOrderingSupplement);
        _select = isKeyed ? (int)top[FontSelect][0] : 0;
        _own = isKeyed
            ? [.. IndexAt((int)top[FontDicts][0]).Select(range => OwnOf(Dict(range)))]
            : [OwnOf(top)];
    }

    /// <summary>The glyph as TrueType's table <c>glyf</c> has it; empty where it draws nothing.</summary>
    public byte[] Outline(int glyph)
    {
        try
        {
            var pen = new CffPen(_table, _shared, _own[DictOf(glyph)]);
            pen.Run(_programs[glyph]);
            return pen.ToGlyph();
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return []; // a broken glyph is a gap in a page, not a page that fails
        }
    }

    // The glyph's dictionary of the font. Fonts of several have several sets of subroutines,
    // which must not be mixed up.
    private int DictOf(int glyph)
    {
        if (_select == 0) return 0;
        if (_table.Span[_select] == 0) return _table.Span[_select + 1 + glyph];
        var (low, high) = (0, U16(_select + 1) - 1); // ranges, by their first glyph
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (U16(_select + 3 + 3 * middle) <= glyph) low = middle;
            else high = middle - 1;
        }

        return _table.Span[_select + 3 + 3 * low + 2];
    }

    private Index OwnOf(Dictionary<int, double[]> font)
    {
        if (!font.TryGetValue(Private, out var place)) return default;
        var (length, at) = ((int)place[0], (int)place[1]);
        return Dict(at..(at + length)).TryGetValue(Subroutines, out var own) ? IndexAt(at + (int)own[0]) : default;
    }

    // By operator, with the numbers before it. Operators of two bytes count from 1200, so that
    // they cannot meet the others.
    private Dictionary<int, double[]> Dict(Range range)
    {
        var data = _table.Span[range];
        var (found, numbers) = (new Dictionary<int, double[]>(), new List<double>());
        for (var at = 0; at < data.Length;)
        {
            int first = data[at++];
            if (first > 21)
            {
                numbers.Add(Number(data, first, ref at));
                continue;
            }

            found[first == 12 ? 1_200 + data[at++] : first] = [.. numbers];
            numbers.Clear();
        }

        return found;
    }

    private static double Number(ReadOnlySpan<byte> data, int first, ref int at)
    {
        switch (first)
        {
            case 28:
                at += 2;
                return BinaryPrimitives.ReadInt16BigEndian(data[(at - 2)..]);
            case 29:
                at += 4;
                return BinaryPrimitives.ReadInt32BigEndian(data[(at - 4)..]);
            case 30:
                return Real(data, ref at);
            case <= 246:
                return first - 139;
            case <= 250:
                return (first - 247) * 256 + data[at++] + 108;
            default:
                return -(first - 251) * 256 - data[at++] - 108;
        }
    }

    private static double Real(ReadOnlySpan<byte> data, ref int at)
    {
        string[] digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "E", "E-", "", "-", ""];
        var text = "";
        while (true)
        {
            var pair = data[at++];
            text += digits[pair >> 4] + digits[pair & 15];
            if ((pair & 15) == 15) return double.Parse(text, CultureInfo.InvariantCulture);
        }
    }

    private Index IndexAt(int at) => new(_table, at);

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_table.Span[at..]);

    /// <summary>A list of byte ranges, as the format has many.</summary>
    internal readonly struct Index(ReadOnlyMemory<byte> table, int at)
    {
        public int Count => table.IsEmpty ? 0 : BinaryPrimitives.ReadUInt16BigEndian(table.Span[at..]);

        /// <summary>Where the next thing begins.</summary>
        public int End => Count == 0 ? at + 2 : Place(Count);

        public Range this[int i] => (uint)i < (uint)Count
            ? Place(i)..Place(i + 1) : throw new ArgumentOutOfRangeException(nameof(i));

        public IEnumerable<T> Select<T>(Func<Range, T> map)
        {
            for (var i = 0; i < Count; i++) yield return map(this[i]);
        }

        private int Place(int i)
        {
            var (size, place) = (table.Span[at + 2], 0);
            foreach (var part in table.Span.Slice(at + 3 + size * i, size)) place = place << 8 | part;
            return at + 2 + size * (Count + 1) + place;
        }
    }
}
