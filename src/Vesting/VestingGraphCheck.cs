namespace Guerdon.Vesting;

/// <summary>
/// Looks through conditions once. In this order, each part relying on those before: 1. amounts, 2. ids, 3. the start,
/// 4. cycles, 5. what is reached, and from where, 6. portions along every path.
/// </summary>
internal sealed class VestingGraphCheck
{
    private const int MostYears = 100;

    private readonly IReadOnlyList<VestingCondition> _conditions;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<VestingProblem> _problems = [];

    public VestingGraphCheck(IReadOnlyList<VestingCondition> conditions)
    {
        _conditions = conditions;
        Next = [.. conditions.Select(_ => Array.Empty<int>())];
        RelativeTo = [.. conditions.Select(_ => -1)];
        if (conditions.Count is 0 or > VestingGraph.MostConditions)
        {
            Wrong(0, "vesting_conditions", $"needs 1 to {VestingGraph.MostConditions} conditions.");
            return;
        }

        CheckAmounts();
        FindIds();
        FindStart();
        if (_problems.Count > 0 || Cycle() is not { } order) return;

        CheckReach(order);
        if (_problems.Count == 0) CheckPaths(order);
    }

    public IReadOnlyList<VestingProblem> Problems => _problems;

    public int Root { get; private set; }

    public long Denominator { get; private set; } = 1;

    public int[][] Next { get; }

    public int[] RelativeTo { get; }

    private void CheckAmounts()
    {
        var instalments = 0L;
        for (var i = 0; i < _conditions.Count; i++)
        {
            var condition = _conditions[i];
            if (condition.Portion is null == condition.Quantity is null)
                Wrong(i, condition.Portion is null ? "portion" : "quantity",
                    "must be there alone: a condition has either a portion or a quantity.");
            if (condition.Quantity < 0) Wrong(i, "quantity", "must be 0 or more.");
            if (condition.Portion is { } portion) CheckPortion(i, portion, condition.Occurrences);
            if (condition.Trigger is VestingTrigger.Relative { Period: var period }) CheckPeriod(i, period);
            instalments += condition.Occurrences;
        }

        if (instalments > VestingGraph.MostInstalments)
            Wrong(0, "trigger", $"and those after it make {instalments} instalments; {VestingGraph.MostInstalments}"
                + " are the most.");
    }

    private void CheckPortion(int i, VestingPortion portion, int occurrences)
    {
        if (portion.Numerator < 0 || portion.Denominator < 1)
        {
            Wrong(i, "portion", "must have a numerator of 0 or more and a denominator of 1 or more.");
            return;
        }

        if ((Int128)portion.Numerator * occurrences > portion.Denominator)
            Wrong(i, "portion", $"is more than the whole: {occurrences} × {portion.Numerator}/{portion.Denominator}.");
        var (top, bottom) = (portion.Denominator, Denominator);
        while (bottom != 0) (top, bottom) = (bottom, top % bottom);
        var common = (Int128)portion.Denominator / top * Denominator;
        if (common > VestingGraph.MostDenominator)
            Wrong(i, "portion", $"has no common denominator up to {VestingGraph.MostDenominator} with those before it;"
                + " write rounder fractions.");
        else Denominator = (long)common;
    }

    private void CheckPeriod(int i, VestingPeriod period)
    {
        var most = period.Unit == PeriodUnit.Months ? MostYears * 12 : MostYears * 366;
        if (period.Length < 0 || period.Occurrences < 1 || (long)period.Length * period.Occurrences > most)
            Wrong(i, "trigger.period", $"must have a length of 0 or more and 1 or more occurrences, and end within"
                + $" {MostYears} years.");
        if (period.CliffInstalment < 0 || period.CliffInstalment > period.Occurrences)
            Wrong(i, "trigger.period.cliff_installment", $"must be one of its {period.Occurrences} occurrences, or 0.");
        if (period.Day.Number is < 0 or > 31)
            Wrong(i, "trigger.period.day_of_month", "must be a day from 1 to 31, or that of the start.");
    }

