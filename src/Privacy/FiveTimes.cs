namespace Guerdon.Privacy;

/// <summary>
/// Whether nothing that can be computed from some sums, by adding and taking away, is of fewer than five people. Each
/// share is a column: a one for every sum that it is in. Where five groups of people who have nobody in common each
/// have columns from which all others are made, whatever is nought for all but four people is nought for one of those
/// groups, and so for everybody. It is looked for person by person, and may be overlooked: then too much is hidden.
/// </summary>
internal static class FiveTimes
{
    private sealed record Column(ulong[] Ones, List<Guid> People);

    /// <param name="shares">Who has a share in which sums, by their numbers.</param>
    public static bool Found(IReadOnlyCollection<(Guid Person, IReadOnlyList<int> In)> shares)
    {
        var columns = ColumnsOf(shares);
        var all = new Basis();
        foreach (var column in columns) all.Add(column.Ones);
        // Whoever is in few people's company is taken last, so that each group gets one of them.
        var company = new Dictionary<Guid, int>();
        foreach (var column in columns)
            foreach (var person in column.People)
                company[person] = Math.Min(company.GetValueOrDefault(person, int.MaxValue), column.People.Count);
        foreach (var column in columns)
            column.People.Sort((a, b) => (-company[a], a).CompareTo((-company[b], b)));

        var taken = new HashSet<Guid>();
        for (var group = 0; group < Groups.LeastPeople; group++)
            if (!TakeGroup(columns, taken, all.Rank)) return false;
        return true;
    }

    private static bool TakeGroup(IReadOnlyList<Column> columns, HashSet<Guid> taken, int rank)
    {
        var (own, basis) = (new HashSet<Guid>(), new Basis());
        foreach (var column in columns)
        {
            if (basis.Rank == rank) break;
            if (!basis.Lacks(column.Ones)) continue;
            if (!column.People.Any(own.Contains))
            {
                var next = column.People.FirstOrDefault(person => !taken.Contains(person));
                if (next == Guid.Empty) continue;
                own.Add(next);
            }

            basis.Add(column.Ones);
        }

        taken.UnionWith(own);
        return basis.Rank == rank;
    }

    // What most people have comes first.
    private static List<Column> ColumnsOf(IReadOnlyCollection<(Guid Person, IReadOnlyList<int> In)> shares)
    {
        var size = shares.SelectMany(share => share.In).DefaultIfEmpty(0).Max() + 1;
        return
        [
            .. shares.GroupBy(share => string.Join(' ', share.In))
                .Select(same => (same.Key, Column: new Column(
                    OnesOf(same.First().In, size), [.. same.Select(share => share.Person).Distinct()])))
                .OrderByDescending(one => one.Column.People.Count).ThenBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => one.Column),
        ];
    }

    private static ulong[] OnesOf(IReadOnlyList<int> places, int size)
    {
        var ones = new ulong[size];
        foreach (var place in places) ones[place] = 1;
        return ones;
    }

    /// <summary>Columns none of which is made of the others, in numbers modulo a large prime: those that are
    /// independent there are so in all numbers.</summary>
    private sealed class Basis
    {
        private const ulong Prime = (1UL << 61) - 1;

        private readonly SortedDictionary<int, ulong[]> _rows = []; // by the place of their first number, a one

        public int Rank => _rows.Count;

        public bool Lacks(ulong[] column) => Array.Exists(Reduced(column), number => number != 0);

        public void Add(ulong[] column)
        {
            var rest = Reduced(column);
            var first = Array.FindIndex(rest, number => number != 0);
            if (first < 0) return;
            var inverse = Power(rest[first], Prime - 2);
            for (var i = first; i < rest.Length; i++) rest[i] = Times(rest[i], inverse);
            _rows.Add(first, rest);
        }

        private ulong[] Reduced(ulong[] column)
        {
            var rest = (ulong[])column.Clone();
            foreach (var (first, row) in _rows)
            {
                if (rest[first] == 0) continue;
                var factor = Prime - rest[first];
                for (var i = first; i < rest.Length; i++) rest[i] = (rest[i] + Times(factor, row[i])) % Prime;
            }

            return rest;
        }

        private static ulong Times(ulong a, ulong b) => (ulong)((UInt128)a * b % Prime);

        private static ulong Power(ulong number, ulong times)
        {
            var result = 1UL;
            for (; times > 0; times >>= 1, number = Times(number, number))
                if ((times & 1) == 1) result = Times(result, number);
            return result;
        }
    }
}
