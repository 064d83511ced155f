using System.Buffers.Binary;
using System.Text;

namespace Guerdon.Unit.Documents;

/// <summary>The outlines in a TrueType file, read again: which there are, from what each is put together, how much ink
/// one has.</summary>
internal sealed class TrueTypeGlyphs(byte[] file)
{
    private const int More = 32;

    /// <summary>Numbers of the glyphs that have an outline.</summary>
    public IEnumerable<int> Drawn =>
        Enumerable.Range(0, U16(Table("maxp") + 4)).Where(glyph => Place(glyph + 1) > Place(glyph));

    /// <summary>The glyphs that a glyph is put together from.</summary>
    public IEnumerable<int> PartsOf(int glyph)
    {
        var at = Place(glyph);
        if (S16(at) >= 0) yield break;
        at += 10;
        for (var flags = More; (flags & More) != 0;)
        {
            flags = U16(at);
            yield return U16(at + 2);
            at += 4 + ((flags & 1) != 0 ? 4 : 2);
            at += (flags & 8) != 0 ? 2 : (flags & 64) != 0 ? 4 : (flags & 128) != 0 ? 8 : 0;
        }
    }

    /// <summary>The area of an outline that has two bytes for each step, in square units.</summary>
    public double AreaOf(int glyph)
    {
        var (at, area, begin) = (Place(glyph), 0.0, 0);
        var contours = S16(at);
        var ends = Enumerable.Range(0, contours).Select(i => U16(at + 10 + 2 * i)).ToList();
        var count = ends[^1] + 1;
        var flags = at + 10 + 2 * contours + 2;
        var (xs, ys) = (Sums(flags + count, count), Sums(flags + 3 * count, count));
        foreach (var end in ends)
        {
            var points = Enumerable.Range(begin, end + 1 - begin)
                .Select(i => (X: xs[i], Y: ys[i], IsOn: file[flags + i] == 1)).ToList();
            var line = points.SelectMany((p, i) => !p.IsOn
                ? Bend(points[i - 1], p, points[(i + 1) % points.Count]) : new[] { (p.X, p.Y) }).ToList();
            area += line.Zip([.. line.Skip(1), line[0]], (p, q) => p.X * q.Y - q.X * p.Y).Sum() / 2;
            begin = end + 1;
        }

        return Math.Abs(area);
    }

    private static IEnumerable<(double X, double Y)> Bend(
        (double X, double Y, bool) start, (double X, double Y, bool) over, (double X, double Y, bool) end) =>
        Enumerable.Range(1, 15).Select(i => i / 16.0)
            .Select(t => (Mix(start.X, over.X, end.X, t), Mix(start.Y, over.Y, end.Y, t)));

    private static double Mix(double a, double b, double c, double t) =>
        (1 - t) * (1 - t) * a + 2 * (1 - t) * t * b + t * t * c;

    private double[] Sums(int at, int count)
    {
        var sum = 0.0;
        return [.. Enumerable.Range(0, count).Select(i => sum += S16(at + 2 * i))];
    }

    private int Table(string tag)
    {
        for (var entry = 12; entry < 12 + 16 * U16(4); entry += 16)
            if (Encoding.ASCII.GetString(file, entry, 4) == tag) return S32(entry + 8);
        throw new ArgumentException($"No table {tag}.");
    }

    private int Place(int glyph) => Table("glyf") + S32(Table("loca") + 4 * glyph);
    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));
    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));
    private int S32(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
}
