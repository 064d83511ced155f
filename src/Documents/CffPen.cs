using System.Buffers.Binary;

namespace Guerdon.Documents;

/// <summary>
/// Runs a glyph's program (Adobe's Technical Note 5177, Type 2) and notes what it draws, with each cubic curve as
/// quadratic ones that stay within half a unit of it. Hints are passed over.
/// </summary>
internal sealed class CffPen(ReadOnlyMemory<byte> table, CffOutlines.Index shared, CffOutlines.Index own)
{
    private const int MostCalls = 10, MostPoints = 8_000;
    private const double Tolerance = 0.5; // units, of 1,000 to the font's size

    private readonly List<List<(double X, double Y, bool IsOn)>> _contours = [];
    private readonly List<double> _args = [];
    private int _hints, _points;
    private double _x, _y;

    /// <summary>Runs a program; tells whether it ended the glyph.</summary>
    /// <exception cref="ArgumentException">It is not one, or draws more than a glyph can have.</exception>
    public bool Run(Range program, int calls = 0)
    {
        if (calls > MostCalls) throw new ArgumentException("Subroutines go too deep.");
        var code = table.Span[program];
        for (var at = 0; at < code.Length;)
        {
            int op = code[at++];
            if (op is 28 or >= 32)
            {
                _args.Add(Number(code, op, ref at));
                continue;
            }

            switch (op)
            {
                case 10 or 29:
                    if (Call(op == 10 ? own : shared, calls)) return true;
                    continue;
                case 11: return false;
                case 14: return true;
                case 12: Flex(code[at++]); break;
                case 1 or 3 or 18 or 23: _hints += _args.Count / 2; break;
                case 19 or 20: // a mask has a bit for each hint; what lies before it are hints too
                    _hints += _args.Count / 2;
                    at += (_hints + 7) / 8;
                    break;
                default: Draw(op); break;
            }

            _args.Clear();
        }

        return false;
    }

    /// <summary>A record of TrueType's table <c>glyf</c>; empty where nothing was drawn.</summary>
    public byte[] ToGlyph()
    {
        var drawn = _contours.Where(c => c.Count > 1).Select(c => c.Select(
            p => (X: checked((short)Math.Round(p.X)), Y: checked((short)Math.Round(p.Y)), p.IsOn)).ToList()).ToList();
        if (drawn.Count == 0) return [];
        var all = drawn.SelectMany(c => c).ToList();
        var words = new List<int>
        {
            drawn.Count, all.Min(p => p.X), all.Min(p => p.Y), all.Max(p => p.X), all.Max(p => p.Y),
        };
        var last = -1;
        foreach (var contour in drawn) words.Add(last += contour.Count);
        words.Add(0); // no instructions
        return
        [
            .. words.SelectMany(Word), .. all.Select(p => (byte)(p.IsOn ? 1 : 0)),
            .. Steps(all.Select(p => (int)p.X)), .. Steps(all.Select(p => (int)p.Y)),
        ];
    }

    private static IEnumerable<byte> Steps(IEnumerable<int> places)
    {
        var before = 0;
        foreach (var place in places)
        {
            foreach (var part in Word(place - before)) yield return part;
            before = place;
        }
    }

    private static byte[] Word(int number) => [(byte)(number >> 8), (byte)number];

    private bool Call(CffOutlines.Index routines, int calls)
    {
        // Numbers are shifted, so that the most used take one byte.
        var shift = routines.Count < 1_240 ? 107 : routines.Count < 33_900 ? 1_131 : 32_768;
        var number = (int)_args[^1] + shift;
        _args.RemoveAt(_args.Count - 1);
        return Run(routines[number], calls + 1);
    }

    private static double Number(ReadOnlySpan<byte> code, int first, ref int at)
    {
        switch (first)
        {
            case 28:
                at += 2;
                return BinaryPrimitives.ReadInt16BigEndian(code[(at - 2)..]);
            case <= 246: return first - 139;
            case <= 250: return (first - 247) * 256 + code[at++] + 108;
            case <= 254: return -(first - 251) * 256 - code[at++] - 108;
            default:
                at += 4;
                return BinaryPrimitives.ReadInt32BigEndian(code[(at - 4)..]) / 65_536.0;
        }
    }

    private void Draw(int op)
    {
        switch (op)
        {
            case 4: Move(0, _args[^1]); break;
            case 21: Move(_args[^2], _args[^1]); break;
            case 22: Move(_args[^1], 0); break;
            case 5: Lines(_args.Count); break;
            case 6 or 7: Turns(isLevel: op == 6); break;
            case 8: Curves(0, _args.Count); break;
            case 24: // curves, then a line
                Curves(0, _args.Count - 2);
                Line(_args[^2], _args[^1]);
                break;
            case 25: // lines, then a curve
                Lines(_args.Count - 6);
                Curves(_args.Count - 6, _args.Count);
                break;
            case 26 or 27: Swings(isLevel: op == 27); break;
            case 30 or 31: Waves(isLevel: op == 31); break;
            default: throw new ArgumentException($"Operator {op} is unknown.");
        }
    }

    private void Lines(int end)
    {
        for (var i = 0; i + 2 <= end; i += 2) Line(_args[i], _args[i + 1]);
    }

