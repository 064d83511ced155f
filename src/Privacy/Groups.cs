namespace Guerdon.Privacy;

/// <summary>A sum of a report: one of the parts of its whole, by one kind of grouping.</summary>
/// <param name="Kind">As <c>team</c>; empty: the whole.</param>
/// <param name="Name">Which of them.</param>
public readonly record struct Cell(string Kind, string Name)
{
    /// <summary>The sum of all.</summary>
    public static readonly Cell Whole = new("", "");
}

/// <summary>What one person adds to a report.</summary>
/// <param name="Person">Who.</param>
/// <param name="In">The parts that it is added to, one of each kind of the report, besides the whole.</param>
/// <param name="Amounts">As many as the report has figures, in any unit. All nought: nothing is added.</param>
public sealed record Share(Guid Person, IReadOnlyList<Cell> In, IReadOnlyList<long> Amounts);

/// <summary>
/// Which sums of people's use may be shown to others (docs/adr/0059-works-council-mode.md): the one rule that every
/// page, endpoint and export asks while the company is in works-council mode. A figure of one person is a sum of one,
/// and never shown. A sum is of five people at least, none of whom is more than 70 % of it; so is what is left of the
/// whole beside the parts that are shown, and that is no part alone; and nothing that can be computed from all that is
/// shown, by adding and taking away, is of fewer than five people. No I/O; the same for the same shares, in whatever
/// order.
/// </summary>
public static class Groups
{
    /// <summary>A sum is of so many people.</summary>
    public const int LeastPeople = 5;

    /// <summary>No person is more of a sum than this.</summary>
    public const int MostPercent = 70;

    /// <summary>A report that is grouped in more ways than one has so many parts at most; smaller ones are hidden.
    /// </summary>
    public const int MostCells = 100;

    /// <summary>The sums that may be shown.</summary>
    /// <param name="shares">All that the report adds up.</param>
    /// <param name="changed">Parts that are not shown this time (<see cref="Changed"/>); null: none.</param>
    /// <exception cref="ArgumentException">A share is not in one part of each kind.</exception>
    public static IReadOnlySet<Cell> Shown(IEnumerable<Share> shares, IReadOnlySet<Cell>? changed = null)
    {
        var report = Report.Of(shares);
        if (!Holds(report.PeopleIn(Cell.Whole))) return new HashSet<Cell>();
        var shown = report.Parts.Where(cell => changed?.Contains(cell) != true && Holds(report.PeopleIn(cell)))
            .ToHashSet();
        while (Wrong(report, shown) is { } of) shown.Remove(report.SmallestOf(shown.Where(of)));
        shown.Add(Cell.Whole);
        return shown;
    }

    /// <summary>The parts that are not shown for the last of some periods, since those who are in them have changed by
    /// one to four people since they last were: whoever saw both could take one from the other.</summary>
    /// <param name="periods">Who was in each part, the oldest period first.</param>
    public static IReadOnlySet<Cell> Changed(IEnumerable<IReadOnlyDictionary<Cell, IReadOnlySet<Guid>>> periods)
    {
        var (last, changed) = (new Dictionary<Cell, IReadOnlySet<Guid>>(), new HashSet<Cell>());
        foreach (var period in periods)
        {
            changed.Clear();
            foreach (var (cell, people) in period)
            {
                if (last.TryGetValue(cell, out var before)
                    && people.Except(before).Count() + before.Except(people).Count() is > 0 and < LeastPeople)
                    changed.Add(cell);
                else last[cell] = people;
            }
        }

        return changed;
    }

    // Of which parts one has to be hidden besides; null: of none.
    private static Func<Cell, bool>? Wrong(Report report, HashSet<Cell> shown)
    {
        foreach (var kind in report.Kinds)
        {
            var hidden = report.Parts.Where(cell => cell.Kind == kind && !shown.Contains(cell)).ToList();
            if (hidden.Count > 0 && shown.Any(cell => cell.Kind == kind)
                && (hidden.Count == 1 || !Holds(report.PeopleIn([.. hidden]))))
                return cell => cell.Kind == kind;
        }

        // Parts of one kind have nothing in common, so that what is computed from them and the whole is made of them.
        var kinds = shown.Select(cell => cell.Kind).Distinct().Count();
        return kinds < 2 || (shown.Count <= MostCells && FiveTimes.Found(report.Columns(shown))) ? null : _ => true;
    }

    private static bool Holds(IReadOnlyDictionary<Guid, long[]> people)
    {
        if (people.Count < LeastPeople) return false;
        for (var figure = 0; figure < people.Values.First().Length; figure++)
        {
            var (sum, most) = ((Int128)0, (Int128)0);
            foreach (var amounts in people.Values)
            {
                var amount = Int128.Abs(amounts[figure]);
                (sum, most) = (sum + amount, Int128.Max(most, amount));
            }

            if (most * 100 > sum * MostPercent) return false;
        }

        return true;
    }
}
