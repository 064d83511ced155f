namespace Guerdon.Privacy;

/// <summary>The shares of a report, by part and person.</summary>
internal sealed class Report
{
    private readonly Dictionary<Cell, Dictionary<Guid, long[]>> _people = new() { [Cell.Whole] = [] };
    private readonly List<Share> _shares = [];

    /// <summary>Ways in which it is grouped.</summary>
    public IReadOnlyList<string> Kinds { get; private set; } = [];

    /// <summary>All its parts, the whole not among them.</summary>
    public IEnumerable<Cell> Parts => _people.Keys.Where(cell => cell != Cell.Whole);

    /// <exception cref="ArgumentException">A share is not in one part of each kind.</exception>
    public static Report Of(IEnumerable<Share> shares)
    {
        var report = new Report();
        foreach (var share in shares.Where(share => share.Amounts.Any(amount => amount != 0)))
        {
            string[] kinds = [.. share.In.Select(cell => cell.Kind).Order(StringComparer.Ordinal)];
            if (report._shares.Count == 0) report.Kinds = kinds;
            if (kinds.Distinct().Count() != kinds.Length || !kinds.SequenceEqual(report.Kinds) || kinds.Contains(""))
                throw new ArgumentException("A share is in one part of each kind.", nameof(shares));
            report._shares.Add(share);
            report.Add(Cell.Whole, share);
            foreach (var cell in share.In) report.Add(cell, share);
        }

        return report;
    }

    /// <summary>Who is in a part, with what they add to it.</summary>
    public IReadOnlyDictionary<Guid, long[]> PeopleIn(Cell cell) => _people[cell];

    /// <summary>Who is in some parts, with what they add to all of them.</summary>
    public IReadOnlyDictionary<Guid, long[]> PeopleIn(IReadOnlyList<Cell> cells)
    {
        var people = new Dictionary<Guid, long[]>();
        foreach (var cell in cells)
            foreach (var (person, amounts) in _people[cell]) Add(people, person, amounts);
        return people;
    }

    /// <summary>The part of the fewest people; of two, the one whose name comes last.</summary>
    public Cell SmallestOf(IEnumerable<Cell> cells) => cells
        .OrderBy(cell => _people[cell].Count).ThenByDescending(cell => cell.Kind, StringComparer.Ordinal)
        .ThenByDescending(cell => cell.Name, StringComparer.Ordinal).First();

    /// <summary>In which of the parts that are shown each person has shares together.</summary>
    public IReadOnlyCollection<(Guid Person, IReadOnlyList<int> In)> Columns(IReadOnlySet<Cell> shown)
    {
        var places = shown.OrderBy(cell => cell.Kind, StringComparer.Ordinal)
            .ThenBy(cell => cell.Name, StringComparer.Ordinal).Select((cell, place) => (cell, place))
            .ToDictionary(one => one.cell, one => one.place + 1); // the whole comes first
        return
        [
            .. _shares.Select(share => (share.Person, (IReadOnlyList<int>)
            [
                0, .. share.In.Where(places.ContainsKey).Select(cell => places[cell]).Order(),
            ])),
        ];
    }

    private void Add(Cell cell, Share share)
    {
        if (!_people.TryGetValue(cell, out var people)) _people.Add(cell, people = []);
        Add(people, share.Person, share.Amounts);
    }

    private static void Add(Dictionary<Guid, long[]> people, Guid person, IReadOnlyList<long> amounts)
    {
        if (!people.TryGetValue(person, out var sums)) people.Add(person, sums = new long[amounts.Count]);
        for (var i = 0; i < sums.Length; i++) sums[i] = checked(sums[i] + amounts[i]);
    }
}
