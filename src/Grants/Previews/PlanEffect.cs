using Guerdon.Grants.Lines;
using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Grants.Previews;

/// <summary>What a change of a plan comes to for some people, in a month.</summary>
/// <param name="Name">A level or a team.</param>
/// <param name="People">Those employed in the month.</param>
/// <param name="BeforeUsdNanos">What they would be granted as it is, in nano-USD.</param>
/// <param name="AfterUsdNanos">What they would be granted then.</param>
/// <param name="Gain">How many would be granted more.</param>
/// <param name="Lose">How many would be granted less.</param>
public sealed record PlanEffectGroup(
    string Name, int People, long BeforeUsdNanos, long AfterUsdNanos, int Gain, int Lose);

/// <summary>One person's change, and the two computations that make it.</summary>
public sealed record PlanEffectPerson(
    PersonId Person, string Email, long BeforeUsdNanos, long AfterUsdNanos, string Before, string After)
{
    public long ChangeUsdNanos => AfterUsdNanos - BeforeUsdNanos;
}

/// <summary>What a change of a plan comes to, over everybody employed in the month.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Levels">By level.</param>
/// <param name="Teams">By team.</param>
/// <param name="Largest">The twenty that it changes most, in either direction.</param>
public sealed record PlanEffect(
    PlanEffectGroup Total, IReadOnlyList<PlanEffectGroup> Levels, IReadOnlyList<PlanEffectGroup> Teams,
    IReadOnlyList<PlanEffectPerson> Largest);

/// <summary>Adds up a change as people pass. What it holds does not grow with them.</summary>
internal sealed class PlanEffectTally
{
    private const int Shown = 20;

    private readonly Sum _total = new();
    private readonly SortedDictionary<string, Sum> _levels = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Sum> _teams = new(StringComparer.Ordinal);
    private readonly PriorityQueue<PlanEffectPerson, long> _largest = new();

    public void Add(Person person, Outcome before, Outcome after)
    {
        var (was, now) = (Worth(before), Worth(after));
        foreach (var sum in (Sum[])[_total, Of(_levels, person.Level), Of(_teams, person.Team)]) sum.Add(was, now);
        if (was == now) return;

        var change = new PlanEffectPerson(person.Id, person.Email, was, now, Words(before), Words(after));
        _largest.Enqueue(change, Math.Abs(change.ChangeUsdNanos));
        if (_largest.Count > Shown) _largest.Dequeue();
    }

    public PlanEffect Result() => new(
        _total.As(""), [.. _levels.Select(l => l.Value.As(l.Key))], [.. _teams.Select(t => t.Value.As(t.Key))],
        [.. _largest.UnorderedItems.Select(i => i.Element)
            .OrderByDescending(p => Math.Abs(p.ChangeUsdNanos)).ThenBy(p => p.Email, StringComparer.Ordinal)]);

    /// <summary>What somebody would be granted, in nano-USD.</summary>
    internal static long Worth(Outcome outcome) => outcome.Lines.Sum(l => l.Amount.Money.Nanos);

    private static string Words(Outcome outcome) => outcome.Lines.Count == 0
        ? outcome.Skipped ?? "Nothing is due." : string.Join(" ", outcome.Lines.Select(l => l.Explanation));

    private static Sum Of(SortedDictionary<string, Sum> sums, string name) =>
        sums.TryGetValue(name, out var sum) ? sum : sums[name] = new Sum();

    private sealed class Sum
    {
        private int _people, _gain, _lose;
        private long _before, _after;

        public void Add(long was, long now)
        {
            _people++;
            if (now > was) _gain++;
            if (now < was) _lose++;
            (_before, _after) = (checked(_before + was), checked(_after + now));
        }

        public PlanEffectGroup As(string name) => new(name, _people, _before, _after, _gain, _lose);
    }
}