    private void FindIds()
    {
        for (var i = 0; i < _conditions.Count; i++)
            if (!_places.TryAdd(_conditions[i].Id, i))
                Wrong(i, "id",
                    $"is '{_conditions[i].Id}', which condition {_places[_conditions[i].Id] + 1} has already.");

        for (var i = 0; i < _conditions.Count; i++)
        {
            var ids = _conditions[i].NextConditionIds;
            for (var item = 0; item < ids.Count; item++)
            {
                if (!_places.ContainsKey(ids[item]))
                    Wrong(i, "next_condition_ids", $"has '{ids[item]}', which is not a condition's id.", item);
                else if (ids.Take(item).Contains(ids[item]))
                    Wrong(i, "next_condition_ids", $"has '{ids[item]}' twice.", item);
            }

            Next[i] = [.. ids.Where(_places.ContainsKey).Select(id => _places[id]).Distinct()];
            if (_conditions[i].Trigger is not VestingTrigger.Relative { RelativeToConditionId: var to }) continue;
            if (_places.TryGetValue(to, out var place)) RelativeTo[i] = place;
            else Wrong(i, "trigger.relative_to_condition_id", $"is '{to}', which is not a condition's id.");
        }
    }

    private void FindStart()
    {
        int[] starts = [.. Enumerable.Range(0, _conditions.Count)
            .Where(i => _conditions[i].Trigger is VestingTrigger.OnStart)];
        foreach (var second in starts.Skip(1))
            Wrong(second, "trigger", $"is a second start beside '{_conditions[starts[0]].Id}'; there is one.");
        Root = starts is [var start, ..] ? start : 0;
        if (_conditions[Root].Trigger is VestingTrigger.Relative)
            Wrong(Root, "trigger", "leaves no start: let a condition have VESTING_START_DATE, or the first one be a"
                + " date or an event.");
    }

    /// <summary>The conditions in an order that has each before those after it, or null for a cycle,
    /// which is named.</summary>
    private List<int>? Cycle()
    {
        var (state, path, order) = (new int[_conditions.Count], new List<int>(), new List<int>());
        for (var i = 0; i < _conditions.Count; i++)
        {
            if (!Visit(i, state, path, order)) return null;
        }

        order.Reverse();
        return order;
    }

    // Recursion is safe here, since it goes no deeper than there are conditions, which are few.
    private bool Visit(int i, int[] state, List<int> path, List<int> order)
    {
        const int open = 1, done = 2;
        if (state[i] == done) return true;
        path.Add(i);
        if (state[i] == open)
        {
            var round = path.Skip(path.IndexOf(i)).Select(p => _conditions[p].Id);
            Wrong(path[^2], "next_condition_ids", $"closes a cycle: {string.Join(" → ", round)}. Vesting must come to"
                + " an end.", Array.IndexOf(Next[path[^2]], i));
            return false;
        }

        state[i] = open;
        foreach (var next in Next[i])
            if (!Visit(next, state, path, order)) return false;
        state[i] = done;
        path.RemoveAt(path.Count - 1);
        order.Add(i);
        return true;
    }

    private void CheckReach(List<int> order)
    {
        var before = new HashSet<int>?[_conditions.Count];
        before[Root] = [];
        foreach (var i in order)
        {
            if (before[i] is not { } ancestors) continue;
            foreach (var next in Next[i]) (before[next] ??= []).UnionWith([.. ancestors, i]);
        }

        for (var i = 0; i < _conditions.Count; i++)
        {
            if (before[i] is not { } ancestors)
                Wrong(i, "id", $"is '{_conditions[i].Id}', which nothing leads to from the start"
                    + $" '{_conditions[Root].Id}': name it in somebody's next_condition_ids.");
            else if (RelativeTo[i] is >= 0 and var to && !ancestors.Contains(to))
                Wrong(i, "trigger.relative_to_condition_id", $"is '{_conditions[to].Id}', which never comes before"
                    + $" '{_conditions[i].Id}'.");
        }
    }

    // Portions of the remainder and quantities cannot be known to be too much; a schedule stops at the whole.
    private void CheckPaths(List<int> order)
    {
        var (most, from) = (new Int128[_conditions.Count], new int[_conditions.Count]);
        Array.Fill(from, -1);
        foreach (var i in order)
        {
            most[i] += _conditions[i].Portion is { IsOfRemainder: false } portion
                ? (Int128)portion.Numerator * (Denominator / portion.Denominator) * _conditions[i].Occurrences : 0;
            if (most[i] > Denominator)
            {
                var path = new List<string>();
                for (var at = i; at >= 0; at = from[at]) path.Insert(0, _conditions[at].Id);
                Wrong(i, "portion", $"passes the whole along {string.Join(" → ", path)}: {most[i]}/{Denominator}.");
                return;
            }

            foreach (var next in Next[i])
                if (most[i] > most[next] || from[next] < 0) (most[next], from[next]) = (most[i], i);
        }
    }

    private void Wrong(int condition, string key, string reason, int? item = null) =>
        _problems.Add(new VestingProblem(condition, key, item, reason));
}
