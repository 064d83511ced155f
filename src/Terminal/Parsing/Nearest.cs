namespace Guerdon.Terminal.Parsing;

/// <summary>What somebody meant who mistyped a name.</summary>
internal static class Nearest
{
    /// <summary>The name with the fewest slips from what was typed, or null where none is near.</summary>
    public static string? To(string typed, IEnumerable<string> names)
    {
        var near = names
            .Select(name => (name, slips: Slips(typed, name)))
            .Where(n => n.slips <= Math.Max(1, n.name.TrimStart('-').Length / 3))
            .OrderBy(n => n.slips).ThenBy(n => n.name, StringComparer.Ordinal);
        return near.Select(n => n.name).FirstOrDefault();
    }

    /// <summary>Letters to add, drop, change or swap with a neighbour (optimal string alignment).</summary>
    internal static int Slips(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(change, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                d[i, j] = swapped ? Math.Min(best, d[i - 2, j - 2] + 1) : best;
            }
        }

        return d[a.Length, b.Length];
    }
}
