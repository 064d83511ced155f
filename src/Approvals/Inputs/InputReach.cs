namespace Guerdon.Approvals.Inputs;

/// <summary>Whom an input reaches. What reaches many is a rule for all of them, and one of them may approve it; what
/// reaches few is approved by somebody whose it is not. Each change counts by itself: whatever is changed for everybody
/// in the same file, a change for few is theirs.</summary>
/// <param name="watched">Those of whom it is asked what it does to them, also later: whoever proposes and whoever
/// looks. How many are counted, and who the few are, is the same whoever looks.</param>
public sealed class InputReach(params IReadOnlyCollection<Guid> watched)
{
    /// <summary>So many people are many.</summary>
    public const int Many = 20;

    private readonly HashSet<Guid> _all = [];
    private readonly Dictionary<IReadOnlyList<InputDifference>, HashSet<Guid>> _groups =
        new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<InputDifference, HashSet<Guid>> _own = [];
    private readonly Dictionary<Guid, HashSet<InputDifference>> _watched = [];
    private readonly Dictionary<Guid, List<string>> _effects = [];
    private int _allCount, _changedCount;

    /// <summary>Those of whom it is asked what it does to them.</summary>
    public IReadOnlyCollection<Guid> Watched => watched;

    /// <summary>How many people it changes something for, where they are fewer than all whom it is for; else how many
    /// it is for.</summary>
    public int Count => _allCount >= Many && _changedCount > 0 ? _changedCount : _allCount;

    /// <summary>Those whom it reaches as one of few, so that they do not approve it: all, where they are fewer than
    /// <see cref="Many"/>, and those for whom any one thing changes that changes for fewer.</summary>
    public IReadOnlyList<Guid> Few() =>
    [
        .. (_allCount < Many ? _all : [])
            .Union(Each().Values.Where(people => people.Count < Many).SelectMany(people => people)).Order(),
    ];

    /// <summary>Those watched for whom something changes by what they are to be later, that changes for few.</summary>
    public IReadOnlyList<Guid> FewLater()
    {
        var each = Each();
        return
        [
            .. _watched.Where(one => one.Value.Any(difference =>
                    !each.TryGetValue(difference, out var people) || people.Union([one.Key]).Count() < Many))
                .Select(one => one.Key).Order(),
        ];
    }

    /// <summary>Counts somebody in whom it is for, or whom what is in force is for. Each person once.</summary>
    /// <param name="person">Who.</param>
    /// <param name="shared">What changes for them, as the same list for all who are alike in what it goes by.</param>
    /// <param name="own">What else changes for them.</param>
    /// <param name="effect">What it does to them, in words.</param>
    public void Add(
        Guid person, IReadOnlyList<InputDifference> shared, IReadOnlyList<InputDifference> own, Func<string> effect)
    {
        Take(_all, person);
        _allCount++;
        if (shared.Count + own.Count > 0) _changedCount++;
        if (shared.Count > 0) Take(In(_groups, shared), person);
        foreach (var one in own) Take(In(_own, one), person);
        if (!watched.Contains(person)) return;
        In(_watched, person).UnionWith([.. shared, .. own]);
        In(_effects, person).Add(effect());
    }

    /// <summary>The same of one who is watched, as they are to be from a later day on. They are not counted.</summary>
    /// <param name="person">Who.</param>
    /// <param name="differences">All that changes for them then.</param>
    /// <param name="effect">What it does to them then, in words, of what was not said of them before.</param>
    public void AddLater(
        Guid person, IReadOnlyList<InputDifference> differences, Func<IReadOnlyList<InputDifference>, string> effect)
    {
        var known = In(_watched, person);
        InputDifference[] more = [.. differences.Where(known.Add)];
        if (more.Length > 0) In(_effects, person).Add(effect(more));
    }

    /// <summary>What it does to one who is watched; null: it is not for them.</summary>
    public string? EffectOn(Guid? person) =>
        person is { } one && _effects.TryGetValue(one, out var effects) ? string.Join(' ', effects) : null;

    // For whom each thing changes, as far as they are few.
    private Dictionary<InputDifference, HashSet<Guid>> Each()
    {
        var each = _own.ToDictionary(one => one.Key, one => new HashSet<Guid>(one.Value));
        foreach (var (differences, people) in _groups)
            foreach (var one in differences)
                foreach (var person in people) Take(In(each, one), person);
        return each;
    }

    // Who they are matters only while they are few.
    private static void Take(HashSet<Guid> some, Guid person)
    {
        if (some.Count < Many) some.Add(person);
    }

    private static TValue In<TKey, TValue>(Dictionary<TKey, TValue> all, TKey key)
        where TKey : notnull where TValue : new() =>
        all.TryGetValue(key, out var value) ? value : all[key] = new();
}