    // hlineto and vlineto: each line is level or upright in turn, so that only one number is given for it.
    private void Turns(bool isLevel)
    {
        foreach (var length in _args)
        {
            Line(isLevel ? length : 0, isLevel ? 0 : length);
            isLevel = !isLevel;
        }
    }

    private void Curves(int begin, int end)
    {
        for (var i = begin; i + 6 <= end; i += 6)
            Curve((_args[i], _args[i + 1]), (_args[i + 2], _args[i + 3]), (_args[i + 4], _args[i + 5]));
    }

    // hhcurveto and vvcurveto: curves begin and end level (or upright), so only the first may need a
    // number for how it begins.
    private void Swings(bool isLevel)
    {
        var i = _args.Count % 4 == 0 ? 0 : 1;
        var aslant = i == 1 ? _args[0] : 0;
        for (; i + 4 <= _args.Count; i += 4)
        {
            Curve(
                isLevel ? (_args[i], aslant) : (aslant, _args[i]), (_args[i + 1], _args[i + 2]),
                isLevel ? (_args[i + 3], 0) : (0, _args[i + 3]));
            aslant = 0;
        }
    }

    // hvcurveto and vhcurveto: each curve begins the way the one before ended, so only the last may need
    // a number for how it ends.
    private void Waves(bool isLevel)
    {
        for (var i = 0; i + 4 <= _args.Count; i += 4)
        {
            var aslant = _args.Count - i == 5 ? _args[i + 4] : 0;
            Curve(
                isLevel ? (_args[i], 0) : (0, _args[i]), (_args[i + 1], _args[i + 2]),
                isLevel ? (aslant, _args[i + 3]) : (_args[i + 3], aslant));
            isLevel = !isLevel;
        }
    }

    // The flex operators: two curves in one, without the numbers that follow from others.
    private void Flex(int op)
    {
        var a = _args;
        switch (op)
        {
            case 34:
                Curve((a[0], 0), (a[1], a[2]), (a[3], 0));
                Curve((a[4], 0), (a[5], -a[2]), (a[6], 0));
                break;
            case 35:
                Curves(0, 12);
                break;
            case 36:
                Curve((a[0], a[1]), (a[2], a[3]), (a[4], 0));
                Curve((a[5], 0), (a[6], a[7]), (a[8], -(a[1] + a[3] + a[7])));
                break;
            case 37:
                var (dx, dy) = (a[0] + a[2] + a[4] + a[6] + a[8], a[1] + a[3] + a[5] + a[7] + a[9]);
                Curves(0, 6);
                Curve((a[6], a[7]), (a[8], a[9]), Math.Abs(dx) > Math.Abs(dy) ? (a[10], -dy) : (-dx, a[10]));
                break;
            default: throw new ArgumentException($"Operator 12 {op} is unknown.");
        }
    }

    private void Move(double dx, double dy)
    {
        _contours.Add([]);
        Line(dx, dy);
    }

    private void Line(double dx, double dy)
    {
        (_x, _y) = (_x + dx, _y + dy);
        Add(_x, _y, isOn: true);
    }

    // A cubic becomes several quadratic curves, since TrueType has only those. The distance from the nearest one is
    // √3/36 of how far the third difference reaches, and falls with the cube of the number of parts.
    private void Curve((double X, double Y) one, (double X, double Y) two, (double X, double Y) three)
    {
        (double X, double Y) a = (_x, _y), b = (_x + one.X, _y + one.Y), c = (b.X + two.X, b.Y + two.Y);
        var d = (X: c.X + three.X, Y: c.Y + three.Y);
        var reach = double.Hypot(d.X - 3 * c.X + 3 * b.X - a.X, d.Y - 3 * c.Y + 3 * b.Y - a.Y);
        var parts = Math.Clamp((int)Math.Ceiling(Math.Cbrt(reach * Math.Sqrt(3) / 36 / Tolerance)), 1, 32);
        for (var i = 0; i < parts; i++)
        {
            var (from, to) = ((double)i / parts, (i + 1.0) / parts);
            var (p, q) = (At(from), At(to));
            var (s, t) = (Slope(from), Slope(to));
            var third = (to - from) / 3;
            Add((3 * (p.X + q.X + third * (s.X - t.X)) - p.X - q.X) / 4,
                (3 * (p.Y + q.Y + third * (s.Y - t.Y)) - p.Y - q.Y) / 4, isOn: false);
            Add(q.X, q.Y, isOn: true);
        }

        (_x, _y) = d;

        (double X, double Y) At(double t)
        {
            var (u, v) = (1 - t, t);
            return (u * u * u * a.X + 3 * u * u * v * b.X + 3 * u * v * v * c.X + v * v * v * d.X,
                u * u * u * a.Y + 3 * u * u * v * b.Y + 3 * u * v * v * c.Y + v * v * v * d.Y);
        }

        (double X, double Y) Slope(double t)
        {
            var (u, v) = (1 - t, t);
            return (3 * (u * u * (b.X - a.X) + 2 * u * v * (c.X - b.X) + v * v * (d.X - c.X)),
                3 * (u * u * (b.Y - a.Y) + 2 * u * v * (c.Y - b.Y) + v * v * (d.Y - c.Y)));
        }
    }

    private void Add(double atX, double atY, bool isOn)
    {
        if (++_points > MostPoints) throw new ArgumentException("The outline has too many points.");
        _contours[^1].Add((atX, atY, isOn));
    }
}
