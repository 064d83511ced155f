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
    private readonly Dictionary<InputDifference, HashSet<Guid>> _each = [];
    private readonly Dictionary<Guid, Watching> _watched = [];
    private int _allCount, _changedCount;

    /// <summary>Those of whom it is asked what it does to them.</summary>
    public IReadOnlyCollection<Guid> Watched => watched;

    /// <summary>How many people it changes something for, where they are fewer than all whom it is for; else how many
    /// it is for.</summary>
    public int Count => _allCount >= Many && _changedCount > 0 ? _changedCount : _allCount;

    private sealed class Watching
    {
        public HashSet<InputDifference> Differences { get; } = [];
        public HashSet<InputDifference> Lately { get; } = [];
        public List<string> Effects { get; } = [];
    }

    /// <summary>Those whom it reaches as one of few, so that they do not approve it: all, where they are fewer than
    /// <see cref="Many"/>, and those for whom any one thing differs that differs for fewer.</summary>
    public IReadOnlyList<Guid> Few() =>
    [
        .. (_allCount < Many ? _all : [])
            .Union(_each.Values.Where(people => people.Count < Many).SelectMany(people => people)).Order(),
    ];

    /// <summary>Those watched for whom something changes by what they are to be later, that changes for few.</summary>
    public IReadOnlyList<Guid> FewLater() =>
    [
        .. _watched.Where(one => one.Value.Differences.Any(of => IsOfFew(of, one.Key))).Select(one => one.Key).Order(),
    ];

    /// <summary>Counts somebody in whom it is for, or whom what is in force is for. Each person once.</summary>
    /// <param name="person">Who.</param>
    /// <param name="shared">What differs for them, as the same object for all who are alike in what it goes by.</param>
    /// <param name="own">What else differs for them.</param>
    /// <param name="effect">What it does to them, in words.</param>
    public void Add(Guid person, InputDifferences shared, InputDifferences own, Func<string> effect)
    {
        Take(_all, person);
        _allCount++;
        if (shared.Changes.Count + own.Changes.Count > 0) _changedCount++;
        // Once twenty had all of it, none of it is for few.
        if (shared.Counted++ < Many || watched.Contains(person)) TakeIn(person, shared);
        TakeIn(person, own);
        if (watched.Contains(person)) Of(person).Effects.Add(effect());
    }

    /// <summary>The same where all that differs is a change.</summary>
    public void Add(
        Guid person, IReadOnlyList<InputDifference> shared, IReadOnlyList<InputDifference> own, Func<string> effect) =>
        Add(person, new InputDifferences(shared, []), new InputDifferences(own, []), effect);

    /// <summary>What differs for somebody besides, of whom it is found out later than of others. They are not counted
    /// in by it.</summary>
    public void AddLately(Guid person, IReadOnlyList<InputDifference> differences) =>
        TakeIn(person, new InputDifferences([], differences));

    /// <summary>The same of one who is watched, as they are to be from a later day on. They are not counted.</summary>
    /// <param name="person">Who.</param>
    /// <param name="differences">All that differs for them then.</param>
    /// <param name="effect">What it does to them then, in words, of what was not said of them before.</param>
    public void AddLater(
        Guid person, InputDifferences differences, Func<IReadOnlyList<InputDifference>, string> effect)
    {
        var known = Of(person);
        InputDifference[] more = [.. differences.Changes.Where(known.Differences.Add)];
        known.Differences.UnionWith(differences.Lately);
        known.Lately.UnionWith(differences.Lately);
        if (more.Length > 0) known.Effects.Add(effect(more));
    }

    /// <summary>The same where all that differs is a change.</summary>
    public void AddLater(
        Guid person, IReadOnlyList<InputDifference> differences,
        Func<IReadOnlyList<InputDifference>, string> effect) =>
        AddLater(person, new InputDifferences(differences, []), effect);

    /// <summary>What it does to one who is watched; null: it is not for them.</summary>
    public string? EffectOn(Guid? person)
    {
        if (person is not { } one || !_watched.TryGetValue(one, out var of)) return null;
        var lately = of.Lately.Where(difference => IsOfFew(difference, one)).ToList();
        if (lately.Count == 0) return of.Effects.Count == 0 ? null : string.Join(' ', of.Effects);
        return string.Join(' ', of.Effects.Append(
            $"Beside what held lately, or is to hold in other months, this differs for you, and for fewer than {Many}: "
            + $"{InputDifference.Listed(lately)}."));
    }

    private bool IsOfFew(InputDifference difference, Guid person) =>
        !_each.TryGetValue(difference, out var people) || people.Union([person]).Count() < Many;

    private void TakeIn(Guid person, InputDifferences differences)
    {
        foreach (var one in differences.All)
            Take(_each.TryGetValue(one, out var people) ? people : _each[one] = [], person);
        if (differences.IsNothing || !watched.Contains(person)) return;
        Of(person).Differences.UnionWith(differences.All);
        Of(person).Lately.UnionWith(differences.Lately);
    }

    // Who they are matters only while they are few.
    private static void Take(HashSet<Guid> some, Guid person)
    {
        if (some.Count < Many) some.Add(person);
    }

    private Watching Of(Guid person) =>
        _watched.TryGetValue(person, out var watching) ? watching : _watched[person] = new();
}
